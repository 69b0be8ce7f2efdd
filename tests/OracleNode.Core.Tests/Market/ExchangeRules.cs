using NodaTime;

namespace OracleNode.Market;

internal enum DayKind
{
    Full,
    Weekend,
    Holiday,
    Unscheduled,
    EarlyClose,
}

/// <summary>
/// The NYSE's rules (Rule 7.2 and its announced early closes), written down a second time so that the calendar file is
/// checked against something that is not a list.
/// </summary>
internal static class ExchangeRules
{
    public static DayKind Of(LocalDate date) =>
        date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? DayKind.Weekend
        : IsUnscheduled(date) ? DayKind.Unscheduled
        : IsHoliday(date) ? DayKind.Holiday
        : IsEarlyClose(date) ? DayKind.EarlyClose
        : DayKind.Full;

    private static bool IsUnscheduled(LocalDate date) => (date.Year, date.Month, date.Day) is
        (2012, 10, 29) or (2012, 10, 30) or (2018, 12, 5) or (2025, 1, 9);

    private static bool IsHoliday(LocalDate date) =>
        IsObserved(date, 1, 1) && date.Month == 1 // a New Year's Day on Saturday is not made up for in December
        || IsNth(date, 1, IsoDayOfWeek.Monday, 3)
        || IsNth(date, 2, IsoDayOfWeek.Monday, 3)
        || date == EasterSunday(date.Year).PlusDays(-2)
        || (date.Month == 5 && date.DayOfWeek == IsoDayOfWeek.Monday && date.PlusDays(7).Month == 6)
        || (date.Year >= 2022 && IsObserved(date, 6, 19))
        || IsObserved(date, 7, 4)
        || IsNth(date, 9, IsoDayOfWeek.Monday, 1)
        || IsNth(date, 11, IsoDayOfWeek.Thursday, 4)
        || IsObserved(date, 12, 25);

    private static bool IsEarlyClose(LocalDate date) =>
        (date.Month == 7 && date.Day == 3 && date.PlusDays(1).DayOfWeek is >= IsoDayOfWeek.Tuesday and <= IsoDayOfWeek.Friday)
        || IsNth(date.PlusDays(-1), 11, IsoDayOfWeek.Thursday, 4)
        || (date.Month == 12 && date.Day == 24);

    /// <summary>The weekday on which a fixed date is observed: Friday for a Saturday, Monday for a Sunday.</summary>
    private static bool IsObserved(LocalDate date, int month, int day) => date.DayOfWeek switch
    {
        IsoDayOfWeek.Friday => Is(date, month, day) || Is(date.PlusDays(1), month, day),
        IsoDayOfWeek.Monday => Is(date, month, day) || Is(date.PlusDays(-1), month, day),
        _ => Is(date, month, day),
    };

    private static bool Is(LocalDate date, int month, int day) => date.Month == month && date.Day == day;

    private static bool IsNth(LocalDate date, int month, IsoDayOfWeek weekday, int n) =>
        date.Month == month && date.DayOfWeek == weekday && (date.Day + 6) / 7 == n;

    /// <summary>Butcher's algorithm for the Gregorian Easter.</summary>
    private static LocalDate EasterSunday(int year)
    {
        var century = year / 100;
        var golden = year % 19;
        var epactShift = (century - (century / 4) - (((8 * century) + 13) / 25) + (19 * golden) + 15) % 30;
        var moon = epactShift - (epactShift / 28 * (1 - (29 / (epactShift + 1) * ((21 - golden) / 11))));
        var weekday = (year + (year / 4) + moon + 2 - century + (century / 4)) % 7;
        var offset = moon - weekday;
        var month = 3 + ((offset + 40) / 44);
        return new LocalDate(year, month, offset + 28 - (31 * (month / 4)));
    }
}
