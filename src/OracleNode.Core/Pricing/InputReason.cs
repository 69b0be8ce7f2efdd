namespace OracleNode.Pricing;

/// <summary>What became of a source's word. Every source has one in every decision.</summary>
public enum InputReason : byte
{
    /// <summary>The source has said nothing yet.</summary>
    NoData = 0,
    /// <summary>It voted, was accepted, and stands behind the published price.</summary>
    Used = 1,
    /// <summary>It voted and nothing was wrong with it, but the decision did not publish a new price.</summary>
    NotPublished = 2,
    /// <summary>A newer word of the same upstream, or its quote instead of its trade, voted.</summary>
    Superseded = 3,
    /// <summary>The source does not vote in this session.</summary>
    NotInSession = 4,
    /// <summary>Older than the freshness limit.</summary>
    Stale = 5,
    /// <summary>From the future, beyond the tolerance between clocks.</summary>
    Future = 6,
    /// <summary>The source withdrew its quote: a side is missing or zero.</summary>
    Withdrawn = 7,
    /// <summary>Bid above ask.</summary>
    Crossed = 8,
    /// <summary>The spread is above the session's cap.</summary>
    SpreadTooWide = 9,
    /// <summary>Its conditions bar it from setting a price.</summary>
    NotEligible = 10,
    /// <summary>It voted, and lies too far from the median to stand behind the price.</summary>
    Outlier = 11,
    /// <summary>Older than the last published <c>observedAt</c>, which never moves back.</summary>
    OlderThanPublished = 12,
    /// <summary>From before trading resumed after a halt.</summary>
    BeforeResume = 13,
    /// <summary>Older than what the same source already said.</summary>
    OutOfOrder = 14,
    /// <summary>No price, no kind, or a number that no share costs.</summary>
    Malformed = 15,
    /// <summary>Not a source of this feed, or one that claims another upstream than it is configured with.</summary>
    UnknownSource = 16,
    /// <summary>Stamped in another unit than the vendor's (seconds or microseconds for milliseconds): more than a year from when it was received.</summary>
    UnitError = 17,
    /// <summary>A quote so wide that it is none: the spread is above half of the mid.</summary>
    StubQuote = 18,
    /// <summary>A print outside what the other upstreams quote: in the median, not behind the price.</summary>
    AwayFromMarket = 19,
    /// <summary>The same value under ever newer stamps, while the others have moved away: in the median, not behind the price.</summary>
    FrozenValue = 20,
    /// <summary>New values under one stamp that stands still.</summary>
    FrozenTime = 21,
    /// <summary>The vendor says that the value is carried forward.</summary>
    CarriedForward = 22,
    /// <summary>A test symbol or a test message.</summary>
    TestData = 23,
    /// <summary>Names a print that is not among the source's last ones, or that was retracted already.</summary>
    NothingToRetract = 24,
    /// <summary>The source printed one price on several instruments that have nothing in common.</summary>
    EqualAcrossSymbols = 25,
    /// <summary>The source was wrong too often and is on probation: recorded, without a vote.</summary>
    Quarantined = 26,
    /// <summary>In the shares of before a split that others already trade after: their quorum makes the price without it.</summary>
    BeforeAction = 27,
    /// <summary>It came under a ticker that did not name the instrument on that date.</summary>
    TickerNotValid = 28,
    /// <summary>Token's market: the venue says that the pair is not traded as usual.</summary>
    NotTrading = 30,
    /// <summary>Token's market: less is bid for or offered near the best price than the feed asks for.</summary>
    TooThin = 31,
    /// <summary>Token's market: quoted in a currency whose own feed has no fresh price, or that no feed is configured for.</summary>
    NoCrossRate = 32,
    /// <summary>Token's market: quoted per displayed token, and the multiplier is not known or too old.</summary>
    NoMultiplier = 33,
    /// <summary>Token's market: the premium that it usually stands at was not watched for long enough to tell a move from it.</summary>
    NotLearned = 34,
    /// <summary>Token's market: the venue states another multiplier than the token's chain has now, so that what its price buys is in doubt.</summary>
    OtherMultiplier = 35,
}
