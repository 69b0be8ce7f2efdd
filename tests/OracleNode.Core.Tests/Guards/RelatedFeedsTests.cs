using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Feeds that belong together, through the one fold: 24 August 2015, SPY fell 7.8 % at the open, IVV, on the same index, 22 %.</summary>
public class RelatedFeedsTests
{
    private const int Spy = 0;
    private const int Ivv = 1;

    private static MarketHarness Create(int tolerance = 150, int percent = 100, PricingSettings? pricing = null) => new(
        pricing: pricing,
        related: new Dictionary<int, RelatedFeed[]> { [Spy] = [new RelatedFeed(Ivv, tolerance, percent)], [Ivv] = [new RelatedFeed(Spy, tolerance, percent)] });

    [Fact]
    public void TheOneThatMovedFarther_HoldsAndTheOtherIsPublished()
    {
        var market = Create();
        market.Market.Restore(Spy, Restored(20_000, at: -60));
        market.Market.Restore(Ivv, Restored(20_100, at: -120));
        for (var second = 1; second < 30; second++)
        {
            market.All(Spy, 18_440, second).All(Ivv, 16_281, second);
            market.TickThrough(second - 1, second);
        }

        var (spy, ivv) = (market.Market.DecisionOf(Spy)!, market.Market.DecisionOf(Ivv)!);
        Assert.Equal((FeedState.Live, Cents(18_440)), (spy.State, spy.Price));
        Assert.Equal((FeedState.Held, RelatedFlag, Cents(20_100)), (ivv.State, ivv.HoldReasons & RelatedFlag, ivv.Price));
        market.All(Ivv, 18_540, 30).All(Spy, 18_440, 30).TickThrough(30, 40);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Ivv)!.State);
    }

    [Fact]
    public void ARisesAlone_HoldsOnItsOwnRule()
    {
        var market = Create();
        market.All(Spy, 20_000, 1).All(Ivv, 20_000, 1).TickThrough(1, 2);
        market.All(Ivv, 20_400, 3).TickThrough(3, 4);
        Assert.Equal((FeedState.Held, DecisionReason.RelatedDisagrees), (market.Market.DecisionOf(Ivv)!.State, market.Market.DecisionOf(Ivv)!.Reason));
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Spy)!.State);
        market.All(Spy, 20_380, 5).TickThrough(5, 6);
        Assert.Equal((FeedState.Live, FeedState.Live), (market.Market.DecisionOf(Spy)!.State, market.Market.DecisionOf(Ivv)!.State));
    }

    [Fact]
    public void AnInverseFund_MovesTheOtherWay()
    {
        var market = Create(percent: -100);
        market.All(Spy, 20_000, 1).All(Ivv, 5_000, 1).TickThrough(1, 2);
        market.All(Spy, 20_100, 3).All(Ivv, 4_975, 3).TickThrough(3, 4);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Ivv)!.State);
        market.All(Spy, 20_100, 5).All(Ivv, 5_080, 5).TickThrough(5, 6);
        Assert.Equal(DecisionReason.RelatedDisagrees, market.Market.DecisionOf(Ivv)!.Reason);
    }

    [Fact]
    public void AnOtherThatHasNoPrice_SaysNothing()
    {
        var market = Create();
        market.All(Spy, 20_000, 1).All(Ivv, 20_000, 1).TickThrough(1, 2);
        Assert.Equal(FeedState.Live, market.All(Ivv, 20_400, 60).TickThrough(60, 61, Ivv).State);
    }

    [Fact]
    public void OperatorWhoConfirms_EndsTheDisagreementForGood()
    {
        var market = Create();
        market.All(Spy, 20_000, 1).All(Ivv, 20_000, 1).TickThrough(1, 2);
        market.All(Ivv, 20_500, 3).TickThrough(3, 4);
        Assert.Equal(DecisionReason.RelatedDisagrees, market.Market.DecisionOf(Ivv)!.Reason);
        market.Order(OperatorAction.Confirm, 5, share: Ivv, price: 20_500, until: 10).TickThrough(5, 6);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Ivv)!.State);
        market.All(Spy, 20_000, 11).All(Ivv, 20_500, 11).TickThrough(11, 12);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Ivv)!.State);
    }

    [Fact]
    public void Disagreement_ThatLasts_IsHeardForTwoHours()
    {
        var market = Create();
        market.All(Spy, 20_000, 1).All(Ivv, 20_000, 1).Tick(1);
        for (var second = 2; second < 7_190; second += 10) market.All(Spy, 20_000, second).All(Ivv, 20_500, second).Tick(second);
        Assert.Equal(DecisionReason.RelatedDisagrees, market.Market.DecisionOf(Ivv)!.Reason);
        for (var second = 7_192; second < 7_300; second += 10) market.All(Spy, 20_000, second).All(Ivv, 20_500, second).Tick(second);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(Ivv)!.State);
    }

    [Theory]
    [InlineData(1, 150, 100)]
    [InlineData(9, 150, 100)]
    [InlineData(3, 150, 100)]
    [InlineData(0, 0, 100)]
    [InlineData(0, 150, 0)]
    [InlineData(0, 150, 1_001)]
    public void Relation_ThatIsNone_IsRefused(int feed, int tolerance, int percent) => Assert.Throws<ArgumentException>(() =>
        new MarketHarness(related: new Dictionary<int, RelatedFeed[]> { [1] = [new RelatedFeed(feed, tolerance, percent)] }));

    private const HoldReasons RelatedFlag = HoldReasons.Disagreement;
}
