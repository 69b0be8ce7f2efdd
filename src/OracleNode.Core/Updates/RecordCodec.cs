using System.Buffers.Binary;
using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>
/// The canonical bytes of a <see cref="FeedRecord"/> (layout in <c>Updates/README.md</c>). Encoding and decoding apply
/// the same checks, so that every accepted byte string re-encodes to itself and our own mistakes are refused too.
/// </summary>
public static class RecordCodec
{
    /// <summary>Bytes of a share record.</summary>
    public const int ShareLength = 65;

    /// <summary>Bytes of a token record.</summary>
    public const int TokenLength = 110;

    /// <summary>Type byte of a share record.</summary>
    public const byte ShareType = 1;

    /// <summary>Type byte of a token record.</summary>
    public const byte TokenType = 2;

    private const long MaxU48 = (1L << 48) - 1;
    private const long MaxU40 = (1L << 40) - 1;
    private const long Absent = -(1L << 47);
    private const long MaxI48 = (1L << 47) - 1;
    private const uint DefinedHoldReasons = 0xFFFF;

    /// <summary>Bytes that <paramref name="record"/> takes.</summary>
    public static int LengthOf(in FeedRecord record) => record.Token is null ? ShareLength : TokenLength;

    /// <summary>Bytes of a record whose first byte is <paramref name="type"/>; 0 for an unknown type.</summary>
    public static int LengthOfType(byte type) => type switch { ShareType => ShareLength, TokenType => TokenLength, _ => 0 };

