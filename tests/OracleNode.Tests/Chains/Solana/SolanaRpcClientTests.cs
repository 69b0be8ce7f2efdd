using System.Net;
using System.Text;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace OracleNode.Chains.Solana;

public class SolanaRpcClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":17}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":17,\"id\":1,\"more\":[]}")]
    public async Task Call_Answered_GivesTheResult(string body) => Assert.Equal(17ul, await Client(body).GetBlockHeightAsync(Token));

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("<html>", "not JSON")]
    [InlineData("7", "an object")]
    [InlineData("[]", "an object")]
    [InlineData("{\"id\":1}", "'result'")]
    [InlineData("{\"result\":1}", "'id'")]
    [InlineData("{\"id\":2,\"result\":1}", "the id 1 of the request")]
    [InlineData("{\"id\":\"1\",\"result\":1}", "64-bit integer")]
    [InlineData("{\"id\":1,\"result\":-1}", "unsigned 64-bit integer")]
    [InlineData("{\"id\":1,\"result\":1.5}", "unsigned 64-bit integer")]
    [InlineData("{\"id\":1,\"result\":1e400}", "unsigned 64-bit integer")]
    [InlineData("{\"id\":1,\"result\":\"17\"}", "unsigned 64-bit integer")]
    [InlineData("{\"id\":1,\"result\":18446744073709551616}", "unsigned 64-bit integer")]
    [InlineData("{\"id\":1,\"result\":1,\"result\":2}", "not JSON")]
    [InlineData("{\"id\":1,\"error\":7}", "an object")]
    [InlineData("{\"id\":1,\"error\":{\"code\":1}}", "'message'")]
    public async Task Call_AnswerOfAnotherShape_IsMalformedAndSaysWhatWasExpected(string body, string words)
    {
        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => Client(body).GetBlockHeightAsync(Token));

        Assert.Equal(SolanaRpcFailure.Malformed, e.Failure);
        Assert.Contains("getBlockHeight", e.Message, StringComparison.Ordinal);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_RefusedByPreflight_CarriesReasonAndLogs()
    {
        var client = Client("""{"id":1,"error":{"code":-32002,"message":"Transaction simulation failed","data":{"err":{"InstructionError":[4,{"Custom":25}]},"logs":["a","b\n"]}}}""");

        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => client.GetBlockHeightAsync(Token));

        Assert.Equal((SolanaRpcFailure.Refused, -32002L, false), (e.Failure, e.Code, e.IsTransient));
        Assert.Equal(new SolanaTransactionError("InstructionError", 4, "Custom", 25), e.TransactionError);
        Assert.Equal(["a", "b "], e.Logs);
    }

    [Theory]
    [InlineData(-32005, true)]
    [InlineData(-32016, true)]
    [InlineData(-32602, false)]
    public async Task Call_Refused_IsTransientOnlyWhereTheEndpointIsBehind(int code, bool transient)
    {
        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => Client($"{{\"id\":1,\"error\":{{\"code\":{code},\"message\":\"m\"}}}}").GetBlockHeightAsync(Token));
        Assert.Equal(transient, e.IsTransient);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.MovedPermanently)]
    public async Task Call_HttpErrorWithoutJsonRpc_IsUnreachable(HttpStatusCode status)
    {
        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => Client("slow down", status).GetBlockHeightAsync(Token));

        Assert.Equal((SolanaRpcFailure.Unreachable, true), (e.Failure, e.IsTransient));
        Assert.Contains(((int)status).ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_HttpErrorWithJsonRpcResult_IsNotBelieved() =>
        Assert.Equal(
            SolanaRpcFailure.Unreachable,
            (await Assert.ThrowsAsync<SolanaRpcException>(() => Client("{\"id\":1,\"result\":17}", HttpStatusCode.InternalServerError).GetBlockHeightAsync(Token))).Failure);

    [Fact]
    public async Task Call_AnswerLongerThanTheCap_IsMalformed()
    {
        using var stub = new Stub((_, _) => Answer(new StreamContent(new Endless())));

        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => Client(stub).GetBlockHeightAsync(Token));

        Assert.Equal(SolanaRpcFailure.Malformed, e.Failure);
        Assert.Contains("longer than 2097152 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AnswerDeeperThanTheCap_IsMalformed() =>
        Assert.Equal(
            SolanaRpcFailure.Malformed,
            (await Assert.ThrowsAsync<SolanaRpcException>(() => Client($"{{\"id\":1,\"result\":{new string('[', 40)}{new string(']', 40)}}}").GetBlockHeightAsync(Token))).Failure);

    [Fact]
    public async Task Call_NoAnswerInTime_IsUnreachableWithoutShowingTheKeyInTheUrl()
    {
        var time = new FakeTimeProvider();
        using var stub = new Stub(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        using var client = new SolanaRpcClient(new Uri("http://127.0.0.1:1/?api-key=secret"), TimeSpan.FromSeconds(3), SolanaCommitment.Confirmed, time, stub);

        var call = client.GetBlockHeightAsync(Token);
        time.Advance(TimeSpan.FromSeconds(3));
        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => call);

        Assert.Equal(SolanaRpcFailure.Unreachable, e.Failure);
        Assert.Equal("getBlockHeight: no answer from http://127.0.0.1:1 within 3 s", e.Message);
    }

    [Fact]
    public async Task SendTransactionAsync_OtherSignatureThanOurs_IsMalformed()
    {
        var e = await Assert.ThrowsAsync<SolanaRpcException>(() => Client("{\"id\":1,\"result\":\"1\"}").SendTransactionAsync(new SolanaTransaction("ours", [1]), Token));
        Assert.Contains("the signature ours", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetSignatureStatusesAsync_EveryShape_IsRead()
    {
        var client = Client("""
            {"id":1,"result":{"context":{"slot":82},"value":[null,
              {"slot":72,"confirmations":10,"err":null,"status":{"Ok":null},"confirmationStatus":"confirmed"},
              {"slot":48,"confirmations":null,"err":{"InstructionError":[3,"InvalidAccountData"]},"confirmationStatus":"finalized"},
              {"slot":48,"confirmations":0,"err":"AccountInUse","confirmationStatus":null}]}}
            """);

        var statuses = await client.GetSignatureStatusesAsync(["a", "b", "c", "d"], Token);

        Assert.Equal(
            [
                null,
                new SignatureStatus(72, null, SolanaCommitment.Confirmed),
                new SignatureStatus(48, new SolanaTransactionError("InstructionError", 3, "InvalidAccountData"), SolanaCommitment.Finalized),
                new SignatureStatus(48, new SolanaTransactionError("AccountInUse"), SolanaCommitment.Processed),
            ],
            statuses);
    }

    [Property(MaxTest = 300)]
    public void AnyMethod_AnyBytes_FailsOnlyAsDocumented(byte[] body) => EveryMethod(body);

    [Property(MaxTest = 2000)]
    public void AnyMethod_PlausibleAnswerWithBrokenBytes_FailsOnlyAsDocumented(byte which, ushort position, byte flip, bool cut)
    {
        var body = Encoding.UTF8.GetBytes(Plausible[which % Plausible.Length]);
        var at = position % body.Length;
        body[at] ^= flip;
        EveryMethod(cut ? body[..at] : body);
    }

    private static readonly string[] Plausible =
    [
        """{"jsonrpc":"2.0","id":1,"result":"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"}""",
        """{"jsonrpc":"2.0","id":1,"result":{"context":{"slot":1},"value":{"blockhash":"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d","lastValidBlockHeight":3}}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"context":{"slot":1},"value":[{"owner":"11111111111111111111111111111111","lamports":1,"executable":false,"data":["AAAA","base64"]}]}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"context":{"slot":1},"value":{"err":{"InstructionError":[0,{"Custom":1}]},"logs":["\ud83d\ude00\n"],"unitsConsumed":7,"returnData":{"programId":"x","data":["AA==","base64"]}}}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"context":{"slot":1},"value":[{"slot":1,"err":"Odd","confirmationStatus":"confirmed"}]}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"slot":1,"meta":{"err":null,"fee":5000,"computeUnitsConsumed":150}}}""",
        """{"jsonrpc":"2.0","id":1,"result":[{"slot":1,"prioritizationFee":1}]}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"\ud800","data":{"err":"Odd","logs":null}}}""",
    ];

    private static void EveryMethod(byte[] body)
    {
        Func<SolanaRpcClient, Task>[] calls =
        [
            client => client.GetGenesisHashAsync(default),
            client => client.GetLatestBlockhashAsync(default),
            client => client.IsBlockhashValidAsync(default, default),
            client => client.GetBlockHeightAsync(default),
            client => client.GetBalanceAsync(default, default),
            client => client.GetMinimumBalanceForRentExemptionAsync(1, default),
            client => client.GetAccountInfoAsync(default, default),
            client => client.GetMultipleAccountsAsync([default], 1, default),
            client => client.GetRecentPrioritizationFeesAsync([default], default),
            client => client.SendTransactionAsync(new SolanaTransaction("1", [1]), default),
            client => client.SimulateTransactionAsync(new SolanaTransaction("1", [1]), default),
            client => client.GetSignatureStatusesAsync(["1"], default),
            client => client.GetTransactionAsync("1", default),
        ];
        foreach (var call in calls)
        {
            using var stub = new Stub((_, _) => Answer(new ByteArrayContent(body)));
            using var client = Client(stub);
            try
            {
                call(client).GetAwaiter().GetResult();
            }
            catch (SolanaRpcException e)
            {
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        }
    }

    private static SolanaRpcClient Client(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        Client(new Stub((_, _) => Answer(new StringContent(body), status)));

    private static SolanaRpcClient Client(Stub stub) =>
        new(new Uri("http://127.0.0.1:1/"), TimeSpan.FromSeconds(30), SolanaCommitment.Confirmed, TimeProvider.System, stub);

    private static Task<HttpResponseMessage> Answer(HttpContent content, HttpStatusCode status = HttpStatusCode.OK) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = content });

    private sealed class Stub(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => count;
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
