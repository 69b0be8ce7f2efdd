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
internal sealed class EvmSupply : ISupplySource
{
    private const string TotalSupply = "totalSupply()";
    private const string Decimals = "decimals()";

    private readonly EvmTokenChainOptions _options;
    private readonly TokenDefinition _token;
    private readonly EvmRpcClient _rpc;
    private readonly EndpointIdentity _identity;
    private readonly IEvmTokenInterface _terms;

    /// <param name="options">Validated options of the chain.</param>
    /// <param name="token">The token.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="http">The transport.</param>
    public EvmSupply(EvmTokenChainOptions options, TokenDefinition token, TimeProvider time, HttpClient http)
    {
        _options = options;
        _token = token;
        _rpc = new EvmRpcClient(new Uri(options.RpcUrl), http, time, options.RequestTimeout);
        _identity = EndpointIdentity.Of(_rpc, options.ChainId);
        _terms = EvmTokenChain.InterfaceOf(token);
    }

    /// <inheritdoc/>
    public string Name => _token.Name;

    /// <inheritdoc/>
    public async Task<SupplyReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _identity.RequireAsync(cancellationToken);
            var head = await _rpc.GetHeadAsync(cancellationToken);
            var chainTime = EvmTokenChain.TimeOf(head);
            var contract = EvmAddress.Parse(_token.Address);
            var answers = await _rpc.AskAsync(head.Hash, [EvmWords.Call(contract, TotalSupply), EvmWords.Call(contract, Decimals), .. _terms.Queries], _options.BatchSize, cancellationToken);
            return new SupplyReading(SharesOf(answers, chainTime, out var terms), head.Number, chainTime, terms);
        }
        catch (EvmRpcException e)
        {
            _identity.Doubt();
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
        return SupplyArithmetic.SharesE18(supply[0], (int)UInt128.Min(decimals[0], byte.MaxValue), _token.Standard.CountsDisplayed() ? Multiplier.One : terms.Current);
    }
}
