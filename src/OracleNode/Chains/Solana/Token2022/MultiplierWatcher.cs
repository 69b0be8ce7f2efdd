using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OracleNode.Pipeline;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Reads the mints of the token feeds every few seconds and hands their multipliers to whoever asks. A mint that cannot be
/// read, or no longer can, has no reading: its feed holds.
/// </summary>
public sealed partial class MultiplierWatcher : BackgroundService
{
    private readonly MultiplierWatcherOptions _options;
    private readonly IMarketClock _marketClock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SolanaRpcClient _rpc;
    private readonly SolanaAddress _genesisHash;
    private readonly Dictionary<SolanaAddress, MintState> _mints;
    private bool _clusterChecked;
    private string? _failure;

    /// <param name="options">Validated options.</param>
    /// <param name="mints">The mints to read; twice the same is once.</param>
    /// <param name="marketClock">Market time.</param>
    /// <param name="time">Monotonic time for pauses, timeouts and the age of readings.</param>
    /// <param name="logger">Log.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message has every error.</exception>
    public MultiplierWatcher(
        MultiplierWatcherOptions options,
        IReadOnlyList<SolanaAddress> mints,
        IMarketClock marketClock,
        TimeProvider time,
        ILogger<MultiplierWatcher> logger,
        HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate("Multipliers");
        if (errors.Count > 0) throw new ArgumentException(string.Join(' ', errors), nameof(options));
        _options = options;
        _marketClock = marketClock;
        _time = time;
        _logger = logger;
        _mints = mints.Distinct().ToDictionary(mint => mint, _ => new MintState());
        _genesisHash = SolanaAddress.Parse(options.GenesisHash);
        _rpc = new SolanaRpcClient(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
    }

    /// <summary>
    /// The last reading of a mint; null when there is none, when it is older than the options allow, or when the last look
    /// found something that is not a usable multiplier. Safe from any thread, never throws.
    /// </summary>
    public MultiplierReading? Latest(SolanaAddress mint)
    {
        if (!_mints.TryGetValue(mint, out var state) || Volatile.Read(ref state.Latest) is not { } latest) return null;
        return _time.GetElapsedTime(latest.Timestamp) <= _options.MaxReadingAge ? latest.Reading : null;
    }

    /// <summary>Reads all mints once. Never throws for what the endpoint does.</summary>
    /// <returns>True when every mint was read and usable.</returns>
    public async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckClusterAsync(cancellationToken);
            var usable = true;
            foreach (var chunk in _mints.Keys.Chunk(SolanaRpcClient.MaxAccountsPerCall))
            {
                var accounts = await _rpc.GetMultipleAccountsAsync(chunk, 0, cancellationToken);
                for (var i = 0; i < chunk.Length; i++) usable &= Take(chunk[i], accounts.Value[i], accounts.Slot);
            }

            if (_failure is not null) LogRecovered(_rpc.EndpointName);
            _failure = null;
            return usable;
        }
        catch (SolanaRpcException e)
        {
            // Readings age out by themselves. Whether the endpoint is still the same cluster is asked again.
            _clusterChecked = false;
            if (_failure is null) LogFailed(_rpc.EndpointName, e.Message, _options.MaxReadingAge);
            _failure = e.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _rpc.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_mints.Count == 0) return;
        using var timer = new PeriodicTimer(_options.PollInterval, _time);
        try
        {
            do
            {
                await PollAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task CheckClusterAsync(CancellationToken cancellationToken)
    {
        if (_clusterChecked) return;
        var found = await _rpc.GetGenesisHashAsync(cancellationToken);
        if (found != _genesisHash)
        {
            throw new SolanaRpcException(SolanaRpcFailure.Malformed, $"the endpoint is of the cluster with genesis hash {found}, not {_genesisHash}; correct RpcUrl or GenesisHash");
        }

        _clusterChecked = true;
    }

    private bool Take(SolanaAddress mint, SolanaAccount? account, ulong slot)
    {
        var state = _mints[mint];
        // An endpoint that is behind, or one of a pool that is, must not take a multiplier back.
        if (slot < state.Slot) return state.Error is null && state.Latest is not null;
        state.Slot = slot;

        var now = _marketClock.Now;
        var scaled = default(ScaledUiAmount);
        var error = account is null ? "there is no such account" : ScaledUiAmountReader.TryRead(account, now, out scaled);
        if (error is not null)
        {
            if (state.Error != error) LogUnusable(mint, error);
            state.Error = error;
            Volatile.Write(ref state.Latest, null);
            return false;
        }

        LogTransition(mint, state, scaled, now);
        state.Error = null;
        state.LastGood = scaled;
        Volatile.Write(ref state.Latest, new TimedReading(new MultiplierReading(mint, scaled, now, slot), _time.GetTimestamp()));
        return true;
    }

    private void LogTransition(SolanaAddress mint, MintState state, ScaledUiAmount scaled, NodaTime.Instant now)
    {
        var value = scaled.At(now);
        if (state.LastGood is not { } before)
        {
            LogFirstReading(mint, value);
        }
        else if (before.At(now) != value)
        {
            // The reading before would have given another multiplier for this very moment: the switch was not announced.
            LogUnannounced(mint, before.At(now), value);
        }
        else if (state.LastValue != value)
        {
            LogActivated(mint, state.LastValue, value);
        }

        if (scaled.IsStagedAt(now) && state.LastGood != scaled) LogStaged(mint, scaled.NewMultiplier, scaled.EffectiveAt);
        state.LastValue = value;
    }

    private sealed record TimedReading(MultiplierReading Reading, long Timestamp);

    private sealed class MintState
    {
        /// <summary>Written by the poll, read by anyone.</summary>
        public TimedReading? Latest;

        public ScaledUiAmount? LastGood { get; set; }
        public Market.Multiplier LastValue { get; set; }
        public ulong Slot { get; set; }
        public string? Error { get; set; }
    }
}
