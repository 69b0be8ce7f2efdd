using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>What a chain holds for one feed, read back from it.</summary>
/// <param name="Id">Feed id as registered there.</param>
/// <param name="Address">Where a consumer reads it: the feed's own proxy (EVM) or account (Solana).</param>
/// <param name="Sequence">Sequence of the stored record; 0 when nothing was ever stored.</param>
/// <param name="Record">The stored record, or null when nothing was ever stored.</param>
public sealed record OnChainFeed(FeedId Id, string Address, ulong Sequence, FeedRecord? Record)
{
    private readonly FeedRecord? _record = Record;

    /// <summary>The stored record, or null when nothing was ever stored.</summary>
    public FeedRecord? Record { get => _record; init => _record = value; }

    /// <summary><see cref="Record"/> where it is.</summary>
    internal ref readonly FeedRecord? RecordInPlace => ref _record;

    /// <summary>
    /// Stopped on chain by guardian or owner, alone or with the whole registry: readers revert until the owner resumes. EVM contracts go on storing
    /// its records, so that a resumed feed is current; the Solana program passes over a stopped feed and refuses everything while the registry is stopped.
    /// </summary>
    public bool Paused { get; init; }

    /// <summary>The fields that the chain stores of this feed; of the others the record says nothing.</summary>
    public RecordFields Stored { get; init; } = RecordFields.All;

    /// <summary>Whether all that the chain stores of a record is as it was signed.</summary>
    public bool Holds(FeedRecord signed) => Record is { } held && RecordDifference.Between(held, signed, Stored) == RecordFields.None;
}
