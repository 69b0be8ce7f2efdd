using System.Globalization;

namespace OracleNode.MarketData;

/// <summary>
/// Reads the hexadecimal condition mask of the recordings. The bits are those of QuantConnect Lean's TradeConditionFlags.
/// </summary>
internal static class LeanConditions
{
    private const uint Regular = 1u << 0;
    private const uint TradeThroughExempt = 1u << 29;

    private static readonly (uint Bit, PrintConditions Condition)[] Bits =
    [
        (1u << 1, PrintConditions.Cash),
        (1u << 2, PrintConditions.NextDay),
        (1u << 3, PrintConditions.Seller),
        (1u << 5, PrintConditions.IntermarketSweep),
        (1u << 6, PrintConditions.OpeningPrint),
        (1u << 7, PrintConditions.ClosingPrint),
        (1u << 9, PrintConditions.DerivativelyPriced),
        (1u << 10, PrintConditions.ExtendedHours),
        (1u << 11, PrintConditions.SoldLast),
        (1u << 13, PrintConditions.ExtendedHours),
        (1u << 14, PrintConditions.OutOfSequence),
        (1u << 18, PrintConditions.StockOption),
        (1u << 20, PrintConditions.AveragePrice),
        (1u << 21, PrintConditions.Cross),
        (1u << 22, PrintConditions.PriceVariation),
        (1u << 24, PrintConditions.OfficialClose),
        (1u << 25, PrintConditions.PriorReferencePrice),
        (1u << 26, PrintConditions.OfficialOpen),
        (1u << 31, PrintConditions.OddLot),
    ];

    /// <summary>Reads a mask; a bit without a meaning here gives <see cref="PrintConditions.Other"/>. False where it is no mask.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PrintConditions conditions)
    {
        conditions = PrintConditions.None;
        if (text.IsEmpty) return true;
        if (!uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask)) return false;

        var rest = mask & ~(Regular | TradeThroughExempt);
        foreach (var (bit, condition) in Bits)
        {
            if ((mask & bit) == 0) continue;
            conditions |= condition;
            rest &= ~bit;
        }

        if (rest != 0) conditions |= PrintConditions.Other;
        return true;
    }
}
