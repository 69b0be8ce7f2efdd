namespace OracleNode.Market;

/// <summary>The trading session of a US equity. The numbers go on chain and are never reused (those of Chainlink's v11 report).</summary>
public enum MarketSession : byte
{
    /// <summary>Outside the calendar's validity, or the evidence disagrees. Holds.</summary>
    Unknown = 0,
    /// <summary>04:00 to 09:30 New York.</summary>
    PreMarket = 1,
    /// <summary>09:30 to 16:00 New York (13:00 on an early-close day).</summary>
    Regular = 2,
    /// <summary>16:00 to 20:00 New York (13:00 to 17:00 on an early-close day).</summary>
    PostMarket = 3,
    /// <summary>20:00 to 04:00 New York, Sunday to Thursday evenings, none before a full holiday.</summary>
    Overnight = 4,
    /// <summary>No session; see <see cref="ClosedReason"/>.</summary>
    Closed = 5,
}
