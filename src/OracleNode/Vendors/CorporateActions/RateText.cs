using OracleNode.Market;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>A ratio of shares from a vendor's decimal texts. Exact, or none.</summary>
internal static class RateText
{
    private const int MaxWhole = 9;
    private const int MaxDecimals = 9;
    private const long One = 1_000_000_000;

    /// <summary>From two rates: 10 and 1, or 1 and 0.1.</summary>
    public static bool TryRatio(string newRate, string oldRate, out ShareRatio ratio)
    {
        ratio = TryScale(newRate, out var after) && TryScale(oldRate, out var before) ? ShareRatio.Of(after, before) : default;
        return !ratio.IsNone;
    }

    /// <summary>From the shares that come on top of each one: 0.05 is 21 for 20.</summary>
    public static bool TryOnTop(string rate, out ShareRatio ratio)
    {
        ratio = TryScale(rate, out var more) ? ShareRatio.Of(One + more, One) : default;
        return !ratio.IsNone;
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
