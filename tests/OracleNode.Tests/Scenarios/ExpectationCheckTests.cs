using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>A check that cannot fail proves nothing: each kind of statement, once true and once false of the same run.</summary>
public class ExpectationCheckTests
{
    private const string Sample = "F-06-text-for-an-answer";

    private static readonly Lazy<Scenario> Loaded = new(() => Scenario.Load(Sample));

    [Theory]
    [InlineData("Live", true)]
    [InlineData("Held|Closed", false)]
    public void State_AtAMoment_IsCompared(string state, bool holds) => Judge(new Expectation { At = "2026-07-14T14:04:00Z", State = state }, holds);

    [Theory]
    [InlineData("2026-07-14T14:05:00Z", true)]
    [InlineData("2026-07-14T14:10:00Z", false)]
    public void State_OverASpan_IsComparedAtEveryTick(string to, bool holds) =>
        Judge(new Expectation { From = "2026-07-14T14:01:00Z", To = to, State = "Live" }, holds);

    [Theory]
    [InlineData("Degraded", true)]
    [InlineData("Closed", false)]
    public void State_Sometime_IsComparedUntilItHolds(string state, bool holds) => Judge(new Expectation { Sometime = true, State = state }, holds);

    [Theory]
    [InlineData(299, true)]
    [InlineData(301, false)]
    public void Price_OfASpan_IsBounded(int low, bool holds) => Judge(new Expectation { From = "2026-07-14T14:01:00Z", Price = [low, 400] }, holds);

    [Theory]
    [InlineData("Stale", true)]
    [InlineData("Used|NotPublished", false)]
    public void Input_OfASource_IsCompared(string reason, bool holds) =>
        Judge(new Expectation { At = "2026-07-14T14:10:00Z", Inputs = new Dictionary<string, string> { ["sip"] = reason } }, holds);

    [Theory]
    [InlineData(10, 30, true)]
    [InlineData(0, 0, false)]
    public void Rounds_OfASpan_AreCounted(int least, int most, bool holds) =>
        Judge(new Expectation { From = "2026-07-14T14:01:00Z", To = "2026-07-14T14:17:00Z", Rounds = [least, most] }, holds);

    [Fact]
    public void Frozen_OfAFeedThatGoesOn_IsNotMet() => Judge(new Expectation { From = "2026-07-14T14:01:00Z", Frozen = true }, holds: false);

    [Fact]
    public void Never_OfAPriceThatWas_IsNotMet() => Judge(new Expectation { Never = [300] }, holds: false);

    [Fact]
    public void Rejected_OfASourceThatWasTakenIn_IsNotMet() =>
        Judge(new Expectation { Rejected = new Dictionary<string, string> { ["iex"] = "Crossed" } }, holds: false);

    [Fact]
    public void Span_WithoutATick_IsNotMet() =>
        Judge(new Expectation { From = "2026-07-14T15:00:00Z", To = "2026-07-14T16:00:00Z", State = "Live" }, holds: false);

    [Fact]
    public void UnknownName_IsAnError() =>
        Assert.Throws<InvalidDataException>(() => new ExpectationCheck(Loaded.Value, new Expectation { State = "Alive" }, 0));

    private static void Judge(Expectation expected, bool holds)
    {
        var check = new ExpectationCheck(Loaded.Value, expected, feed: 0);
        List<OutputEntry> output = ScenarioRun.Run(Loaded.Value, without: null, (_, at, feeds) => check.Observe(at, feeds));
        var complaint = check.Conclude(output);
        Assert.True(complaint is null == holds, complaint ?? "it was met");
    }
}
