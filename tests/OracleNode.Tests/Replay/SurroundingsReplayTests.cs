using OracleNode.Market;

namespace OracleNode.Replay;

/// <summary>What stands around all feeds, through the node's own fold: alarms, holds, and nothing signed by a wrong clock.</summary>
public class SurroundingsReplayTests
{
    private const string Live = "2026-06-10T15:00:0";

    [Fact]
    public void WrongClock_Run_SignsNothingUntilItIsGood()
    {
        var output = ReplayFixture.Run(
        [
            .. Quotes(0),
            Clock(1, 3_000),
            .. Quotes(2), .. Quotes(4),
            Clock(5, 900),
            .. Quotes(6),
            Clock(7, 100),
            .. Quotes(8),
        ]);
        var rounds = output.Where(o => o.Kind is OutputKind.Round or OutputKind.Attestation).Select(o => o.Time.ToString()[17..19]).Distinct().ToList();
        Assert.Contains("00", rounds);
        Assert.DoesNotContain(rounds, second => second is "02" or "03" or "04" or "05" or "06");
        Assert.Contains(rounds, second => second is "07" or "08");
        Assert.Contains(output, o => o.Kind == OutputKind.Alarm && o.Message!.Contains("3000 ms ahead", StringComparison.Ordinal));
        Assert.Contains(output, o => o.Kind == OutputKind.Alarm && o.Message!.StartsWith("trusted again", StringComparison.Ordinal));
        Assert.Contains(output, o => o.Kind == OutputKind.State && (o.Decision!.Holds & HoldReasons.Clock) != 0);
    }

    [Fact]
    public void SessionDisputedByTwo_Run_IsAnAlarmAndHoldsEveryFeed()
    {
        var output = ReplayFixture.Run([.. Quotes(0), Session(1, "massive-nasdaq-basic"), Session(2, "alpaca-iex"), .. Quotes(3)]);
        Assert.Contains(output, o => o.Kind == OutputKind.Alarm && o.Message!.Contains("upstream nasdaq-basic", StringComparison.Ordinal));
        Assert.Contains(output, o => o.Kind == OutputKind.Alarm && o.Message!.Contains("every feed holds", StringComparison.Ordinal));
        Assert.Contains(output, o => o.Kind == OutputKind.State && (o.Decision!.Holds & HoldReasons.CalendarConflict) != 0);
    }

    [Fact]
    public void OperatorsPause_Run_HoldsUntilTheResume()
    {
        var output = ReplayFixture.Run(
        [
            .. Quotes(0),
            $$"""{"t":"{{Live}}1Z","kind":"operator","action":"Pause","feed":"TSLA","by":"alice"}""",
            .. Quotes(2),
            $$"""{"t":"{{Live}}3Z","kind":"operator","action":"Resume","by":"alice"}""",
            .. Quotes(4),
        ]);
        var states = output.Where(o => o.Kind == OutputKind.State && o.Feed == "TSLA").ToList();
        Assert.Contains(states, s => (s.Decision!.Holds & HoldReasons.Operator) != 0);
        Assert.Equal(HoldReasons.None, states[^1].Decision!.Holds);
    }

    private static IEnumerable<string> Quotes(int second) => ReplayFixture.Quotes($"{Live}{second}Z", "TSLA", $"40{second}.00", $"40{second}.02");

    private static string Clock(int second, int offset) => $$"""{"t":"{{Live}}{{second}}Z","kind":"node-clock","reference":"Ntp","name":"ntp","offsetMillis":{{offset}}}""";

    private static string Session(int second, string source) => $$"""{"t":"{{Live}}{{second}}Z","kind":"session","source":"{{source}}","symbol":"*","session":"Closed"}""";
}
