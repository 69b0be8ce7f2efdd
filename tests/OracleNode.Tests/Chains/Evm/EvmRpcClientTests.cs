using System.Net;
using System.Text;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

public class EvmRpcClientTests
{
    private static readonly EvmAddress Account = EvmAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    private static readonly Hash32 Hash = new(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private const string Receipt = """
        {"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x1","gasUsed":"0x5208","contractAddress":null,
         "logs":[{"address":"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266","topics":["0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"],"data":"0x0a0b"}]}
        """;

    [Fact]
    public async Task Calls_WellFormedAnswers_AreRead()
    {
        var endpoint = new FakeEndpoint()
            .On("eth_chainId", "\"0xa4b1\"")
            .On("eth_getBlockByNumber", """{"number":"0x10","timestamp":"0x5253f000","baseFeePerGas":"0x05f5e100"}""")
            .On("eth_getTransactionCount", p => p[1].GetString() == "pending" ? "\"0x8\"" : "\"0x7\"")
            .On("eth_getBalance", "\"0x21e19e0c9bab2400000\"")
            .On("eth_getTransactionReceipt", Receipt);
        var client = Client(endpoint);

        Assert.Equal(42161UL, await client.GetChainIdAsync(default));
        Assert.Equal(new EvmBlock(16, 1381232640, 100_000_000), await client.GetLatestBlockAsync(default));
        Assert.Equal(7UL, await client.GetTransactionCountAsync(Account, EvmBlockTag.Latest, default));
        Assert.Equal(8UL, await client.GetTransactionCountAsync(Account, EvmBlockTag.Pending, default));
        Assert.Equal(UInt128.Parse("10000000000000000000000"), await client.GetBalanceAsync(Account, default));
        var receipt = await client.GetTransactionReceiptAsync(Hash, default);
        Assert.True(receipt is { Succeeded: true, BlockNumber: 16, GasUsed: 21000, ContractAddress: null });
        Assert.Equal(Account, Assert.Single(receipt.Logs).Address);
    }

    [Fact]
    public async Task GetTransactionReceipt_WaitingTransaction_Null()
    {
        Assert.Null(await Client(new FakeEndpoint().On("eth_getTransactionReceipt", "null")).GetTransactionReceiptAsync(Hash, default));
        Assert.Null(await Client(new FakeEndpoint().On("eth_getTransactionReceipt", """{"blockNumber":null}""")).GetTransactionReceiptAsync(Hash, default));
    }

    [Theory]
    [InlineData("""{"transactionHash":"0x0102","blockNumber":"0x10","status":"0x1","gasUsed":"0x5208","logs":[]}""")]
    [InlineData("""{"transactionHash":"0x2002030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x1","gasUsed":"0x5208","logs":[]}""")]
    [InlineData("""{"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x2","gasUsed":"0x5208","logs":[]}""")]
    [InlineData("""{"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x1","gasUsed":"0x1ffffffffffffffff","logs":[]}""")]
    [InlineData("""{"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x1","gasUsed":21000,"logs":[]}""")]
    [InlineData("""{"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","status":"0x1","gasUsed":"0x5208","logs":{}}""")]
    [InlineData("""{"transactionHash":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","blockNumber":"0x10","gasUsed":"0x5208","logs":[]}""")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task GetTransactionReceipt_NotAReceipt_Malformed(string receipt) =>
        Assert.Equal(EvmRpcFailure.Malformed, (await FailureOf(new FakeEndpoint().On("eth_getTransactionReceipt", receipt), c => c.GetTransactionReceiptAsync(Hash, default))).Failure);

    [Fact]
    public async Task SendRawTransaction_AnotherHashAnswered_Malformed()
    {
        var endpoint = new FakeEndpoint().On("eth_sendRawTransaction", $"\"{Hash}\"");
        var failure = await FailureOf(endpoint, async c =>
        {
            await c.SendRawTransactionAsync(new SignedEvmTransaction([2], default), default);
            return 0;
        });
        Assert.Equal(EvmRpcFailure.Malformed, failure.Failure);
    }

    [Fact]
    public async Task GetLatestBlock_WithoutBaseFee_SaysSo() =>
        Assert.Contains("EIP-1559", (await FailureOf(new FakeEndpoint().On("eth_getBlockByNumber", """{"number":"0x1","timestamp":"0x1"}"""), c => c.GetLatestBlockAsync(default))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x1","result":"0x2"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"\ud800"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1e400}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":"no"}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":"0x1"}]""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Call_AnswerOutsideTheInterface_Malformed(string body) =>
        Assert.Equal(EvmRpcFailure.Malformed, (await FailureOf(new FakeEndpoint { RawBody = () => Encoding.UTF8.GetBytes(body) }, c => c.GetChainIdAsync(default))).Failure);

    [Fact]
    public async Task Call_DeeplyNestedAnswer_Malformed()
    {
        var body = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + new string('[', 10_000) + new string(']', 10_000) + "}");
        Assert.Equal(EvmRpcFailure.Malformed, (await FailureOf(new FakeEndpoint { RawBody = () => body }, c => c.GetChainIdAsync(default))).Failure);
    }

    [Fact]
    public async Task Call_AnswerBeyondTheLimit_Malformed()
    {
        var failure = await FailureOf(new FakeEndpoint { RawBody = () => new byte[64 * 1024 + 1] }, c => c.GetChainIdAsync(default));
        Assert.Equal(EvmRpcFailure.Malformed, failure.Failure);
        Assert.Contains("65536", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.Found)]
    public async Task Call_HttpErrorPage_Transport(HttpStatusCode status)
    {
        var failure = await FailureOf(new FakeEndpoint { Status = status, RawBody = () => "<html>busy</html>"u8.ToArray() }, c => c.GetChainIdAsync(default));
        Assert.Equal(EvmRpcFailure.Transport, failure.Failure);
        Assert.Contains(((int)status).ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ErrorObjectUnderAnHttpError_IsRead()
    {
        var endpoint = new FakeEndpoint { Status = HttpStatusCode.BadRequest }.On("eth_chainId", _ => throw new FakeEndpoint.Fault(-32000, "nonce too low"));
        Assert.Equal(EvmRpcErrorKind.NonceTooLow, (await FailureOf(endpoint, c => c.GetChainIdAsync(default))).Error!.Kind);
    }

    [Fact]
    public async Task Call_NoAnswer_TransportAfterTheTimeout()
    {
        var time = new FakeTimeProvider();
        var client = new EvmRpcClient(new Uri("http://localhost:1/secret-key"), new HttpClient(new SilentHandler()) { Timeout = Timeout.InfiniteTimeSpan }, time, TimeSpan.FromSeconds(3));
        var call = client.GetChainIdAsync(default);
        time.Advance(TimeSpan.FromSeconds(4));
        var failure = await Assert.ThrowsAsync<EvmRpcException>(() => call);
        Assert.Equal(EvmRpcFailure.Transport, failure.Failure);
        Assert.DoesNotContain("secret-key", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_CancelledByTheCaller_Cancelled()
    {
        using var stop = new CancellationTokenSource();
        var client = new EvmRpcClient(new Uri("http://localhost:1"), new HttpClient(new SilentHandler()), TimeProvider.System, TimeSpan.FromSeconds(30));
        var call = client.GetChainIdAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_ControlCharactersInTheMessage_Cleaned()
    {
        var endpoint = new FakeEndpoint().On("eth_chainId", _ => throw new FakeEndpoint.Fault(-1, "line\nbreak\u001b[31m" + new string('x', 5000)));
        var failure = await FailureOf(endpoint, c => c.GetChainIdAsync(default));
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.True(failure.Message.Length < 500);
    }

    // Words of geth, op-geth, Nitro, reth (anvil), Erigon, Nethermind and Besu as their sources have them.
    [Theory]
    [InlineData(-32000, "already known", EvmRpcErrorKind.AlreadyKnown)]
    [InlineData(-32003, "transaction already imported", EvmRpcErrorKind.AlreadyKnown)]
    [InlineData(-32000, "ALREADY_EXISTS: already known", EvmRpcErrorKind.AlreadyKnown)]
    [InlineData(-32010, "AlreadyKnown", EvmRpcErrorKind.AlreadyKnown)]
    [InlineData(-32000, "nonce too low: next nonce 9, tx nonce 7", EvmRpcErrorKind.NonceTooLow)]
    [InlineData(-32603, "nonce too low", EvmRpcErrorKind.NonceTooLow)]
    [InlineData(-32010, "OldNonce, Current nonce: 9, nonce of rejected tx: 7", EvmRpcErrorKind.NonceTooLow)]
    [InlineData(-32000, "nonce too high", EvmRpcErrorKind.NonceTooHigh)]
    [InlineData(-32000, "replacement transaction underpriced", EvmRpcErrorKind.ReplacementUnderpriced)]
    [InlineData(-32010, "ReplacementNotAllowed", EvmRpcErrorKind.ReplacementUnderpriced)]
    [InlineData(-32000, "transaction underpriced", EvmRpcErrorKind.FeeTooLow)]
    [InlineData(-32000, "max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1, baseFee: 2", EvmRpcErrorKind.FeeTooLow)]
    [InlineData(-32003, "max fee per gas is lower than the minimum base fee", EvmRpcErrorKind.FeeTooLow)]
    [InlineData(-32000, "insufficient funds for gas * price + value: balance 0, tx cost 5", EvmRpcErrorKind.InsufficientFunds)]
    [InlineData(-32003, "Insufficient funds for gas * price + value", EvmRpcErrorKind.InsufficientFunds)]
    [InlineData(-32000, "intrinsic gas too low: have 1, want 21000", EvmRpcErrorKind.Gas)]
    [InlineData(-32000, "exceeds block gas limit", EvmRpcErrorKind.Gas)]
    [InlineData(3, "execution reverted", EvmRpcErrorKind.Reverted)]
    [InlineData(-32015, "VM execution error: Reverted 0x", EvmRpcErrorKind.Reverted)]
    [InlineData(-32000, "header not found", EvmRpcErrorKind.UnknownBlock)]
    [InlineData(-32602, "BlockOutOfRangeError: block height is 5 but requested was 9", EvmRpcErrorKind.UnknownBlock)]
    [InlineData(-32005, "daily request count exceeded, request rate limited", EvmRpcErrorKind.Busy)]
    [InlineData(429, "Your app has exceeded its compute units per second capacity", EvmRpcErrorKind.Busy)]
    [InlineData(-32603, "internal error", EvmRpcErrorKind.Other)]
    public async Task Call_ErrorOfAProvider_Classified(long code, string message, EvmRpcErrorKind kind)
    {
        var failure = await FailureOf(new FakeEndpoint().On("eth_chainId", _ => throw new FakeEndpoint.Fault(code, message)), c => c.GetChainIdAsync(default));
        Assert.Equal(EvmRpcFailure.Refused, failure.Failure);
        Assert.Equal(kind, failure.Error!.Kind);
    }

    [Theory]
    [InlineData("\"0x01020304\"")]
    [InlineData("\"Reverted 0x01020304\"")]
    [InlineData("{\"data\":\"0x01020304\"}")]
    public async Task Call_RevertData_FoundInEveryForm(string data)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":{{{data}}}}}""");
        Assert.Equal([1, 2, 3, 4], (await FailureOf(new FakeEndpoint { RawBody = () => body }, c => c.GetChainIdAsync(default))).Error!.Data.ToArray());
    }

    [Property(MaxTest = 300)]
    public async Task Call_RandomBytes_OnlyTheDocumentedError(byte[] body) => await SurviveAsync(body);

    [Property(MaxTest = 300)]
    public async Task Call_AnswerWithRandomDamage_OnlyTheDocumentedError(uint position, byte value, bool cut)
    {
        var body = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"result":""" + Receipt + "}");
        var at = (int)(position % (uint)body.Length);
        body[at] = value;
        await SurviveAsync(cut ? body[..at] : body);
    }

    private static async Task SurviveAsync(byte[] body)
    {
        foreach (var call in (Func<EvmRpcClient, Task>[])
        [
            c => c.GetChainIdAsync(default), c => c.GetLatestBlockAsync(default), c => c.GetTransactionReceiptAsync(Hash, default),
            c => c.GetCodeAsync(Account, default), c => c.SendRawTransactionAsync(new SignedEvmTransaction([2], Hash), default),
        ])
        {
            try
            {
                await call(Client(new FakeEndpoint { RawBody = () => body }));
            }
            catch (EvmRpcException)
            {
                // The documented error; anything else fails the test.
            }
        }
    }

    private static EvmRpcClient Client(FakeEndpoint endpoint) => new(new Uri("http://localhost:1"), endpoint.Client(), TimeProvider.System, TimeSpan.FromSeconds(10), 64 * 1024);

    private static async Task<EvmRpcException> FailureOf<T>(FakeEndpoint endpoint, Func<EvmRpcClient, Task<T>> call) =>
        await Assert.ThrowsAsync<EvmRpcException>(() => call(Client(endpoint)));

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Never reached.");
        }
    }
}
