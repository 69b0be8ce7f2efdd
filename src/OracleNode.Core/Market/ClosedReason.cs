namespace OracleNode.Market;

/// <summary>Why the session is <see cref="MarketSession.Closed"/>. The numbers go on chain and are never reused.</summary>
public enum ClosedReason : byte
{
    /// <summary>Not closed.</summary>
    None = 0,
    Weekend = 1,
    Holiday = 2,
    /// <summary>After the last session of an early-close day.</summary>
    EarlyClose = 3,
    /// <summary>A closure that no rule foretells (weather, mourning).</summary>
    Unscheduled = 4,
    /// <summary>A pause between two sessions of the same trading week.</summary>
    SessionGap = 5,
}
