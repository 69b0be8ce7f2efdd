using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Updates;

namespace OracleNode.Tokens;

/// <summary>The tokens of one EVM chain: every call of a reading, and the code behind the contracts, in the state of one block.</summary>
internal sealed class EvmTokenChain : ITokenChain
{
    private readonly EvmTokenChainOptions _options;
    private readonly IEvmTokenInterface[] _tokens;
    private readonly EvmStateQuery[] _queries;
    private readonly EvmAddress[] _contracts;
    private readonly HttpClient? _ownHttp;
    private readonly EvmRpcClient _rpc;
    private readonly CodeReader _code;
    private readonly EndpointIdentity _identity;

    /// <param name="options">Validated options.</param>
    /// <param name="tokens">The chain's tokens.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="http">The transport; null for one of its own.</param>
    public EvmTokenChain(EvmTokenChainOptions options, IReadOnlyList<TokenDefinition> tokens, TimeProvider time, HttpClient? http = null)
    {
        _options = options;
        _tokens = [.. tokens.Select(InterfaceOf)];
        _queries = [.. _tokens.SelectMany(t => t.Queries)];
        _contracts = [.. _tokens.SelectMany(t => t.Contracts).Distinct()];
        _ownHttp = http is null ? EvmRpcClient.CreateHttpClient() : null;
        _rpc = new EvmRpcClient(new Uri(options.RpcUrl), http ?? _ownHttp!, time, options.RequestTimeout);
        _code = new CodeReader(_rpc, options.BatchSize, time);
        _identity = EndpointIdentity.Of(_rpc, options.ChainId);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public string Endpoint => _rpc.Endpoint;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChainSnapshot>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _identity.RequireAsync(cancellationToken);
            var head = await _rpc.GetHeadAsync(cancellationToken);
            _identity.Answered(head.Number);
            var time = TimeOf(head);
            var answers = await _rpc.AskAsync(head.Hash, _queries, _options.BatchSize, cancellationToken);
            var code = await _code.ReadAsync(head.Hash, _contracts, cancellationToken);
            return [new ChainSnapshot(head.Number, time, [.. Read(answers, code, time)])];
        }
        catch (EvmRpcException e)
        {
            _identity.Doubt();
            throw new ChainException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ownHttp?.Dispose();

    private List<TokenAnswer> Read(EvmStateAnswer[] answers, IReadOnlyDictionary<EvmAddress, (Hash32? Hash, string? Error)> code, Instant time)
    {
        var read = new List<TokenAnswer>(_tokens.Length);
        var at = 0;
        for (var i = 0; i < _tokens.Length; i++)
        {
            var token = _tokens[i];
            var error = token.TryRead(answers.AsSpan(at, token.Queries.Count), time, out var terms);
            at += token.Queries.Count;

            // Every interface here has one contract that answers.
            var (hash, unreadable) = code[token.Contracts[0]];
            read.Add(new TokenAnswer(i, terms, hash?.ToString(), error ?? unreadable));
        }

        return read;
    }

    /// <summary>A block's time.</summary>
    /// <exception cref="ChainException">It is none.</exception>
    internal static Instant TimeOf(EvmBlockHead head) => head.TimestampUnixSeconds < 1UL << 34
        ? Instant.FromUnixTimeSeconds((long)head.TimestampUnixSeconds)
        : throw new ChainException($"a block of {head.TimestampUnixSeconds} Unix seconds");

    /// <summary>How a token's contract is asked.</summary>
    internal static IEvmTokenInterface InterfaceOf(TokenDefinition token)
    {
        var address = EvmAddress.Parse(token.Address);
        return token.Standard switch
        {
            TokenStandard.Backed => new BackedToken(address),
            TokenStandard.Erc8056 => new Erc8056Token(address),
            TokenStandard.Dinari => new DinariToken(address),
            TokenStandard.Ondo => new OndoToken(EvmAddress.Parse(token.Oracle!), address),
            _ => throw new ArgumentException($"Token {token.Name} of standard {token.Standard} is on no EVM chain.", nameof(token)),
        };
    }
}
