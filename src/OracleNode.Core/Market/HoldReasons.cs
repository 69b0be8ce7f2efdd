namespace OracleNode.Market;

/// <summary>Why a feed holds its last good price. Fixed bits, on chain; bits 16 to 31 are reserved and zero.</summary>
[Flags]
public enum HoldReasons : uint
{
    None = 0,
    BelowQuorum = 1u << 0,
    Disagreement = 1u << 1,
    Jump = 1u << 2,
    Spread = 1u << 3,
    Confidence = 1u << 4,
    Stale = 1u << 5,
    Clock = 1u << 6,
    CalendarConflict = 1u << 7,
    CorporateAction = 1u << 8,
    Depeg = 1u << 9,
    Reserve = 1u << 10,
    Bounds = 1u << 11,
    Operator = 1u << 12,
    IssuerPause = 1u << 13,
    Identity = 1u << 14,
    Configuration = 1u << 15,
}
