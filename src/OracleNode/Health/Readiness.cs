using OracleNode.Publishing;

namespace OracleNode.Health;

/// <summary>
/// Ready means all of:
/// 1. the pipeline made a pass within <see cref="MaxPassAge"/>;
/// 2. last prices and sequences were restored from a chain;
/// 3. at least one chain is connected;
/// 4. at least one vendor session that has prices is connected, unless every feed is out of session;
/// 5. signing works;
/// 6. the clock is right, nobody disputes the session, and no feed is held because of either;
/// 7. no chain holds of a feed what no honest node of the deployment can have signed.
/// 8. not every feed of every chain that was read is stopped there: nobody could read a price.
/// Further conditions never fail and warn: feeds that are one upstream away from holding, a calendar that ends soon, a signed document that was refused, a list of corporate actions that does not answer.
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
        var differing = snapshot.Chains.SelectMany(c => c.Feeds.Where(f => f.Parity.Verdict == ParityVerdict.Differs).Select(f => $"{f.Feed} on {c.Name}: {f.Parity.Measurement.Content}")).ToList();
        return
        [
            new("pipeline", passAge <= MaxPassAge, $"last pass {passAge.TotalMilliseconds:F0} ms ago"),
            new("restored", snapshot.Restored, snapshot.Restored ? "from the chains" : "no chain could be read yet"),
            new("chains", snapshot.Chains.Any(c => c.Connected), string.Join("; ", snapshot.Chains.Where(c => !c.Connected).Select(c => $"{c.Name}: {c.Problem}").Prepend($"{snapshot.Chains.Count(c => c.Connected)} of {snapshot.Chains.Count} connected"))),
            new("vendors", outOfSession || snapshot.Sources.Any(s => s.Connected && s.HasPrices), $"{snapshot.Sources.Count(s => s.Connected)} of {snapshot.Sources.Count} connected"),
            new("signing", snapshot.SigningProblem is null, snapshot.SigningProblem ?? "works"),
            ClockAndCalendar(snapshot),
            new("calendar", true, Calendar(snapshot.Surroundings)),
            new("operator documents", true, Documents(snapshot.Surroundings.Documents)),
            new("corporate actions", true, CorporateActions(snapshot.CorporateActions)),
            new("parity", differing.Count == 0, differing.Count == 0 ? "no chain differs" : $"differs: {string.Join(", ", differing.Take(FeedsNamed))}{(differing.Count > FeedsNamed ? $" and {differing.Count - FeedsNamed} more" : "")}"),
            StopsOnChain(snapshot),
            new("redundancy", true, low.Count == 0 ? "no feed is one upstream away from holding" : $"one more lost upstream holds (or one lost already does) {string.Join(", ", low)}"),
        ];
    }

    private static ReadinessCondition ClockAndCalendar(NodeSnapshot snapshot)
    {
        var problems = new List<string>();
        var around = snapshot.Surroundings;
        if (around.ClockProblem is { } clock) problems.Add(clock);
        if (around.IsSessionDisputed) problems.Add($"the session is disputed by {string.Join(", ", around.Contradicting)}");
        var distrusted = snapshot.Feeds.Where(f => (f.HoldReasons & (Market.HoldReasons.Clock | Market.HoldReasons.CalendarConflict)) != 0).Select(f => f.Name).ToList();
        if (distrusted.Count > 0) problems.Add($"not trusted for {string.Join(", ", distrusted)}");
        return new("clock and calendar", problems.Count == 0, problems.Count == 0 ? $"trusted (clock: {around.Clock.State})" : string.Join("; ", problems));
    }

    /// <summary>A stop on chain is its guardian's decision: it is named, and fails only when nothing is left to be read.</summary>
    private static ReadinessCondition StopsOnChain(NodeSnapshot snapshot)
    {
        var held = snapshot.Chains.SelectMany(c => c.Feeds.Where(f => f.Address.Length > 0).Select(f => (Chain: c.Name, Feed: f))).ToList();
        var stopped = held.Where(h => h.Feed.IsPaused).Select(h => $"{h.Feed.Feed} on {h.Chain}").ToList();
        if (stopped.Count == 0) return new("stops on chain", true, "none");
        return new("stops on chain", stopped.Count < held.Count, $"stopped by guardian or owner, readers revert: {string.Join(", ", stopped.Take(FeedsNamed))}{(stopped.Count > FeedsNamed ? $" and {stopped.Count - FeedsNamed} more" : "")}");
    }

    private static string Calendar(SurroundingsSnapshot around)
    {
        if (around.CalendarValidUntil is not { } until) return "not known yet";
        var text = $"{around.CalendarVersion}, until {until:uuuu-MM-dd}";
        if (around.IsCalendarEnding) text += $": WARNING, only {around.CalendarDaysLeft} days are left; install a newer edition";
        return around.Contradicting.Count > 0 ? $"{text}; contradicted by {string.Join(", ", around.Contradicting)}" : text;
    }

    private static string Documents(IReadOnlyList<DocumentSnapshot> documents) =>
        documents.Count == 0 ? "none watched" : string.Join("; ", documents.Select(d => $"{d.Kind}: {d.Problem ?? "good"}"));

    private static string CorporateActions(IReadOnlyList<PollSnapshot> polls)
    {
        if (polls.Count == 0) return "nobody is asked";
        var silent = polls.Where(p => p.IsSilent).Select(p => $"{p.Name} for {p.SinceAnswer.TotalMinutes:F0} min: {p.Problem ?? "not asked"}").ToList();
        return silent.Count == 0 ? $"{polls.Count(p => p.HasAnswered)} of {polls.Count} have answered" : $"WARNING, no answer from {string.Join("; ", silent)}";
    }

    /// <summary>Alive means the pipeline makes passes; a dead one is what a restart can mend.</summary>
    public static bool IsAlive(NodeSnapshot? snapshot, TimeProvider time, TimeSpan sinceStart) =>
        snapshot is null ? sinceStart <= MaxPassAge : time.GetElapsedTime(snapshot.PassedAt) <= MaxPassAge;
}

/// <summary>One condition of readiness.</summary>
internal sealed record ReadinessCondition(string Name, bool Holds, string Detail);
