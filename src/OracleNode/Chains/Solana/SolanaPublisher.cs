using Microsoft.Extensions.Logging;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>
/// One Solana cluster with the oracle feeds program. A batch counts as landed only when it was read back from the cluster.
/// </summary>
/// <remarks>
/// <code>
/// batch -> runs that fit a packet -> simulate -> sign -> send, send again -> status -> getMultipleAccounts -> equal or newer?
///                                       | refused: the program's own words     | blockhash expired: sign anew
/// </code>
/// </remarks>
public sealed partial class SolanaPublisher : IChainPublisher, IDisposable
{
    private static readonly TimeSpan IdentityValidity = TimeSpan.FromHours(1);

    private readonly SolanaOptions _options;
    private readonly ChainBinding _binding;
    private readonly SolanaKeypair _payer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SolanaRpcClient _rpc;
    private readonly SolanaRetry _retry;
    private readonly SolanaAddress _genesisHash;
    private readonly SolanaAddress _program;
    private readonly SolanaAddress _registry;
    private readonly SolanaAddress? _table;
    private SubmitTarget? _target;
    private SubmissionOutcome _lastOutcome = SubmissionOutcome.Landed;

    // When the endpoint last proved to be the cluster we mean; null after it failed us.
    private long? _identifiedAt;

