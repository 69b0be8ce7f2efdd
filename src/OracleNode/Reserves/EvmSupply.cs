using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>
/// An ERC-20 token's supply at one block. Backed and Dinari count displayed tokens, each of them a share; where balances are raw the multiplier of the same block
/// makes shares of them.
/// </summary>
/// <param name="options">Validated options of the chain.</param>
/// <param name="token">The token.</param>
/// <param name="time">Monotonic time for timeouts.</param>
/// <param name="http">The transport.</param>
internal sealed class EvmSupply(EvmTokenChainOptions options, TokenDefinition token, TimeProvider time, HttpClient http) : ISupplySource
{
    private const string TotalSupply = "totalSupply()";
    private const string Decimals = "decimals()";

    private readonly EvmRpcClient _rpc = new(new Uri(options.RpcUrl), http, time, options.RequestTimeout);
    private readonly IEvmTokenInterface _terms = EvmTokenChain.InterfaceOf(token);
    private bool _isChecked;

    /// <inheritdoc/>
    public string Name => token.Name;

    /// <inheritdoc/>
    public async Task<SupplyReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_isChecked && await _rpc.GetChainIdAsync(cancellationToken) is var found && found != options.ChainId)
                throw new ChainException($"the endpoint is of chain {found}, not {options.ChainId}; correct RpcUrl or ChainId");
            _isChecked = true;
            var head = await _rpc.GetHeadAsync(cancellationToken);
            var chainTime = EvmTokenChain.TimeOf(head);
            var contract = EvmAddress.Parse(token.Address);
            var answers = await _rpc.AskAsync(head.Hash, [EvmWords.Call(contract, TotalSupply), EvmWords.Call(contract, Decimals), .. _terms.Queries], options.BatchSize, cancellationToken);
            return new SupplyReading(SharesOf(answers, chainTime, out var terms), head.Number, chainTime, terms);
        }
        catch (EvmRpcException e)
        {
            // Whether the endpoint is still of the same chain is asked again.
            _isChecked = false;
            throw new ChainException(e.Message, e);
        }
    }

    private UInt128 SharesOf(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms)
    {
        terms = default;
        Span<UInt128> supply = stackalloc UInt128[1];
        Span<UInt128> decimals = stackalloc UInt128[1];
        if ((EvmWords.TryRead(answers[0], TotalSupply, supply) ?? EvmWords.TryRead(answers[1], Decimals, decimals) ?? _terms.TryRead(answers[2..], chainTime, out terms)) is { } error)
            throw new ChainException(error);
        return SupplyArithmetic.SharesE18(supply[0], (int)UInt128.Min(decimals[0], byte.MaxValue), token.Standard.CountsDisplayed() ? Multiplier.One : terms.Current);
    }
}
