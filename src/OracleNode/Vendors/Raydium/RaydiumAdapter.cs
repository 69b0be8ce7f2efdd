using NodaTime;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Raydium;

/// <summary>A poll of one pool.</summary>
/// <param name="Spec">The pool.</param>
/// <param name="Accounts">What stands at one slot.</param>
internal sealed record PoolReading(PoolSpec Spec, PoolAccounts Accounts);

/// <summary>Reads pools over a Solana endpoint. All accounts of a pool are read in one call, so that they are of one slot.</summary>
internal sealed class RaydiumAdapter : IPolledAdapter<PoolReading>
{
    private readonly SolanaRpcClient _rpc;
    private readonly SolanaAddress _genesisHash;
    private readonly SolanaAddress _quoteMint;
    private readonly PoolSpec[] _pools;
    private readonly ClmmPool?[] _known;
    private readonly ulong[] _slots;
    private readonly RaydiumParser _parser;
    private readonly Duration _maxClockLead;
    private readonly ITokenMarketSink _sink;
    private bool _clusterChecked;

    /// <param name="pools">What to read.</param>
    /// <param name="source">Stamped on every quote.</param>
    /// <param name="upstream">Stamped on every quote.</param>
    /// <param name="endpoint">Address of the endpoint; may hold a key.</param>
    /// <param name="options">The source, valid.</param>
    /// <param name="sink">Where quotes go.</param>
    /// <param name="time">Monotonic time.</param>
    public RaydiumAdapter(IReadOnlyList<PoolSpec> pools, SourceId source, UpstreamId upstream, Uri endpoint, SourceOptions options, ITokenMarketSink sink, TimeProvider time)
    {
        _rpc = new SolanaRpcClient(endpoint, options.Raydium.RequestTimeout, options.Raydium.Commitment, time);
        _genesisHash = SolanaAddress.Parse(options.Raydium.GenesisHash);
        _quoteMint = SolanaAddress.Parse(options.Raydium.QuoteMint);
        _pools = [.. pools];
        _known = new ClmmPool?[_pools.Length];
        _slots = new ulong[_pools.Length];
        _parser = new RaydiumParser(source, upstream, _quoteMint, options.Raydium.DepthBps);
        _maxClockLead = Duration.FromTimeSpan(options.MaxClockLead);
        _sink = sink;
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Raydium;

    /// <inheritdoc/>
    public ParserCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int TickerCount => _pools.Length;

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    /// <inheritdoc/>
    public async Task<PoolReading> FetchAsync(int ticker, Instant now, CancellationToken cancellation)
    {
        var spec = _pools[ticker];
        try
        {
            await CheckClusterAsync(cancellation);
            // The addresses of its configuration and vaults stand in the pool itself.
            if (_known[ticker] is not { } known)
            {
                if (ClmmPool.TryRead(await _rpc.GetAccountInfoAsync(spec.Address, cancellation), out known!) is { } error) throw Wrong(spec, error);
                _known[ticker] = known;
            }

            var answer = await _rpc.GetMultipleAccountsAsync(
                [spec.Address, known.Config, known.Vault0, known.Vault1, spec.Mint, _quoteMint, SolanaPrograms.ClockSysvar], minContextSlot: 0, cancellation);
            var a = answer.Value;
            var accounts = new PoolAccounts(answer.Slot, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
            if (_parser.TryRead(spec, accounts, out _) is { } problem) throw Wrong(spec, problem);
            if (ClmmPool.TryRead(a[0], out var pool) is null && (pool.Config, pool.Vault0, pool.Vault1) == (known.Config, known.Vault0, known.Vault1)) return new PoolReading(spec, accounts);
            _known[ticker] = null;
            throw new VendorFaultException(new VendorFault(VendorFaultKind.ServerError, $"the accounts of pool {spec.Address} changed between two readings"), concernsOneTicker: false);
        }
        catch (SolanaRpcException e)
        {
            // Whether the endpoint is still the same cluster is asked again.
            _clusterChecked = false;
            throw new VendorFaultException(new VendorFault(KindOf(e), e.Message), concernsOneTicker: false);
        }
    }

    /// <inheritdoc/>
    public BatchOutcome Convert(PoolReading batch, Instant receiveTime, ObservationBuffer output)
    {
        var place = Array.IndexOf(_pools, batch.Spec);
        // An endpoint that is behind, or one of a pool that is, must not take a quote back.
        if (batch.Accounts.Slot < _slots[place] || _parser.TryRead(batch.Spec, batch.Accounts, out var quote) is not null)
        {
            Counters.Add(Counter.IgnoredEvents);
            return default;
        }

        _slots[place] = batch.Accounts.Slot;
        if (quote.EventTime - receiveTime > _maxClockLead)
        {
            Counters.Add(Counter.RejectedTimestamps);
            return default;
        }

        Counters.Add(Counter.Observations);
        _sink.Publish(quote);
        return new BatchOutcome(batch.Accounts.Pool!.Data.Length, IsTruncated: false) { Quotes = 1 };
    }

    private async Task CheckClusterAsync(CancellationToken cancellation)
    {
        if (_clusterChecked) return;
        var found = await _rpc.GetGenesisHashAsync(cancellation);
        if (found != _genesisHash)
            throw new VendorFaultException(new VendorFault(VendorFaultKind.BadRequest, $"{_rpc.EndpointName} is of the cluster with genesis hash {found}, not {_genesisHash}: correct Url or Raydium:GenesisHash"), concernsOneTicker: false);
        _clusterChecked = true;
    }

    private VendorFaultException Wrong(PoolSpec spec, string problem)
    {
        Counters.Add(Counter.RejectedFields);
        return new VendorFaultException(new VendorFault(VendorFaultKind.SubscriptionRefused, $"pool {spec.Address}: {problem}"), concernsOneTicker: true);
    }

    private static VendorFaultKind KindOf(SolanaRpcException e) => e.Failure switch
    {
        SolanaRpcFailure.Unreachable => VendorFaultKind.ConnectFailed,
        _ => VendorFaultKind.ServerError,
    };
}
