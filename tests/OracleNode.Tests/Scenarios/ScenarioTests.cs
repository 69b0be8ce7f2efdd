namespace OracleNode.Scenarios;

/// <summary>Every folder beside this file is a scenario; a new folder is a new test.</summary>
public class ScenarioTests
{
    public static TheoryData<string> All => [.. Scenario.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Expectations_OfAScenario_Hold(string name)
    {
        var result = ScenarioResult.Of(name);
        Require(result.Unmet, $"{name}: {result.Must}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Promises_OnAScenario_AreKept(string name) => Require(ScenarioResult.Of(name).Broken, name);

    /// <summary>Apart from the other promises, since one cause breaks it in many scenarios at once.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Rounds_WhileClosedOrHalted_AreNone(string name) => Require(ScenarioResult.Of(name).RoundsWithoutMarket, name);

    private static void Require(IReadOnlyList<string> failures, string what) => Assert.True(failures.Count == 0, $"{what}\n{string.Join('\n', failures)}");
}
