using System.Diagnostics.CodeAnalysis;
using NodaTime;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>All that the decision about one feed on one chain is made from.</summary>
public readonly record struct PublishInput
{
    // Records are large and every pass looks at every feed of every chain: the policy reads them where they are.
    private readonly FeedRecord? _candidate;
    private readonly LandedRecord? _landed;

    /// <summary>The record that would be published now; null when the feed has none.</summary>
    public required FeedRecord? Candidate { get => _candidate; init => _candidate = value; }

    /// <summary>What the chain holds, read back from it; null when it holds nothing.</summary>
    public required LandedRecord? Landed { get => _landed; init => _landed = value; }

    /// <summary>True while a transaction that carries this feed has neither landed nor failed, or failed so lately that it is not tried again yet.</summary>
    public required bool InFlight { get; init; }

    public required PublishSettings Settings { get; init; }

    /// <summary>
    /// When the candidate's state began. A step between Live and Degraded that is younger than <see cref="PublishPolicy.StepDwell"/> is not published for its own
    /// sake; <c>default</c> is long ago.
    /// </summary>
    public Instant StateSince { get; init; }

    [UnscopedRef]
    internal PublishView View => new(
        _candidate.HasValue, in Nullable.GetValueRefOrDefaultRef(in _candidate), _landed.HasValue, in Nullable.GetValueRefOrDefaultRef(in _landed).RecordInPlace,
        _landed?.Sequence ?? 0, InFlight, Settings, StateSince);
}

/// <summary>A record a chain holds.</summary>
/// <param name="Record">The record.</param>
/// <param name="Sequence">The sequence of its batch, which tells when it was attested.</param>
public readonly record struct LandedRecord(FeedRecord Record, ulong Sequence)
{
    private readonly FeedRecord _record = Record;

    /// <summary>The record.</summary>
    public FeedRecord Record { get => _record; init => _record = value; }

    /// <summary>When the record was attested, Unix milliseconds.</summary>
    public long AttestedAtUnixMillis => (long)(Sequence >> 4);

    [UnscopedRef]
    internal ref readonly FeedRecord RecordInPlace => ref _record;
}
