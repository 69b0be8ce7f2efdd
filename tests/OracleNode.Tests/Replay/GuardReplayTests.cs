using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>The guards through the node's own fold, as a scenario file drives it.</summary>
public class GuardReplayTests
{
    [Fact]
    public void OperatorsPause_IsOnEveryChainAndOutlivesARestart()
    {
        var before = ReplayFixture.Run([
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            """{"t":"2026-06-10T15:00:05Z","kind":"operator","action":"Pause","feed":"TSLA","by":"alice"}""",
            """{"t":"2026-06-10T15:00:06Z","kind":"tick"}""",
        ]);
        var paused = before.Where(e => e.Feed == "TSLA" && e.Record?.State == FeedState.Paused).ToList();
        Assert.Equal(["arbitrum", "base", "solana"], paused.Select(e => e.Chain).Distinct().Order());
        Assert.Equal(DecisionReason.OperatorPause, paused[0].Decision!.Reason);

        var after = ReplayFixture.Run([
            $$"""{"t":"2026-06-10T15:02:00Z","kind":"restore","feed":"TSLA","record":"{{Hex(paused[^1].Record!.Value)}}","sequence":{{paused[^1].Sequence}}}""",
            .. ReplayFixture.Quotes("2026-06-10T15:02:00Z", "TSLA", "399.99", "400.01"),
            """{"t":"2026-06-10T15:02:05Z","kind":"operator","action":"Resume","feed":"TSLA","by":"alice"}""",
            """{"t":"2026-06-10T15:02:06Z","kind":"tick"}""",
        ]);
        var states = after.Where(e => e.Kind == OutputKind.State && e.Feed == "TSLA").Select(e => (e.Decision!.State, e.Decision.Reason)).ToList();
        Assert.Equal([(FeedState.Paused, DecisionReason.StoppedOnChain), (FeedState.Live, DecisionReason.Accepted)], states);
    }

