using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>When a pair of currencies has a price, and when the price before is taken back.</summary>
public sealed class PairMarketTests
{
    private const long Cent = Price.One / 100;

    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 13, 30);

    private readonly Sink _sink = new();
    private readonly PairMarket _market = new(new TokenPair("USDC/USD", [], "USDC", FeedUnit.CurrencyUnit), new SourceId(1), new UpstreamId(2), levels: 10, depthBps: 50) { IsTrading = true };
    private int _seconds;

    [Fact]
    public void Publish_BothSidesOfACurrency_IsTheirMiddle()
    {
        Tell(99 * Cent, 100 * Cent);
        Assert.Equal(Price.FromE8(99 * Cent + Cent / 2), Assert.Single(_sink.Prices));
    }

    [Theory]
    [InlineData(99, 100.98, true)]
    [InlineData(99, 100.99, false)]
    [InlineData(50, 150, false)]
    [InlineData(0, 100, false)]
    [InlineData(99, 0, false)]
    public void Publish_OneSidedOrWideBook_IsNoPriceAndTakesTheOneBeforeBack(double bidCents, double askCents, bool isPrice)
    {
        Tell(99 * Cent, 100 * Cent);
        Tell((long)(bidCents * Cent), (long)(askCents * Cent));
        Tell((long)(bidCents * Cent), (long)(askCents * Cent));

        Assert.Equal(isPrice ? [false, false, false] : [false, true], _sink.Prices.Select(p => p.IsNone));
        Tell(99 * Cent, 100 * Cent);
        Assert.False(_sink.Prices[^1].IsNone);
    }

    [Fact]
    public void Publish_CurrencyThatTradesNoMore_IsTakenBackOnce()
    {
        Tell(99 * Cent, 100 * Cent);
        _market.IsTrading = false;
        _market.Publish(_sink);
        _market.Publish(_sink);
        Assert.Equal([false, true], _sink.Prices.Select(p => p.IsNone));
    }

    [Fact]
    public void Publish_CrossedBook_LeavesThePriceBeforeToGrowOld()
    {
        Tell(99 * Cent, 100 * Cent);
        Tell(101 * Cent, 100 * Cent);
        Assert.Single(_sink.Prices);
    }

    [Fact]
    public void Publish_AfterANewConnection_TakesNothingBackBeforeItKnowsMore()
    {
        Tell(99 * Cent, 100 * Cent);
        _market.Forget();
        Tell(99 * Cent, 100 * Cent);
        Assert.Single(_sink.Prices);
        _market.IsTrading = true;
        _market.Publish(_sink);
        Assert.Equal(2, _sink.Prices.Count(p => !p.IsNone));
    }

    private void Tell(long bid, long ask)
    {
        _market.BeginBook();
        if (bid > 0) _market.Bids.Set(bid, Price.One);
        if (ask > 0) _market.Asks.Set(ask, Price.One);
        _market.EndBook(Start + Duration.FromSeconds(++_seconds));
        _market.Publish(_sink);
    }

    private sealed class Sink : ITokenMarketSink
    {
        public List<Price> Prices { get; } = [];

        public void Publish(TokenMarketQuote quote) => Assert.Fail("a pair of currencies is no token");

        public void Publish(PegReading peg) => Prices.Add(peg.Price);
    }
}
