using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Updates;

public class DecodedEnvelopeTests
{
    private static readonly byte[] Good = BatchEnvelope.Encode(Batch());

    [Fact]
    public void WholeBatch_Decoded_GivesHeaderAndRecordsBack()
    {
        Assert.Equal(EnvelopeError.None, DecodedEnvelope.TryDecode(Good, out var envelope));
        Assert.Equal(Batch().Header, envelope!.Header);
        Assert.Equal(Batch().Records, envelope.Records);
    }

    [Property(MaxTest = 3_000)]
    public void AnyBytes_Decoded_NeverThrow(byte[] bytes) => DecodedEnvelope.TryDecode(bytes, out _);

    [Property(MaxTest = 5_000)]
    public void AnyByteChanged_Decoded_NeverGivesTheSameHeaderAndSignature(ushort at, byte flip)
    {
        if (flip == 0) return;
        var bytes = (byte[])Good.Clone();
        bytes[at % bytes.Length] ^= flip;
        if (DecodedEnvelope.TryDecode(bytes, out var envelope) != EnvelopeError.None) return;

        Assert.False(envelope!.Header == Batch().Header
            && envelope.Signatures.Count == 1
            && envelope.Signatures[0].SignerIndex == 0
            && envelope.Signatures[0].Signature.AsSpan().SequenceEqual(Batch().Signatures[0].Signature));
    }

    [Property(MaxTest = 500)]
    public void AnyPrefix_Decoded_IsRefused(ushort length) =>
        Assert.NotEqual(EnvelopeError.None, DecodedEnvelope.TryDecode(Good.AsSpan(0, length % Good.Length), out _));

    private static SignedBatch Batch()
    {
        var records = Enumerable.Range(0, 5).Select(i =>
        {
            var id = FeedIdentity.Compute($"figi:BBG00000000{i}@XNAS", "USD", FeedUnit.UnderlyingShare, 8);
            return (id, new FeedRecord
            {
                FeedTag = id.Tag,
                Price = Price.FromE8(100_000_000 + i),
                ConfidenceE8 = 1,
                Session = MarketSession.Regular,
                State = FeedState.Live,
                ObservedAtUnixMillis = 1_781_098_200_000,
                MaxAgeSeconds = 90,
            });
        }).ToArray();
        return UnsignedBatch.Create(1, 1, 1_781_098_200_000UL * 16, records).WithSignatures(new BatchSignature(0, new byte[32], new byte[64]));
    }
}
