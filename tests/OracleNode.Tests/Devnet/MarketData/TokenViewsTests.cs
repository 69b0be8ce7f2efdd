using NodaTime;

namespace OracleNode.MarketData;

public class TokenViewsTests
{
    private static readonly TokenPairSpec[] Pairs = [new("SPYx/USD", "SPY", 1.005715m), new("TSLAx/USD", "TSLA"), TokenPairSpec.OfCurrency("USDC/USD", "USDC")];

    [Fact]
    public void Of_GeneratedDay_FollowsTheShareTimesUnitAndPremium()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(9, 29, 50) });
        var shares = new Dictionary<string, decimal>();
        foreach (var happened in day.Events().Where(e => e.Kind == MarketEventKind.Quote && !e.Bid.IsNone && !e.Ask.IsNone).Take(2_000)) shares.TryAdd(happened.Symbol.Name, Mid(happened));
        var view = TokenViews.Of(day, Pairs, premiumBps: 10, seed: 1).Take(2_000).ToList();

        foreach (var (pair, share, factor) in new[] { ("SPYx/USD", "SPY", 1.005715m), ("TSLAx/USD", "TSLA", 1m) })
        {
            var first = view.First(e => e.Event.Symbol.Name == pair && e.Event.Kind == MarketEventKind.Quote).Event;
            Assert.InRange(Mid(first) / (shares[share] * factor), 1.0008m, 1.0012m);
            Assert.True(first.Bid < first.Ask);
        }

        Assert.All(view.Where(e => e.Event.Symbol.Name == "USDC/USD"), e => Assert.InRange(Mid(e.Event), 0.999m, 1.001m));
        Assert.Contains(view, e => e.Event.Kind == MarketEventKind.Trade);
    }

    [Fact]
    public void Of_ADay_IsInOrderBoundedInRateAndTheSameAgain()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(9, 29, 50) });
        var view = TokenViews.Of(day, Pairs, 10, seed: 1).Take(3_000).ToList();
        Assert.Equal(view, TokenViews.Of(day, Pairs, 10, seed: 1).Take(3_000));
        for (var i = 1; i < view.Count; i++) Assert.True(view[i].DeliverAt >= view[i - 1].DeliverAt && view[i].DeliverAt > view[i].Event.Time);
        foreach (var group in view.Where(e => e.Event.Kind == MarketEventKind.Quote).GroupBy(e => e.Event.Symbol.Name))
            Assert.All(group.Zip(group.Skip(1)), p => Assert.True(p.Second.Event.Time - p.First.Event.Time >= Duration.FromMilliseconds(200)));
    }

    private static decimal Mid(in MarketEvent quote) => (quote.Bid.E8 + quote.Ask.E8) / 2m / OracleNode.Market.Price.One;
}
