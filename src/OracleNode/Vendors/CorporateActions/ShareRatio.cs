using System.Numerics;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>Shares after for shares before, as whole numbers in lowest terms, from a vendor's decimal texts. Exact, or none.</summary>
internal static class ShareRatio
{
    /// <summary>Most shares on either side.</summary>
    public const long MaxShares = 1_000_000;

    private const int MaxWhole = 9;
    private const int MaxDecimals = 9;
    private const long One = 1_000_000_000;

    /// <summary>From two rates: 10 and 1, or 1 and 0.1.</summary>
    public static bool TryOf(string newRate, string oldRate, out (long NewShares, long OldShares) ratio)
    {
        ratio = default;
        return TryScale(newRate, out var after) && TryScale(oldRate, out var before) && TryReduce(after, before, out ratio);
    }

    /// <summary>From the shares that come on top of each one: 0.05 is 21 for 20.</summary>
    public static bool TryOnTop(string rate, out (long NewShares, long OldShares) ratio)
    {
        ratio = default;
        return TryScale(rate, out var more) && TryReduce(One + more, One, out ratio);
    }

    private static bool TryReduce(long after, long before, out (long NewShares, long OldShares) ratio)
    {
        var divisor = (long)BigInteger.GreatestCommonDivisor(after, before);
        ratio = (after / divisor, before / divisor);
        return ratio.NewShares <= MaxShares && ratio.OldShares <= MaxShares;
    }

    /// <summary>A positive decimal text without exponent, in 1e-9.</summary>
    private static bool TryScale(string text, out long scaled)
    {
        scaled = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, decimals) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..].TrimEnd('0'));
        if (whole.Length is 0 or > MaxWhole || decimals.Length > MaxDecimals || (point >= 0 && point == text.Length - 1)) return false;
        if (!whole.All(char.IsAsciiDigit) || !decimals.All(char.IsAsciiDigit)) return false;
        foreach (var digit in whole + decimals.PadRight(MaxDecimals, '0')) scaled = (scaled * 10) + (digit - '0');
        return scaled > 0;
    }
}
