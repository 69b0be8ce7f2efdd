using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>What a line of the output tells.</summary>
internal enum OutputKind : byte
{
    None = 0,
    /// <summary>A chain stored a record whose observation advanced.</summary>
    Round,
    /// <summary>A chain stored a record with the same observation as before.</summary>
    Attestation,
    /// <summary>A feed's state, reason, flags, halt or session changed.</summary>
    State,
    /// <summary>Something a person must know of.</summary>
    Alarm,
    /// <summary>An input was refused when it arrived.</summary>
    InputRejected,
}

/// <summary>One line of a replay's output. Which members mean something follows from <see cref="Kind"/>; the others are null.</summary>
internal sealed record OutputEntry
{
    /// <summary>Market time.</summary>
    public required Instant Time { get; init; }

    public required OutputKind Kind { get; init; }

    /// <summary>Name of the feed; null for what concerns none.</summary>
    public string? Feed { get; init; }

    /// <summary>Round, attestation: the chain. Alarm: the chain, where it concerns one.</summary>
    public string? Chain { get; init; }

    /// <summary>Round, attestation: the batch's sequence.</summary>
    public ulong? Sequence { get; init; }

    /// <summary>Round, attestation: the record that was stored.</summary>
    public FeedRecord? Record { get; init; }

    /// <summary>Round, attestation, state: the decision.</summary>
    public OutputDecision? Decision { get; init; }

    /// <summary>State: the state before.</summary>
    public FeedState? From { get; init; }

    /// <summary>Input rejected: what it was, e.g. <c>Quote</c> or <c>Multiplier</c>.</summary>
    public string? Input { get; init; }

    /// <summary>Input rejected: its source.</summary>
    public string? Source { get; init; }

    /// <summary>Input rejected: why. Alarm: what is wrong.</summary>
    public string? Message { get; init; }
}

/// <summary>A copy of a feed's decision.</summary>
internal sealed record OutputDecision
{
    public required FeedState State { get; init; }
    public required DecisionReason Reason { get; init; }
    public required HoldReasons Holds { get; init; }
    public required HaltReason Halt { get; init; }
    public required MarketSession Session { get; init; }
    public required ClosedReason Closed { get; init; }
    public required Price Price { get; init; }
    public required Instant? ObservedAt { get; init; }

    /// <summary>What the votes said, published or not; none when there were none.</summary>
    public Price Measured { get; init; }

    /// <summary>How far that is from the last good price before, in bps of it.</summary>
    public int MeasuredMoveBps { get; init; }

    /// <summary>How many upstreams may still go.</summary>
    public RedundancyLevel Redundancy { get; init; }

    /// <summary>Every source's part in it.</summary>
    public required IReadOnlyList<InputVerdict> Inputs { get; init; }

    public static OutputDecision Of(FeedDecision decision) => new()
    {
        State = decision.State,
        Reason = decision.Reason,
        Holds = decision.HoldReasons,
        Halt = decision.HaltReason,
        Session = decision.Session,
        Closed = decision.ClosedReason,
        Price = decision.Price,
        ObservedAt = decision.HasPrice ? decision.ObservedAt : null,
        Measured = decision.Measured,
        MeasuredMoveBps = decision.MeasuredMoveBps,
        Redundancy = decision.Redundancy,
        Inputs = [.. decision.Inputs],
    };
}
