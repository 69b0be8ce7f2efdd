using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>Encoded records under one root, ready to be signed. Immutable.</summary>
public sealed class UnsignedBatch
{
    private readonly FeedId[] _feeds;
    private readonly RecordList _records;
    private readonly byte[][] _encoded;
    private readonly MerkleTree _tree;

    private UnsignedBatch(BatchHeader header, FeedId[] feeds, RecordList records, byte[][] encoded, MerkleTree tree)
    {
        Header = header;
        _feeds = feeds;
        _records = records;
        _encoded = encoded;
        _tree = tree;
    }

    public BatchHeader Header { get; }

    /// <summary>Ids of the records' feeds, in record order.</summary>
    public IReadOnlyList<FeedId> Feeds => _feeds;

    public IReadOnlyList<FeedRecord> Records => _records;

    /// <summary>Puts records under one root.</summary>
    /// <param name="sequence">Attestation time in Unix ms x 16 + node slot.</param>
    /// <param name="records">1 to 65535 records with the ids of their feeds, each feed once.</param>
    /// <exception cref="ArgumentException">
    /// A record has no canonical encoding, carries another feed's tag, a feed comes twice, or a record was observed after
    /// the attestation time. All are faults of the caller: what may be published is decided before.
    /// </exception>
    public static UnsignedBatch Create(ulong deployment, uint epoch, ulong sequence, IReadOnlyList<(FeedId Id, FeedRecord Record)> records, Hash32 evidenceRoot = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count is 0 or > ushort.MaxValue) throw new ArgumentException($"A batch has 1 to 65535 records, not {records.Count}.", nameof(records));

        var attestedAtUnixMillis = (long)(sequence >> 4);
        var feeds = new FeedId[records.Count];
        var copies = new RecordList(records.Count);
        var encoded = new byte[records.Count][];
        var tags = new HashSet<ulong>(records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var (id, record) = records[i];
            if (record.FeedTag != id.Tag || !tags.Add(record.FeedTag)) throw new ArgumentException($"Record {i} of feed {id} carries tag {record.FeedTag:x16}, or its feed comes twice.", nameof(records));
            if (record.ObservedAtUnixMillis > attestedAtUnixMillis) throw new ArgumentException($"Record {i} of feed {id} was observed at {record.ObservedAtUnixMillis} ms, after its attestation at {attestedAtUnixMillis} ms.", nameof(records));
            var bytes = new byte[RecordCodec.LengthOf(record)];
            var error = RecordCodec.TryEncode(record, bytes);
            if (error != RecordError.None) throw new ArgumentException($"Record {i} of feed {id} has no canonical encoding: {error}.", nameof(records));
            feeds[i] = id;
            copies[i] = record;
            encoded[i] = bytes;
        }

        var tree = MerkleTree.Build(encoded);
        var header = new BatchHeader(deployment, epoch, sequence, (ushort)records.Count, tree.Root, evidenceRoot);
        return new UnsignedBatch(header, feeds, copies, encoded, tree);
    }

    /// <summary>The 47 bytes to sign.</summary>
    public byte[] Message()
    {
        var message = new byte[BatchMessage.Length];
        BatchMessage.Write(Header, message);
        return message;
    }

    /// <summary>Attaches the signatures.</summary>
    /// <param name="signatures">At least one, ascending by signer index.</param>
    /// <exception cref="ArgumentException">None, not ascending, or of wrong lengths.</exception>
    public SignedBatch WithSignatures(params BatchSignature[] signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (signatures.Length == 0) throw new ArgumentException("A batch needs a signature.", nameof(signatures));
        for (var i = 0; i < signatures.Length; i++)
        {
            if (signatures[i].PublicKey.Length != 32 || signatures[i].Signature.Length != 64) throw new ArgumentException("A public key is 32 bytes, a signature 64.", nameof(signatures));
            if (i > 0 && signatures[i].SignerIndex <= signatures[i - 1].SignerIndex) throw new ArgumentException("Signer indexes ascend.", nameof(signatures));
        }

        return new SignedBatch(Header, _feeds, _records, _encoded, _tree, signatures);
    }
}
