using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>The last records this node signed for one feed, to tell what a chain holds from what it should. Bounded.</summary>
/// <param name="capacity">Records kept, at least 1. Older ones are forgotten, and nothing is concluded about them.</param>
public sealed class SignedRecords(int capacity = SignedRecords.DefaultCapacity)
{
    /// <summary>More than a feed is signed while one batch may still be on its way to a slow chain.</summary>
    public const int DefaultCapacity = 32;

    private readonly LandedRecord[] _ring = new LandedRecord[capacity];
    private long _count;

    /// <summary>The newest; null when nothing was signed since the start.</summary>
    public LandedRecord? Latest => _count == 0 ? null : _ring[(_count - 1) % _ring.Length];

    /// <summary>Takes a record just signed; its sequence is above every one before.</summary>
    public void Add(ulong sequence, in FeedRecord record) => _ring[_count++ % _ring.Length] = new LandedRecord(record, sequence);

    /// <summary>The record signed under a sequence, if it is still kept.</summary>
    public bool TryFind(ulong sequence, out FeedRecord record)
    {
        // Backwards: a chain usually holds one of the newest.
        for (var i = _count - 1; i >= 0 && i >= _count - _ring.Length; i--)
        {
            ref readonly var kept = ref _ring[i % _ring.Length];
            if (kept.Sequence > sequence) continue;
            if (kept.Sequence < sequence) break;
            record = kept.Record;
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>Would a record signed under this sequence still be kept? Only then does not finding it mean that there was none.</summary>
    public bool Remembers(ulong sequence) => _count <= _ring.Length || sequence >= _ring[_count % _ring.Length].Sequence;
}
