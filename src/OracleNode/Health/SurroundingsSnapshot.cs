using NodaTime;
using OracleNode.Guards;

namespace OracleNode.Health;

/// <summary>What stands around all feeds.</summary>
/// <param name="CalendarVersion">Version of the calendar in force.</param>
/// <param name="CalendarValidUntil">Its last trade date; null before the first pass.</param>
/// <param name="CalendarDaysLeft">Days from the trade date of now to that.</param>
/// <param name="IsSessionDisputed">Vendors contradict the calendar: every feed holds.</param>
/// <param name="Contradicting">Upstreams that contradict it.</param>
/// <param name="Clock">The node's clock.</param>
/// <param name="ClockProblem">Why it is not trusted; null when it is.</param>
/// <param name="Documents">Every signed document that is watched.</param>
internal sealed record SurroundingsSnapshot(
    string CalendarVersion,
    LocalDate? CalendarValidUntil,
    int CalendarDaysLeft,
    bool IsSessionDisputed,
    IReadOnlyList<string> Contradicting,
    ClockVerdict Clock,
    string? ClockProblem,
    IReadOnlyList<DocumentSnapshot> Documents)
{
    /// <summary>A calendar that ends sooner than this many days is said to.</summary>
    public const int FewDaysLeft = 60;

    /// <summary>Before anything is known.</summary>
    public static SurroundingsSnapshot None { get; } = new("", null, int.MaxValue, false, [], default, null, []);

    /// <summary>True when a new edition of the calendar is due.</summary>
    public bool IsCalendarEnding => CalendarDaysLeft < FewDaysLeft;
}

/// <summary>A signed document that is watched.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Problem">Why its newest edition is not in force; null when all is well.</param>
/// <param name="Accepted">Editions taken over since the start.</param>
/// <param name="Refused">Editions refused since the start.</param>
internal sealed record DocumentSnapshot(string Kind, string? Problem, long Accepted, long Refused);
