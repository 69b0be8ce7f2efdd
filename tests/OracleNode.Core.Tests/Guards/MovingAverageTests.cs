using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class MovingAverageTests
{
    private readonly FoldHarness _feed = new(settings: PricingSettings.Stock with { EmaWindow = Duration.FromSeconds(10) });

    [Fact]
    public void Average_StartsAtTheFirstPrice() => Assert.Equal(Cents(10_000), _feed.All(10_000, at: 1).Tick(1).Ema);

    [Fact]
    public void Average_WeighsAPriceByTheTimeItStood()
    {
        _feed.All(10_000, at: 0).Tick(0);
        // The new price has stood for no time yet.
        Assert.Equal(Cents(10_000), _feed.All(10_100, at: 10).Tick(10).Ema);
        // After one window 1 - 1/e of the way.
        Assert.Equal(10_063_212_056, _feed.All(10_100, at: 20).Tick(20).Ema.E8);
    }

    [Fact]
    public void Average_OfADegradedFeed_MovesToo()
    {
        _feed.Mid(0, 10_000, at: 0).Mid(1, 10_000, at: 0).Tick(0);
        _feed.Mid(0, 10_100, at: 1).Mid(1, 10_100, at: 1).Tick(1);
        Assert.True(_feed.Tick(5).Ema > Cents(10_000));
    }

    [Fact]
    public void Average_IsFrozenWhileTheFeedIsNotLive()
    {
        _feed.All(10_000, at: 0).Tick(0);
        _feed.All(10_100, at: 1).Tick(1);
        var frozen = _feed.Quote(0, 0, 0, at: 2).Quote(1, 0, 0, at: 2).Tick(2).Ema;
        Assert.Equal(FeedState.Held, _feed.Tick(40).State);
        Assert.Equal(frozen, _feed.Tick(40).Ema);
        Assert.Equal(frozen, _feed.All(10_100, at: 41).Tick(41).Ema);
    }

    [Fact]
    public void Average_WhileClosed_IsFrozen()
    {
        _feed.All(10_000, at: 0).Tick(0);
        _feed.All(10_100, at: 1).Tick(1);
        var frozen = _feed.Tick(2, Closed).Ema;
        Assert.True(frozen > Cents(10_000));
        Assert.Equal(frozen, _feed.Tick(30).Ema);
    }

    [Fact]
    public void Average_OfTimeThatNoTickWatched_CountsNoLongerThanAQuoteIsFresh()
    {
        var unwatched = new FoldHarness(settings: PricingSettings.Stock);
        unwatched.All(10_000, at: 0).Tick(0);
        unwatched.All(10_100, at: 1).Tick(1);
        var late = unwatched.All(10_100, at: 3_000).Tick(3_000).Ema;

        var watched = new FoldHarness(settings: PricingSettings.Stock);
        watched.All(10_000, at: 0).Tick(0);
        watched.All(10_100, at: 1).Tick(1);
        Assert.Equal(watched.Tick(46).Ema, late);
    }
}
