using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Readers;

/// <summary>Reads OracleFeeds and the feeds' aggregator proxies by raw calls, word by word.</summary>
internal sealed class EvmReader(string name, Uri url, string contract) : IChainReader, IAsyncDisposable
{
    // Of the canonical AggregatorV3Interface.
    private const string Decimals = "0x313ce567";
    private const string LatestRoundData = "0xfeaf968c";

    private readonly JsonRpc _rpc = new(url);
    private readonly Dictionary<FeedId, string> _proxies = [];

    public string Name => name;

    public async Task<PublishedRecord?> ReadAsync(FeedId feed) => await ReadAsync(feed, "latest");

    public async Task<PublishedRecord?> ReadAsync(FeedId feed, string block)
    {
        // struct FeedData in IOracleFeeds.sol: 28 words. Read as detailed: a feed that is not would differ from what was signed.
        var words = await WordsAsync(contract, Selector("read(bytes32)") + Hex(feed), block);
        Assert.Equal(28, words.Length);
        Assert.Equal(new BigInteger(feed.ToArray(), isUnsigned: true, isBigEndian: true), words[0]);
        // Token records are those of RawToken, UiToken, WrapperShare and IndicativeShare.
        Assert.Equal(words[27] == 2 || words[27] == 3 || words[27] == 4 || words[27] == 6, words[21] == 1);
        if (words[3].IsZero) return null;
        Assert.Equal(words[3] >> 4, words[4]);
        return new PublishedRecord
        {
            Sequence = (ulong)words[3],
            Price = (long)words[5],
            Confidence = (long)words[6],
            Bid = (long)words[7],
            Ask = (long)words[8],
            Ema = (long)words[9],
            Session = (int)words[10],
            ClosedReason = (int)words[11],
            HaltReason = (int)words[12],
            State = (int)words[13],
            HoldReasons = (uint)words[14],
            SourcesUsed = (int)words[15],
            SourcesRejected = (int)words[16],
            Upstreams = (int)words[17],
            ObservedAtMillis = (long)words[18],
            NextChangeAtSeconds = (long)words[19],
            MaxAgeSeconds = (uint)words[20],
            Multiplier = (UInt128)words[22],
            NextMultiplier = (UInt128)words[23],
            ActivationSeconds = (long)words[24],
            Underlying = (long)words[25],
        };
    }

    /// <summary>What a lending protocol sees: the feed's own proxy, at one block.</summary>
    public async Task<Round> ReadAggregatorAsync(FeedId feed, string block)
    {
        var proxy = await ProxyAsync(feed);
        var decimals = await WordsAsync(proxy, Decimals, block);
        var round = await WordsAsync(proxy, LatestRoundData, block);
        Assert.Single(decimals);
        Assert.Equal(5, round.Length);
        return new Round((int)decimals[0], round[0], round[1], (long)round[2], (long)round[3], round[4]);
    }

    /// <summary>The newest block: its number as calls take it, and its time in Unix seconds.</summary>
    public async Task<(string Number, long Timestamp)> LatestBlockAsync()
    {
        var block = await _rpc.CallAsync("eth_getBlockByNumber", "latest", false);
        return (block.GetProperty("number").GetString()!, (long)Number(block.GetProperty("timestamp").GetString().AsSpan(2)));
    }

    /// <summary>Where consumers read a feed, by the contract's word.</summary>
    public async Task<string> ProxyAsync(FeedId feed)
    {
        if (_proxies.TryGetValue(feed, out var known)) return known;
        var word = (await WordsAsync(contract, Selector("feedProxy(bytes32)") + Hex(feed), "latest"))[0];
        return _proxies[feed] = "0x" + word.ToString("x40", CultureInfo.InvariantCulture)[^40..];
    }

    /// <summary>Every envelope that was stored, oldest first, as its transaction carried it.</summary>
    public async Task<IReadOnlyList<byte[]>> EnvelopesAsync()
    {
        var topic = "0x" + Convert.ToHexStringLower(Keccak("BatchStored(uint64,uint16,uint16,bytes)"));
        var logs = await _rpc.CallAsync("eth_getLogs", new JsonObject { ["address"] = contract, ["fromBlock"] = "earliest", ["toBlock"] = "latest", ["topics"] = new JsonArray(topic) });
        var envelopes = new List<byte[]>();
        foreach (var log in logs.EnumerateArray())
        {
            var transaction = await _rpc.CallAsync("eth_getTransactionByHash", log.GetProperty("transactionHash").GetString());
            var input = Convert.FromHexString(transaction.GetProperty("input").GetString()!.AsSpan(2));
            // submit(bytes): selector, offset, length, bytes.
            var length = (int)new BigInteger(input.AsSpan(36, 32), isUnsigned: true, isBigEndian: true);
            envelopes.Add(input[68..(68 + length)]);
        }

        return envelopes;
    }

