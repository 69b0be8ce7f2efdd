namespace OracleNode.Market;

/// <summary>What a feed's price is worth right now. The numbers go on chain and are never reused.</summary>
public enum FeedState : byte
{
    Unknown = 0,
    /// <summary>Fresh, from as many upstreams as wanted.</summary>
    Live = 1,
    /// <summary>Fresh, from the quorum but fewer upstreams than wanted; wider confidence.</summary>
    Degraded = 2,
    /// <summary>The session is open, not enough fresh quotes yet; last good price.</summary>
    Reopening = 3,
    /// <summary>Last good price, with the reason in <see cref="HoldReasons"/> or <see cref="HaltReason"/>.</summary>
    Held = 4,
    /// <summary>Stopped for a corporate action or by an operator.</summary>
    Paused = 5,
    Retired = 6,
    /// <summary>Out of session; last good price with its true time.</summary>
    Closed = 7,
}
