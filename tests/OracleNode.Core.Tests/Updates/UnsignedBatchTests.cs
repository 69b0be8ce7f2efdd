using OracleNode.Market;

namespace OracleNode.Updates;

public class UnsignedBatchTests
{
    private const ulong Sequence = 1_781_098_200_000UL * 16;

    [Fact]
    public void NoRecords_Batched_AreRefused() => Assert.Throws<ArgumentException>(() => UnsignedBatch.Create(1, 1, Sequence, []));

    [Fact]
    public void OneFeedTwice_Batched_IsRefused() => Refused([Record(1), Record(1)], "its feed comes twice");

    [Fact]
    public void AnotherFeedsRecord_Batched_IsRefused() => Refused([(Record(1).Id, Record(2).Record)], "carries tag");

    [Fact]
    public void RecordObservedAfterItsAttestation_Batched_IsRefused() =>
        Refused([(Record(1).Id, Record(1).Record with { ObservedAtUnixMillis = 1_781_098_200_001 })], "after its attestation");

    [Fact]
    public void RecordWithoutAnEncoding_Batched_IsRefusedWithItsReason() =>
        Refused([(Record(1).Id, Record(1).Record with { MaxAgeSeconds = 0 })], nameof(RecordError.MaxAge));

    [Fact]
    public void Batch_WithoutOrWithBadSignatures_IsNotSigned()
    {
        var batch = UnsignedBatch.Create(1, 1, Sequence, [Record(1)]);
        Assert.Throws<ArgumentException>(() => batch.WithSignatures());
        Assert.Throws<ArgumentException>(() => batch.WithSignatures(new BatchSignature(0, new byte[32], new byte[63])));
        Assert.Throws<ArgumentException>(() => batch.WithSignatures(new BatchSignature(1, new byte[32], new byte[64]), new BatchSignature(1, new byte[32], new byte[64])));
    }

    [Fact]
    public void Batch_Signed_KeepsRecordsInTheOrderGiven()
    {
        var batch = UnsignedBatch.Create(7, 2, Sequence + 3, [Record(2), Record(1)]).WithSignatures(new BatchSignature(0, new byte[32], new byte[64]));
        Assert.Equal([Record(2).Id, Record(1).Id], batch.Feeds);
        Assert.Equal(1_781_098_200_000, batch.Header.AttestedAtUnixMillis);
        Assert.Equal((7ul, 2u, (ushort)2), (batch.Header.Deployment, batch.Header.Epoch, batch.Header.Count));
    }

    private static void Refused(IReadOnlyList<(FeedId, FeedRecord)> records, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => UnsignedBatch.Create(1, 1, Sequence, records)).Message);

    private static (FeedId Id, FeedRecord Record) Record(byte n)
    {
        var id = new FeedId([.. Enumerable.Repeat(n, 32)]);
        return (id, new FeedRecord
        {
            FeedTag = id.Tag,
            Price = Price.FromE8(100_000_000),
            ConfidenceE8 = 1,
            Session = MarketSession.Regular,
            State = FeedState.Live,
            ObservedAtUnixMillis = 1_781_098_200_000,
            MaxAgeSeconds = 90,
        });
    }
}
