using System.Buffers.Binary;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Solana;

namespace OracleNode.Timekeeping;

/// <summary>Solana's clock sysvar: the stake-weighted median of the validators' clocks, which may run some seconds off.</summary>
internal sealed class SolanaChainClock(string name, SolanaRpcClient rpc) : IChainClock, IDisposable
{
    private const int UnixTimestampAt = 32;

    private static readonly SolanaAddress Sysvar = SolanaAddress.Parse("SysvarC1ock11111111111111111111111111111111");

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Duration Granularity { get; } = Duration.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<Instant> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var account = await rpc.GetAccountInfoAsync(Sysvar, cancellationToken);
            if (account is null || account.Data.Length < UnixTimestampAt + sizeof(long)) throw new ChainException("the clock sysvar is missing or too short");
            var seconds = BinaryPrimitives.ReadInt64LittleEndian(account.Data.AsSpan(UnixTimestampAt));
            return seconds is >= 0 and < 1L << 34 ? Instant.FromUnixTimeSeconds(seconds) : throw new ChainException($"a clock of {seconds} Unix seconds");
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => rpc.Dispose();
}
