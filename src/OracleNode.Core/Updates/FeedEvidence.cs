using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Updates;

/// <summary>Why a record says what it says: the decision, every input's part in it, and the versions of everything it was made with. The byte layout is in <c>Updates/README.md</c>.</summary>
public sealed record FeedEvidence
{
    /// <summary>First 8 bytes of the feed id.</summary>
    public required ulong FeedTag { get; init; }

    /// <summary>When it was decided (market time).</summary>
    public required Instant DecidedAt { get; init; }

    public required FeedState State { get; init; }

    /// <summary>The rule that decided.</summary>
    public required DecisionReason Reason { get; init; }

    public required HoldReasons HoldReasons { get; init; }
    public required MarketSession Session { get; init; }
    public required ClosedReason ClosedReason { get; init; }
    public required HaltReason HaltReason { get; init; }

    /// <summary>Commitment to the configuration: which sources, which rules.</summary>
    public required Hash32 Settings { get; init; }

    /// <summary><see cref="TradingCalendar.Fingerprint"/> of the calendar in force.</summary>
    public required Hash32 Calendar { get; init; }

    /// <summary>For a token: the reading of the multiplier it was made with; null for a share, or when there was none to be used.</summary>
    public MultiplierTerms? Multiplier { get; init; }

    /// <summary>For a reserve ratio: what it was made from; null for any other feed, and while there was none.</summary>
    public ReserveAmounts? Reserve { get; init; }

    /// <summary>Every source's part, in the order of the feed's sources.</summary>
    public required IReadOnlyList<InputVerdict> Inputs { get; init; }
}
