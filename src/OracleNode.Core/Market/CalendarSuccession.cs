using NodaTime;
using NodaTime.Text;

namespace OracleNode.Market;

/// <summary>
/// May another edition of a calendar take the place of the running one? Only when every trade date on which the two differ is named in the new
/// one's <c>changes</c>, with its reason: a holiday that is lost by a slip of the pen must not open a market, nor one that is added by it close one.
/// </summary>
public static class CalendarSuccession
{
    private const int MostNamed = 5;

    /// <summary>Null when it may; otherwise why not, for the operator: which dates differ without a reason, or what else is wrong.</summary>
    /// <param name="running">The calendar in force.</param>
    /// <param name="candidate">The one that would replace it.</param>
    /// <param name="now">Market time.</param>
    public static string? Refusal(TradingCalendar running, TradingCalendar candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Market != running.Market)
            return $"it is of market '{candidate.Market}', the running one of '{running.Market}'";
        if (candidate.Version == running.Version)
            return $"its version is '{candidate.Version}', as the running one's, though its content is another; a new edition has a new version";
        if (now < candidate.CoveredFrom || now >= candidate.CoveredUntil)
            return $"it is valid from {Text(candidate.ValidFrom)} to {Text(candidate.ValidUntil)}, which does not cover now ({InstantPattern.General.Format(now)})";
        if (candidate.CoveredUntil < running.CoveredUntil)
            return $"it ends on {Text(candidate.ValidUntil)}, before the running one ({Text(running.ValidUntil)})";

        var unexplained = Differences(running, candidate).Where(date => !candidate.Changes.Any(change => change.Covers(date))).ToList();
        if (unexplained.Count == 0) return null;
        var named = string.Join(", ", unexplained.Take(MostNamed).Select(Text));
        return $"on {unexplained.Count} trade date(s) it contradicts the running one without a reason under 'changes': {named}{(unexplained.Count > MostNamed ? ", ..." : "")}";
    }

    /// <summary>The trade dates, ascending, on which two calendars have different sessions, as far as both reach.</summary>
    public static IReadOnlyList<LocalDate> Differences(TradingCalendar running, TradingCalendar candidate)
    {
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(candidate);
        var dates = new SortedSet<LocalDate>();
        var first = running.ValidFrom > candidate.ValidFrom ? running.ValidFrom : candidate.ValidFrom;
        var last = running.ValidUntil < candidate.ValidUntil ? running.ValidUntil : candidate.ValidUntil;
        foreach (var (start, end) in TradingCalendar.CommonSpans(running, candidate))
        {
            // Why it is closed is a label: a closure also relabels the hours before the next opening.
            if (running.SessionAt(start).Session == candidate.SessionAt(start).Session) continue;

            // A span that differs may last over several trade dates: a weekend that one of them prolongs.
            for (var date = candidate.TradeDateOf(start); date <= candidate.TradeDateOf(end - Duration.Epsilon); date = date.PlusDays(1))
                if (date >= first && date <= last)
                    dates.Add(date);
        }

        return [.. dates];
    }

    private static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);
}
