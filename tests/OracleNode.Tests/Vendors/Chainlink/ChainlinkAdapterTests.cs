using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using static OracleNode.Vendors.Chainlink.AggregatorSamples;

namespace OracleNode.Vendors.Chainlink;

/// <summary>What the adapter makes of an endpoint that is wrong, behind, hostile or of another chain.</summary>
public sealed class ChainlinkAdapterTests : IDisposable
{
    private static readonly UpstreamId Upstream = new(2);
    private readonly SessionFixture.TokenSink _sink = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SourceOptions _options = new() { MaxFrameBytes = 64 << 10 };
    private readonly FakeEndpoint _endpoint = new();
    private readonly Dictionary<(EvmAddress Contract, string Function), EvmStateAnswer> _state = [];
    private ChainlinkAdapter? _adapter;
    private ulong _number = 100;
    private BigInteger _timestamp = Seconds;
    private string _chainId = "\"0x1\"";

    public ChainlinkAdapterTests()
    {
        (_options.Chainlink.ChainId, _options.Chainlink.BatchSize) = (1, 1);
        Answer(Good);
        _state[(Usdc.Address, "aggregator()")] = new EvmStateAnswer((byte[])[.. new byte[12], .. Phase.ToArray()], null);
        _endpoint
            .On("eth_chainId", _ => _chainId)
            .On("eth_getBlockByNumber", p => $$"""{"hash":"0x{{_number:x64}}","number":"0x{{_number:x}}","timestamp":"0x{{_timestamp.ToString("x", CultureInfo.InvariantCulture)}}","asked":{{p[0].GetRawText()}}}""")
            .On("eth_call", Call);
    }

    private ChainlinkAdapter Adapter => _adapter ??= new ChainlinkAdapter([Usdc], new SourceId(3), Upstream, new Uri("https://rpc.example.com/secret-key"), _options, _sink, _time, _endpoint.Client());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _adapter?.Dispose();

    [Fact]
    public async Task Fetch_GoodAnswers_IsAReadingAtTheBlocksTime()
    {
        await PollAsync();
        Assert.Equal(new PegReading(new SourceId(3), Upstream, "USDC", Price.FromE8(99_980_000), BlockTime), Assert.Single(_sink.Pegs));
    }

    [Fact]
    public async Task Fetch_NewBlockOfTheSameRound_IsAReadingAtTheNewTime()
    {
        await PollAsync();
        (_number, _timestamp) = (101, Seconds + 12);
        await PollAsync();
        Assert.Equal([BlockTime, BlockTime + Duration.FromSeconds(12)], _sink.Pegs.Select(p => p.EventTime));
    }

    [Fact]
    public async Task Fetch_OtherChain_NeedsTheOperator()
    {
        _chainId = "\"0xa4b1\"";
        await RefusedAsync(VendorFaultKind.BadRequest, "is of chain 42161, not 1: correct Url or Chainlink:ChainId", ofOne: false);
    }

    [Fact]
    public async Task Fetch_BlockOfAnEndpointThatIsBehind_TakesNothingBack()
    {
        await PollAsync();
        (_number, _timestamp) = (99, Seconds - 12);
        Answer(Good with { Round = Round(50_000_000, id: RoundId - 1) });
        await PollAsync();
        Assert.Single(_sink.Pegs);
    }

    [Theory]
    [InlineData(-121, "121 s ago")]
    [InlineData(61, "61 s ahead")]
    public async Task Fetch_BlockOfAnotherTime_IsRefused(int offset, string word)
    {
        _timestamp = Seconds + offset;
        await RefusedAsync(VendorFaultKind.ServerError, word, ofOne: false);
    }

    [Theory]
    [InlineData("1781098200000")]
    [InlineData("0")]
    [InlineData("18446744073709551615")]
    public async Task Fetch_BlockWithoutATime_IsRefused(string timestamp)
    {
        _timestamp = BigInteger.Parse(timestamp, CultureInfo.InvariantCulture);
        await RefusedAsync(VendorFaultKind.ServerError, "Unix seconds", ofOne: false);
    }

