using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OracleNode.Market;
using SimpleBase;

namespace OracleNode.Readers;

/// <summary>Reads feed accounts and mints byte by byte, as <c>src/onchain/solana/README.md</c> and Token-2022 lay them out.</summary>
internal sealed class SolanaReader(string name, Uri url, string baseKey, string program, ulong deployment) : IChainReader, IAsyncDisposable
{
    private const int FeedAccountLength = 240;
    private const int RecordOffset = 128;
    private const long Absent = -(1L << 47);

    private readonly JsonRpc _rpc = new(url);

    public string Name => name;

    public async Task<PublishedRecord?> ReadAsync(FeedId feed)
    {
        var (owner, account) = await AccountAsync(AddressOf(feed));
        Assert.Equal(program, owner);
        Assert.Equal(FeedAccountLength, account.Length);
        Assert.Equal("ONFed"u8.ToArray(), account[..5]);
        Assert.Equal(2, account[5]);
        Assert.Equal(8, account[9]);
        Assert.Equal(feed.ToArray(), account[16..48]);
        var sequence = BinaryPrimitives.ReadUInt64LittleEndian(account.AsSpan(96));
        if (sequence == 0) return null;
        var length = account[7] switch { 1 => 65, 2 => 110, _ => 0 };
        Assert.True(account.AsSpan(RecordOffset + length).IndexOfAnyExcept((byte)0) < 0, "bytes after the record are not zero");
        var record = account.AsSpan(RecordOffset, length);
        Assert.Equal(feed.Tag, BinaryPrimitives.ReadUInt64BigEndian(record[1..]));
        Assert.Equal(Unsigned(record.Slice(50, 6)), BinaryPrimitives.ReadInt64LittleEndian(account.AsSpan(120)));
        return Decode(sequence, record);
    }

    /// <summary>The record's bytes, by the offsets of <c>Updates/README.md</c>.</summary>
    public static PublishedRecord Decode(ulong sequence, ReadOnlySpan<byte> record)
    {
        var isToken = record.Length == 110;
        Assert.Equal(isToken ? 2 : 1, record[0]);
        Assert.Equal(isToken ? 110 : 65, record.Length);
        var price = BinaryPrimitives.ReadInt64BigEndian(record[9..]);
        return new PublishedRecord
        {
            Sequence = sequence,
            Price = price,
            Confidence = Unsigned(record.Slice(17, 6)),
            Bid = Offset(record.Slice(23, 6), price),
            Ask = Offset(record.Slice(29, 6), price),
            Ema = Offset(record.Slice(35, 6), price),
            Session = record[41] >> 4,
            ClosedReason = record[41] & 15,
            HaltReason = record[42] >> 4,
            State = record[42] & 15,
            HoldReasons = BinaryPrimitives.ReadUInt32BigEndian(record[43..]),
            SourcesUsed = record[47],
            SourcesRejected = record[48],
            Upstreams = record[49],
            ObservedAtMillis = Unsigned(record.Slice(50, 6)),
            NextChangeAtSeconds = Unsigned(record.Slice(56, 5)),
            MaxAgeSeconds = BinaryPrimitives.ReadUInt32BigEndian(record[61..]),
            Multiplier = isToken ? BinaryPrimitives.ReadUInt128BigEndian(record[65..]) : 0,
            NextMultiplier = isToken ? BinaryPrimitives.ReadUInt128BigEndian(record[81..]) : 0,
            ActivationSeconds = isToken ? Unsigned(record.Slice(97, 5)) : 0,
            Underlying = isToken ? BinaryPrimitives.ReadInt64BigEndian(record[102..]) : 0,
        };
    }

    /// <summary>The ScaledUiAmount extension of a mint: the multiplier's bits before and after the switch, and the switch in Unix seconds.</summary>
    public async Task<(long Bits, long NewBits, long EffectiveAt)> ReadMintAsync(string mint)
    {
        var (_, account) = await AccountAsync(mint);
        // Base mint padded to 165 bytes, account type, then entries of type, length, value.
        for (var at = 166; at + 4 <= account.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16LittleEndian(account.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16LittleEndian(account.AsSpan(at + 2));
            var value = account.AsSpan(at + 4, length);
            if (type == 25) return (BinaryPrimitives.ReadInt64LittleEndian(value[32..]), BinaryPrimitives.ReadInt64LittleEndian(value[48..]), BinaryPrimitives.ReadInt64LittleEndian(value[40..]));
            at += 4 + length;
        }

        throw new InvalidDataException($"{mint} has no ScaledUiAmount extension.");
    }

    public ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>createWithSeed(base, hex(deployment) || hex(feedTag), program).</summary>
    private string AddressOf(FeedId feed)
    {
        byte[] seeded = [.. Base58.Bitcoin.Decode(baseKey), .. Encoding.ASCII.GetBytes($"{deployment:x16}{feed.Tag:x16}"), .. Base58.Bitcoin.Decode(program)];
        return Base58.Bitcoin.Encode(SHA256.HashData(seeded));
    }

    private async Task<(string Owner, byte[] Data)> AccountAsync(string address)
    {
        var result = await _rpc.CallAsync("getAccountInfo", address, new JsonObject { ["encoding"] = "base64" });
        var account = result.GetProperty("value");
        return (account.GetProperty("owner").GetString()!, Convert.FromBase64String(account.GetProperty("data")[0].GetString()!));
    }

    private static long Unsigned(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes) value = (value << 8) | b;
        return value;
    }

    private static long Offset(ReadOnlySpan<byte> bytes, long price)
    {
        var offset = Unsigned(bytes) << 16 >> 16;
        return offset == Absent ? 0 : price + offset;
    }
}
