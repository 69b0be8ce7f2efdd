using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

public class TokenMarketInboxTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 15, 0);

    private readonly TokenMarketInbox _inbox = new();
    private readonly Recorder _log = new();
    private readonly OracleFold _fold;

    public TokenMarketInboxTests()
    {
        var share = new Feed("first", new InstrumentId(0), "figi:BBG000000000@XNAS", "USD", FeedUnit.UnderlyingShare);
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        var market = new MarketFold([new ShareFeedRules(share, Pricing.PricingSettings.Stock, [])], calendar);
        _fold = new OracleFold(new PipelinePlan(market, [new FeedSlot(share)], [], 1, 1, 0, 0), _log, _log);
    }

    [Fact]
    public void Drain_SeveralOfOnePair_HandsOnTheLatest()
    {
        for (var i = 1; i <= 5; i++) _inbox.Publish(Quote(source: 1, token: 0, price: i));
        _inbox.Drain(Now, _fold);
        var input = Assert.Single(_log.Inputs);
        Assert.Equal((MarketInputKind.TokenMarket, Now, 5), (input.Kind, input.ReceivedAt, input.TokenMarket.Bid.E8));
        Assert.Equal(4, _inbox.Conflated);
    }

    [Fact]
    public void Drain_PairsSourcesAndCurrencies_AreApart()
    {
        _inbox.Publish(Quote(1, 0, 1));
        _inbox.Publish(Quote(1, 1, 2));
        _inbox.Publish(Quote(2, 0, 3));
        _inbox.Publish(Quote(2, 0, 4) with { Currency = "USDC" });
        _inbox.Publish(new PegReading(new SourceId(1), new UpstreamId(0), "USDC", Price.FromE8(5), Now));
        _inbox.Publish(new PegReading(new SourceId(1), new UpstreamId(0), "USDT", Price.FromE8(6), Now));
        _inbox.Drain(Now, _fold);
        Assert.Equal([1, 2, 3, 4, 5, 6], _log.Inputs.Select(i => i.Kind == MarketInputKind.Peg ? i.Peg.Price.E8 : i.TokenMarket.Bid.E8));
    }

    [Fact]
    public void Drain_SoonAgain_WaitsAndLosesNothing()
    {
        _inbox.Publish(Quote(1, 0, 1));
        _inbox.Drain(Now, _fold);
        _inbox.Publish(Quote(1, 0, 2));
        _inbox.Drain(Now + TokenMarketInbox.Spacing - Duration.Epsilon, _fold);
        Assert.Single(_log.Inputs);
        _inbox.Drain(Now + TokenMarketInbox.Spacing, _fold);
        _inbox.Drain(Now + (TokenMarketInbox.Spacing * 3), _fold);
        Assert.Equal([1, 2], _log.Inputs.Select(i => i.TokenMarket.Bid.E8));
    }

    [Fact]
    public void Drain_MarketTimeWentBack_DoesNotWait()
    {
        _inbox.Publish(Quote(1, 0, 1));
        _inbox.Drain(Now, _fold);
        _inbox.Publish(Quote(1, 0, 2));
        _inbox.Drain(Now - Duration.FromHours(1), _fold);
        Assert.Equal(2, _log.Inputs.Count);
    }

    private static TokenMarketQuote Quote(int source, int token, long price) => new(
        new SourceId(source), new UpstreamId(0), new TokenId(token), "USD", FeedUnit.UiToken, Price.FromE8(price), Price.FromE8(price + 1), default, 1, 1, true, Now);

    private sealed class Recorder : IInputRecorder, IFoldReport
    {
        public List<MarketInput> Inputs { get; } = [];

        public void Record(in MarketInput input) => Inputs.Add(input);
        public void RecordTick(Instant now, bool everything) { }
        public void RecordRestore(Instant now, Feed feed, in FeedRecord record, ulong sequence) { }
        public void FeedStopped(string feed, string problem, Exception? cause) { }
        public void FeedNotPublished(string feed, string problem) { }
        public void GuardStopped(string problem, Exception? cause) { }
        public void ChainNotCredible(string chain, string problem) { }
        public void PlanFault(string chain, Exception cause) { }
        public void Changed(int feed, in FeedTransition transition) { }
        public void Alarm(string? feed, AlarmKind kind, string message) { }
        public void MarketDistrusted(string problem) { }
        public void MarketTrusted(string problem) { }
        public void Restored(int restored, int feeds) { }
    }
}
