using System.Buffers.Binary;

namespace OracleNode.Updates;

/// <summary>What a relayer sends: header fields, signatures, and an aligned run of records with its path. See <c>Updates/README.md</c>.</summary>
public static class BatchEnvelope
{
    /// <summary>Bytes before the signatures.</summary>
    public const int PrefixLength = 56;

    /// <summary>Bytes of a signature and its signer index.</summary>
    public const int SignatureEntryLength = 65;

    /// <summary>The whole batch with its signatures.</summary>
    public static byte[] Encode(SignedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Encode(batch, 0, MerkleTree.TopLevel(batch.Records.Count), withSignatures: true);
    }

    /// <summary>The aligned run of 2^level records from <paramref name="first"/>.</summary>
    /// <param name="withSignatures">False on Solana, where they travel in the Ed25519 native program's instruction.</param>
    public static byte[] Encode(SignedBatch batch, int first, int level, bool withSignatures)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var count = batch.Records.Count;
        var path = batch.Tree.PathOf(first, level);
        var run = MerkleTree.RunLength(first, level, count);
        var signatures = withSignatures ? batch.Signatures.Count : 0;
        var length = PrefixLength + signatures * SignatureEntryLength + 3 + path.Length;
        for (var i = 0; i < run; i++) length += batch.EncodedRecords[first + i].Length;

        var bytes = new byte[length];
        bytes[0] = BatchMessage.Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), batch.Header.Deployment);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), batch.Header.Epoch);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(13), batch.Header.Sequence);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(21), batch.Header.Count);
        batch.Header.EvidenceRoot.CopyTo(bytes.AsSpan(23));
        bytes[55] = (byte)signatures;
        var at = PrefixLength;
        for (var i = 0; i < signatures; i++)
        {
            bytes[at] = batch.Signatures[i].SignerIndex;
            batch.Signatures[i].Signature.CopyTo(bytes.AsSpan(at + 1));
            at += SignatureEntryLength;
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)first);
        bytes[at + 2] = (byte)level;
        at += 3;
        path.CopyTo(bytes.AsSpan(at));
        at += path.Length;
        for (var i = 0; i < run; i++)
        {
            batch.EncodedRecords[first + i].CopyTo(bytes.AsSpan(at));
            at += batch.EncodedRecords[first + i].Length;
        }

        return bytes;
    }
}
