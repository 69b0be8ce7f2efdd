using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Replay;

/// <summary>What a person is told of corporate actions, and what event files say of them.</summary>
public class CorporateActionReplayTests
{
    private static readonly EventNames Names = new(ReplayFixture.Settings());

    [Fact]
    public void RegisteredBounds_ThatASplitWillLeave_AreSaidWhenItIsKnown()
    {
        var report = new Told();
        var market = Market();
        var alarms = new ActionAlarms(market, [new RegisteredBounds(Price.FromE8(200 * Price.One), default)], report);
        Quote(market, 400);
        market.Apply(MarketInput.Of(At(1), Notice(EvidenceClass.Operator, 4)));
        market.Tick(At(1), everything: true);
        alarms.Look(At(1));
        alarms.Look(At(1));
        Assert.Contains("Split 4:1 of 2026-06-11 makes 100 of 400, outside the bounds 200 to none", Assert.Single(report.Alarms));

        market.Apply(MarketInput.Of(At(2), Notice(EvidenceClass.Operator, 4) with { NewShares = 2 }));
        market.Tick(At(2), everything: true);
        alarms.Look(At(2));
        Assert.Single(report.Alarms);
    }

    [Fact]
    public void LoneWitness_IsSaidOnce()
    {
        var report = new Told();
        var market = Market();
        var alarms = new ActionAlarms(market, [], report);
        Quote(market, 400);
        for (var i = 0; i < 3; i++) market.Apply(MarketInput.Of(At(1), Notice(EvidenceClass.Vendor, 4)));
        market.Tick(At(1), everything: true);
        alarms.Look(At(1));
        alarms.Look(At(2));
        Assert.Contains("Split 4:1 of 2026-06-11 is said by Vendor alone", Assert.Single(report.Alarms));
    }

    [Theory]
    [InlineData("\"ratio\":\"10\"", "like 10:1")]
    [InlineData("\"ratio\":\"10:0\"", "like 10:1")]
    [InlineData("\"ratio\":\"10:1x\"", "like 10:1")]
    [InlineData("\"ratio\":\":1\"", "like 10:1")]
    [InlineData("\"ratio\":\"99999999999999999999:1\"", "like 10:1")]
    [InlineData("\"cash\":\"-1\"", "cash")]
    [InlineData("\"bid\":1", "bid")]
    [InlineData("\"withdrawn\":1", "true or false")]
    public void Line_ThatIsWrong_IsRefused(string extra, string expected)
    {
        var line = $$"""{"t":"2026-06-10T13:00:00Z","kind":"corporate-action","symbol":"TSLA","action":"Split","on":"2026-06-11","class":"Vendor","by":"x","reference":"1",{{extra}}}""";
        Assert.Contains(expected, Assert.Throws<EventFileException>(() => Read(line)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-06-31", "Split", "Vendor", "on")]
    [InlineData("2026-06-11", "Bonus", "Vendor", "StockDividend")]
    [InlineData("2026-06-11", "Split", "Hearsay", "IssuerChain")]
    public void Names_ThatAreNone_AreRefused(string on, string action, string by, string expected)
    {
        var line = $$"""{"t":"2026-06-10T13:00:00Z","kind":"corporate-action","symbol":"TSLA","action":"{{action}}","on":"{{on}}","class":"{{by}}","by":"x","reference":"1","ratio":"4:1"}""";
        Assert.Contains(expected, Assert.Throws<EventFileException>(() => Read(line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_ThatSaysNothing_IsRejectedInTheOutput()
    {
        using var stream = new MemoryStream("""
            {"format":"oraclenode-events","version":1}
            {"t":"2026-06-10T13:00:00Z","kind":"corporate-action","symbol":"TSLA","action":"Split","on":"2026-06-11","class":"Vendor","by":"x","reference":"1"}
            """u8.ToArray());
        var rejected = Assert.Single(ReplayRunner.Run(ReplayFixture.Settings(), ReplayFixture.Calendar(), stream), e => e.Kind == OutputKind.InputRejected);
        Assert.Equal(("CorporateAction", "Malformed"), (rejected.Input, rejected.Message));
    }

    private static void Read(string line)
    {
        using var stream = new MemoryStream([.. "{\"format\":\"oraclenode-events\",\"version\":1}\n"u8, .. System.Text.Encoding.UTF8.GetBytes(line)]);
        new EventReader(stream, Names).TryRead(out _);
    }

    private static MarketFold Market() => MarketFoldFactory.Create(ReplayFixture.Settings(), ReplayFixture.Calendar());

    private static Instant At(int second) => Instant.FromUtc(2026, 6, 10, 15, 0, second);

    private static void Quote(MarketFold market, long dollars)
    {
        for (var source = 0; source < 3; source++)
            market.Apply(MarketInput.Of(new Observation
            {
                Kind = ObservationKind.Quote,
                Source = new SourceId(source),
                Upstream = Names.Sources[source].Upstream,
                Instrument = new InstrumentId(0),
                EventTime = At(0),
                ReceiveTime = At(0),
                Bid = Price.FromE8((dollars * Price.One) - 1_000_000),
                Ask = Price.FromE8((dollars * Price.One) + 1_000_000),
            }));
        market.Tick(At(0), everything: true);
        Assert.True(market.DecisionOf(0)!.IsFresh);
    }

    private static CorporateActionNotice Notice(EvidenceClass by, long ratio) =>
        new(new InstrumentId(0), CorporateActionKind.Split, ratio, 1, default, new LocalDate(2026, 6, 11), by, "x", "1", false, "");

    private sealed class Told : IFoldReport
    {
        public List<string> Alarms { get; } = [];

        public void Alarm(string? feed, AlarmKind kind, string message) => Alarms.Add(message);

        public void Changed(int feed, in FeedTransition transition)
        {
        }

        public void ChainNotCredible(string chain, string problem)
        {
        }

        public void FeedNotPublished(string feed, string problem)
        {
        }

        public void FeedStopped(string feed, string problem, Exception? cause)
        {
        }

        public void GuardStopped(string problem, Exception? cause)
        {
        }

        public void MarketDistrusted(string problem)
        {
        }

        public void MarketTrusted(string problem)
        {
        }

        public void PlanFault(string chain, Exception cause)
        {
        }

        public void Restored(int restored, int feeds)
        {
        }
    }
}
