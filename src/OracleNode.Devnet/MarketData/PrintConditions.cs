namespace OracleNode.MarketData;

/// <summary>What a tape says of a print, before a vendor encodes it as ids or letters.</summary>
[Flags]
internal enum PrintConditions : uint
{
    None = 0,
    /// <summary>Fewer shares than a round lot.</summary>
    OddLot = 1u << 0,
    /// <summary>Form T: outside the regular session.</summary>
    ExtendedHours = 1u << 1,
    IntermarketSweep = 1u << 2,
    AveragePrice = 1u << 3,
    /// <summary>Reported late; with <see cref="ExtendedHours"/> it is the extended-hours variant.</summary>
    OutOfSequence = 1u << 4,
    DerivativelyPriced = 1u << 5,
    OpeningPrint = 1u << 6,
    ClosingPrint = 1u << 7,
    OfficialOpen = 1u << 8,
    OfficialClose = 1u << 9,
    PriorReferencePrice = 1u << 10,
    Cash = 1u << 11,
    NextDay = 1u << 12,
    Seller = 1u << 13,
    SoldLast = 1u << 14,
    Cross = 1u << 15,
    PriceVariation = 1u << 16,
    StockOption = 1u << 17,
    /// <summary>The recording marks a condition that no vendor code stands for here.</summary>
    Other = 1u << 18,
}
