using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>Reads quantities of tokens as exact integers of 1e-8; what is finer is cut off, so that no more is counted than there is.</summary>
internal static class QuantityText
{
    /// <summary>Reads a JSON number. Never throws.</summary>
    /// <returns>False when it is none, negative, or too large.</returns>
    public static bool TryParseE8(ReadOnlySpan<byte> utf8, out long e8)
    {
        e8 = 0;
        if (Price.TryParse(utf8, out var exact, out var error))
        {
            e8 = exact.E8;
            return true;
        }

        if (error == PriceError.Zero) return true;
        if (error != PriceError.TooPrecise) return false;

        // An exponent beside more digits than that is no quantity that a venue writes.
        var point = utf8.IndexOf((byte)'.');
        if (point < 0 || utf8.IndexOfAny((byte)'e', (byte)'E') >= 0) return false;
        if (Price.TryParse(utf8[..(point + 1 + Price.Decimals)], out exact, out error)) e8 = exact.E8;
        return error is PriceError.None or PriceError.Zero;
    }
}
