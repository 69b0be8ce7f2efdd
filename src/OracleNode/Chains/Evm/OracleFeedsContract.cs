using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>
/// The calls of the OracleFeeds contract that a publisher needs, as bytes. Mirrors <c>IOracleFeeds.sol</c>; results that
/// are not exactly of its form are a <see cref="FormatException"/>.
/// </summary>
internal static class OracleFeedsContract
{
    /// <summary>Words of one <c>FeedData</c>.</summary>
    private const int FeedDataWords = 28;

    private static readonly Hash32 BatchStoredTopic = new(AbiWriter.Hash("BatchStored(uint64,uint16,uint16,bytes)"));

    private static readonly byte[] SubmitSelector = AbiWriter.Selector("submit(bytes)");

    public static byte[] Submit(ReadOnlySpan<byte> envelope) => new AbiWriter("submit(bytes)", 1).Bytes(envelope).ToArray();

    /// <summary>The envelope in the data of a <c>submit</c> call; null when it is another call.</summary>
    /// <exception cref="FormatException">It is a <c>submit</c> with arguments that are none.</exception>
    public static byte[]? ReadSubmit(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith(SubmitSelector)) return null;
        var reader = new AbiReader(data[SubmitSelector.Length..]);
        return reader.BytesAt(reader.ReadSize()).ToArray();
    }

    public static byte[] MaxFutureMillis() => new AbiWriter("maxFutureMillis()", 0).ToArray();

    public static byte[] MaxAttestationAgeMillis() => new AbiWriter("maxAttestationAgeMillis()", 0).ToArray();

    /// <summary>The topics of the event that a stored batch leaves.</summary>
    public static Hash32[] BatchStoredTopics(ulong sequence)
    {
        Span<byte> word = stackalloc byte[Hash32.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(word[24..], sequence);
        return [BatchStoredTopic, new Hash32(word)];
    }

    public static byte[] ReadMany(IReadOnlyList<FeedId> feeds) => new AbiWriter("readMany(bytes32[])", 1).Ids(feeds).ToArray();

    public static byte[] Version() => new AbiWriter("version()", 0).ToArray();

    public static byte[] Deployment() => new AbiWriter("deployment()", 0).ToArray();

    public static byte[] CurrentEpoch() => new AbiWriter("currentEpoch()", 0).ToArray();

    public static byte[] EpochInfo(uint epoch) => new AbiWriter("epochInfo(uint32)", 1).Unsigned(epoch).ToArray();

    public static byte[] SignerKey(uint epoch, byte index) => new AbiWriter("signerKey(uint32,uint8)", 2).Unsigned(epoch).Unsigned(index).ToArray();

    public static byte[] FeedIds() => new AbiWriter("feedIds()", 0).ToArray();

    public static ulong ReadUInt64(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var value = reader.ReadUInt64();
        reader.End();
        return value;
    }

    public static Hash32 ReadBytes32(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var value = reader.ReadBytes32();
        reader.End();
        return value;
    }

    /// <summary>Result of <c>epochInfo</c>.</summary>
    public static (byte Threshold, ushort Signers, ulong ValidUntilUnixSeconds) ReadEpochInfo(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var value = (reader.ReadByte(), (ushort)reader.ReadUnsigned(16), reader.ReadUInt64());
        reader.End();
        return value;
    }

    /// <summary>Result of <c>feedIds</c>.</summary>
    public static FeedId[] ReadIds(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var ids = new FeedId[ReadListLength(ref reader, 1)];
        for (var i = 0; i < ids.Length; i++) ids[i] = new FeedId(reader.ReadWord());
        return ids;
    }

    /// <summary>Result of <c>readMany</c>: one entry per feed asked, in that order, each under the id asked.</summary>
    public static OnChainFeed[] ReadFeeds(ReadOnlySpan<byte> result, IReadOnlyList<FeedId> asked)
    {
        var reader = new AbiReader(result);
        var count = ReadListLength(ref reader, FeedDataWords);
        if (count != asked.Count) throw new FormatException($"{count} feeds instead of {asked.Count}");
        var feeds = new OnChainFeed[count];
        for (var i = 0; i < count; i++) feeds[i] = ReadFeed(ref reader, asked[i]);
        return feeds;
    }

    /// <summary>The records that a <c>submit</c> passed over, from the events of its receipt; null when the contract emitted no event for the sequence.</summary>
    public static SkippedRecord[]? ReadSkipped(IReadOnlyList<EvmLog> logs, EvmAddress contract, ulong sequence)
    {
        foreach (var log in logs)
        {
            if (log.Address != contract || log.Topics.Count != 2 || log.Topics[0] != BatchStoredTopic) continue;
            Span<byte> topic = stackalloc byte[Hash32.Length];
            log.Topics[1].CopyTo(topic);
            if (new AbiReader(topic).ReadUInt64() != sequence) continue;
            var reader = new AbiReader(log.Data.Span);
            reader.ReadUnsigned(16);
            reader.ReadUnsigned(16);
            return SkippedRecord.ReadAll(reader.BytesAt(reader.ReadSize()));
        }

        return null;
    }

    /// <summary>Reads where a list begins and how long it is; its elements, of so many words each, are all that follows.</summary>
    private static int ReadListLength(ref AbiReader reader, int wordsEach)
    {
        var offset = reader.ReadSize();
        if (offset != AbiReader.WordLength) throw new FormatException($"the list begins at byte {offset}, not {AbiReader.WordLength}");
        var count = reader.ReadSize();
        var expected = (long)count * wordsEach * AbiReader.WordLength;
        return reader.Remaining == expected ? count : throw new FormatException($"{reader.Remaining} bytes for {count} elements instead of {expected}");
    }

    private static OnChainFeed ReadFeed(ref AbiReader reader, FeedId asked)
    {
        var id = new FeedId(reader.ReadWord());
        if (id != asked) throw new FormatException($"feed {id} instead of {asked}");
        var proxy = reader.ReadAddress();
        var paused = reader.ReadBool();
        var sequence = reader.ReadUInt64();
        var attestedAt = reader.ReadUInt64();
        if (attestedAt != sequence >> 4) throw new FormatException($"feed {id}: attested at {attestedAt} ms under sequence {sequence}");
        var price = ReadPrice(ref reader);
        var confidence = reader.ReadUInt64();
        var bid = ReadPrice(ref reader);
        var ask = ReadPrice(ref reader);
        var ema = ReadPrice(ref reader);
        var session = (MarketSession)reader.ReadByte();
        var closedReason = (ClosedReason)reader.ReadByte();
        var haltReason = (HaltReason)reader.ReadByte();
        var state = (FeedState)reader.ReadByte();
        var holdReasons = (HoldReasons)reader.ReadUInt32();
        var used = reader.ReadByte();
        var rejected = reader.ReadByte();
        var upstreams = reader.ReadByte();
        var observedAt = reader.ReadUInt64();
        var nextChangeAt = reader.ReadUInt64();
        var maxAge = reader.ReadUInt32();
        var isToken = reader.ReadBool();
        var multiplier = new Multiplier(reader.ReadUnsigned(128));
        var nextMultiplier = new Multiplier(reader.ReadUnsigned(128));
        var activation = reader.ReadUInt64();
        var underlying = ReadPrice(ref reader);
        var stored = reader.ReadBool() ? RecordFields.All : RecordFields.All & ~RecordFields.Detail;
        // The unit is in the id, which is the one asked.
        _ = reader.ReadByte();
        if (sequence == 0) return new OnChainFeed(id, proxy.ToString(), 0, null) { Paused = paused, Stored = stored };

        if (confidence > long.MaxValue || observedAt > long.MaxValue || nextChangeAt > long.MaxValue || activation > long.MaxValue)
        {
            throw new FormatException($"feed {id}: a value of the stored record is beyond 63 bits");
        }

        var record = new FeedRecord
        {
            FeedTag = id.Tag,
            Price = price,
            ConfidenceE8 = (long)confidence,
            Bid = bid,
            Ask = ask,
            Ema = ema,
            Session = session,
            ClosedReason = closedReason,
            HaltReason = haltReason,
            State = state,
            HoldReasons = holdReasons,
            SourcesUsed = used,
            SourcesRejected = rejected,
            Upstreams = upstreams,
            ObservedAtUnixMillis = (long)observedAt,
            NextChangeAtUnixSeconds = (long)nextChangeAt,
            MaxAgeSeconds = maxAge,
            Token = isToken ? new TokenTerms(multiplier, nextMultiplier, (long)activation, underlying) : null,
        };
        // A record that has no encoding was never signed: the endpoint, not the contract, made it up.
        var error = RecordCodec.TryEncode(record, stackalloc byte[RecordCodec.TokenLength]);
        if (error != RecordError.None) throw new FormatException($"feed {id}: the stored record has no encoding ({error})");
        return new OnChainFeed(id, proxy.ToString(), sequence, record) { Paused = paused, Stored = stored };
    }

    /// <summary>Prices of the contract are positive; 0 means none.</summary>
    private static Price ReadPrice(ref AbiReader reader)
    {
        var e8 = reader.ReadInt64();
        return e8 == 0 ? default : Price.TryFromE8(e8, out var price) ? price : throw new FormatException($"price {e8} is negative");
    }
}
