using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NSec.Cryptography;
using OracleNode.Market;
using OracleNode.Updates;
using OracleNode.Verification;

namespace OracleNode.Chains.Evm;

/// <summary>The search for a transaction on a long chain behind endpoints that are not what one wishes; the real engine is tested end to end.</summary>
public sealed class EvmEvidenceTests : IDisposable
{
    private const string Contract = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

    // Four blocks a second, as on Arbitrum, for about two years.
    private const ulong Newest = 250_000_000;
    private const ulong NewestSeconds = 1_781_098_200;

    private static readonly FeedId Feed = new(Enumerable.Repeat((byte)7, 32).ToArray());
    private static readonly Hash32 Transaction = new(Enumerable.Repeat((byte)9, 32).ToArray());

    private readonly Key _key = Key.Create(SignatureAlgorithm.Ed25519);
    private readonly List<(ulong From, ulong To)> _ranges = [];
    private readonly FakeEndpoint _endpoint = new();

    public void Dispose()
    {
        _key.Dispose();
        _endpoint.Dispose();
    }

    [Theory]
    [InlineData(10UL, ulong.MaxValue)]
    [InlineData(3_600UL, ulong.MaxValue)]
    [InlineData(40_000_000UL, ulong.MaxValue)]
    [InlineData(3_600UL, 50UL)]
    public async Task Transaction_OfALongChain_IsFoundInItsTime(ulong secondsAgo, ulong mostBlocks)
    {
        var batch = Chain(secondsAgo, mostBlocks: mostBlocks);
        var evidence = await FindAsync();
        Assert.Null(evidence.TransactionProblem);
        Assert.Equal(Transaction.ToString(), evidence.Transaction!.Id);
        Assert.Equal(batch.Header, evidence.Transaction.Decoded.Header);
        // Back to the time by halves, not block by block.
        Assert.InRange(_endpoint.Asked.Count, 1, 120);

        var report = RecordVerification.OfChain(evidence, Feed, "TSLA", "fake", 42);
        Assert.True(report.Verified, report.ToText());
    }

    [Fact]
    public async Task Transaction_ThatTheChainDoesNotShow_IsSaidWithTheBlocksSearched()
    {
        Chain(3_600, hasLog: false);
        var evidence = await FindAsync();
        Assert.Null(evidence.Transaction);
        Assert.Contains("no transaction of sequence", evidence.TransactionProblem, StringComparison.Ordinal);
        // The hour of the contract's limits is searched, not the two years of the chain.
        Assert.InRange(_ranges.Max(r => r.To) - _ranges.Min(r => r.From), 1UL, 20_000UL);
        Assert.False(RecordVerification.OfChain(evidence, Feed, "TSLA", "fake", 42).Verified);
    }

    [Fact]
    public async Task Endpoint_ThatTakesAlmostNoRange_EndsAtTheLimit()
    {
        Chain(20_000, hasLog: false, maxAgeMillis: 86_400_000, mostBlocks: 10);
        var evidence = await FindAsync();
        Assert.Contains("the search ends after", evidence.TransactionProblem, StringComparison.Ordinal);
        Assert.InRange(_ranges.Count, 1, 400);
    }

