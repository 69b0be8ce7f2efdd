using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

public class ChainParityTests
{
    private const int Slot = 3;
    private const int OtherSlot = 5;

    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 15, 0);

    private static readonly FeedRecord Record = new()
    {
        FeedTag = 1,
        Price = Price.FromE8(100 * Price.One),
        ConfidenceE8 = 1_000_000,
        Bid = Price.FromE8(99 * Price.One),
        Ask = Price.FromE8(101 * Price.One),
        Session = MarketSession.Regular,
        State = FeedState.Live,
        SourcesUsed = 3,
        Upstreams = 3,
        ObservedAtUnixMillis = Start.ToUnixTimeMilliseconds() - 60_000,
        MaxAgeSeconds = 120,
    };

    private readonly SignedRecords _signed = new(4);

    private ulong? _firstSigned;

    [Fact]
    public void Chains_HoldingWhatWasSigned_Agree()
    {
        var sequence = Sign(Record);
        Assert.All(Measure(Holding(sequence, Record), Holding(sequence, Record)), m => Assert.Equal((ParityContent.AsSigned, Slot, Duration.Zero, false), (m.Content, m.Slot, m.Behind, m.IsDue)));
    }

    [Fact]
    public void Chain_NotReadYet_IsNotRead() => Assert.Equal(ParityContent.NotRead, Measure(new ParityReading { WasRead = false, Landed = null, Stored = RecordFields.None, Settings = Every(60) })[0].Content);

    [Fact]
    public void Chain_HoldingNothing_IsEmptyAndDueOnceThereIsSomething()
    {
        Assert.Equal((ParityContent.Empty, false), (Measure(Empty())[0].Content, Measure(Empty())[0].IsDue));
        Sign(Record);
        Assert.Equal((ParityContent.Empty, PublishReason.First), (Measure(Empty())[0].Content, Measure(Empty())[0].Due));
    }

    [Fact]
    public void Chain_HoldingAnotherPriceUnderASignedSequence_DiffersAlone()
    {
        var sequence = Sign(Record);
        var found = Measure(Holding(sequence, Record), Holding(sequence, Record with { Price = Price.FromE8(1) }));
        Assert.False(found[0].Differs);
        Assert.Equal((ParityContent.NotAsSigned, RecordFields.Price, true), (found[1].Content, found[1].Fields, found[1].Differs));
    }

    [Fact]
    public void Chain_ThatStoresNoDetail_IsComparedInTheRest()
    {
        var sequence = Sign(Record);
        var bare = Record with { Bid = default, Ask = default, Ema = default, SourcesUsed = 0, Upstreams = 0 };
        Assert.Equal(ParityContent.AsSigned, Measure(Holding(sequence, bare, RecordFields.All & ~RecordFields.Detail))[0].Content);
        var found = Measure(Holding(sequence, bare with { State = FeedState.Held }, RecordFields.All & ~RecordFields.Detail))[0];
        Assert.Equal((ParityContent.NotAsSigned, RecordFields.State), (found.Content, found.Fields));
    }

    [Fact]
    public void Sequence_OfAnotherSlot_IsASecondNode()
    {
        Sign(Record);
        var found = Measure(Holding(Sequence(1, OtherSlot), Record))[0];
        Assert.Equal((ParityContent.OtherNode, OtherSlot, false), (found.Content, found.Slot, found.Differs));
    }

    [Fact]
    public void Sequence_OfAnotherSlot_DiffersWhereTheChainsContradictEachOther()
    {
        var found = Measure(Holding(Sequence(1, OtherSlot), Record), Holding(Sequence(1, OtherSlot), Record with { ObservedAtUnixMillis = 1 }), Holding(Sequence(2, OtherSlot), Record));
        Assert.Equal([ParityContent.NotAsElsewhere, ParityContent.NotAsElsewhere, ParityContent.OtherNode], found.Select(m => m.Content));
        Assert.Equal(RecordFields.ObservedAt, found[0].Fields);
    }

    [Fact]
    public void Sequence_OfTheOwnSlotThatWasNeverSigned_Differs()
    {
        Sign(Record);
        Assert.Equal(ParityContent.NeverSigned, Measure(Holding(Sequence(500), Record))[0].Content);
    }

    [Fact]
    public void Sequence_OfBeforeTheStart_IsNotContradicted()
    {
        Assert.Equal(ParityContent.NotContradicted, Measure(Holding(Sequence(-1), Record))[0].Content);
        Sign(Record);
        Assert.Equal(ParityContent.NotContradicted, Measure(Holding(Sequence(-1), Record))[0].Content);
    }

    [Fact]
    public void Sequence_OlderThanIsRemembered_IsNotContradicted()
    {
        var forgotten = Sign(Record);
        for (var i = 0; i < 4; i++) Sign(Record);
        Assert.Equal(ParityContent.NotContradicted, Measure(Holding(forgotten, Record))[0].Content);
        // The oldest that is still kept is judged.
        Assert.Equal(ParityContent.NotAsSigned, Measure(Holding(forgotten + 16, Record with { Price = Price.FromE8(1) }))[0].Content);
        Assert.Equal(ParityContent.NeverSigned, Measure(Holding(forgotten + 16 + (16UL * 400), Record))[0].Content);
    }

    [Fact]
    public void Sequence_AheadOfMarketTime_DiffersAndMakesNobodyElseLate()
    {
        var sequence = Sign(Record);
        var found = Measure(Holding(Sequence(60_000, OtherSlot), Record), Holding(sequence, Record));
        Assert.Equal(ParityContent.AttestedAhead, found[0].Content);
        Assert.Equal((Duration.Zero, false), (found[1].Behind, found[1].IsDue));
    }

    [Fact]
    public void OlderRecord_WithinTheChainsOwnCadence_IsBehindButNotDue()
    {
        var old = Sign(Record);
        Sign(Record, laterMillis: 30_000);
        var quick = Measure(Holding(old, Record, settings: Every(20)), Holding(old, Record, settings: Every(3_600)));
        Assert.All(quick, m => Assert.Equal(Duration.FromSeconds(30), m.Behind));
        Assert.Equal(PublishReason.Unchanged, quick[1].Due);
        // The same age is too old for a chain whose heartbeat is shorter.
        _now = Start + Duration.FromSeconds(31);
        Assert.Equal(PublishReason.Heartbeat, Measure(Holding(old, Record, settings: Every(20)))[0].Due);
    }

    [Fact]
    public void Price_MovedBeyondOneChainsDeviation_IsDueThereOnly()
    {
        var old = Sign(Record);
        Sign(Record with { Price = Price.FromE8(101 * Price.One) }, laterMillis: 1_000);
        var found = Measure(Holding(old, Record, settings: Every(3_600, bps: 50)), Holding(old, Record, settings: Every(3_600, bps: 200)));
        Assert.Equal([PublishReason.Deviation, PublishReason.Unchanged], found.Select(m => m.Due));
    }

    [Fact]
    public void NewestRecord_HoweverOld_OwesNothing()
    {
        var sequence = Sign(Record);
        _now = Start + Duration.FromDays(3);
        Assert.False(Measure(Holding(sequence, Record, settings: Every(1)))[0].IsDue);
    }

    private Instant _now = Start + Duration.FromSeconds(1);

    private static ulong Sequence(long millis, int slot = Slot) => ((ulong)(Start.ToUnixTimeMilliseconds() + millis) * BatchSequence.Slots) + (ulong)slot;

    private ulong Sign(FeedRecord record, long laterMillis = 1)
    {
        var next = (_signed.Latest?.AttestedAtUnixMillis - Start.ToUnixTimeMilliseconds() ?? 0) + laterMillis;
        _signed.Add(Sequence(next), record);
        _firstSigned ??= Sequence(next);
        return Sequence(next);
    }

    private ParityMeasurement[] Measure(params ParityReading[] readings)
    {
        var found = new ParityMeasurement[readings.Length];
        ChainParity.Measure(readings, _signed, _firstSigned, Slot, _now, found);
        return found;
    }

    private static PublishSettings Every(int seconds, int bps = 10) => new(Enumerable.Repeat(new PublishCadence(bps, Duration.FromSeconds(seconds)), 6).ToArray());

    private static ParityReading Holding(ulong sequence, FeedRecord record, RecordFields stored = RecordFields.All, PublishSettings? settings = null) =>
        new() { WasRead = true, Landed = new LandedRecord(record, sequence), Stored = stored, Settings = settings ?? Every(3_600) };

    private static ParityReading Empty() => new() { WasRead = true, Landed = null, Stored = RecordFields.All, Settings = Every(3_600) };
}
