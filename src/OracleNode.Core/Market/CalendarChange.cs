using NodaTime;
using NodaTime.Text;

namespace OracleNode.Market;

/// <summary>Trade dates on which an edition of a calendar differs from the one before it, and why.</summary>
/// <param name="From">The first of them.</param>
/// <param name="Until">The last of them; null when every date from the first on is meant (a new session table).</param>
/// <param name="Reason">For people.</param>
public sealed record CalendarChange(LocalDate From, LocalDate? Until, string Reason)
{
    private const string Onwards = "..";

    /// <summary>True when the change speaks of that trade date.</summary>
    public bool Covers(LocalDate tradeDate) => tradeDate >= From && (Until is not { } until || tradeDate <= until);

    /// <summary>Reads <c>2025-01-09</c>, <c>2025-01-09/2025-01-10</c> or <c>2026-12-07/..</c>; null when it is none of these.</summary>
    internal static CalendarChange? TryParse(string dates, string reason)
    {
        var parts = dates.Split('/');
        if (parts.Length > 2 || !TryDate(parts[0], out var from)) return null;
        if (parts.Length == 1) return new CalendarChange(from, from, reason);
        if (parts[1] == Onwards) return new CalendarChange(from, null, reason);
        return TryDate(parts[1], out var until) && until >= from ? new CalendarChange(from, until, reason) : null;
    }

    private static bool TryDate(string text, out LocalDate date) => LocalDatePattern.Iso.Parse(text).TryGetValue(default, out date);
}
