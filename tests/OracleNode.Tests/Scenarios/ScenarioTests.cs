namespace OracleNode.Scenarios;

/// <summary>Every folder beside this file is a scenario; a new folder is a new test.</summary>
public class ScenarioTests
{
    public static TheoryData<string> All => [.. Scenario.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Expectations_OfAScenario_Hold(string name)
    {
        var scenario = Scenario.Load(name);
        var checks = ExpectationCheck.Of(scenario);
        var output = ScenarioRun.Run(scenario, without: null, (_, at, feeds) =>
        {
            foreach (var check in checks) check.Observe(at, feeds);
        });
        Write(scenario, output);
        var failures = checks.Select(c => c.Conclude(output)).OfType<string>().ToList();
        foreach (var refused in scenario.Expected.Refuses)
        {
            var complaint = scenario.ComplaintAbout(refused.File);
            if (complaint is null) failures.Add($"{refused.File} was accepted");
            else if (!complaint.Contains(refused.Because, StringComparison.Ordinal)) failures.Add($"{refused.File} was refused, but for another reason than {refused.Because}: {complaint}");
        }

        Assert.True(failures.Count == 0, $"{name}: {scenario.Expected.Must}\n{string.Join('\n', failures)}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Promises_OnAScenario_AreKept(string name)
    {
        var broken = ScenarioPromises.Broken(Scenario.Load(name));
        Assert.True(broken.Count == 0, $"{name}\n{string.Join('\n', broken)}");
    }

    /// <summary>For people: with ORACLENODE_SCENARIO_OUT the joined events and the output are written to that folder.</summary>
    private static void Write(Scenario scenario, IReadOnlyList<Replay.OutputEntry> output)
    {
        if (Environment.GetEnvironmentVariable("ORACLENODE_SCENARIO_OUT") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{scenario.Name}.events.jsonl"), scenario.Text);
        using var writer = new Replay.OutputWriter(scenario.Settings.Sources);
        using var file = File.Create(Path.Combine(folder, $"{scenario.Name}.output.jsonl"));
        foreach (var entry in output) file.Write(writer.Line(entry));
    }
}
