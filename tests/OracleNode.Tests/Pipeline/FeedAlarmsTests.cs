using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Pipeline;

/// <summary>What a person is told of a feed that holds: when it has lasted, once, and later rather than never.</summary>
public class FeedAlarmsTests
{
    private static readonly Instant Open = Instant.FromUtc(2024, 6, 3, 13, 30);
    private static readonly Source[] Sources = [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))];

    private readonly ListReport _said = new();
    private readonly MarketFold _market;
    private readonly FeedAlarms _alarms;
    private int _at = 100;

    public FeedAlarmsTests()
    {
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        var feed = new Feed("share", new InstrumentId(0), "figi:BBG000000000@XNAS", "USD", FeedUnit.UnderlyingShare);
        _market = new MarketFold([new ShareFeedRules(feed, PricingSettings.Stock with { MaxPrice = Cents(10_500) }, Sources)], calendar);
        _alarms = new FeedAlarms(_market, _said);
    }

    [Fact]
    public void OutsideTheBand_ForAMinute_IsSaidOnce()
    {
        Second(10_000);
        foreach (var source in new[] { 0, 1 }) Say(source, ObservationKind.Band, 9_900, 10_100);
        for (var i = 0; i < 60; i++) Assert.Equal(DecisionReason.OutsideBand, Second(10_200));
        Assert.Empty(_said.Alarms);
        for (var i = 0; i < 300; i++) Second(10_200);
        Assert.Equal([AlarmKind.Bounds], _said.Alarms);
    }

    [Fact]
    public void OutsideTheBounds_AgainWithinAMinute_IsSaidWhenTheMinuteIsOver()
    {
        Second(10_000);
        Second(10_501);
        Assert.Equal([AlarmKind.Bounds], _said.Alarms);
        Second(10_000);
        for (var i = 0; i < 50; i++) Assert.Equal(DecisionReason.OutsideBounds, Second(10_501));
        Assert.Equal([AlarmKind.Bounds], _said.Alarms);
        for (var i = 0; i < 300; i++) Second(10_501);
        Assert.Equal([AlarmKind.Bounds, AlarmKind.Bounds], _said.Alarms);
    }

    [Fact]
    public void OutsideTheBounds_AgainAndOverWithinAMinute_IsNotSaid()
    {
        Second(10_000);
        Second(10_501);
        Second(10_000);
        Second(10_501);
        for (var i = 0; i < 300; i++) Second(10_000);
        Assert.Equal([AlarmKind.Bounds], _said.Alarms);
    }

    [Fact]
    public void VenueThatStatesAnotherMultiplier_ForAMinute_IsSaidOnceUntilItIsOver()
    {
        var said = new ListReport();
        var market = TokenMarket();
        var alarms = new FeedAlarms(market, said);
        void Minute(long statedE18)
        {
            for (var i = 0; i < 60; i++)
            {
                _at++;
                for (var source = 0; source < Sources.Length; source++) Say(source, ObservationKind.Quote, 9_999, 10_001, market);
                market.Apply(MarketInput.Of(Now, new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Multiplier.One, default, null, Now))));
                market.Apply(MarketInput.Of(Now, new TokenMarketQuote(new SourceId(3), new UpstreamId(3), new TokenId(0), "USD", FeedUnit.RawToken, Cents(9_999), Cents(10_001), default, 1_000 * Price.One, 1_000 * Price.One, true, Now)
                {
                    StatedMultiplier = new Multiplier((ulong)statedE18),
                }));
                market.Tick(Now, everything: true);
                alarms.Look(Now);
                for (var feed = 0; feed < market.Count; feed++) if (market.DecisionOf(feed) is { } decision) alarms.Look(feed, decision);
            }
        }

        const long One = 1_000_000_000_000_000_000;
        Minute(One);
        Minute(One / 10);
        Assert.Empty(said.Alarms);
        Minute(One / 10);
        Minute(One / 10);
        Assert.Equal([AlarmKind.Token], said.Alarms);
        Minute(One);
        Minute(One / 10);
        Minute(One / 10);
        Assert.Equal([AlarmKind.Token, AlarmKind.Token], said.Alarms);
    }

    private static MarketFold TokenMarket()
    {
        var share = new Feed("share", new InstrumentId(0), "figi:BBG000000000@XNAS", "USD", FeedUnit.UnderlyingShare);
        var token = share with { Name = "token", Identity = share.Identity + ";token", Unit = FeedUnit.RawToken };
        Source[] venue = [new Source(new SourceId(3), "venue", new UpstreamId(3), "venue")];
        return new MarketFold(
            [
                new ShareFeedRules(share, PricingSettings.Stock, Sources),
                new TokenFeedRules(token, 0, new TokenId(0), new TokenSettings()),
                new PremiumFeedRules(
                    token with { Name = "premium", Unit = FeedUnit.PremiumRatio }, 1, new TokenId(0), Duration.FromMinutes(10), venue, new Dictionary<string, int>(),
                    new PremiumSettings { MinMarkets = 1, WantedMarkets = 1 }),
            ],
            TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json"))));
    }

    private DecisionReason Second(int cents)
    {
        _at++;
        for (var source = 0; source < Sources.Length; source++) Say(source, ObservationKind.Quote, cents - 1, cents + 1);
        _market.Tick(Now, everything: true);
        _alarms.Look(Now);
        _alarms.Look(0, _market.DecisionOf(0)!);
        return _market.DecisionOf(0)!.Reason;
    }

    private Instant Now => Open + Duration.FromSeconds(_at);

    private void Say(int source, ObservationKind kind, int bid, int ask, MarketFold? market = null) => (market ?? _market).Apply(MarketInput.Of(new Observation
    {
        Kind = kind,
        Source = new SourceId(source),
        Upstream = new UpstreamId(source),
        Instrument = new InstrumentId(0),
        EventTime = Now,
        ReceiveTime = Now,
        Bid = Cents(bid),
        Ask = Cents(ask),
    }));

    private static Price Cents(int cents) => Price.FromE8(cents * 1_000_000L);

    private sealed class ListReport : SilentReport
    {
        public List<AlarmKind> Alarms { get; } = [];

        public override void Alarm(string? feed, AlarmKind kind, string message) => Alarms.Add(kind);
    }
}
