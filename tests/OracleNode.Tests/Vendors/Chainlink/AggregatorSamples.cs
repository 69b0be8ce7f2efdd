using System.Numerics;
using System.Text;
using NodaTime;
using OracleNode.Chains.Evm;

namespace OracleNode.Vendors.Chainlink;

/// <summary>What an aggregator answers, word by word.</summary>
internal static class AggregatorSamples
{
    public static readonly AggregatorSpec Usdc = new(EvmAddress.Parse("0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6"), "USDC");

    /// <summary>The contract behind it.</summary>
    public static readonly EvmAddress Phase = EvmAddress.Parse("0x789190466E21a8b78b8027866CBBDc151542A26C");

    public static readonly Instant BlockTime = Instant.FromUtc(2026, 6, 10, 13, 30);

    public static readonly BigInteger RoundId = (BigInteger.One << 64) + 1_000;

    public static long Seconds => BlockTime.ToUnixTimeSeconds();

    /// <summary>0.9998 dollars, three hours old, of bounds 0.01 and 1000.</summary>
    public static AggregatorAnswers Good => new(Round(99_980_000), Words(8), Description("USDC / USD"), Words(1_000_000), Words(100_000_000_000), null);

    public static EvmStateAnswer Round(BigInteger answer, BigInteger? id = null, BigInteger? updatedAt = null, BigInteger? answeredIn = null, BigInteger? startedAt = null)
    {
        var round = id ?? RoundId;
        var updated = updatedAt ?? Seconds - (3 * 3_600);
        return Words(round, answer, startedAt ?? updated, updated, answeredIn ?? round);
    }

    public static EvmStateAnswer Description(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new EvmStateAnswer((byte[])[.. Word(32), .. Word(bytes.Length), .. bytes, .. new byte[(32 - (bytes.Length % 32)) % 32]], null);
    }

    public static EvmStateAnswer Words(params BigInteger[] words) => new(words.SelectMany(Word).ToArray(), null);

    public static EvmStateAnswer Reverted { get; } = new(default, new EvmRpcError(3, "execution reverted", ReadOnlyMemory<byte>.Empty));

    /// <summary>Modulo 2^256, so that negative ones are in two's complement.</summary>
    public static byte[] Word(BigInteger value)
    {
        var bytes = (value & ((BigInteger.One << 256) - 1)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
