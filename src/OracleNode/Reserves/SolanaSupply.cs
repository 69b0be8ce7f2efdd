using System.Buffers.Binary;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>
/// A Token-2022 mint's supply, which is raw, and its multiplier by the cluster's own clock, out of one answer of one slot.
/// </summary>
/// <param name="options">Validated options of the cluster.</param>
/// <param name="token">The token.</param>
/// <param name="time">Monotonic time for timeouts.</param>
/// <param name="handler">The transport; null for a connection pool of its own.</param>
internal sealed class SolanaSupply(SolanaTokenChainOptions options, TokenDefinition token, TimeProvider time, HttpMessageHandler? handler = null) : ISupplySource, IDisposable
{
    private const int SupplyAt = 36;
    private const int DecimalsAt = 44;

    private readonly SolanaRpcClient _rpc = new(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
    private readonly SolanaAddress _mint = SolanaAddress.Parse(token.Address);
    private readonly SolanaAddress _genesisHash = SolanaAddress.Parse(options.GenesisHash);
    private bool _isChecked;

    /// <inheritdoc/>
    public string Name => token.Name;

    /// <inheritdoc/>
    public async Task<SupplyReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_isChecked && await _rpc.GetGenesisHashAsync(cancellationToken) is var found && found != _genesisHash)
                throw new ChainException($"the endpoint is of the cluster with genesis hash {found}, not {_genesisHash}; correct RpcUrl or GenesisHash");
            _isChecked = true;
            var accounts = await _rpc.GetMultipleAccountsAsync([SolanaTokenChain.ClockSysvar, _mint], 0, cancellationToken);
            var chainTime = SolanaTokenChain.TimeOf(accounts.Value[0]);
            var mint = accounts.Value[1] ?? throw new ChainException("there is no such account");
            if (ScaledUiAmountReader.TryRead(mint, chainTime, out var scaled) is { } error) throw new ChainException(error);
            var supply = BinaryPrimitives.ReadUInt64LittleEndian(mint.Data.AsSpan(SupplyAt));
            var current = scaled.At(chainTime);
            var terms = scaled.IsStagedAt(chainTime) ? new TokenTerms(current, scaled.NewMultiplier, scaled.EffectiveAt, scaled.IsPaused) : new TokenTerms(current, default, null, scaled.IsPaused);
            return new SupplyReading(SupplyArithmetic.SharesE18(supply, mint.Data[DecimalsAt], current), accounts.Slot, chainTime, terms);
        }
        catch (SolanaRpcException e)
        {
            // Whether the endpoint is still of the same cluster is asked again.
            _isChecked = false;
            throw new ChainException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();
}
