using NodaTime;

namespace OracleNode.Vendors;

/// <summary>Reads RFC 3339 timestamps exactly, to the nanosecond, from UTF-8 and without allocating.</summary>
public static class Rfc3339
{
    private const int MinYear = 2000;
    private const int MaxYear = 2199;
    private const int SecondsPerDay = 86_400;
    private const int MaxFractionDigits = 9;

    /// <summary>
    /// Reads <c>2021-02-22T15:51:45.335689322Z</c>, or with an offset; up to nine fraction digits. Years 2000 to 2199; a leap
    /// second is refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t') || text[13] != ':' || text[16] != ':') return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
        {
            return false;
        }

        if (year is < MinYear or > MaxYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[19..];
        if (!TryFraction(ref rest, out var nanoseconds) || !TryOffsetMinutes(rest, out var offsetMinutes)) return false;

        var seconds = (DaysSinceEpoch(year, month, day) * SecondsPerDay) + (hour * 3600) + (minute * 60) + second - (offsetMinutes * 60);
        instant = Instant.FromUnixTimeSeconds(seconds).PlusNanoseconds(nanoseconds);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (rest[0] != '.') return true;
        var digits = 0;
        while (digits + 1 < rest.Length && rest[digits + 1] is >= (byte)'0' and <= (byte)'9') digits++;
        if (digits is 0 or > MaxFractionDigits || !TryDigits(rest.Slice(1, digits), out nanoseconds)) return false;
        for (var i = digits; i < MaxFractionDigits; i++) nanoseconds *= 10;
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffsetMinutes(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1) return rest[0] is (byte)'Z' or (byte)'z';
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':') return false;
        if (!TryDigits(rest[1..3], out var hour) || !TryDigits(rest[4..6], out var minute) || hour > 23 || minute > 59) return false;
        minutes = (hour * 60) + minute;
        if (rest[0] == '-') minutes = -minutes;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            value = (value * 10) + b - '0';
        }

        return true;
    }

    // Proleptic Gregorian days, counting years from March so that the leap day is the last of its year.
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var monthFromMarch = (month + 9) % 12;
        var dayOfYear = (((153 * monthFromMarch) + 2) / 5) + day - 1;
        return (365L * y) + (y / 4) - (y / 100) + (y / 400) + dayOfYear - 719_468;
    }
}
