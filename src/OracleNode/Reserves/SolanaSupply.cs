using System.Buffers.Binary;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>
/// A Token-2022 mint's supply, which is raw, and its multiplier by the cluster's own clock, out of one answer of one slot.
/// </summary>
internal sealed class SolanaSupply : ISupplySource, IDisposable
{
    private const int SupplyAt = 36;
    private const int DecimalsAt = 44;

    private readonly SolanaRpcClient _rpc;
    private readonly EndpointIdentity _identity;
    private readonly SolanaAddress _mint;

    /// <param name="options">Validated options of the cluster.</param>
    /// <param name="token">The token.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    public SolanaSupply(SolanaTokenChainOptions options, TokenDefinition token, TimeProvider time, HttpMessageHandler? handler = null)
    {
        Name = token.Name;
        _rpc = new SolanaRpcClient(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
        _identity = EndpointIdentity.Of(_rpc, SolanaAddress.Parse(options.GenesisHash));
        _mint = SolanaAddress.Parse(token.Address);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<SupplyReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _identity.RequireAsync(cancellationToken);
            var accounts = await _rpc.GetMultipleAccountsAsync([SolanaTokenChain.ClockSysvar, _mint], 0, cancellationToken);
            var chainTime = SolanaTokenChain.TimeOf(accounts.Value[0]);
            var mint = accounts.Value[1] ?? throw new ChainException("there is no such account");
            if (ScaledUiAmountReader.TryRead(mint, chainTime, out var scaled) is { } error) throw new ChainException(error);
            var supply = BinaryPrimitives.ReadUInt64LittleEndian(mint.Data.AsSpan(SupplyAt));
            var terms = scaled.TermsAt(chainTime);
            return new SupplyReading(SupplyArithmetic.SharesE18(supply, mint.Data[DecimalsAt], terms.Current), accounts.Slot, chainTime, terms);
        }
        catch (SolanaRpcException e)
        {
            _identity.Doubt();
            throw new ChainException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();
}
