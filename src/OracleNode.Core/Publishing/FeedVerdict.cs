namespace OracleNode.Publishing;

/// <summary>
/// What a monitor is told of a feed in one word. Ordered by how bad it is, so that the worst of several chains is the highest number. 1 to 3 ask for
/// nobody; 0 that lasts, and 5 and above, do. The numbers are in health keys and metrics and are never reused.
/// </summary>
public enum FeedVerdict : byte
{
    /// <summary>No verdict: nothing was restored from a chain yet, or the node makes no passes.</summary>
    Unknown = 0,
    /// <summary>The price is of this moment, and the chain says so: attested within its max age, and no news is overdue.</summary>
    Ok = 1,
    /// <summary>The market is closed and somebody is alive: the last good price stands, attested within its max age.</summary>
    ClosedOk = 2,
    /// <summary>Trading is halted; the last good price stands, attested within its max age.</summary>
    Halted = 3,
    /// <summary>Stopped for a corporate action or by an operator, or on the chain by its guardian or owner, or retired; attested within its max age.</summary>
    Paused = 4,
    /// <summary>
    /// Attested within its max age, but not what it should be: the market is open and there is no price of this moment, the feed is held for a
    /// reason of its own, or the chain still says something else for longer than landing takes.
    /// </summary>
    Stale = 5,
    /// <summary>What the chain holds is past its max age, or there is nothing: whoever reads it must refuse it.</summary>
    Dead = 6,
    /// <summary>The chain holds what cannot be: an alarm, whatever the market does.</summary>
    Diverged = 7,
}

/// <summary>What a verdict comes from.</summary>
public enum VerdictReason : byte
{
    None = 0,
    /// <summary>Nothing was restored from a chain yet.</summary>
    NotRestored,
    /// <summary>Live or Degraded, here and on the chain.</summary>
    Fresh,
    /// <summary>Out of session.</summary>
    MarketClosed,
    /// <summary>A halt, by the listing market or two upstreams.</summary>
    Halt,
    /// <summary>A corporate action, or the operator.</summary>
    Pause,
    Retired,
    /// <summary>In session, not enough fresh quotes yet.</summary>
    Reopening,
    /// <summary>Held; the hold reasons say for what.</summary>
    Held,
    /// <summary>The state is not known.</summary>
    StateUnknown,
    /// <summary>The node itself has no record to sign: the feed never had a good price, or a fault stopped it.</summary>
    NoRecord,
    /// <summary>The chain says something else, and nothing can be signed.</summary>
    NotSigned,
    /// <summary>The chain has said something else for longer than landing takes.</summary>
    Lags,
    /// <summary>The chain was never read.</summary>
    NotRead,
    /// <summary>The chain holds nothing of the feed.</summary>
    NothingAttested,
    /// <summary>What the chain holds is older than its own max age.</summary>
    AttestationTooOld,
    /// <summary>What the chain holds was attested in the future.</summary>
    AttestedAhead,
    /// <summary>What the chain holds cannot have been signed as it is.</summary>
    Differs,
    /// <summary>The chain's guardian or owner stopped the feed there: readers revert, whatever the record says.</summary>
    StoppedOnChain,
}

/// <summary>A verdict and what it comes from.</summary>
public readonly record struct VerdictFinding(FeedVerdict Verdict, VerdictReason Reason)
{
    /// <summary>The worse of two; the first of equals.</summary>
    public static VerdictFinding Worse(VerdictFinding a, VerdictFinding b) => b.Verdict > a.Verdict ? b : a;
}
