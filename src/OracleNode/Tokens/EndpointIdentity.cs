using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;

namespace OracleNode.Tokens;

/// <summary>
/// Whether an endpoint is of the chain it is configured for: asked before the first reading, and again after a failure or an answer that is behind the one before.
/// Not for use by two threads at once.
/// </summary>
internal sealed class EndpointIdentity
{
    private readonly Func<CancellationToken, Task> _require;
    private bool _isKnown;
    private ulong _height;

    private EndpointIdentity(Func<CancellationToken, Task> require) => _require = require;

    /// <summary>An EVM chain by its EIP-155 id.</summary>
    public static EndpointIdentity Of(EvmRpcClient rpc, ulong chainId) => new(async cancellationToken =>
    {
        var found = await rpc.GetChainIdAsync(cancellationToken);
        if (found != chainId) throw new ChainException($"the endpoint is of chain {found}, not {chainId}; correct RpcUrl or ChainId");
    });

    /// <summary>A Solana cluster by its genesis hash.</summary>
    public static EndpointIdentity Of(SolanaRpcClient rpc, SolanaAddress genesisHash) => new(async cancellationToken =>
    {
        var found = await rpc.GetGenesisHashAsync(cancellationToken);
        if (found != genesisHash) throw new ChainException($"the endpoint is of the cluster with genesis hash {found}, not {genesisHash}; correct RpcUrl or GenesisHash");
    });

    /// <summary>Asks, unless it is known.</summary>
    /// <exception cref="ChainException">It is of another chain.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (_isKnown) return;
        await _require(cancellationToken);
        _isKnown = true;
    }

    /// <summary>A call failed: it is asked again before the next reading.</summary>
    public void Doubt() => _isKnown = false;

    /// <summary>It answered for a block or slot; one behind the last is a reason to ask again.</summary>
    public void Answered(ulong height)
    {
        if (height < _height) Doubt();
        _height = height;
    }
}
