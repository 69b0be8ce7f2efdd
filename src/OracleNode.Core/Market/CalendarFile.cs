using NodaTime;

namespace OracleNode.Market;

/// <summary>What a calendar file says, checked; <see cref="TradingCalendar"/> is built from it.</summary>
/// <param name="Market">Which market it is about: <c>us-equities</c>, <c>us-overnight</c>, <c>always-open</c>.</param>
/// <param name="Version">Free text that names the file's edition.</param>
/// <param name="ValidFrom">First trade date.</param>
/// <param name="ValidUntil">Last trade date.</param>
/// <param name="TradeDateStart">When, on the evening before, a trade date begins.</param>
/// <param name="Tables">Ascending by date; the first holds from <paramref name="ValidFrom"/> or before.</param>
/// <param name="Closures">Weekdays without a session, with the reason.</param>
/// <param name="EarlyCloses">Trading days that end early.</param>
/// <param name="Weekend">Days of the week without a session.</param>
/// <param name="Changes">Trade dates on which it says something else than the edition before it, with the reason.</param>
internal sealed partial record CalendarFile(
    string Market,
    string Version,
    LocalDate ValidFrom,
    LocalDate ValidUntil,
    LocalTime TradeDateStart,
    IReadOnlyList<SessionTable> Tables,
    IReadOnlyDictionary<LocalDate, ClosedReason> Closures,
    IReadOnlySet<LocalDate> EarlyCloses,
    IReadOnlySet<IsoDayOfWeek> Weekend,
    IReadOnlyList<CalendarChange> Changes)
{
    public const int MinutesPerDay = 24 * 60;

    // US equities trade by the clock of New York, whatever the venue. Its clock changes on Sundays at 02:00: in no trading day.
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    public bool IsEarlyClose(LocalDate date) => EarlyCloses.Contains(date);

    /// <summary>Why a trade date has no session at all; none when it has.</summary>
    public ClosedReason ClosedReasonOf(LocalDate date) =>
        Weekend.Contains(date.DayOfWeek) ? ClosedReason.Weekend : Closures.GetValueOrDefault(date, ClosedReason.None);

    public Instant StartOf(LocalDate tradeDate) => At(tradeDate, 0);

    /// <summary>The instant a number of wall-clock minutes into a trade date.</summary>
    public Instant At(LocalDate tradeDate, int minute) =>
        (tradeDate.PlusDays(-1) + TradeDateStart).PlusMinutes(minute).InZoneLeniently(NewYork).ToInstant();

    /// <summary>The first instant that <see cref="TradeDateOf"/> says belongs to a trade date.</summary>
    public static Instant StartOf(LocalDate tradeDate, LocalTime tradeDateStart) =>
        ((tradeDateStart == LocalTime.Midnight ? tradeDate : tradeDate.PlusDays(-1)) + tradeDateStart).InZoneLeniently(NewYork).ToInstant();

    /// <summary>The trade date that an instant belongs to.</summary>
    public static LocalDate TradeDateOf(Instant instant, LocalTime tradeDateStart)
    {
        var local = instant.InZone(NewYork).LocalDateTime;
        return local.TimeOfDay >= tradeDateStart && tradeDateStart != LocalTime.Midnight ? local.Date.PlusDays(1) : local.Date;
    }
}
