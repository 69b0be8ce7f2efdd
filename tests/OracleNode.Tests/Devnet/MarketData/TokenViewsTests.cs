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

    [Fact]
    public void Of_PairsInOtherCurrencies_QuoteWhatTheCurrencyIsWorth()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(9, 29, 50) });
        TokenPairSpec[] pairs = [new("TSLAx/USD", "TSLA"), new("TSLAXUSDT", "TSLA", 1, "USDT")];
        var quotes = TokenViews.Of(day, pairs, 0, seed: 3).Where(e => e.Event.Kind == MarketEventKind.Quote).Take(400).Select(e => e.Event).ToList();
        foreach (var (dollars, tethers) in quotes.Where(q => q.Symbol.Name == "TSLAx/USD").Zip(quotes.Where(q => q.Symbol.Name == "TSLAXUSDT")))
        {
            Assert.Equal(dollars.Time, tethers.Time);
            var worth = CurrencyPath.At(3, "USDT", dollars.Time).E8 / (decimal)OracleNode.Market.Price.One;
            Assert.InRange(Mid(tethers) * worth / Mid(dollars), 0.9999m, 1.0001m);
        }
    }

    [Fact]
    public void Of_AGeneratedDay_GoesOnThroughTheNightAndWanders()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(19, 59) });
        var night = TokenViews.Of(day, Pairs, 10, seed: 1).Where(e => e.Event.Time > day.End).ToList();
        Assert.Equal(8 * 3600 * Pairs.Length, night.Count);
        var tesla = night.Where(e => e.Event.Symbol.Name == "TSLAx/USD").Select(e => Mid(e.Event)).ToList();
        Assert.InRange(tesla.Max() / tesla.Min(), 1.005m, 1.06m);
        Assert.All(tesla.Zip(tesla.Skip(1)), p => Assert.InRange(p.Second / p.First, 0.999m, 1.001m));
        // It begins where the day ended.
        var last = TokenViews.Of(day, Pairs, 10, seed: 1).TakeWhile(e => e.Event.Time <= day.End).Last(e => e.Event.Symbol.Name == "TSLAx/USD" && e.Event.Kind == MarketEventKind.Quote).Event;
        Assert.InRange(tesla[0] / Mid(last), 0.998m, 1.002m);
    }

    [Fact]
    public void Of_ARecordedDay_EndsWithIt()
    {
        var day = new ListedTimeline(false, VendorServers.VendorBench.Quote("TSLA", 0, 412, 413), VendorServers.VendorBench.Quote("TSLA", 100, 412, 413));
        Assert.All(TokenViews.Of(day, Pairs, 10, seed: 1), e => Assert.True(e.Event.Time <= day.End));
    }

    private static decimal Mid(in MarketEvent quote) => (quote.Bid.E8 + quote.Ask.E8) / 2m / OracleNode.Market.Price.One;
}
