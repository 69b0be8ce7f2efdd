using System.Collections.Concurrent;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>What came of a scenario. Each is run once and judged by every test.</summary>
/// <param name="Must">What the node must do.</param>
/// <param name="Unmet">Expectations that were not met.</param>
/// <param name="Broken">Promises that were broken.</param>
/// <param name="RoundsWithoutMarket">Rounds that opened while the market was closed or halted.</param>
internal sealed record ScenarioResult(string Must, IReadOnlyList<string> Unmet, IReadOnlyList<string> Broken, IReadOnlyList<string> RoundsWithoutMarket)
{
    private static readonly ConcurrentDictionary<string, Lazy<ScenarioResult>> Results = new(StringComparer.Ordinal);

    public static ScenarioResult Of(string name) => Results.GetOrAdd(name, n => new Lazy<ScenarioResult>(() => Judge(Scenario.Load(n)))).Value;

    private static ScenarioResult Judge(Scenario scenario)
    {
        var checks = ExpectationCheck.Of(scenario);
        var promises = new ScenarioPromises(scenario);
        var output = ScenarioRun.Run(scenario, without: null, (tick, at, feeds) =>
        {
            promises.Observe(tick, at, feeds);
            foreach (var check in checks) check.Observe(at, feeds);
        });
        Write(scenario, output);
        List<string> unmet = [.. checks.Select(c => c.Conclude(output)).OfType<string>(), .. Accepted(scenario)];
        return new ScenarioResult(scenario.Expected.Must, unmet, promises.Conclude(output), ScenarioPromises.RoundsWithoutMarket(scenario.Settings, output));
    }

    private static IEnumerable<string> Accepted(Scenario scenario)
    {
        foreach (var refused in scenario.Expected.Refuses)
        {
            var complaint = scenario.ComplaintAbout(refused.File);
            if (complaint is null) yield return $"{refused.File} was accepted";
            else if (!complaint.Contains(refused.Because, StringComparison.Ordinal)) yield return $"{refused.File} was refused, but for another reason than {refused.Because}: {complaint}";
        }
    }

    /// <summary>For people: with ORACLENODE_SCENARIO_OUT the joined events and the output are written to that folder.</summary>
    private static void Write(Scenario scenario, IReadOnlyList<OutputEntry> output)
    {
        if (Environment.GetEnvironmentVariable("ORACLENODE_SCENARIO_OUT") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{scenario.Name}.events.jsonl"), scenario.Text);
        using var writer = new OutputWriter(scenario.Settings.Sources);
        using var file = File.Create(Path.Combine(folder, $"{scenario.Name}.output.jsonl"));
        foreach (var entry in output) file.Write(writer.Line(entry));
    }
}
