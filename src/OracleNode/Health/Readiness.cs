using OracleNode.Publishing;

namespace OracleNode.Health;

/// <summary>
/// Ready means all of:
/// 1. the pipeline made a pass within <see cref="MaxPassAge"/>;
/// 2. last prices and sequences were restored from a chain;
/// 3. at least one chain is connected;
/// 4. at least one vendor session is connected, unless every feed is out of session;
/// 5. signing works;
/// 6. no feed is held because the clock or the calendar cannot be trusted;
/// 7. no chain holds of a feed what no honest node of the deployment can have signed.
/// Besides it says, without being unready, which feeds are one upstream away from holding.
/// A single vendor, chain or feed that fails does not make the node unready: the others are served.
/// </summary>
internal static class Readiness
{
    /// <summary>A pipeline that is this long without a pass is stuck.</summary>
    public static TimeSpan MaxPassAge { get; } = TimeSpan.FromSeconds(10);

    private const int FeedsNamed = 10;

    /// <summary>Every condition with its verdict, in the order above.</summary>
    public static IReadOnlyList<ReadinessCondition> Evaluate(NodeSnapshot? snapshot, TimeProvider time)
    {
        if (snapshot is null) return [new("pipeline", false, "no pass yet")];

        var passAge = time.GetElapsedTime(snapshot.PassedAt);
        var outOfSession = snapshot.Feeds.All(f => f.Session == Market.MarketSession.Closed);
        var low = snapshot.Feeds.Where(f => f.Redundancy is Guards.RedundancyLevel.AtQuorum or Guards.RedundancyLevel.Lost).Select(f => f.Name).ToList();
        var distrusted = snapshot.Feeds.Where(f => (f.HoldReasons & (Market.HoldReasons.Clock | Market.HoldReasons.CalendarConflict)) != 0).Select(f => f.Name).ToList();
        var differing = snapshot.Chains.SelectMany(c => c.Feeds.Where(f => f.Parity.Verdict == ParityVerdict.Differs).Select(f => $"{f.Feed} on {c.Name}: {f.Parity.Measurement.Content}")).ToList();
        return
        [
            new("pipeline", passAge <= MaxPassAge, $"last pass {passAge.TotalMilliseconds:F0} ms ago"),
            new("restored", snapshot.Restored, snapshot.Restored ? "from the chains" : "no chain could be read yet"),
            new("chains", snapshot.Chains.Any(c => c.Connected), string.Join("; ", snapshot.Chains.Where(c => !c.Connected).Select(c => $"{c.Name}: {c.Problem}").Prepend($"{snapshot.Chains.Count(c => c.Connected)} of {snapshot.Chains.Count} connected"))),
            new("vendors", outOfSession || snapshot.Sources.Any(s => s.Connected), $"{snapshot.Sources.Count(s => s.Connected)} of {snapshot.Sources.Count} connected"),
            new("signing", snapshot.SigningProblem is null, snapshot.SigningProblem ?? "works"),
            new("clock and calendar", distrusted.Count == 0, distrusted.Count == 0 ? "trusted" : $"not trusted for {string.Join(", ", distrusted)}"),
            new("parity", differing.Count == 0, differing.Count == 0 ? "no chain differs" : $"differs: {string.Join(", ", differing.Take(FeedsNamed))}{(differing.Count > FeedsNamed ? $" and {differing.Count - FeedsNamed} more" : "")}"),
            new("redundancy", true, low.Count == 0 ? "no feed is one upstream away from holding" : $"one more lost upstream holds (or one lost already does) {string.Join(", ", low)}"),
        ];
    }

    /// <summary>Alive means the pipeline makes passes; a dead one is what a restart can mend.</summary>
    public static bool IsAlive(NodeSnapshot? snapshot, TimeProvider time, TimeSpan sinceStart) =>
        snapshot is null ? sinceStart <= MaxPassAge : time.GetElapsedTime(snapshot.PassedAt) <= MaxPassAge;
}

/// <summary>One condition of readiness.</summary>
internal sealed record ReadinessCondition(string Name, bool Holds, string Detail);
