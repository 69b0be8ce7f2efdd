namespace OracleNode.Market;

/// <summary>What one unit of a feed's price buys. Part of the feed id, so it can never change under a reader.</summary>
public enum FeedUnit : byte
{
    Unknown = 0,
    /// <summary>One share of the listed security, as traded now.</summary>
    UnderlyingShare = 1,
    /// <summary>One raw token unit (a balance that does not rebase): share price times multiplier.</summary>
    RawToken = 2,
    /// <summary>One displayed token (a balance that already carries the multiplier).</summary>
    UiToken = 3,
    /// <summary>One share of a wrapper vault.</summary>
    WrapperShare = 4,
    /// <summary>No money: what the token's own market pays for it over its price by the share, 1.00000000 being par.</summary>
    PremiumRatio = 5,
    /// <summary>One share, by what tokens trade at while its market is closed: indicative and bounded, never the official price.</summary>
    IndicativeShare = 6,
    /// <summary>No money: shares in custody over the shares that all tokens stand for, 1.00000000 being covered exactly.</summary>
    ReserveRatio = 7,
    /// <summary>One unit of another currency, e.g. USDC.</summary>
    CurrencyUnit = 8,
}
