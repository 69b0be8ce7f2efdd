namespace OracleNode.Vendors.Session;

/// <summary>A session at one moment, for health keys and metrics. Ages are monotonic; counts are since the start.</summary>
public sealed record SessionHealth
{
    /// <summary>The source's name.</summary>
    public required string Name { get; init; }
    public required VendorKind Vendor { get; init; }
    public required SessionState State { get; init; }
    /// <summary>How long the connection has been live; null when it is not.</summary>
    public required TimeSpan? ConnectedFor { get; init; }
    /// <summary>Since the last message of any kind; null when none came yet.</summary>
    public required TimeSpan? LastFrameAge { get; init; }
    /// <summary>Since the last message that held an observation; null when none came yet.</summary>
    public required TimeSpan? LastObservationAge { get; init; }
    /// <summary>Whether data should be flowing now, by the calendar and the source's hours.</summary>
    public required bool ExpectsData { get; init; }
    public required long Frames { get; init; }
    public required long Bytes { get; init; }
    /// <summary>Observations handed to the sink.</summary>
    public required long Observations { get; init; }
    public required long MalformedFrames { get; init; }
    public required long OversizeFrames { get; init; }
    public required long UnknownTypes { get; init; }
    public required long UnknownSymbols { get; init; }
    /// <summary>Events refused for a field, a price or a timestamp.</summary>
    public required long RejectedEvents { get; init; }
    /// <summary>Prints that the vendor cancelled or corrected.</summary>
    public required long RetractedPrints { get; init; }
    /// <summary>Observations refused because they fell outside the source's hours.</summary>
    public required long OutsideCoverage { get; init; }
    /// <summary>Observations refused because their event time lies ahead of the market clock.</summary>
    public required long FromFuture { get; init; }
    /// <summary>Polls that could not reach back to the one before, so that older prints were passed over (polled vendors).</summary>
    public required long TruncatedPolls { get; init; }
    /// <summary>Connections that became live.</summary>
    public required long Connections { get; init; }
    /// <summary>Attempts after the first, successful or not.</summary>
    public required long Reconnects { get; init; }
    /// <summary>Connections given up for silence.</summary>
    public required long Silences { get; init; }
    /// <summary>The last fault; kept after recovery.</summary>
    public required VendorFault? LastFault { get; init; }
    /// <summary>A part of the subscription that the vendor refused on the live connection; null when all flows.</summary>
    public required VendorFault? PartialFault { get; init; }

    /// <summary>True when a person must act for this source to deliver.</summary>
    public bool NeedsOperator => State == SessionState.NeedsOperator;
}
