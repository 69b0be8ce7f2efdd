using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Updates;

public class EvidenceCodecTests
{
    [Fact]
    public void Evidence_EncodedAndDecoded_IsTheSame()
    {
        foreach (var evidence in new[] { Sample(), Sample() with { Multiplier = null, Inputs = [] }, WithReserve(), WithReserve() with { Inputs = Sample().Inputs } })
        {
            var bytes = EvidenceCodec.Encode(evidence);
            Assert.Equal(EvidenceCodec.LengthOf(evidence.Inputs.Count, evidence.Reserve is not null), bytes.Length);
            Assert.True(EvidenceCodec.TryDecode(bytes, out var decoded));
            Assert.Equal(evidence with { Inputs = [] }, decoded with { Inputs = [] });
            Assert.Equal(evidence.Inputs, decoded.Inputs);
        }
    }

    [Fact]
    public void Decision_Encoded_IsWhatItsEvidenceEncodesTo()
    {
        var harness = new FoldHarness();
        harness.All(40_000, 0);
        var decision = harness.Fold.Tick(FoldHarness.At(0), FoldHarness.Regular);
        var calendar = CalendarFixture.Listed.Fingerprint.Span;
        var bytes = EvidenceCodec.Encode(7, decision, null, default, calendar);
        Assert.True(EvidenceCodec.TryDecode(bytes, out var evidence));
        Assert.Equal((7ul, FeedState.Live, DecisionReason.Accepted), (evidence.FeedTag, evidence.State, evidence.Reason));
        Assert.Equal(decision.DecidedAt, evidence.DecidedAt);
        Assert.Equal(new Hash32(calendar), evidence.Calendar);
        Assert.Equal(decision.Inputs.ToArray(), evidence.Inputs);
    }

    [Fact]
    public void EveryBit_Changed_ChangesTheRoot()
    {
        var good = EvidenceCodec.Encode(Sample());
        var root = EvidenceCodec.RootOf([good, good]);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 1;
            Assert.NotEqual(root, EvidenceCodec.RootOf([good, bad]));
        }
    }

    [Fact]
    public void AnyBytes_Decoded_AreCanonicalOrRefused()
    {
        var random = new Random(5);
        var good = EvidenceCodec.Encode(Sample());
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var i = random.Next(1, 5); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            if (EvidenceCodec.TryDecode(bytes, out var evidence)) Assert.Equal(bytes, EvidenceCodec.Encode(evidence));
        }
    }

    [Fact]
    public void AnyBytesOfAReserve_Decoded_AreCanonicalOrRefused()
    {
        var good = EvidenceCodec.Encode(WithReserve());
        Assert.Equal(EvidenceCodec.VersionWithReserve, good[0]);
        for (var length = 0; length < good.Length; length++) Assert.False(EvidenceCodec.TryDecode(good.AsSpan(0, length), out _));
        foreach (var version in new byte[] { 0, 1, 3 }) Assert.False(EvidenceCodec.TryDecode([version, .. good.AsSpan(1)], out _));
        for (var i = 0; i < good.Length; i++)
        {
            var bytes = (byte[])good.Clone();
            bytes[i] ^= 0x81;
            if (EvidenceCodec.TryDecode(bytes, out var evidence)) Assert.Equal(bytes, EvidenceCodec.Encode(evidence));
        }
    }

    [Fact]
    public void Root_OfOne_IsTheHashOfItsBytes()
    {
        var bytes = EvidenceCodec.Encode(Sample());
        var hash = new byte[32];
        Keccak256.Hash(bytes, hash);
        Assert.Equal(new Hash32(hash), EvidenceCodec.RootOf([bytes]));
    }

    [Fact]
    public void CalendarsThatDiffer_Fingerprinted_Differ()
    {
        var text = System.Text.Encoding.UTF8.GetString(CalendarFixture.Json);
        var other = TradingCalendar.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"unscheduledClosures\": {", "\"unscheduledClosures\": { \"2026-06-10\": \"a test\",", StringComparison.Ordinal)));
        var spaced = TradingCalendar.Parse(System.Text.Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" \r\n ")));
        Assert.False(other.Fingerprint.Span.SequenceEqual(CalendarFixture.Listed.Fingerprint.Span));
        Assert.True(spaced.Fingerprint.Span.SequenceEqual(CalendarFixture.Listed.Fingerprint.Span));
    }

    private static FeedEvidence WithReserve() => Sample() with
    {
        Multiplier = null,
        Inputs = [],
        Reserve = new ReserveAmounts(UInt128.MaxValue, 1_000 * Multiplier.One.E18, FoldHarness.At(-86_400)),
    };

    private static FeedEvidence Sample() => new()
    {
        FeedTag = 0x440965b4a7b72d07,
        DecidedAt = FoldHarness.At(1.5),
        State = FeedState.Held,
        Reason = DecisionReason.MiddlesDisagree,
        HoldReasons = HoldReasons.Disagreement | HoldReasons.Spread,
        Session = MarketSession.Regular,
        ClosedReason = ClosedReason.None,
        HaltReason = HaltReason.News,
        Settings = new Hash32([.. Enumerable.Range(0, 32).Select(i => (byte)i)]),
        Calendar = new Hash32(CalendarFixture.Listed.Fingerprint.Span),
        Multiplier = new MultiplierTerms(Multiplier.One, new Multiplier(2 * Multiplier.One.E18), FoldHarness.At(60), FoldHarness.At(-3)),
        Inputs =
        [
            new(new SourceId(0), new UpstreamId(10), InputReason.NotPublished, ObservationKind.Quote, FoldHarness.Cents(40_000), FoldHarness.Cents(39_999), FoldHarness.Cents(40_001), FoldHarness.At(1)),
            new(new SourceId(300), new UpstreamId(11), InputReason.NoData, ObservationKind.None, default, default, default, default),
        ],
    };
}