    /// <summary>Writes the canonical bytes into the first <see cref="LengthOf"/> bytes of <paramref name="destination"/>.</summary>
    /// <returns><see cref="RecordError.None"/>, or why the record has no canonical encoding (it must be held, not published).</returns>
    public static RecordError TryEncode(in FeedRecord record, Span<byte> destination)
    {
        if (destination.Length < LengthOf(record)) return RecordError.Length;
        var error = Check(record);
        if (error != RecordError.None) return error;

        var price = record.Price.E8;
        destination[0] = record.Token is null ? ShareType : TokenType;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], record.FeedTag);
        BinaryPrimitives.WriteInt64BigEndian(destination[9..], price);
        Write48(destination[17..], record.ConfidenceE8);
        Write48(destination[23..], OffsetOf(record.Bid, price));
        Write48(destination[29..], OffsetOf(record.Ask, price));
        Write48(destination[35..], OffsetOf(record.Ema, price));
        destination[41] = (byte)(((byte)record.Session << 4) | (byte)record.ClosedReason);
        destination[42] = (byte)(((byte)record.HaltReason << 4) | (byte)record.State);
        BinaryPrimitives.WriteUInt32BigEndian(destination[43..], (uint)record.HoldReasons);
        destination[47] = record.SourcesUsed;
        destination[48] = record.SourcesRejected;
        destination[49] = record.Upstreams;
        Write48(destination[50..], record.ObservedAtUnixMillis);
        Write40(destination[56..], record.NextChangeAtUnixSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[61..], record.MaxAgeSeconds);
        if (record.Token is { } token)
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination[65..], token.Multiplier.E18);
            BinaryPrimitives.WriteUInt128BigEndian(destination[81..], token.NextMultiplier.E18);
            Write40(destination[97..], token.ActivationUnixSeconds);
            BinaryPrimitives.WriteInt64BigEndian(destination[102..], token.Underlying.E8);
        }

        return RecordError.None;
    }

    /// <summary>Reads exactly one record from exactly its bytes; refuses anything that is not canonical.</summary>
    public static RecordError TryDecode(ReadOnlySpan<byte> source, out FeedRecord record)
    {
        record = default;
        if (source.IsEmpty) return RecordError.Length;
        var length = LengthOfType(source[0]);
        if (length == 0) return RecordError.Type;
        if (source.Length != length) return RecordError.Length;

        var priceE8 = BinaryPrimitives.ReadInt64BigEndian(source[9..]);
        if (!Price.TryFromE8(priceE8, out var price)) return RecordError.Price;
        if (!TryReadOffset(source[23..], priceE8, out var bid)) return RecordError.BidAsk;
        if (!TryReadOffset(source[29..], priceE8, out var ask)) return RecordError.BidAsk;
        if (!TryReadOffset(source[35..], priceE8, out var ema)) return RecordError.Ema;

        TokenTerms? token = null;
        if (length == TokenLength)
        {
            if (!Price.TryFromE8(BinaryPrimitives.ReadInt64BigEndian(source[102..]), out var underlying)) return RecordError.Underlying;
            token = new TokenTerms(
                new Multiplier(BinaryPrimitives.ReadUInt128BigEndian(source[65..])),
                new Multiplier(BinaryPrimitives.ReadUInt128BigEndian(source[81..])),
                Read40(source[97..]),
                underlying);
        }

        var decoded = new FeedRecord
        {
            FeedTag = BinaryPrimitives.ReadUInt64BigEndian(source[1..]),
            Price = price,
            ConfidenceE8 = ReadUnsigned48(source[17..]),
            Bid = bid,
            Ask = ask,
            Ema = ema,
            Session = (MarketSession)(source[41] >> 4),
            ClosedReason = (ClosedReason)(source[41] & 0x0F),
            HaltReason = (HaltReason)(source[42] >> 4),
            State = (FeedState)(source[42] & 0x0F),
            HoldReasons = (HoldReasons)BinaryPrimitives.ReadUInt32BigEndian(source[43..]),
            SourcesUsed = source[47],
            SourcesRejected = source[48],
            Upstreams = source[49],
            ObservedAtUnixMillis = ReadUnsigned48(source[50..]),
            NextChangeAtUnixSeconds = Read40(source[56..]),
            MaxAgeSeconds = BinaryPrimitives.ReadUInt32BigEndian(source[61..]),
            Token = token,
        };
        var error = Check(decoded);
        if (error == RecordError.None) record = decoded;
        return error;
    }

    /// <summary>Why a record has no canonical encoding, or <see cref="RecordError.None"/>. Allocates nothing.</summary>
    public static RecordError Check(in FeedRecord record)
    {
        var price = record.Price.E8;
        if (price <= 0) return RecordError.Price;
        if (record.ConfidenceE8 is < 0 or > MaxU48) return RecordError.Confidence;
        if (record.Bid.IsNone != record.Ask.IsNone) return RecordError.BidAsk;
        if (!record.Bid.IsNone && (record.Bid > record.Ask || !Fits(record.Bid, price) || !Fits(record.Ask, price))) return RecordError.BidAsk;
        if (!record.Ema.IsNone && !Fits(record.Ema, price)) return RecordError.Ema;
        if (record.Session > MarketSession.Closed || record.ClosedReason > ClosedReason.SessionGap) return RecordError.Session;
        if (record.Session != MarketSession.Closed && record.ClosedReason != ClosedReason.None) return RecordError.Session;
        if (record.HaltReason > HaltReason.Other) return RecordError.HaltReason;
        if (record.State is FeedState.Unknown or > FeedState.Closed) return RecordError.State;
        if (((uint)record.HoldReasons & ~DefinedHoldReasons) != 0) return RecordError.HoldReasons;
        if (record.Upstreams > record.SourcesUsed) return RecordError.Counts;
        if (record.ObservedAtUnixMillis is <= 0 or > MaxU48) return RecordError.ObservedAt;
        if (record.NextChangeAtUnixSeconds is < 0 or > MaxU40) return RecordError.NextChangeAt;
        if (record.MaxAgeSeconds == 0) return RecordError.MaxAge;
        if (record.Token is not { } token) return RecordError.None;

        if (token.Multiplier.IsNone) return RecordError.Multiplier;
        if (token.ActivationUnixSeconds is < 0 or > MaxU40) return RecordError.Activation;
        if (!token.NextMultiplier.IsNone && token.ActivationUnixSeconds == 0) return RecordError.Activation;
        return token.Underlying.IsNone ? RecordError.Underlying : RecordError.None;
    }

    /// <summary>Prices are positive 64-bit integers, so their difference cannot overflow.</summary>
    private static bool Fits(Price value, long price) => value.E8 - price is > Absent and <= MaxI48;

    private static long OffsetOf(Price value, long price) => value.IsNone ? Absent : value.E8 - price;

    private static bool TryReadOffset(ReadOnlySpan<byte> source, long price, out Price value)
    {
        var offset = ReadSigned48(source);
        value = default;
        if (offset == Absent) return true;
        return offset <= long.MaxValue - price && Price.TryFromE8(price + offset, out value);
    }

    private static void Write48(Span<byte> destination, long value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, unchecked((ushort)(value >> 32)));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], unchecked((uint)value));
    }

    private static long ReadUnsigned48(ReadOnlySpan<byte> source) =>
        ((long)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]);

    private static long ReadSigned48(ReadOnlySpan<byte> source) =>
        ((long)BinaryPrimitives.ReadInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]);

    private static void Write40(Span<byte> destination, long value)
    {
        destination[0] = unchecked((byte)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], unchecked((uint)value));
    }

    private static long Read40(ReadOnlySpan<byte> source) =>
        ((long)source[0] << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[1..]);
}
