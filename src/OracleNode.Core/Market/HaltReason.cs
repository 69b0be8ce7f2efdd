namespace OracleNode.Market;

/// <summary>Why trading of the instrument is halted. The numbers go on chain and are never reused.</summary>
public enum HaltReason : byte
{
    None = 0,
    /// <summary>Limit up, limit down.</summary>
    VolatilityPause = 1,
    MarketWide1 = 2,
    MarketWide2 = 3,
    MarketWide3 = 4,
    News = 5,
    Regulatory = 6,
    Venue = 7,
    Operator = 8,
    Other = 9,
}