    /// <summary>Every record of a feed that a stored batch carried, oldest first, as it was signed.</summary>
    public async Task<IReadOnlyList<PublishedRecord>> RecordsAsync(FeedId feed)
    {
        var records = new List<PublishedRecord>();
        foreach (var envelope in await EnvelopesAsync())
        {
            Assert.Equal(EnvelopeError.None, DecodedEnvelope.TryDecode(envelope, out var decoded));
            foreach (var record in decoded!.Records.Where(r => r.FeedTag == feed.Tag))
            {
                var bytes = new byte[RecordCodec.LengthOf(record)];
                Assert.Equal(RecordError.None, RecordCodec.TryEncode(record, bytes));
                records.Add(SolanaReader.Decode(decoded.Header.Sequence, bytes));
            }
        }

        return records;
    }

    /// <summary>As <see cref="ReadAsync(FeedId)"/>; null also when the contract or what it says is broken.</summary>
    public async Task<PublishedRecord?> TryReadAsync(FeedId feed)
    {
        try
        {
            return await ReadAsync(feed);
        }
        catch (Exception e) when (e is JsonRpcException or OverflowException or Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    /// <summary>The words of the contract's storage that reading a feed looks at.</summary>
    public async Task<IReadOnlyList<string>> SlotsReadAsync(FeedId feed)
    {
        var result = await _rpc.CallAsync("eth_createAccessList", new JsonObject { ["to"] = contract, ["data"] = Selector("read(bytes32)") + Hex(feed) });
        return [.. result.GetProperty("accessList").EnumerateArray()
            .Where(entry => string.Equals(entry.GetProperty("address").GetString(), contract, StringComparison.OrdinalIgnoreCase))
            .SelectMany(entry => entry.GetProperty("storageKeys").EnumerateArray().Select(key => key.GetString()!))];
    }

    /// <summary>A word of the contract's storage, 32 bytes in hex.</summary>
    public async Task<string> StorageAsync(string slot) => (await _rpc.CallAsync("eth_getStorageAt", contract, slot, "latest")).GetString()!;

    /// <summary>Changes a word of the contract's storage past the contract.</summary>
    public Task SetStorageAsync(string slot, string word) => _rpc.CallAsync("anvil_setStorageAt", contract, slot, word);

    /// <summary>Transactions that are in no block yet.</summary>
    public async Task<int> WaitingAsync()
    {
        var pool = await _rpc.CallAsync("txpool_status");
        return (int)(Number(pool.GetProperty("pending").GetString().AsSpan(2)) + Number(pool.GetProperty("queued").GetString().AsSpan(2)));
    }

    public ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<BigInteger[]> WordsAsync(string to, string data, string block)
    {
        var result = (await _rpc.CallAsync("eth_call", new JsonObject { ["to"] = to, ["data"] = data }, block)).GetString()!;
        Assert.Equal(2, result.Length % 64);
        return [.. Enumerable.Range(0, result.Length / 64).Select(i => Number(result.AsSpan(2 + (i * 64), 64)))];
    }

    private static string Selector(string signature) => "0x" + Convert.ToHexStringLower(Keccak(signature).AsSpan(0, 4));

    private static string Hex(FeedId feed) => Convert.ToHexStringLower(feed.ToArray());

    private static BigInteger Number(ReadOnlySpan<char> digits) => BigInteger.Parse($"0{digits}", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte[] Keccak(string text)
    {
        var hash = new byte[Keccak256.Length];
        Keccak256.Hash(Encoding.ASCII.GetBytes(text), hash);
        return hash;
    }
}

/// <summary>The answer of <c>decimals</c> and <c>latestRoundData</c>.</summary>
internal sealed record Round(int Decimals, BigInteger RoundId, BigInteger Answer, long StartedAt, long UpdatedAt, BigInteger AnsweredInRound);
