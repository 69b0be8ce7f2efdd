using NodaTime;

namespace OracleNode.Market;

/// <summary>The sessions of a trade date, from a date on: as a calendar file gives them, checked.</summary>
/// <param name="From">The first trade date it holds for.</param>
/// <param name="FullDay">Ascending, without overlap.</param>
/// <param name="EarlyCloseDay">Ascending, without overlap.</param>
internal sealed record SessionTable(LocalDate From, IReadOnlyList<SessionSpan> FullDay, IReadOnlyList<SessionSpan> EarlyCloseDay);

/// <summary>
/// One session as wall-clock places inside a trade date's 24 hours, which begin the evening before. A start and an end are
/// counted in minutes since then: with a trade date that begins at 20:00, 20:00 is 0, 04:00 is 480, and 20:00 as an end is 1440.
/// </summary>
internal readonly record struct SessionSpan(MarketSession Session, int StartMinute, int EndMinute);
