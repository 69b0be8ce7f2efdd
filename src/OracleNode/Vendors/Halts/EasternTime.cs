using System.Globalization;
using NodaTime;

namespace OracleNode.Vendors.Halts;

/// <summary>Dates and times as the exchanges print them: New York's wall clock.</summary>
internal static class EasternTime
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>Joins a date (<c>MM/dd/yyyy</c> or <c>yyyy-MM-dd</c>) and a time (<c>HH:mm:ss</c>, a fraction after a dot, stray spaces).</summary>
    /// <returns>False when either is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> date, ReadOnlySpan<char> time, out Instant instant)
    {
        instant = default;
        if (!DateOnly.TryParseExact(date.Trim(), ["MM/dd/yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        Span<char> packed = stackalloc char[16];
        var length = 0;
        foreach (var c in time)
        {
            if (char.IsWhiteSpace(c)) continue;
            if (length == packed.Length) return false;
            packed[length++] = c;
        }

        if (!TimeOnly.TryParseExact(packed[..length], ["HH:mm:ss", "HH:mm:ss.FFFFFFF", "H:mm:ss", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock)) return false;
        var local = LocalDate.FromDateOnly(day) + LocalTime.FromTimeOnly(clock);
        if (local.Year is < 2000 or > 2199) return false;
        instant = NewYork.AtLeniently(local).ToInstant();
        return true;
    }
}
