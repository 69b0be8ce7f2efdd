using System.Buffers.Binary;

namespace OracleNode.Updates;

/// <summary>An envelope read back: everything that a verifier needs, nothing believed yet.</summary>
public sealed class DecodedEnvelope
{
    private DecodedEnvelope(BatchHeader header, IReadOnlyList<(byte SignerIndex, byte[] Signature)> signatures, int first, int level, IReadOnlyList<Hash32> path, IReadOnlyList<FeedRecord> records)
    {
        Header = header;
        Signatures = signatures;
        First = first;
        Level = level;
        Path = path;
        Records = records;
    }

    /// <summary>The header that follows from the envelope: its root is computed from records and path, never read.</summary>
    public BatchHeader Header { get; }

    /// <summary>Unverified signatures by signer index, ascending.</summary>
    public IReadOnlyList<(byte SignerIndex, byte[] Signature)> Signatures { get; }

    /// <summary>Index in the batch of the run's first record.</summary>
    public int First { get; }

    /// <summary>The run covers up to 2^Level records.</summary>
    public int Level { get; }

    /// <summary>Siblings from the run's own root upwards.</summary>
    public IReadOnlyList<Hash32> Path { get; }

    public IReadOnlyList<FeedRecord> Records { get; }

    /// <summary>Reads an envelope. Never throws for bad bytes.</summary>
    public static EnvelopeError TryDecode(ReadOnlySpan<byte> bytes, out DecodedEnvelope? envelope)
    {
        envelope = null;
        if (bytes.Length < BatchEnvelope.PrefixLength) return EnvelopeError.Length;
        if (bytes[0] != BatchMessage.Version) return EnvelopeError.Version;
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes[21..]);
        if (count == 0) return EnvelopeError.Count;

        var evidenceRoot = new Hash32(bytes.Slice(23, Hash32.Length));
        var signatures = new (byte, byte[])[bytes[55]];
        var rest = bytes[BatchEnvelope.PrefixLength..];
        for (var i = 0; i < signatures.Length; i++)
        {
            if (rest.Length < BatchEnvelope.SignatureEntryLength) return EnvelopeError.Length;
            if (i > 0 && rest[0] <= signatures[i - 1].Item1) return EnvelopeError.Signers;
            signatures[i] = (rest[0], rest[1..BatchEnvelope.SignatureEntryLength].ToArray());
            rest = rest[BatchEnvelope.SignatureEntryLength..];
        }

        if (rest.Length < 3) return EnvelopeError.Length;
        int first = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int level = rest[2];
        if (level > MerkleTree.TopLevel(count) || first >= count || (first & ((1 << level) - 1)) != 0) return EnvelopeError.Run;
        rest = rest[3..];
        var pathBytes = MerkleTree.PathLength(first, level, count) * Hash32.Length;
        if (rest.Length < pathBytes) return EnvelopeError.Length;
        var path = rest[..pathBytes];
        rest = rest[pathBytes..];

        var run = MerkleTree.RunLength(first, level, count);
        if (rest.Length < (long)run * RecordCodec.ShareLength) return EnvelopeError.Length;
        var encoded = new byte[run][];
        var records = new FeedRecord[run];
        for (var i = 0; i < run; i++)
        {
            var length = rest.IsEmpty ? 0 : RecordCodec.LengthOfType(rest[0]);
            if (length == 0) return EnvelopeError.Record;
            if (rest.Length < length) return EnvelopeError.Length;
            if (RecordCodec.TryDecode(rest[..length], out records[i]) != RecordError.None) return EnvelopeError.Record;
            encoded[i] = rest[..length].ToArray();
            rest = rest[length..];
        }

        if (!rest.IsEmpty) return EnvelopeError.Length;
        var header = new BatchHeader(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[13..]),
            count,
            MerkleTree.RootOf(encoded, first, level, count, path)!.Value,
            evidenceRoot);
        var hashes = new Hash32[path.Length / Hash32.Length];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = new Hash32(path.Slice(i * Hash32.Length, Hash32.Length));
        envelope = new DecodedEnvelope(header, signatures, first, level, hashes, records);
        return EnvelopeError.None;
    }
}
