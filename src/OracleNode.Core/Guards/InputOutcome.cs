namespace OracleNode.Guards;

/// <summary>What became of an input on its way to the feeds. Whether a feed then believes it is in that feed's <see cref="Pricing.InputVerdict"/>s.</summary>
public enum InputOutcome : byte
{
    None = 0,
    /// <summary>It reached the rules it is for.</summary>
    Applied = 1,
    /// <summary>It is kept in <see cref="MarketFacts"/> for the rules that ask for it; no feed is told.</summary>
    Kept = 2,
    /// <summary>No feed is made from that instrument.</summary>
    UnknownInstrument = 3,
    /// <summary>No feed is made from that token.</summary>
    UnknownToken = 4,
    /// <summary>There is no such feed.</summary>
    UnknownFeed = 5,
    /// <summary>There is no such source.</summary>
    UnknownSource = 6,
    /// <summary>It has no kind.</summary>
    Malformed = 7,
}
