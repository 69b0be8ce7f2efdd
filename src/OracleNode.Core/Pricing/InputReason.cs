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
}
