namespace OracleNode.Market;

public readonly partial record struct Multiplier
{
    private const int Decimals = 18;

    /// <summary>
    /// Reads a plain decimal number (digits, perhaps a point and up to 18 more) exactly. Never throws, never rounds.
    /// </summary>
    /// <param name="utf8">The whole number and nothing else.</param>
    /// <param name="multiplier">The multiplier; none for zero.</param>
    /// <returns>False when it is not such a number or does not fit 128 bits scaled by 1e18.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Multiplier multiplier)
    {
        multiplier = default;
        var point = utf8.IndexOf((byte)'.');
        var whole = point < 0 ? utf8 : utf8[..point];
        var fraction = point < 0 ? [] : utf8[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || fraction.Length > Decimals || (whole.Length > 1 && whole[0] == '0')) return false;

        UInt128 value = 0;
        if (!TryAppend(whole, ref value) || !TryAppend(fraction, ref value)) return false;
        for (var place = fraction.Length; place < Decimals; place++)
        {
            if (value > UInt128.MaxValue / 10) return false;
            value *= 10;
        }

        multiplier = new Multiplier(value);
        return true;
    }

    private static bool TryAppend(ReadOnlySpan<byte> digits, ref UInt128 value)
    {
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || value > (UInt128.MaxValue - 9) / 10) return false;
            value = (value * 10) + (uint)(digit - '0');
        }

        return true;
    }
}
