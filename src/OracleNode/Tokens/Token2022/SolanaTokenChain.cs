using System.Buffers.Binary;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Solana;

namespace OracleNode.Tokens;

/// <summary>The Token-2022 mints of one Solana cluster, each read together with the cluster's clock, which decides whether a staged multiplier is due.</summary>
internal sealed class SolanaTokenChain : ITokenChain
{
    private const int UnixTimestampAt = 32;

    /// <summary>The account that holds the cluster's time.</summary>
    internal static readonly SolanaAddress ClockSysvar = SolanaAddress.Parse("SysvarC1ock11111111111111111111111111111111");

    private readonly SolanaTokenChainOptions _options;
    private readonly SolanaAddress[] _mints;
    private readonly SolanaRpcClient _rpc;
    private readonly EndpointIdentity _identity;

    /// <param name="options">Validated options.</param>
    /// <param name="tokens">The cluster's tokens.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    public SolanaTokenChain(SolanaTokenChainOptions options, IReadOnlyList<TokenDefinition> tokens, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _options = options;
        _mints = [.. tokens.Select(t => SolanaAddress.Parse(t.Address))];
        _rpc = new SolanaRpcClient(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
        _identity = EndpointIdentity.Of(_rpc, SolanaAddress.Parse(options.GenesisHash));
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public string Endpoint => _rpc.EndpointName;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChainSnapshot>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _identity.RequireAsync(cancellationToken);
            var snapshots = new List<ChainSnapshot>();
            for (var from = 0; from < _mints.Length; from += SolanaRpcClient.MaxAccountsPerCall - 1)
            {
                var mints = _mints[from..Math.Min(_mints.Length, from + SolanaRpcClient.MaxAccountsPerCall - 1)];
                var accounts = await _rpc.GetMultipleAccountsAsync([ClockSysvar, .. mints], 0, cancellationToken);
                _identity.Answered(accounts.Slot);
                var time = TimeOf(accounts.Value[0]);
                snapshots.Add(new ChainSnapshot(accounts.Slot, time, [.. mints.Select((_, i) => Read(from + i, accounts.Value[i + 1], time))]));
            }

            return snapshots;
        }
        catch (SolanaRpcException e)
        {
            _identity.Doubt();
            throw new ChainException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    /// <summary>The cluster's time.</summary>
    /// <exception cref="ChainException">It is none.</exception>
    internal static Instant TimeOf(SolanaAccount? sysvar)
    {
        if (sysvar is null || sysvar.Data.Length < UnixTimestampAt + sizeof(long)) throw new ChainException("the clock sysvar is missing or too short");
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(sysvar.Data.AsSpan(UnixTimestampAt));
        return seconds is >= 0 and < 1L << 34 ? Instant.FromUnixTimeSeconds(seconds) : throw new ChainException($"a clock of {seconds} Unix seconds");
    }

    private static TokenAnswer Read(int token, SolanaAccount? mint, Instant time)
    {
        var scaled = default(ScaledUiAmount);
        var error = mint is null ? "there is no such account" : ScaledUiAmountReader.TryRead(mint, time, out scaled);
        if (error is not null) return new TokenAnswer(token, default, null, error);
        return new TokenAnswer(token, scaled.TermsAt(time), null, null);
    }
}