    [Fact]
    public async Task Fetch_RoundThatGoesBack_IsRefusedUntilTheChainHasStoodByItForTheBlocksAge()
    {
        await PollAsync();
        (_number, _timestamp) = (101, Seconds + 120);
        Answer(Good with { Round = Round(50_000_000, id: RoundId - 1) });
        await RefusedAsync(VendorFaultKind.ServerError, "is gone and", ofOne: false, now: 120);
        _timestamp = Seconds + 121;
        await PollAsync(now: 121);
        Assert.Equal([99_980_000, 50_000_000], _sink.Pegs.Select(p => p.Price.E8));
    }

    [Fact]
    public async Task Fetch_NextPhase_IsANewerRoundWithItsOwnBounds()
    {
        await PollAsync();
        var next = new EvmAddress([.. Enumerable.Repeat((byte)7, 20)]);
        _state[(Usdc.Address, "aggregator()")] = new EvmStateAnswer((byte[])[.. new byte[12], .. next.ToArray()], null);
        Answer(Good with { Round = Round(99_990_000, id: (BigInteger.One << 65) + 1) });
        (_state[(next, "minAnswer()")], _state[(next, "maxAnswer()")]) = (Words(99_990_000), Words(200_000_000));
        await RefusedAsync(VendorFaultKind.SubscriptionRefused, "at or beyond its own bounds 99990000 and 200000000");
        _state[(next, "minAnswer()")] = Words(1);
        await PollAsync();
        Assert.Equal([99_980_000, 99_990_000], _sink.Pegs.Select(p => p.Price.E8));
    }

    [Fact]
    public async Task Fetch_DecimalsThatChange_AreRefused()
    {
        await PollAsync();
        Answer(Good with { Decimals = Words(6) });
        await RefusedAsync(VendorFaultKind.SubscriptionRefused, "it had 8 decimals and now has 6");
        Answer(Good);
        await PollAsync();
        Assert.All(_sink.Pegs, p => Assert.Equal(99_980_000, p.Price.E8));
    }

    [Fact]
    public async Task Fetch_NobodyBehindTheProxy_HasNoBounds()
    {
        _state.Remove((Usdc.Address, "aggregator()"));
        await RefusedAsync(VendorFaultKind.SubscriptionRefused, "it does not tell its bounds");
        _options.Chainlink.RequireBounds = false;
        await PollAsync();
        Assert.Single(_sink.Pegs);
    }

    [Fact]
    public async Task Fetch_ContractWithoutAProxy_TellsItsOwnBounds()
    {
        _state.Remove((Usdc.Address, "aggregator()"));
        (_state[(Usdc.Address, "minAnswer()")], _state[(Usdc.Address, "maxAnswer()")]) = (Words(1), Words(200_000_000));
        await PollAsync();
        Assert.Single(_sink.Pegs);
        _state[(Usdc.Address, "maxAnswer()")] = Words(99_980_000);
        await RefusedAsync(VendorFaultKind.SubscriptionRefused, "at or beyond its own bounds 1 and 99980000");
    }

    [Fact]
    public async Task Fetch_SequencerDown_IsRefused()
    {
        _options.Chainlink.SequencerFeed = Phase.ToString();
        _state[(Phase, "latestRoundData()")] = Round(1);
        await RefusedAsync(VendorFaultKind.SubscriptionRefused, "the chain's sequencer is down");
        _state[(Phase, "latestRoundData()")] = Round(0);
        await PollAsync();
        Assert.Single(_sink.Pegs);
    }

    [Fact]
    public async Task Fetch_SafeBlock_IsAskedFor()
    {
        _options.Chainlink.Block = ChainlinkBlock.Safe;
        var asked = "";
        _endpoint.On("eth_getBlockByNumber", p =>
        {
            asked = p[0].GetString()!;
            return $$"""{"hash":"0x{{_number:x64}}","number":"0x1","timestamp":"0x{{_timestamp.ToString("x", CultureInfo.InvariantCulture)}}"}""";
        });
        await PollAsync();
        Assert.Equal("safe", asked);
    }

