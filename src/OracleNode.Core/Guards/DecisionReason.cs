namespace OracleNode.Guards;

/// <summary>The rule that decided: why a feed is in the state it is in.</summary>
public enum DecisionReason : byte
{
    /// <summary>Nothing was decided yet.</summary>
    None = 0,
    /// <summary>Every rule passed: the measured price is published.</summary>
    Accepted = 1,
    /// <summary>The same, and the price is beyond the jump limit, which a quorum of upstreams has confirmed.</summary>
    JumpConfirmed = 2,
    /// <summary>The node's clock is behind what it already published.</summary>
    ClockBehind = 3,
    /// <summary>The calendar does not know this moment.</summary>
    CalendarUnknown = 4,
    /// <summary>The session given to the rules has already ended.</summary>
    SessionExpired = 5,
    /// <summary>The market is closed.</summary>
    SessionClosed = 6,
    /// <summary>The listing market, or at least two upstreams, say that trading is halted.</summary>
    Halted = 7,
    /// <summary>The session has opened and never yet had a quorum.</summary>
    AwaitingOpen = 8,
    /// <summary>Trading has resumed and the quorum has not quoted both sides since.</summary>
    AwaitingResume = 9,
    /// <summary>Fewer upstreams than the quorum have a usable word.</summary>
    BelowQuorum = 10,
    /// <summary>The same, and everything that was said is stale.</summary>
    AllStale = 11,
    /// <summary>Two upstreams (or the middle two of an even number) contradict each other.</summary>
    MiddlesDisagree = 12,
    /// <summary>Fewer upstreams than the quorum lie near enough to the median to stand behind it.</summary>
    OutliersBreakQuorum = 13,
    /// <summary>The confidence is above its cap.</summary>
    ConfidenceTooWide = 14,
    /// <summary>The price is beyond the jump limit and not yet confirmed.</summary>
    JumpUnconfirmed = 15,
    /// <summary>The price is beyond the evidence tier, where time alone confirms nothing.</summary>
    JumpNeedsEvidence = 16,
    /// <summary>A number does not fit the signed record.</summary>
    DoesNotFit = 17,
    /// <summary>The chain holds the feed as Paused or Retired; no rule here lifts that.</summary>
    StoppedOnChain = 18,
    /// <summary>Token: no multiplier was ever read.</summary>
    MultiplierMissing = 19,
    /// <summary>Token: the last reading of the multiplier is too old.</summary>
    MultiplierStale = 20,
    /// <summary>Token: the multiplier made a large step and the share price has not followed.</summary>
    MultiplierStep = 21,
    /// <summary>Token: the underlying has no price.</summary>
    UnderlyingMissing = 22,
    /// <summary>Token: the underlying's price is older than the one the token was last made from.</summary>
    UnderlyingOlder = 23,
}
