using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>All that the decision about one feed on one chain is made from.</summary>
public readonly record struct PublishInput
{
    /// <summary>The record that would be published now; null when the feed has none.</summary>
    public required FeedRecord? Candidate { get; init; }

    /// <summary>What the chain holds, read back from it; null when it holds nothing.</summary>
    public required LandedRecord? Landed { get; init; }

    /// <summary>True while a transaction that carries this feed has neither landed nor failed, or failed so lately that it is not tried again yet.</summary>
    public required bool InFlight { get; init; }

    public required PublishSettings Settings { get; init; }
}

/// <summary>A record a chain holds.</summary>
/// <param name="Record">The record.</param>
/// <param name="Sequence">The sequence of its batch, which tells when it was attested.</param>
public readonly record struct LandedRecord(FeedRecord Record, ulong Sequence)
{
    /// <summary>When the record was attested, Unix milliseconds.</summary>
    public long AttestedAtUnixMillis => (long)(Sequence >> 4);
}
