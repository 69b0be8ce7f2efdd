using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>An endpoint that answers anything: a submission must end in a verdict, and never claim to have landed.</summary>
public class EvmPublisherFuzzTests
{
    private static readonly string[] Answers =
    [
        "null", "true", "0", "\"\"", "\"0x\"", "\"0x0\"", "\"0x1\"", "\"0x2105\"", "\"0xffffffffffffffff\"", "\"0xffffffffffffffffffffffffffffffff\"",
        "\"0x" + new string('0', 64) + "\"", "\"0x" + new string('f', 64) + "\"", "[]", "{}", "[[[[]]]]", "{\"blockNumber\":\"0x1\"}",
        "{\"number\":\"0x1\",\"timestamp\":\"0x1\",\"baseFeePerGas\":\"0x1\"}", "{\"number\":\"0x1\",\"timestamp\":\"0x1\",\"baseFeePerGas\":\"0xffffffffffffffffffffffffffffffff\"}",
    ];

    private static readonly (long Code, string Message, string? Data)[] Faults =
    [
        (-32000, "nonce too low", null), (-32000, "nonce too high", null), (-32000, "already known", null), (-32000, "replacement transaction underpriced", null),
        (-32000, "insufficient funds", null), (3, "execution reverted", null), (3, "execution reverted", "0x"), (3, "execution reverted", "0xdeadbeef00"),
        (3, "execution reverted", EvmHex.Data(new AbiWriter("NothingStored(bytes)", 1).Bytes([0, 0, 4]).ToArray())),
        (3, "execution reverted", EvmHex.Data(new AbiWriter("NothingStored(bytes)", 1).Bytes([255, 255, 255]).ToArray())),
        (3, "execution reverted", EvmHex.Data(new AbiWriter("AttestedInFuture(uint64,uint64)", 2).Unsigned(2).Unsigned(1).ToArray())),
        (-32603, "internal error", null), (-32005, "limit exceeded", null), (-32000, "header not found", null), (0, "", null),
    ];

    private static readonly EvmAccount Relayer = EvmAccount.Create();

    [Property(MaxTest = 1000)]
    public Property Submit_AnyAnswers_EndsWithoutLanding() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Submit(seed).GetAwaiter().GetResult());

    private static async Task Submit(int seed)
    {
        var random = new Random(seed);
        var endpoint = new FakeEndpoint();
        foreach (var method in (string[])["eth_getBlockByNumber", "eth_getTransactionCount", "eth_getBalance", "eth_getCode", "eth_maxPriorityFeePerGas", "eth_estimateGas", "eth_call", "eth_getTransactionReceipt", "eth_sendRawTransaction"])
        {
            endpoint.On(method, _ => Answer(random, method));
        }

        endpoint.On("eth_chainId", _ => random.Next(10) == 0 ? Answer(random, "eth_chainId") : "\"0x2105\"");
        if (random.Next(20) == 0)
        {
            endpoint.RawBody = () =>
            {
                var garbage = new byte[random.Next(200)];
                random.NextBytes(garbage);
                return garbage;
            };
        }

        var time = new HastyTime();
        var options = new EvmOptions { Name = "fuzz", RpcUrl = "http://localhost:1", ChainId = 8453, Contract = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", RequestTimeout = TimeSpan.FromSeconds(30), ReceiptTimeout = TimeSpan.FromSeconds(5), MaxRecordsPerTransaction = 1 };
        var publisher = new EvmPublisher(options, new ChainBinding(1, 1, 0, new byte[32]), Relayer, endpoint.Client(), time, NullLogger<EvmPublisher>.Instance);

        var result = await publisher.SubmitAsync(Batch, default);
        Assert.True(result.Outcome is SubmissionOutcome.Refused or SubmissionOutcome.Expired or SubmissionOutcome.Unreachable or SubmissionOutcome.Diverged, result.Outcome.ToString());
        Assert.False(string.IsNullOrEmpty(result.Detail));
        await Assert.ThrowsAsync<ChainException>(() => publisher.ReadAsync([.. Batch.Feeds], default));
        await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync([.. Batch.Feeds], default));
    }

    private static SignedBatch Batch { get; } = MakeBatch();

    private static SignedBatch MakeBatch()
    {
        const ulong Sequence = 1_790_000_000_000UL << 4;
        var records = (Feed[])[LocalOracleFeeds.Tsla, LocalOracleFeeds.Aapl];
        return UnsignedBatch.Create(1, 1, Sequence, [.. records.Select(f => (FeedIdentity.Compute(f), LocalOracleFeeds.Share(f, 100_00000000, Sequence).Record))])
            .WithSignatures(new BatchSignature(0, new byte[32], new byte[64]));
    }

    private static string Answer(Random random, string method)
    {
        // Mostly what the method may say, so that the run gets deep; else anything.
        if (random.Next(4) != 0)
        {
            switch (method)
            {
                case "eth_getBlockByNumber": return Answers[16];
                case "eth_estimateGas": return "\"0x10000\"";
                case "eth_getTransactionCount" or "eth_maxPriorityFeePerGas" or "eth_getBalance": return "\"0x1\"";
                case "eth_getTransactionReceipt" when random.Next(2) == 0: return "null";
            }
        }

        if (random.Next(2) == 0)
        {
            var (code, message, data) = Faults[random.Next(Faults.Length)];
            throw new FakeEndpoint.Fault(code, message, data);
        }

        if (random.Next(3) == 0)
        {
            var words = new byte[32 * random.Next(0, 60)];
            if (random.Next(2) == 0) random.NextBytes(words);
            for (var i = 0; i < 4 && words.Length > 0; i++) words[random.Next(words.Length)] = (byte)random.Next(256);
            return new StringBuilder("\"").Append(EvmHex.Data(words)).Append('"').ToString();
        }

        return Answers[random.Next(Answers.Length)];
    }
}
