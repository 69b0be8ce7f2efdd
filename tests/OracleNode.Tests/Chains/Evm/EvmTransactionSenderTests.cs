using Microsoft.Extensions.Logging.Abstractions;

namespace OracleNode.Chains.Evm;

/// <summary>What a real node does only in bad moments, answered by an endpoint in memory.</summary>
public sealed class EvmTransactionSenderTests : IDisposable
{
    private static readonly EvmAddress To = EvmAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

    private readonly EvmAccount _account = EvmAccount.Create();
    private readonly List<Sent> _sent = [];
    private readonly FakeEndpoint _endpoint = new();
    private readonly EvmOptions _options = new()
    {
        Name = "test",
        RpcUrl = "http://localhost:1",
        ChainId = 8453,
        Contract = To.ToString(),
        ReceiptPollInterval = TimeSpan.FromMilliseconds(100),
        ReplaceAfter = TimeSpan.FromSeconds(1),
        ReceiptTimeout = TimeSpan.FromSeconds(10),
        RetryDelay = TimeSpan.FromMilliseconds(10),
    };

    private int _includeFrom = 1;

    public EvmTransactionSenderTests()
    {
        _endpoint
            .On("eth_getTransactionCount", "\"0x0\"")
            .On("eth_getBlockByNumber", """{"number":"0x10","timestamp":"0x1","baseFeePerGas":"0x3b9aca00"}""")
            .On("eth_maxPriorityFeePerGas", "\"0xf4240\"")
            .On("eth_getBalance", "\"0x5\"")
            .On("eth_sendRawTransaction", p => Accept(p[0].GetString()!))
            .On("eth_getTransactionReceipt", p => Receipt(p[0].GetString()!));
    }

    public void Dispose() => _endpoint.Dispose();