    [Fact]
    public async Task Fetch_BusyOrUnreachable_IsTriedAgain()
    {
        _endpoint.On("eth_getBlockByNumber", _ => throw new FakeEndpoint.Fault(-32005, "rate limit"));
        await RefusedAsync(VendorFaultKind.RateLimited, "rate limit", ofOne: false);
        _endpoint.Status = HttpStatusCode.BadGateway;
        _endpoint.RawBody = () => "<html>"u8.ToArray();
        await RefusedAsync(VendorFaultKind.ConnectFailed, "HTTP status 502", ofOne: false);
    }

    public static TheoryData<string> HostileBodies => [.. (string[])["", "null", "[]", "[[[[[[[[[[[[[[[[[[[[", "{\"jsonrpc\":\"2.0\",\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}", "\u0000", "{\"id\":1,\"error\":7}"]];

    [Theory]
    [MemberData(nameof(HostileBodies))]
    public async Task Fetch_HostileBody_IsAFaultAndNothingElse(string body)
    {
        _endpoint.RawBody = () => Encoding.UTF8.GetBytes(body);
        await RefusedAsync(VendorFaultKind.ServerError, "", ofOne: false);
        _endpoint.RawBody = null;
        await PollAsync();
        Assert.Single(_sink.Pegs);
    }

    [Fact]
    public async Task Fetch_BodyBeyondTheCap_IsAFault()
    {
        _endpoint.RawBody = () => Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x" + new string('0', 64 << 10) + "\"}");
        await RefusedAsync(VendorFaultKind.ServerError, "exceeds 65536 bytes", ofOne: false);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"0x0\"")]
    [InlineData("\"0xzz\"")]
    [InlineData("\"\"")]
    public async Task Fetch_CallAnsweredWithAnotherType_IsAFault(string result)
    {
        _endpoint.On("eth_call", result);
        await RefusedAsync(VendorFaultKind.ServerError, "eth_call", ofOne: false);
    }

    private void Answer(AggregatorAnswers answers)
    {
        _state[(Usdc.Address, "latestRoundData()")] = answers.Round;
        _state[(Usdc.Address, "decimals()")] = answers.Decimals;
        _state[(Usdc.Address, "description()")] = answers.Description;
        (_state[(Phase, "minAnswer()")], _state[(Phase, "maxAnswer()")]) = (answers.Min, answers.Max);
    }

    private string Call(JsonElement parameters)
    {
        Assert.Equal($"0x{_number:x64}", parameters[1].GetProperty("blockHash").GetString());
        var (to, data) = (EvmAddress.Parse(parameters[0].GetProperty("to").GetString()!), Convert.FromHexString(parameters[0].GetProperty("data").GetString()!.AsSpan(2)));
        foreach (var ((contract, function), answer) in _state)
        {
            if (contract != to || !AbiWriter.Selector(function).AsSpan().SequenceEqual(data)) continue;
            return answer.Error is null ? $"\"{EvmHex.Data(answer.Data.Span)}\"" : throw new FakeEndpoint.Fault(3, "execution reverted", "0x");
        }

        throw new FakeEndpoint.Fault(3, "execution reverted", "0x");
    }

    private async Task PollAsync(int now = 0)
    {
        var at = BlockTime + Duration.FromSeconds(now);
        Adapter.Convert(await Adapter.FetchAsync(0, at, Token), at, new ObservationBuffer());
    }

    /// <summary>A poll is refused, the fault shows no key, and nothing is told.</summary>
    private async Task RefusedAsync(VendorFaultKind kind, string word, bool ofOne = true, int now = 0)
    {
        var told = _sink.Pegs.Count;
        var fault = await Assert.ThrowsAsync<VendorFaultException>(() => PollAsync(now));
        Assert.Equal((kind, ofOne), (fault.Fault.Kind, fault.ConcernsOneTicker));
        Assert.Contains(word, fault.Fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", fault.Fault.Detail, StringComparison.Ordinal);
        Assert.Equal(told, _sink.Pegs.Count);
    }
}