    [Fact]
    public async Task Transaction_ThatTheEndpointDropped_IsSaid()
    {
        Chain(3_600);
        _endpoint.On("eth_getTransactionByHash", "null");
        Assert.Contains("ask an archive", (await FindAsync()).TransactionProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transaction_ThatAnotherContractPassedOn_IsSaid()
    {
        Chain(3_600);
        _endpoint.On("eth_getTransactionByHash", $$"""{"hash":"{{Transaction}}","to":"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","input":"0x12345678"}""");
        Assert.Contains("passed the batch on", (await FindAsync()).TransactionProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x12345678")]
    public async Task Transaction_WithAlienData_IsNoEvidence(string input)
    {
        Chain(3_600);
        _endpoint.On("eth_getTransactionByHash", $$"""{"hash":"{{Transaction}}","to":"{{Contract}}","input":"{{input}}"}""");
        Assert.Contains("hold no envelope", (await FindAsync()).TransactionProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_OfAnotherId_IsNotRegistered()
    {
        Chain(3_600);
        var evidence = await Evidence().FindAsync(new FeedId(new byte[32]), TestContext.Current.CancellationToken);
        Assert.Contains("not among the 1 registered", evidence.StoredProblem, StringComparison.Ordinal);
    }

    /// <summary>Whatever an endpoint answers, the search ends, in evidence or a <see cref="ChainException"/>.</summary>
    [Property(MaxTest = 500)]
    public Property AnyAnswers_Searched_EndWithoutAnotherException() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string[] wild = ["null", "true", "[]", "{}", "\"0x\"", "\"0x0\"", "\"0xffffffffffffffff\"", "\"0x" + new string('f', 64) + "\"", "{\"number\":\"0xffffffffffffffff\",\"timestamp\":\"0x1\",\"baseFeePerGas\":\"0x1\"}", "{\"number\":\"0x1\",\"timestamp\":\"0xffffffffffffffff\",\"baseFeePerGas\":\"0x1\"}", "[null]", "[{}]"];
        Chain((ulong)random.Next(1, 100_000));
        foreach (var method in (string[])["eth_getBlockByNumber", "eth_getLogs", "eth_getTransactionByHash", "eth_call", "eth_getCode"])
        {
            if (random.Next(3) == 0) _endpoint.On(method, wild[random.Next(wild.Length)]);
        }

        try
        {
            var evidence = FindAsync().GetAwaiter().GetResult();
            RecordVerification.OfChain(evidence, Feed, "TSLA", "fake", 42).ToText();
        }
        catch (ChainException)
        {
        }
    });

    private Task<ChainEvidence> FindAsync() => Evidence().FindAsync(Feed, TestContext.Current.CancellationToken);

    private EvmEvidence Evidence() => new(
        new EvmOptions { Name = "fake", RpcUrl = "http://localhost:1", ChainId = 42161, Contract = Contract, MaxRetries = 0 }, _endpoint.Client(), TimeProvider.System);

    /// <summary>A chain that stored one record some time ago.</summary>
    private SignedBatch Chain(ulong secondsAgo, bool hasLog = true, ulong maxAgeMillis = 3_600_000, ulong mostBlocks = ulong.MaxValue)
    {
        var attestedSeconds = NewestSeconds - secondsAgo;
        var sequence = attestedSeconds * 1000 * 16;
        var record = new FeedRecord
        {
            FeedTag = Feed.Tag,
            Price = Price.FromE8(400 * Price.One),
            ConfidenceE8 = 1,
            Session = MarketSession.Regular,
            State = FeedState.Live,
            ObservedAtUnixMillis = ((long)attestedSeconds * 1000) - 5,
            MaxAgeSeconds = 60,
        };
        var unsigned = UnsignedBatch.Create(42, 1, sequence, [(Feed, record)]);
        var publicKey = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        var batch = unsigned.WithSignatures(new BatchSignature(0, publicKey, SignatureAlgorithm.Ed25519.Sign(_key, unsigned.Message())));
        var landed = Newest - ((secondsAgo - 2) * 4);
        var topics = OracleFeedsContract.BatchStoredTopics(sequence);
        _ranges.Clear();
        _endpoint.Asked.Clear();
        _endpoint
            .On("eth_chainId", "\"0xa4b1\"")
            .On("eth_getCode", "\"0x01\"")
            .On("eth_getBlockByNumber", p => Block(p[0].GetString() == "latest" ? Newest : ulong.Parse(p[0].GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .On("eth_call", p => Call(p[0].GetProperty("data").GetString()!, sequence, record, publicKey, maxAgeMillis))
            .On("eth_getTransactionByHash", $$"""{"hash":"{{Transaction}}","to":"{{Contract}}","input":"{{EvmHex.Data(OracleFeedsContract.Submit(BatchEnvelope.Encode(batch)))}}"}""")
            .On("eth_getLogs", p =>
            {
                var from = ulong.Parse(p[0].GetProperty("fromBlock").GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var to = ulong.Parse(p[0].GetProperty("toBlock").GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (to - from >= mostBlocks) throw new FakeEndpoint.Fault(-32602, $"at most {mostBlocks} blocks");
                _ranges.Add((from, to));
                return hasLog && from <= landed && landed <= to
                    ? $$"""[{"address":"{{Contract}}","topics":["{{topics[0]}}","{{topics[1]}}"],"data":"0x{{Word(0)}}{{Word(1)}}{{Word(96)}}{{Word(0)}}","transactionHash":"{{Transaction}}","blockNumber":"{{EvmHex.Quantity(landed)}}"}]"""
                    : "[]";
            });
        return batch;
    }

    private static string Block(ulong number) =>
        $$"""{"number":"{{EvmHex.Quantity(number)}}","timestamp":"{{EvmHex.Quantity(NewestSeconds - ((Newest - number) / 4))}}","baseFeePerGas":"0x1"}""";

    private static string Call(string data, ulong sequence, FeedRecord record, byte[] publicKey, ulong maxAgeMillis)
    {
        var selector = data[..10];
        bool Is(string signature) => selector == EvmHex.Data(AbiWriter.Selector(signature));
        var id = Convert.ToHexStringLower(Feed.ToArray());
        var words = true switch
        {
            _ when Is("deployment()") => Word(42),
            _ when Is("maxFutureMillis()") => Word(5_000),
            _ when Is("maxAttestationAgeMillis()") => Word(maxAgeMillis),
            _ when Is("epochInfo(uint32)") => Word(1) + Word(1) + Word(ulong.MaxValue),
            _ when Is("signerKey(uint32,uint8)") => Convert.ToHexStringLower(publicKey),
            _ when Is("feedIds()") => Word(32) + Word(1) + id,
            _ when Is("readMany(bytes32[])") => Word(32) + Word(1) + id + Word(1) + Word(0) + Word(sequence) + Word(sequence >> 4)
                + Word((ulong)record.Price.E8) + Word((ulong)record.ConfidenceE8) + Word(0) + Word(0) + Word(0)
                + Word((ulong)record.Session) + Word(0) + Word(0) + Word((ulong)record.State) + Word(0) + Word(0) + Word(0) + Word(0)
                + Word((ulong)record.ObservedAtUnixMillis) + Word(0) + Word(record.MaxAgeSeconds) + string.Concat(Enumerable.Repeat(Word(0), 5)) + Word(1) + Word((ulong)FeedUnit.UnderlyingShare),
            _ => throw new FakeEndpoint.Fault(3, "execution reverted"),
        };
        return $"\"0x{words}\"";
    }

    private static string Word(ulong value) => value.ToString("x64", CultureInfo.InvariantCulture);
}
