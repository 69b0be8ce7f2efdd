using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>
/// Symbols that the tapes and vendors reserve for tests. What is said of one is never a price, even where an operator has configured it.
/// </summary>
public static class TestSymbols
{
    /// <summary><see cref="ConditionFlags.TestData"/> for a test symbol, else none.</summary>
    public static ConditionFlags FlagOf(ReadOnlySpan<byte> symbol) => Is(symbol) ? ConditionFlags.TestData : ConditionFlags.None;

    /// <summary>
    /// Whether it is one: <c>ZVZZT</c> and its likes (Z, any letter, ZZ, then T or C), <c>NTEST</c> and the like of any market with or without a suffix,
    /// <c>ZXYZ.A</c>, <c>ZIEXT</c>, <c>ZEXIT</c>, and Alpaca's <c>FAKEPACA</c>.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> symbol)
    {
        if (symbol.Length < 5) return false;
        if (symbol.Length == 5 && symbol[0] == 'Z' && symbol[2..4].SequenceEqual("ZZ"u8) && (symbol[4] is (byte)'T' or (byte)'C')) return true;
        if (symbol[1..5].SequenceEqual("TEST"u8) && (symbol.Length == 5 || symbol[5] is (byte)'.' or (byte)'/' or (byte)'-' or (byte)'_')) return true;
        return symbol.SequenceEqual("ZXYZ.A"u8) || symbol.SequenceEqual("ZIEXT"u8) || symbol.SequenceEqual("ZEXIT"u8) || symbol.SequenceEqual("FAKEPACA"u8);
    }
}
