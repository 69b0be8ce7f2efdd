using System.Numerics;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Wrappers;

/// <summary>
/// Reads an ERC-4626 wrapper at one block: what it holds, what a share converts to, the token's multiplier that this contains, and the code behind its proxies.
/// </summary>
internal sealed class WrapperRateReader
{
    private const string Holds = "asset()";
    private const string Decimals = "decimals()";
    private const string Convert = "convertToAssets(uint256)";

    /// <summary>What is converted, in the wrapper's smallest unit: enough for integer division to lose nothing that counts.</summary>
    private static readonly UInt128 Amount = 1_000_000_000_000_000_000;

    private const int MaxDecimals = 36;

    private readonly EvmTokenChainOptions _options;
    private readonly WrapperDefinition _wrapper;
    private readonly EvmAddress _token;
    private readonly IEvmTokenInterface _terms;
    private readonly EvmRpcClient _rpc;
    private readonly CodeReader _code;
    private readonly EndpointIdentity _identity;
    private readonly EvmStateQuery[] _queries;

    /// <param name="options">Validated options of the chain.</param>
    /// <param name="wrapper">The wrapper.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="http">The transport.</param>
    public WrapperRateReader(EvmTokenChainOptions options, WrapperDefinition wrapper, TimeProvider time, HttpClient http)
    {
        _options = options;
        _wrapper = wrapper;
        _token = EvmAddress.Parse(wrapper.Token.Address);
        _terms = EvmTokenChain.InterfaceOf(wrapper.Token);
        _rpc = new EvmRpcClient(new Uri(options.RpcUrl), http, time, options.RequestTimeout);
        _code = new CodeReader(_rpc, options.BatchSize, time);
        _identity = EndpointIdentity.Of(_rpc, options.ChainId);
        _queries =
        [
            EvmWords.Call(wrapper.Contract, Holds), EvmWords.Call(wrapper.Contract, Decimals), EvmWords.Call(_token, Decimals),
            EvmStateQuery.Call(wrapper.Contract, new AbiWriter(Convert, 1).Unsigned(Amount).ToArray()),
            .. _terms.Queries,
        ];
    }

    /// <summary>Reads it once.</summary>
    /// <exception cref="ChainException">The chain could not be read: nothing is known of the wrapper.</exception>
    public async Task<WrapperAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _identity.RequireAsync(cancellationToken);
            var head = await _rpc.GetHeadAsync(cancellationToken);
            _identity.Answered(head.Number);
            var chainTime = EvmTokenChain.TimeOf(head);
            var answers = await _rpc.AskAsync(head.Hash, _queries, _options.BatchSize, cancellationToken);
            var (hash, unreadable) = (await _code.ReadAsync(head.Hash, [_wrapper.Contract], cancellationToken))[_wrapper.Contract];
            var error = TryRead(answers, chainTime, out var rate) ?? unreadable;
            return error is null ? new WrapperAnswer(rate, hash!.Value.ToString(), head.Number, chainTime, null) : new WrapperAnswer(0, "", head.Number, chainTime, error);
        }
        catch (EvmRpcException e)
        {
            _identity.Doubt();
            throw new ChainException(e.Message, e);
        }
    }

    private string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out UInt128 rateE18)
    {
        rateE18 = 0;
        if (answers[0].Error is null && answers[0].Data.Length == AbiReader.WordLength && !answers[0].Data.Span[12..].SequenceEqual(_token.ToArray()))
            return $"{Holds} is {EvmHex.Data(answers[0].Data.Span[12..])}, not the token {_wrapper.Token.Name} at {_token}";
        Span<UInt128> decimals = stackalloc UInt128[1];
        Span<UInt128> tokenDecimals = stackalloc UInt128[1];
        Span<UInt128> assets = stackalloc UInt128[1];
        var error = EvmWords.TryRead(answers[1], Decimals, decimals) ?? EvmWords.TryRead(answers[2], Decimals, tokenDecimals) ?? EvmWords.TryRead(answers[3], Convert, assets);
        if (error is not null) return error;
        if (answers[0].Error is not null || answers[0].Data.Length != AbiReader.WordLength) return $"{Holds} answers no address";
        if (decimals[0] > MaxDecimals || tokenDecimals[0] > MaxDecimals) return $"{Decimals} is {decimals[0]} and the token's {tokenDecimals[0]}; at most {MaxDecimals} are believed";

        // Displayed tokens hold the multiplier of this very block; raw ones hold none.
        var multiplier = Multiplier.One;
        if (_wrapper.Token.Standard.CountsDisplayed())
        {
            if (_terms.TryRead(answers[4..], chainTime, out var terms) is { } unusable) return unusable;
            multiplier = terms.Current;
        }

        var rate = (BigInteger)assets[0] * BigInteger.Pow(10, (int)decimals[0]) * (BigInteger)Multiplier.One.E18 / (BigInteger.Pow(10, (int)tokenDecimals[0]) * (BigInteger)multiplier.E18);
        if (rate <= 0 || rate > (BigInteger)UInt128.MaxValue) return $"{Convert} of {Amount} is {assets[0]} at {decimals[0]} and {tokenDecimals[0]} decimals, which is no rate";
        rateE18 = (UInt128)rate;
        return null;
    }
}

/// <summary>What a wrapper's chain says.</summary>
/// <param name="RateE18">Raw tokens per share, scaled by 1e18; 0 when there is an error.</param>
/// <param name="CodeHash">Hash of the code that answers.</param>
/// <param name="Height">The block.</param>
/// <param name="ChainTime">The chain's time there.</param>
/// <param name="Error">Why it has no usable rate; null when it has.</param>
internal readonly record struct WrapperAnswer(UInt128 RateE18, string CodeHash, ulong Height, Instant ChainTime, string? Error);
