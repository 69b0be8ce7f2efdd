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
    /// <summary>The price is beyond the evidence tier, where time alone confirms nothing, or (with the flag CorporateAction) what an action makes of the last one that only one kind of witness tells of.</summary>
    JumpNeedsEvidence = 16,
    /// <summary>A number does not fit the signed record.</summary>
    DoesNotFit = 17,
    /// <summary>The chain holds the feed as Paused, which an operator has to lift, or as Retired, which nobody does.</summary>
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
    /// <summary>An operator asks to hold.</summary>
    OperatorHold = 24,
    /// <summary>An operator has paused the feed.</summary>
    OperatorPause = 25,
    /// <summary>A corporate action's window is open.</summary>
    CorporateActionWindow = 26,
    /// <summary>The clock watch does not trust the node's clock.</summary>
    ClockUntrusted = 27,
    /// <summary>Calendar and market disagree on the session.</summary>
    CalendarConflict = 28,
    /// <summary>The price is beyond the feed's absolute bounds.</summary>
    OutsideBounds = 29,
    /// <summary>The price is exactly on an absolute bound, as a clamped one would be.</summary>
    AtBound = 30,
    /// <summary>The price is outside limit up, limit down.</summary>
    OutsideBand = 31,
    /// <summary>The price is far from the official close and not yet confirmed.</summary>
    JumpFromClose = 32,
    /// <summary>The price is far from the moving average and not yet confirmed.</summary>
    JumpFromAverage = 33,
    /// <summary>Related instruments moved otherwise, and more evidence speaks for them.</summary>
    RelatedDisagrees = 34,
    /// <summary>The first price after a start is far from the one on chain.</summary>
    ActivationDeviates = 35,
    /// <summary>Every rule passed: the price is beyond the evidence tier, confirmed by a quorum of upstreams and by evidence.</summary>
    JumpEvidenced = 36,
    /// <summary>Token: the quote currency is off its peg.</summary>
    Depegged = 37,
    /// <summary>Token: the reserves do not cover what was issued.</summary>
    ReserveShort = 38,
    /// <summary>Token: the issuer has paused it.</summary>
    IssuerPaused = 39,
    /// <summary>At half of the upstreams or more several instruments that have nothing in common stand at one price: test data.</summary>
    EqualPrices = 40,
    /// <summary>An operator has retired the feed.</summary>
    OperatorRetired = 41,
    /// <summary>Token: other code than the accepted one answers for a token of its issuer.</summary>
    CodeChanged = 50,
    /// <summary>Token: the chains differ on the multiplier of its issue, by too much or for too long.</summary>
    MultiplierDisputed = 51,
    /// <summary>Every rule passed: the price is what a proven corporate action makes of the one before.</summary>
    ActionAccepted = 60,
    /// <summary>Every rule passed: an operator confirms the price after a corporate action.</summary>
    ActionConfirmed = 61,
    /// <summary>A corporate action's window is open, and only one kind of witness stands for it.</summary>
    ActionNeedsEvidence = 62,
    /// <summary>A corporate action's window is open, and what it makes of the price cannot be told: an operator has to confirm one.</summary>
    ActionWithoutRatio = 63,
    /// <summary>A corporate action's window is open, and the market has not yet agreed on a price of after it.</summary>
    ActionAwaitsMarket = 64,
    /// <summary>The price is not what the corporate action makes of the one before.</summary>
    ActionPriceDeviates = 65,
    /// <summary>Token: the share is of after a split, and the token's multiplier has not followed.</summary>
    ActionAwaitsMultiplier = 66,
    /// <summary>No ticker names the instrument on this trade date.</summary>
    TickerInvalid = 67,
    /// <summary>The instrument is not listed yet, or just listed, and the auction print of its first price was not seen.</summary>
    AwaitingListing = 68,
    /// <summary>The instrument is listed no more; an operator has to retire the feed.</summary>
    Delisted = 69,
    /// <summary>Derived: what it is made from is stopped, or held for a reason that makes it no basis.</summary>
    BasisHeld = 70,
    /// <summary>Derived: every rule passed, and what it is measured against is a last good price.</summary>
    BasisStands = 71,
    /// <summary>Currency: every rule passed, and the currency is off what it stands for.</summary>
    OffPeg = 72,
    /// <summary>Indication: the official price, which is there.</summary>
    OfficialPrice = 73,
    /// <summary>Indication: moved from the last official price by the tokens' own markets.</summary>
    Indicated = 74,
    /// <summary>Indication: the same, as far as the cap lets it.</summary>
    IndicationCapped = 75,
    /// <summary>Indication: fewer of the tokens' own markets than the quorum can tell a move.</summary>
    NothingIndicates = 76,
    /// <summary>Token in another currency: that currency's feed has no price of this moment.</summary>
    RateMissing = 77,
    /// <summary>Every rule passed, and the token's reserves are between its two limits: published, Degraded.</summary>
    ReserveThin = 80,
    /// <summary>Ratio: what backs the token is not known, or can no longer be told. Token: there was no reading since the start.</summary>
    ReserveMissing = 81,
    /// <summary>Ratio: what backs the token was measured too long ago.</summary>
    ReserveStale = 82,
    /// <summary>Wrapper: its rate was never read, or can no longer be read.</summary>
    WrapperRateMissing = 83,
    /// <summary>Wrapper: the last reading of its rate is too old.</summary>
    WrapperRateStale = 84,
    /// <summary>Wrapper: the rate grew by more than one step may.</summary>
    WrapperRateStep = 85,
    /// <summary>Wrapper: the rate fell.</summary>
    WrapperRateFell = 86,
    /// <summary>Wrapper: the rate is above its cap.</summary>
    WrapperRateCapped = 87,
    /// <summary>Wrapper: other code answers than the one whose formula is known.</summary>
    WrapperCodeChanged = 88,
    /// <summary>Wrapper: the rate is not what its formula gives.</summary>
    WrapperFormulaBroken = 89,
    /// <summary>Every rule passed: the price is beyond the band that the node computed, which nobody's halt has borne out for as long as a limit state and a pause take.</summary>
    BandLapsed = 90,
}
