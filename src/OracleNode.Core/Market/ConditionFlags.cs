namespace OracleNode.Market;

/// <summary>What a print's sale conditions and a quote's conditions say, reduced to what the rules need.</summary>
[Flags]
public enum ConditionFlags : ushort
{
    None = 0,
    /// <summary>May not set the consolidated last (average price, odd lot, contingent, ...).</summary>
    NotLastEligible = 1 << 0,
    /// <summary>Form T: an extended-hours print; eligible outside the regular session only.</summary>
    ExtendedHours = 1 << 1,
    OddLot = 1 << 2,
    OutOfSequence = 1 << 3,
    AveragePrice = 1 << 4,
    DerivativelyPriced = 1 << 5,
    /// <summary>The vendor's tape later doubted this print.</summary>
    Suspicious = 1 << 6,
    /// <summary>A condition code the adapter does not know; treated as not eligible.</summary>
    UnknownCode = 1 << 7,
    /// <summary>The vendor sends no sale conditions at all.</summary>
    ConditionsAbsent = 1 << 8,
}
