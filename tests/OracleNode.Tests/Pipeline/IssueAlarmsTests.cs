using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Pipeline;

/// <summary>When a person is told that the chains differ on an issue: not of every dividend, and at once of whatever is none.</summary>
public class IssueAlarmsTests
{
    private static readonly Instant Open = Instant.FromUtc(2024, 6, 3, 13, 30);
    private static readonly Instant Activation = Open + Duration.FromSeconds(100);
    private static readonly UInt128 One = Multiplier.One.E18;

    private readonly Report _said = new();
    private readonly MarketFold _market;
    private readonly IssueAlarms _alarms;

    public IssueAlarmsTests()
    {
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        var share = new Feed("share", new InstrumentId(0), "figi:BBG000000000@XNAS", "USD", FeedUnit.UnderlyingShare);
        Feed Token(string name) => share with { Name = name, Identity = share.Identity + ";" + name, Unit = FeedUnit.RawToken };
        _market = new MarketFold(
            [
                new ShareFeedRules(share, PricingSettings.Stock, [new Source(new SourceId(0), "source", new UpstreamId(0), "upstream")]),
                new TokenFeedRules(Token("a"), 0, new TokenId(0), new TokenSettings()), new TokenFeedRules(Token("b"), 0, new TokenId(1), new TokenSettings()),
            ],
            calendar, listings: [new("a", "X", "issuer", null), new("b", "X", "issuer", null)]);
        _alarms = new IssueAlarms(_market, _said);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(59, 0)]
    [InlineData(61, 1)]
    public void AnnouncedStep_OnOneChainBeforeTheOther_IsSaidAfterAMinute(int seconds, int alarms)
    {
        var dividend = One * 1_005 / 1_000;
        Tick(0, (One, dividend), (One, dividend));
        for (var second = 100; second <= 100 + seconds; second++) Tick(second, (dividend, 0), (One, 0));
        Assert.Equal(alarms, _said.Count);
        Tick(101 + seconds, (dividend, 0), (dividend, 0));
        Assert.Equal(alarms, _said.Count);
    }

    [Fact]
    public void OtherStepThanAnnounced_IsSaidAtOnce()
    {
        Tick(0, (One, One * 1_005 / 1_000), (One, 0));
        Tick(100, (One * 1_006 / 1_000, 0), (One, 0));
        Assert.Equal(1, _said.Count);
    }

    [Fact]
    public void AnnouncedStepAboveOnePercent_IsSaidAtOnce()
    {
        Tick(0, (One, One * 10), (One, One * 10));
        Tick(100, (One * 10, 0), (One, 0));
        Assert.Equal(1, _said.Count);
    }

    private void Tick(int second, params (UInt128 Current, UInt128 Next)[] tokens)
    {
        var now = Open + Duration.FromSeconds(second);
        for (var i = 0; i < tokens.Length; i++)
        {
            var (current, next) = tokens[i];
            _market.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(i), new MultiplierTerms(new Multiplier(current), new Multiplier(next), next == 0 ? null : Activation, now))));
        }

        _market.Tick(now, everything: true);
        _alarms.Look(now);
    }

    private sealed class Report : SilentReport
    {
        public int Count { get; private set; }

        public override void Alarm(string? feed, AlarmKind kind, string message) => Count++;
    }
}