    [Fact]
    public async Task Deliver_Accepted_Included()
    {
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Included, delivery.Status);
        Assert.Equal(Assert.Single(_sent).Hash, Assert.Single(delivery.TransactionIds));
    }

    [Fact]
    public async Task Deliver_NoReceipt_EachReplacementPaysAnEighthMoreOnTheSameNonce()
    {
        _includeFrom = 4;
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Included, delivery.Status);
        Assert.Equal(4, _sent.Count);
        Assert.Single(_sent.Select(s => s.Nonce).Distinct());
        Assert.All(_sent.Zip(_sent.Skip(1)), pair =>
        {
            Assert.True(pair.Second.Fee * 8 >= pair.First.Fee * 9);
            Assert.True(pair.Second.Tip * 8 >= pair.First.Tip * 9);
        });
    }

    [Fact]
    public async Task Deliver_AtTheFeeCap_SendsTheSameAgainAndNeverMore()
    {
        _includeFrom = int.MaxValue;
        _options.MaxFeePerGasWei = 2_100_000_000;
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Expired, delivery.Status);
        Assert.Single(delivery.TransactionIds);
        Assert.True(_sent.Count > 3);
        Assert.All(_sent, s => Assert.True(s.Fee <= 2_100_000_000));
    }

    [Fact]
    public async Task Deliver_OlderVersionIncluded_Found()
    {
        // The first of several versions makes it after all, once it is too old to be polled each time.
        _includeFrom = int.MaxValue;
        _endpoint.On("eth_sendRawTransaction", p =>
        {
            if (_sent.Count < 6) return Accept(p[0].GetString()!);
            _includeFrom = 0;
            throw new FakeEndpoint.Fault(-32000, "nonce too low: next nonce 1, tx nonce 0");
        });
        _endpoint.On("eth_getTransactionReceipt", p => _includeFrom == 0 && p[0].GetString() == _sent[0].Hash ? Receipt(_sent[0].Hash, always: true) : "null");

        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);

        Assert.Equal(EvmDeliveryStatus.Included, delivery.Status);
        Assert.Equal(_sent[0].Hash, delivery.Receipt!.TransactionHash.ToString());
    }

    [Fact]
    public async Task Deliver_AnswerOfTheSendLost_LooksBeforeItSendsTheSameBytes()
    {
        var lost = 0;
        _endpoint.On("eth_sendRawTransaction", p =>
        {
            if (lost++ == 0) throw new FakeEndpoint.Fault(-32603, "internal error");
            return Accept(p[0].GetString()!);
        });
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Included, delivery.Status);
        Assert.Single(delivery.TransactionIds);
        Assert.Equal(2, _endpoint.Sent.Count);
        Assert.Single(_endpoint.Sent.Distinct());
    }

    [Fact]
    public async Task Deliver_AlreadyKnown_IsTaken()
    {
        _endpoint.On("eth_sendRawTransaction", p =>
        {
            Accept(p[0].GetString()!);
            throw new FakeEndpoint.Fault(-32000, "already known");
        });
        Assert.Equal(EvmDeliveryStatus.Included, (await Sender().DeliverAsync(To, default, 50_000, default)).Status);
    }

    [Fact]
    public async Task Deliver_LaggingReplicaAfterALanding_UsesTheNextNonce()
    {
        var sender = Sender();
        await sender.DeliverAsync(To, default, 50_000, default);
        // The count still says 0, though the first transaction has a receipt.
        await sender.DeliverAsync(To, default, 50_000, default);
        Assert.Equal([0UL, 1UL], _sent.Select(s => s.Nonce));
    }

    [Fact]
    public async Task Deliver_RolledBackChain_TrustsItsCountAgain()
    {
        var sender = Sender();
        await sender.DeliverAsync(To, default, 50_000, default);
        // A reorganisation took our transaction back: the next nonce is refused as too high, the chain's own is right.
        _endpoint.On("eth_sendRawTransaction", p =>
        {
            if (NonceOf(p[0].GetString()!) > 0) throw new FakeEndpoint.Fault(-32000, "nonce too high");
            return Accept(p[0].GetString()!);
        });
        Assert.Equal(EvmDeliveryStatus.Included, (await sender.DeliverAsync(To, default, 50_000, default)).Status);
        Assert.Equal([0UL, 0UL], _sent.Select(s => s.Nonce));
    }

    [Fact]
    public async Task Deliver_NonceAlwaysTaken_GivesUpAndSaysWhy()
    {
        _endpoint.On("eth_sendRawTransaction", _ => throw new FakeEndpoint.Fault(-32000, "nonce too low"));
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Expired, delivery.Status);
        Assert.Contains("something else spends", delivery.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_AlwaysUnderpriced_EndsAtTheCap()
    {
        _endpoint.On("eth_sendRawTransaction", _ => throw new FakeEndpoint.Fault(-32000, "replacement transaction underpriced"));
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Expired, delivery.Status);
        Assert.InRange(_endpoint.Sent.Count, 2, 1 + _options.MaxReplacements);
    }

    [Fact]
    public async Task Deliver_InsufficientFunds_RefusedOnceWithBalance()
    {
        _endpoint.On("eth_sendRawTransaction", _ => throw new FakeEndpoint.Fault(-32000, "insufficient funds for gas * price + value"));
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Refused, delivery.Status);
        Assert.Contains("has 5 wei", delivery.Detail, StringComparison.Ordinal);
        Assert.Single(_endpoint.Sent);
    }

    [Fact]
    public async Task Deliver_EndpointLosesEverySend_UnreachableInTime()
    {
        _endpoint.On("eth_sendRawTransaction", _ => throw new FakeEndpoint.Fault(-32603, "internal error"));
        _includeFrom = int.MaxValue;
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Unreachable, delivery.Status);
        Assert.Contains("internal error", delivery.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_BaseFeeAboveTheCap_SendsNothing()
    {
        _options.MaxFeePerGasWei = 999_999_999;
        _options.MaxPriorityFeePerGasWei = 0;
        var delivery = await Sender().DeliverAsync(To, default, 50_000, default);
        Assert.Equal(EvmDeliveryStatus.Expired, delivery.Status);
        Assert.Contains("1000000000", delivery.Detail, StringComparison.Ordinal);
        Assert.Empty(_endpoint.Sent);
    }

    private EvmTransactionSender Sender()
    {
        var time = new HastyTime();
        var rpc = new EvmRpcClient(new Uri(_options.RpcUrl), _endpoint.Client(), time, TimeSpan.FromSeconds(30));
        return new EvmTransactionSender(_options, _account, rpc, time, NullLogger.Instance);
    }

    private string Accept(string raw)
    {
        var fields = ReadFields(Convert.FromHexString(raw[2..]));
        var hash = new byte[32];
        Market.Keccak256.Hash(Convert.FromHexString(raw[2..]), hash);
        _sent.Add(new Sent(EvmHex.Data(hash), (ulong)fields[1], fields[2], fields[3]));
        return $"\"{EvmHex.Data(hash)}\"";
    }

    private static ulong NonceOf(string raw) => (ulong)ReadFields(Convert.FromHexString(raw[2..]))[1];

    private string Receipt(string hash, bool always = false) =>
        (always || _sent.Count >= _includeFrom) && _sent.Any(s => s.Hash == hash)
            ? $$"""{"transactionHash":"{{hash}}","blockNumber":"0x11","status":"0x1","gasUsed":"0xc000","contractAddress":null,"logs":[]}"""
            : "null";

    /// <summary>Chain id, nonce, tip and fee of a type 2 transaction.</summary>
    private static UInt128[] ReadFields(byte[] raw)
    {
        Assert.Equal(2, raw[0]);
        var at = raw[1] <= 0xF7 ? 2 : 2 + raw[1] - 0xF7;
        var fields = new UInt128[4];
        for (var i = 0; i < fields.Length; i++)
        {
            if (raw[at] < 0x80)
            {
                fields[i] = raw[at++];
                continue;
            }

            var length = raw[at++] - 0x80;
            foreach (var b in raw.AsSpan(at, length)) fields[i] = (fields[i] << 8) | b;
            at += length;
        }

        return fields;
    }

    private sealed record Sent(string Hash, ulong Nonce, UInt128 Tip, UInt128 Fee);
}
