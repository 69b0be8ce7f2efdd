using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Updates;

public class RecordCodecTests
{
    private static readonly FeedRecord Share = new()
    {
        FeedTag = 0x0123456789ABCDEF,
        Price = Price.FromE8(25_000_000_000),
        ConfidenceE8 = 1_000,
        Bid = Price.FromE8(24_999_000_000),
        Ask = Price.FromE8(25_001_000_000),
        Session = MarketSession.Regular,
        State = FeedState.Live,
        SourcesUsed = 3,
        Upstreams = 3,
        ObservedAtUnixMillis = 1_781_098_200_000,
        MaxAgeSeconds = 90,
    };

    [Fact]
    public void ShareRecord_Encoded_Takes65Bytes() => Assert.Equal(65, RecordCodec.LengthOf(Share));

    [Fact]
    public void TokenRecord_Encoded_Takes110Bytes() =>
        Assert.Equal(110, RecordCodec.LengthOf(Share with { Token = new TokenTerms(Multiplier.One, default, 0, Share.Price) }));

    [Fact]
    public void Record_DestinationTooShort_IsRefused() => Assert.Equal(RecordError.Length, RecordCodec.TryEncode(Share, new byte[64]));

    public static TheoryData<RecordError, FeedRecord> Unencodable => new()
    {
        { RecordError.Price, Share with { Price = default } },
        { RecordError.Confidence, Share with { ConfidenceE8 = -1 } },
        { RecordError.Confidence, Share with { ConfidenceE8 = 1L << 48 } },
        { RecordError.BidAsk, Share with { Bid = default } },
        { RecordError.BidAsk, Share with { Ask = default } },
        { RecordError.BidAsk, Share with { Bid = Share.Ask, Ask = Share.Bid } },
        { RecordError.BidAsk, Share with { Ask = Price.FromE8(Share.Price.E8 + (1L << 47)) } },
        { RecordError.Ema, Share with { Ema = Price.FromE8(Share.Price.E8 + (1L << 47)) } },
        { RecordError.Session, Share with { Session = (MarketSession)6 } },
        { RecordError.Session, Share with { ClosedReason = ClosedReason.Weekend } },
        { RecordError.HaltReason, Share with { HaltReason = (HaltReason)10 } },
        { RecordError.State, Share with { State = FeedState.Unknown } },
        { RecordError.HoldReasons, Share with { HoldReasons = (HoldReasons)(1u << 16) } },
        { RecordError.Counts, Share with { Upstreams = 4 } },
        { RecordError.ObservedAt, Share with { ObservedAtUnixMillis = 0 } },
        { RecordError.NextChangeAt, Share with { NextChangeAtUnixSeconds = 1L << 40 } },
        { RecordError.MaxAge, Share with { MaxAgeSeconds = 0 } },
        { RecordError.Multiplier, Share with { Token = new TokenTerms(default, default, 0, Share.Price) } },
        { RecordError.Activation, Share with { Token = new TokenTerms(Multiplier.One, Multiplier.One, 0, Share.Price) } },
        { RecordError.Activation, Share with { Token = new TokenTerms(Multiplier.One, default, 1L << 40, Share.Price) } },
        { RecordError.Underlying, Share with { Token = new TokenTerms(Multiplier.One, default, 0, default) } },
    };

    [Theory]
    [MemberData(nameof(Unencodable))]
    public void Record_WithoutCanonicalEncoding_IsRefusedWithItsReason(RecordError error, FeedRecord record) =>
        Assert.Equal((error, error), (RecordCodec.TryEncode(record, new byte[RecordCodec.TokenLength]), RecordCodec.Check(record)));

    [Theory]
    [InlineData(1L)]
    [InlineData((1L << 40) - 1)]
    public void ActivationWithoutStagedMultiplier_Encoded_DecodesToItself(long activation)
    {
        var record = Share with { Token = new TokenTerms(Multiplier.One, default, activation, Share.Price) };
        var bytes = new byte[RecordCodec.TokenLength];
        Assert.Equal(RecordError.None, RecordCodec.TryEncode(record, bytes));
        Assert.Equal(RecordError.None, RecordCodec.TryDecode(bytes, out var decoded));
        Assert.Equal(record, decoded);
    }

    [Property(MaxTest = 2_000)]
    public void AnyBytes_Decoded_AreRefusedOrEncodeToThemselves(byte[] tail, bool token)
    {
        var bytes = new byte[token ? RecordCodec.TokenLength : RecordCodec.ShareLength];
        tail.AsSpan(0, Math.Min(tail.Length, bytes.Length)).CopyTo(bytes);
        bytes[0] = token ? RecordCodec.TokenType : RecordCodec.ShareType;
        AssertRefusedOrCanonical(bytes);
    }

    [Property(MaxTest = 5_000)]
    public void AGoodRecord_AnyByteChanged_IsRefusedOrEncodesToItself(byte at, byte value)
    {
        var bytes = new byte[RecordCodec.ShareLength];
        Assert.Equal(RecordError.None, RecordCodec.TryEncode(Share, bytes));
        bytes[at % bytes.Length] = value;
        AssertRefusedOrCanonical(bytes);
    }

    [Property(MaxTest = 2_000)]
    public void AnyRecord_Encoded_DecodesToItself(PositiveInt price, NonNegativeInt spread, NonNegativeInt confidence, byte used, byte rejected, uint maxAge)
    {
        var record = Share with
        {
            Price = Price.FromE8(price.Get),
            Bid = Price.FromE8(Math.Max(1, price.Get - (long)spread.Get)),
            Ask = Price.FromE8(price.Get + (long)spread.Get),
            ConfidenceE8 = confidence.Get,
            SourcesUsed = used,
            SourcesRejected = rejected,
            Upstreams = (byte)(used / 2),
            MaxAgeSeconds = Math.Max(1, maxAge),
        };
        var bytes = new byte[RecordCodec.LengthOf(record)];
        Assert.Equal(RecordError.None, RecordCodec.TryEncode(record, bytes));
        Assert.Equal(RecordError.None, RecordCodec.TryDecode(bytes, out var decoded));
        Assert.Equal(record, decoded);
    }

    private static void AssertRefusedOrCanonical(byte[] bytes)
    {
        if (RecordCodec.TryDecode(bytes, out var record) != RecordError.None)
        {
            Assert.Equal(default, record);
            return;
        }

        Assert.True(record.Price.E8 > 0);
        var again = new byte[RecordCodec.LengthOf(record)];
        Assert.Equal(RecordError.None, RecordCodec.TryEncode(record, again));
        Assert.Equal(bytes, again);
    }
}
