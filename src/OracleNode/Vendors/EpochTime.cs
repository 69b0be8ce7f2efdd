using System.Buffers.Text;
using NodaTime;

namespace OracleNode.Vendors;

/// <summary>The unit of an integer timestamp. Flags, because one documented channel may declare two.</summary>
[Flags]
public enum EpochUnit
{
    None = 0,
    Seconds = 1,
    Milliseconds = 2,
    Microseconds = 4,
    Nanoseconds = 8,
}

/// <summary>
/// Integer timestamps, with their unit told by magnitude (10, 13, 16 or 19 digits: the years 2001 to 2286) and refused when
/// it is not the declared one. Never rescaled silently.
/// </summary>
public static class EpochTime
{
    private const long MinSeconds = 1_000_000_000;
    private const long MaxSeconds = 9_999_999_999;

    /// <summary>The year 9000: within what every part of the node can write down.</summary>
    private const long LatestSecond = 221_845_392_000;

    /// <summary>The unit that a timestamp's magnitude tells, or none.</summary>
    public static EpochUnit UnitOf(long timestamp) => timestamp switch
    {
        >= MinSeconds and <= MaxSeconds => EpochUnit.Seconds,
        >= MinSeconds * 1_000 and <= (MaxSeconds * 1_000) + 999 => EpochUnit.Milliseconds,
        >= MinSeconds * 1_000_000 and <= (MaxSeconds * 1_000_000) + 999_999 => EpochUnit.Microseconds,
        >= MinSeconds * 1_000_000_000 => EpochUnit.Nanoseconds,
        _ => EpochUnit.None,
    };

    /// <summary>Reads a timestamp of the declared unit.</summary>
    /// <returns>False when its magnitude is not of that unit.</returns>
    public static bool TryRead(long timestamp, EpochUnit declared, out Instant instant)
    {
        instant = default;
        var unit = UnitOf(timestamp);
        if ((unit & declared) == EpochUnit.None) return false;
        instant = unit switch
        {
            EpochUnit.Seconds => Instant.FromUnixTimeSeconds(timestamp),
            EpochUnit.Milliseconds => Instant.FromUnixTimeMilliseconds(timestamp),
            EpochUnit.Microseconds => Instant.FromUnixTimeSeconds(timestamp / 1_000_000).PlusNanoseconds(timestamp % 1_000_000 * 1_000),
            _ => Instant.FromUnixTimeSeconds(timestamp / 1_000_000_000).PlusNanoseconds(timestamp % 1_000_000_000),
        };
        return true;
    }

    /// <summary>
    /// Reads a timestamp whose magnitude is that of another unit than the declared one as what it says, so that the rules refuse the word and count it against
    /// its source. Years or decades off; cut to the times that there are.
    /// </summary>
    /// <returns>False when its magnitude is that of the declared unit, or of none.</returns>
    public static bool TryReadMisstamped(long timestamp, EpochUnit declared, out Instant instant)
    {
        instant = default;
        var unit = UnitOf(timestamp);
        if (unit == EpochUnit.None || (unit & declared) != EpochUnit.None) return false;
        var perSecond = declared.HasFlag(EpochUnit.Seconds) ? 1 : declared.HasFlag(EpochUnit.Milliseconds) ? 1_000 : declared.HasFlag(EpochUnit.Microseconds) ? 1_000_000 : 1_000_000_000;
        instant = Instant.FromUnixTimeSeconds(Math.Min(timestamp / perSecond, LatestSecond));
        return true;
    }

    /// <summary>As <see cref="TryReadMisstamped(long, EpochUnit, out Instant)"/>, of digits.</summary>
    public static bool TryReadMisstamped(ReadOnlySpan<byte> digits, EpochUnit declared, out Instant instant)
    {
        instant = default;
        return Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length && TryReadMisstamped(value, declared, out instant);
    }

    /// <summary>Reads the digits of a timestamp of the declared unit.</summary>
    public static bool TryRead(ReadOnlySpan<byte> digits, EpochUnit declared, out Instant instant)
    {
        instant = default;
        return Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length && TryRead(value, declared, out instant);
    }
}
