using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>A signed batch: header, records with their ids and encodings, tree and signatures. Immutable.</summary>
public sealed class SignedBatch
{
    internal SignedBatch(BatchHeader header, FeedId[] feeds, RecordList records, byte[][] encodedRecords, MerkleTree tree, BatchSignature[] signatures)
    {
        Header = header;
        Feeds = feeds;
        Records = records;
        EncodedRecords = encodedRecords;
        Tree = tree;
        Signatures = signatures;
    }

    public BatchHeader Header { get; }

    /// <summary>Ids of the records' feeds, in record order.</summary>
    public IReadOnlyList<FeedId> Feeds { get; }

    public IReadOnlyList<FeedRecord> Records { get; }

    /// <summary>The canonical bytes of each record.</summary>
    public IReadOnlyList<byte[]> EncodedRecords { get; }

    public MerkleTree Tree { get; }

    /// <summary>Ascending by signer index; at least one.</summary>
    public IReadOnlyList<BatchSignature> Signatures { get; }
}
