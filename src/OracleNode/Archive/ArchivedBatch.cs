using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Archive;

/// <summary>A batch as the archive holds it.</summary>
/// <param name="Header">What was signed.</param>
/// <param name="SignerIndex">Place of the key in the signer set.</param>
/// <param name="PublicKey">Ed25519, 32 bytes.</param>
/// <param name="Signature">64 bytes.</param>
/// <param name="Records">Its records, in order.</param>
internal sealed record ArchivedBatch(BatchHeader Header, byte SignerIndex, byte[] PublicKey, byte[] Signature, IReadOnlyList<ArchivedRecord> Records)
{
    /// <summary>What a signed batch and its evidence come to.</summary>
    public static ArchivedBatch Of(SignedBatch batch, IReadOnlyList<byte[]> evidence)
    {
        var signature = batch.Signatures[0];
        var records = new ArchivedRecord[batch.Feeds.Count];
        for (var i = 0; i < records.Length; i++) records[i] = new ArchivedRecord(batch.Feeds[i], batch.EncodedRecords[i], evidence[i]);
        return new ArchivedBatch(batch.Header, signature.SignerIndex, signature.PublicKey, signature.Signature, records);
    }

    /// <summary>About how much memory it takes.</summary>
    public long Size => 256 + Records.Sum(r => 128L + r.Record.Length + r.Evidence.Length);
}

/// <summary>A record and its evidence, both as canonical bytes.</summary>
internal readonly record struct ArchivedRecord(FeedId Feed, byte[] Record, byte[] Evidence);
