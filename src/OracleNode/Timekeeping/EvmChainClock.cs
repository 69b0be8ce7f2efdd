using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;

namespace OracleNode.Timekeeping;

/// <summary>The newest block's stamp of an EVM chain. L2 blocks come every two seconds or faster and are stamped in whole seconds by the sequencer's clock.</summary>
internal sealed class EvmChainClock(string name, EvmRpcClient rpc) : IChainClock
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Duration Granularity { get; } = Duration.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<Instant> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var seconds = (await rpc.GetLatestBlockAsync(cancellationToken)).TimestampUnixSeconds;
            return seconds <= (ulong)Instant.MaxValue.ToUnixTimeSeconds() ? Instant.FromUnixTimeSeconds((long)seconds) : throw new ChainException($"a block of {seconds} Unix seconds");
        }
        catch (EvmRpcException e)
        {
            throw new ChainException(e.Message, e);
        }
    }
}
