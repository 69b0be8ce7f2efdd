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
}