    /// <param name="options">Validated options.</param>
    /// <param name="binding">Who signs the batches; checked against the registry at connect.</param>
    /// <param name="payer">Pays the fees; the publisher does not dispose it.</param>
    /// <param name="time">Monotonic time for timeouts and pauses.</param>
    /// <param name="logger">Log.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message has every error.</exception>
    public SolanaPublisher(
        SolanaOptions options, ChainBinding binding, SolanaKeypair payer, TimeProvider time, ILogger<SolanaPublisher> logger, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(payer);
        if (binding.PublicKey.Length != 32) throw new ArgumentException($"A public key is 32 bytes, not {binding.PublicKey.Length}.", nameof(binding));
        if (options.ValidateDelivery(options.Name) is { Count: > 0 } errors) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        _options = options;
        _binding = binding;
        _payer = payer;
        _time = time;
        _logger = logger;
        _genesisHash = SolanaAddress.Parse(options.GenesisHash);
        _program = SolanaAddress.Parse(options.ProgramId);
        _registry = SolanaAddress.Parse(options.Registry);
        _table = options.LookupTable.Length == 0 ? null : SolanaAddress.Parse(options.LookupTable);
        _rpc = new SolanaRpcClient(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
        _retry = new SolanaRetry(options.MaxRetries, options.RetryDelay, time);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public ChainKind Kind => ChainKind.Solana;

    /// <inheritdoc/>
    public async Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        try
        {
            if (await IdentifyAsync(cancellationToken) is { } stranger) throw Wrong(stranger);
            await CheckProgramAsync(cancellationToken);
            var registry = await ReadRegistryAsync(cancellationToken);
            var target = new SubmitTarget(_program, _registry, registry.Base, registry.Deployment, await ReadTableAsync(cancellationToken));
            await ReadFeedsAsync(target, feeds, 0, cancellationToken);
            await CheckBalanceAsync(cancellationToken);
            if (registry.Paused) LogRegistryPaused(Name, _registry);
            WarnOfMissingAddresses(target, feeds);
            _target = target;
            LogConnected(Name, _rpc.EndpointName, _program, _registry, feeds.Count);
        }
        catch (SolanaRpcException e)
        {
            throw Wrong(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        try
        {
            return await ReadFeedsAsync(Target(), feeds, 0, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw Wrong(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var target = Target();
        var result = await IdentifyAgainAsync(cancellationToken)
            ?? await new SolanaSubmission(_options, target, _payer, _rpc, _retry, _time, batch).RunAsync(cancellationToken);
        if (result.Outcome == SubmissionOutcome.Unreachable) _identifiedAt = null;
        Log(batch, result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    /// <summary>Null when the endpoint is of our cluster; else whose it is.</summary>
    /// <exception cref="SolanaRpcException">It does not say.</exception>
    private async Task<string?> IdentifyAsync(CancellationToken cancellationToken)
    {
        var genesisHash = await _retry.RunAsync(_rpc.GetGenesisHashAsync, cancellationToken);
        if (genesisHash != _genesisHash)
        {
            return $"the endpoint {_rpc.EndpointName} is of the cluster with genesis hash {genesisHash}, not {_genesisHash}; correct RpcUrl or GenesisHash";
        }

        _identifiedAt = _time.GetTimestamp();
        return null;
    }

    /// <summary>Asks an endpoint who it is, now and then and after each failure. Null when all is well.</summary>
    private async Task<SubmissionResult?> IdentifyAgainAsync(CancellationToken cancellationToken)
    {
        if (_identifiedAt is { } at && _time.GetElapsedTime(at) < IdentityValidity) return null;
        try
        {
            return await IdentifyAsync(cancellationToken) is { } stranger ? Unreachable(stranger) : null;
        }
        catch (SolanaRpcException e)
        {
            return Unreachable(e.Message);
        }

        static SubmissionResult Unreachable(string why) => new(SubmissionOutcome.Unreachable, $"{why}; nothing was sent", [], null, []);
    }

    /// <summary>A failure that repeats is said once, and its end.</summary>
    private void Log(SignedBatch batch, SubmissionResult result)
    {
        var (sequence, before) = (batch.Header.Sequence, _lastOutcome);
        _lastOutcome = result.Outcome;
        if (result.Outcome == SubmissionOutcome.Landed)
        {
            if (before != SubmissionOutcome.Landed) LogLandsAgain(Name, sequence, before);
            LogLanded(Name, sequence, batch.Records.Count, result.TransactionIds.Count, result.CostUnits);
        }
        else if (result.Outcome != before)
        {
            LogNotLanded(Name, sequence, result.Outcome, result.Detail);
        }
        else
        {
            LogStillNotLanded(Name, sequence, result.Outcome, result.Detail);
        }
    }

    private SubmitTarget Target() => _target ?? throw new InvalidOperationException($"{Name}: ConnectAsync has not succeeded yet.");

    private ChainException Wrong(string what, Exception? inner = null) => new($"{Name}: {what}", inner!);

    private async Task CheckProgramAsync(CancellationToken cancellationToken)
    {
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(_program, token), cancellationToken)
            ?? throw Wrong($"there is no program at {_program}; correct ProgramId or deploy the program");
        if (!account.Executable || !SolanaPrograms.IsLoader(account.Owner))
        {
            throw Wrong($"the account {_program} (owner {account.Owner}) is not an executable program; correct ProgramId");
        }
    }

    private async Task<RegistryAccount> ReadRegistryAsync(CancellationToken cancellationToken)
    {
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(_registry, token), cancellationToken)
            ?? throw Wrong($"there is no registry at {_registry}; correct Registry or create it");
        if (account.Owner != _program) throw Wrong($"the registry {_registry} belongs to {account.Owner}, not to the program {_program}");
        if (!RegistryAccount.TryDecode(account.Data, out var registry, out var error)) throw Wrong($"{_registry} is not a registry: {error}");
        if (registry.Deployment != _binding.Deployment)
        {
            throw Wrong($"the registry {_registry} is of deployment {registry.Deployment:x16}, this node signs for {_binding.Deployment:x16}");
        }

        if (registry.GenesisHash != _genesisHash) throw Wrong($"the registry {_registry} was made for the cluster {registry.GenesisHash}, not {_genesisHash}");
        CheckSigner(registry);
        return registry;
    }

    private async Task<LookupTable?> ReadTableAsync(CancellationToken cancellationToken)
    {
        if (_table is not { } address) return null;
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(address, token), cancellationToken)
            ?? throw Wrong($"there is no lookup table at {address}; correct LookupTable, or leave it empty");
        return LookupTable.TryDecode(address, account.Owner, account.Data, out var table, out var error)
            ? table
            : throw Wrong($"{address} is no lookup table to use: {error}; correct LookupTable, or leave it empty");
    }

    private void WarnOfMissingAddresses(SubmitTarget target, IReadOnlyList<FeedId> feeds)
    {
        if (target.Table is not { } table) return;
        var missing = target.TableAddresses(feeds.Select(feed => feed.Tag)).Where(address => !table.TryFind(address, out _)).ToArray();
        if (missing.Length != 0) LogTableIncomplete(Name, table.Address, missing.Length, missing[0]);
    }

    private void CheckSigner(RegistryAccount registry)
    {
        var epoch = _binding.Epoch;
        var set = registry.Current.Epoch == epoch ? registry.Current : registry.Previous;
        if (epoch == 0 || set.Epoch != epoch)
        {
            throw Wrong($"this node signs for epoch {epoch}; the registry {_registry} has epoch {registry.Current.Epoch} (before it {registry.Previous.Epoch})");
        }

        var index = _binding.SignerIndex;
        if (index >= set.Keys.Count) throw Wrong($"signer index {index} is not in epoch {epoch} of the registry {_registry}, which has {set.Keys.Count} keys");
        var ours = new SolanaAddress(_binding.PublicKey.Span);
        if (set.Keys[index] != ours) throw Wrong($"signer {index} of epoch {epoch} in the registry {_registry} is {set.Keys[index]}, this node's key is {ours}");
        if (set.IsRevoked(index)) throw Wrong($"signer {index} of epoch {epoch} was revoked in the registry {_registry}; rotate to a new signer set");
        if (set != registry.Current) LogPreviousEpoch(Name, epoch, registry.Current.Epoch, set.ValidUntilUnixSeconds);
    }

    private async Task CheckBalanceAsync(CancellationToken cancellationToken)
    {
        var lamports = await _retry.RunAsync(token => _rpc.GetBalanceAsync(_payer.Address, token), cancellationToken);
        if (lamports == 0) throw Wrong($"the payer {_payer.Address} holds no lamports; fund it");
        if (lamports < (ulong)_options.LowBalanceLamports) LogLowBalance(Name, _payer.Address, lamports, _options.LowBalanceLamports);
    }

    private async Task<IReadOnlyList<OnChainFeed>> ReadFeedsAsync(SubmitTarget target, IReadOnlyList<FeedId> feeds, ulong minContextSlot, CancellationToken cancellationToken)
    {
        var found = new List<OnChainFeed>(feeds.Count);
        foreach (var reading in await FeedReadings.ReadAsync(_rpc, _retry, target, [.. feeds.Select(feed => feed.Tag)], minContextSlot, cancellationToken))
        {
            var id = feeds[found.Count];
            if (reading.Feed is not { } feed) throw Wrong($"feed {id}: {reading.Error}");
            if (feed.Id != id) throw Wrong($"the account {reading.Address} is of feed {feed.Id}, not {id}; identity, quote, unit or decimals differ");
            found.Add(new OnChainFeed(id, reading.Address.ToString(), feed.Sequence, feed.Record) { Paused = reading.IsPaused });
        }

        return found;
    }
}