    [Fact]
    public void OnePriceOnUnrelatedSymbols_HoldsAllAndIsAnAlarm()
    {
        var output = ReplayFixture.Run([
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "AAPL", "199.99", "200.01"),
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "SPY", "599.99", "600.01"),
            .. ReplayFixture.Quotes("2026-06-10T15:00:10Z", "TSLA", "123.46", "123.48"),
            .. ReplayFixture.Quotes("2026-06-10T15:00:10Z", "AAPL", "123.46", "123.48"),
            .. ReplayFixture.Quotes("2026-06-10T15:00:10Z", "SPY", "123.46", "123.48"),
            """{"t":"2026-06-10T15:01:00Z","kind":"tick"}""",
        ]);
        Assert.Equal(3, Alarms(output, "EqualPrices: source ").Count);
        foreach (var feed in new[] { "TSLA", "AAPL", "SPY" })
        {
            Assert.Equal(DecisionReason.EqualPrices, output.Last(e => e.Kind == OutputKind.State && e.Feed == feed).Decision!.Reason);
            Assert.DoesNotContain(output, e => e.Feed == feed && e.Record is { } record && record.Price.ToString() == "123.47");
        }
    }

    [Fact]
    public void APriceAtItsFloor_IsAnAlarmOnce()
    {
        var output = ReplayFixture.Run(
            [
                .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
                .. ReplayFixture.Quotes("2026-06-10T15:00:01Z", "TSLA", "389.99", "390.01"),
                """{"t":"2026-06-10T15:00:20Z","kind":"tick"}""",
            ],
            ReplayFixture.Settings(("Feeds:0:Pricing:MinPrice", "390")));
        var alarm = Assert.Single(Alarms(output, "Bounds: "));
        Assert.Equal("TSLA", alarm.Feed);
        var held = output.First(e => e.Kind == OutputKind.State && e.Decision!.Reason == DecisionReason.AtBound);
        Assert.Equal(("390", "400"), (held.Decision!.Measured.ToString(), held.Decision.Price.ToString()));
        Assert.Contains("\"measured\":\"390\",\"moveBps\":-250", System.Text.Encoding.UTF8.GetString(ReplayFixture.Write(output)));
    }

    [Fact]
    public void ReservesThatAreShort_HoldTheTokenAndAreAnAlarm()
    {
        var output = ReplayFixture.Run([
            """{"t":"2026-06-10T15:00:00Z","kind":"multiplier","token":"TSLAx","value":"1"}""",
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            """{"t":"2026-06-10T15:00:05Z","kind":"reserve","token":"TSLAx","backing":"99","issued":"100","at":"2026-06-10T15:00:00Z"}""",
            """{"t":"2026-06-10T15:00:06Z","kind":"tick"}""",
        ]);
        Assert.Equal("TSLAx", Assert.Single(Alarms(output, "Token: ")).Feed);
        Assert.Equal(FeedState.Live, output.Last(e => e.Kind == OutputKind.State && e.Feed == "TSLA").Decision!.State);
    }

    [Fact]
    public void RelatedFeedsThatMoveApart_AreAnAlarm()
    {
        var settings = ReplayFixture.Settings(("Feeds:0:Related:0:Feed", "SPY"), ("Feeds:0:Related:0:ToleranceBps", "100"));
        var output = ReplayFixture.Run(
            [
                .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
                .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "SPY", "599.99", "600.01"),
                .. ReplayFixture.Quotes("2026-06-10T15:00:05Z", "TSLA", "407.99", "408.01"),
                """{"t":"2026-06-10T15:00:20Z","kind":"tick"}""",
            ],
            settings);
        Assert.Equal("TSLA", Assert.Single(Alarms(output, "Related: ")).Feed);
        Assert.Equal(DecisionReason.RelatedDisagrees, output.Last(e => e.Kind == OutputKind.State && e.Feed == "TSLA").Decision!.Reason);
    }

    [Fact]
    public void AnUpstreamLost_IsAnAlarmBeforeTheFeedHolds()
    {
        var output = ReplayFixture.Run([
            .. Steady(0, 120, 3),
            .. Steady(120, 240, 2),
            .. Steady(240, 400, 1),
        ]);
        var alarm = Assert.Single(Alarms(output, "Redundancy: "), e => e.Feed == "TSLA");
        Assert.Contains("one more upstream", alarm.Message);
        Assert.True(alarm.Time < output.First(e => e.Kind == OutputKind.State && e.Feed == "TSLA" && e.Decision!.State == FeedState.Held).Time);
    }

    [Fact]
    public void ASourceThatIsWrongTooOften_IsAnAlarm()
    {
        var output = ReplayFixture.Run([
            .. Enumerable.Range(0, 60).SelectMany(second => (string[])[
                .. Steady(second, second + 1, 2),
                $$"""{"t":"{{At(second)}}","at":"2026-06-11T15:00:00Z","kind":"quote","source":"finazon-sip","symbol":"TSLA","bid":"399.99","ask":"400.01"}""",
            ]),
        ]);
        Assert.Contains("finazon-sip", Assert.Single(Alarms(output, "Quarantine: ")).Message);
        Assert.Equal(60, output.Count(e => e.Kind == OutputKind.InputRejected && e.Message == "Future" && e.Feed == "TSLA"));
    }

    [Fact]
    public void BoundsThatExcludeThePriceOnChain_AreAnAlarmAtTheStart()
    {
        var round = ReplayFixture.Run(ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01")).First(e => e.Kind == OutputKind.Round);
        var output = ReplayFixture.Run(
            [
                $$"""{"t":"2026-06-10T15:01:00Z","kind":"restore","feed":"TSLA","record":"{{Hex(round.Record!.Value)}}","sequence":{{round.Sequence}}}""",
                .. ReplayFixture.Quotes("2026-06-10T15:01:00Z", "TSLA", "400.99", "401.01"),
            ],
            ReplayFixture.Settings(("Feeds:0:Pricing:MinPrice", "400.50")));
        Assert.Contains("excludes 400", Alarms(output, "Activation: ")[0].Message);
        Assert.Equal(DecisionReason.ActivationDeviates, output.Last(e => e.Kind == OutputKind.State && e.Feed == "TSLA").Decision!.Reason);
    }

    [Fact]
    public void SameScenario_RunTwice_GivesTheSameBytes()
    {
        var lines = ReplayRunnerTests.Day(seed: 9, events: 3_000);
        var t = lines[1_500].Split('"')[3];
        lines.Insert(1_500, $$"""{"t":"{{t}}","kind":"operator","action":"Pause","until":"2026-06-10T13:29:30Z","by":"alice"}""");
        var settings = ReplayFixture.Settings(("Feeds:0:Related:0:Feed", "SPY"), ("Feeds:0:Related:0:ToleranceBps", "50"));
        var first = ReplayFixture.Write(ReplayFixture.Run(lines, settings), settings);
        Assert.Equal(first, ReplayFixture.Write(ReplayFixture.Run(lines, settings), settings));
    }

    private static IEnumerable<string> Steady(int from, int to, int sources) => Enumerable.Range(from, to - from).SelectMany(second => ReplayFixture.Sources.Take(sources)
        .Select(s => $$"""{"t":"{{At(second)}}","kind":"quote","source":"{{s}}","symbol":"TSLA","bid":"399.99","ask":"400.01"}"""));

    private static string At(int second) => NodaTime.Text.InstantPattern.ExtendedIso.Format(NodaTime.Instant.FromUtc(2026, 6, 10, 15, 0) + NodaTime.Duration.FromSeconds(second));

    private static List<OutputEntry> Alarms(IReadOnlyList<OutputEntry> output, string begins) =>
        [.. output.Where(e => e.Kind == OutputKind.Alarm && e.Message!.StartsWith(begins, StringComparison.Ordinal))];

    private static string Hex(in FeedRecord record)
    {
        var bytes = new byte[RecordCodec.LengthOf(record)];
        Assert.Equal(RecordError.None, RecordCodec.TryEncode(record, bytes));
        return Convert.ToHexStringLower(bytes);
    }
}
