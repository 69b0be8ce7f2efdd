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
    /// <summary>The listing market's opening print (or its official open, which is no last-sale price and then bears <see cref="NotLastEligible"/>).</summary>
    OpeningPrint = 1 << 9,
    /// <summary>The listing market's closing print (or its official close, which is no last-sale price and then bears <see cref="NotLastEligible"/>).</summary>
    ClosingPrint = 1 << 10,
    /// <summary>The listing market's print that reopens trading after a halt.</summary>
    ReopeningPrint = 1 << 11,
    /// <summary>A test symbol, or a message that the vendor marks as a test.</summary>
    TestData = 1 << 12,
    /// <summary>The vendor says that the value is carried forward from earlier: not an observation.</summary>
    CarriedForward = 1 << 13,
    /// <summary>May set a price only while nothing else has (sold last).</summary>
    OnlyIfFirst = 1 << 14,
}
