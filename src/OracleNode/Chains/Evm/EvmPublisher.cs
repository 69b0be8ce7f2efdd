using System.Globalization;
using Microsoft.Extensions.Logging;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>
/// One EVM chain with its OracleFeeds contract. A batch counts as landed only when it was read back from the chain.
/// </summary>
/// <remarks>
/// <code>
/// batch -> runs -> estimate -> deliver (EvmTransactionSender) -> readMany at the receipt's block -> equal or newer?
///                     | refused: the contract's own words
/// </code>
/// </remarks>
public sealed partial class EvmPublisher : IChainPublisher
{
    // 26 words of hex each: about 220 KB of answer.
    private const int FeedsPerRead = 128;
    private const int FeedsNamed = 3;

    private static readonly TimeSpan IdentityValidity = TimeSpan.FromHours(1);

    private readonly EvmOptions _options;
    private readonly ChainBinding _binding;
    private readonly EvmAccount _relayer;
    private readonly EvmAddress _contract;
    private readonly EvmRpcClient _rpc;
    private readonly EvmTransactionSender _sender;
    private readonly TimeProvider _time;
    private readonly ILogger<EvmPublisher> _logger;

    // When the endpoint last proved to be the chain we mean; null after it failed us.
    private long? _identifiedAt;

    /// <param name="options">Must be valid, see <see cref="EvmOptions.Validate"/>.</param>
    /// <param name="binding">Who signs the batches.</param>
    /// <param name="relayer">Who pays.</param>
    /// <param name="http">From <see cref="EvmRpcClient.CreateHttpClient"/>; may be shared.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every error.</exception>
    public EvmPublisher(EvmOptions options, ChainBinding binding, EvmAccount relayer, HttpClient http, TimeProvider time, ILogger<EvmPublisher> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(relayer);
        if (binding.PublicKey.Length != 32) throw new ArgumentException($"A public key is 32 bytes, not {binding.PublicKey.Length}.", nameof(binding));
        if (options.ValidateDelivery(options.Name) is { Count: > 0 } errors) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        _options = options;
        _binding = binding;
        _relayer = relayer;
        _time = time;
        _logger = logger;
        _contract = EvmAddress.Parse(options.Contract);
        _rpc = new EvmRpcClient(new Uri(options.RpcUrl), http, time, options.RequestTimeout, options.MaxResponseBytes);
        _sender = new EvmTransactionSender(options, relayer, _rpc, time, logger);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public ChainKind Kind => ChainKind.Evm;

    /// <inheritdoc/>
    public async Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        _identifiedAt = null;
        try
        {
            if (await IdentifyAsync(cancellationToken) is { } stranger) throw new ChainException($"{Name}: {stranger}");
            await CheckContractAsync(cancellationToken);
            await CheckFeedsAsync(feeds, cancellationToken);
            await CheckBalanceAsync(cancellationToken);
        }
        catch (Exception e) when (e is EvmRpcException or FormatException)
        {
            throw new ChainException($"{Name}: {Words(e)}", e);
        }

        LogConnected(Name, _options.ChainId, _rpc.Endpoint, _contract, feeds.Count, _relayer.Address);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        try
        {
            return await ReadFeedsAsync(feeds, EvmBlockTag.Latest, cancellationToken);
        }
        catch (Exception e) when (e is EvmRpcException or FormatException)
        {
            throw new ChainException($"{Name}: {Words(e)}", e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Throws <see cref="OperationCanceledException"/> when the caller cancels, and nothing else.</remarks>
    public async Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var progress = new Progress();
        SubmissionResult result;
        try
        {
            result = await SubmitRunsAsync(batch, progress, cancellationToken);
        }
        catch (Exception e) when (e is EvmRpcException or FormatException)
        {
            result = progress.End(SubmissionOutcome.Unreachable, Words(e), []);
        }

        if (result.Outcome == SubmissionOutcome.Unreachable) _identifiedAt = null;
        LogOutcome(result, batch.Header);
        return result;
    }

    private async Task<SubmissionResult> SubmitRunsAsync(SignedBatch batch, Progress progress, CancellationToken cancellationToken)
    {
        if (await IdentifyAsync(cancellationToken) is { } stranger) return progress.End(SubmissionOutcome.Unreachable, stranger, []);

        var count = batch.Records.Count;
        var level = Math.Min(MerkleTree.TopLevel(count), MerkleTree.TopLevel(_options.MaxRecordsPerTransaction + 1) - 1);
        for (var first = 0; first < count; first += 1 << level)
        {
            var ended = await SubmitRunAsync(batch, BatchEnvelope.Encode(batch, first, level, withSignatures: true), progress, cancellationToken);
            if (ended is not null) return ended;
        }

        return Judge(batch, await ReadBackAsync(batch, progress, cancellationToken), progress);
    }

    /// <summary>
    /// What the chain holds for every record offered: at the receipt's block, so that a replica that lags behind cannot
    /// answer with what was there before, but is given time to catch up.
    /// </summary>
    private async Task<OnChainFeed[]> ReadBackAsync(SignedBatch batch, Progress progress, CancellationToken cancellationToken)
    {
        // One feed that the contract does not know would make the whole call revert.
        FeedId[] known = [.. batch.Feeds.Where((_, i) => progress.Skipped.GetValueOrDefault(i) != SkipReason.UnknownFeed)];
        var at = progress.LastBlock is { } block ? EvmBlockTag.At(block) : EvmBlockTag.Latest;
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                var read = (await ReadFeedsAsync(known, at, cancellationToken)).ToDictionary(f => f.Id);
                return [.. batch.Feeds.Select(id => read.GetValueOrDefault(id) ?? new OnChainFeed(id, "", 0, null))];
            }
            catch (EvmRpcException e) when (e.Error?.Kind == EvmRpcErrorKind.UnknownBlock && _time.GetElapsedTime(started) < _options.ReplaceAfter)
            {
                await Task.Delay(_options.ReceiptPollInterval, _time, cancellationToken);
            }
        }
    }

    /// <summary>Delivers one run; the result when that ends the submission, null when it goes on.</summary>
    private async Task<SubmissionResult?> SubmitRunAsync(SignedBatch batch, byte[] envelope, Progress progress, CancellationToken cancellationToken)
    {
        var call = new EvmCall(_relayer.Address, _contract, OracleFeedsContract.Submit(envelope));
        var (gas, revert) = await EstimateAsync(call, cancellationToken);
        if (revert is not null)
        {
            if (!progress.PassedOver(revert)) return progress.End(SubmissionOutcome.Refused, revert.Words, []);
            return null;
        }

        // Of a wild estimate only so much is taken that the margin cannot overflow.
        var within = Math.Min(gas, uint.MaxValue);
        var gasLimit = within + within * (ulong)_options.GasMarginPercent / 100;
        if (gasLimit > (ulong)_options.MaxGasLimit)
        {
            return progress.End(
                SubmissionOutcome.Refused,
                string.Create(CultureInfo.InvariantCulture, $"{gas} gas and {_options.GasMarginPercent} % margin needed, {nameof(EvmOptions.MaxGasLimit)} is {_options.MaxGasLimit}: raise it or lower {nameof(EvmOptions.MaxRecordsPerTransaction)} from {_options.MaxRecordsPerTransaction}"),
                []);
        }

        var delivery = await _sender.DeliverAsync(_contract, call.Data, gasLimit, cancellationToken);
        progress.TransactionIds.AddRange(delivery.TransactionIds);
        if (delivery.Receipt is not { } receipt)
        {
            var outcome = delivery.Status switch
            {
                EvmDeliveryStatus.Refused => SubmissionOutcome.Refused,
                EvmDeliveryStatus.Unreachable => SubmissionOutcome.Unreachable,
                _ => SubmissionOutcome.Expired,
            };
            return progress.End(outcome, delivery.Detail, []);
        }

        progress.Included(receipt);
        if (!receipt.Succeeded)
        {
            var reason = await ReasonAsync(call, receipt, gasLimit, cancellationToken);
            return progress.PassedOver(reason) ? null : progress.End(SubmissionOutcome.Refused, reason.Words, []);
        }

        var skipped = OracleFeedsContract.ReadSkipped(receipt.Logs, _contract, batch.Header.Sequence)
            ?? throw new FormatException($"transaction {receipt.TransactionHash} succeeded without a BatchStored event for sequence {batch.Header.Sequence}");
        progress.Stored(skipped);
        return null;
    }

    /// <summary>Gas for a call, or why the contract refuses it. A batch ahead of the chain's clock is given time for a newer block.</summary>
    private async Task<(ulong Gas, EvmRevert? Revert)> EstimateAsync(EvmCall call, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            EvmRevert revert;
            try
            {
                return (await RetryAsync(ct => _rpc.EstimateGasAsync(call, ct), cancellationToken), null);
            }
            catch (EvmRpcException e) when (e.Error?.Kind == EvmRpcErrorKind.Reverted)
            {
                revert = e.Error.Data.IsEmpty ? await RevertOfAsync(call, EvmBlockTag.Latest, cancellationToken) ?? new EvmRevert("", e.Error.Message, []) : EvmRevert.Decode(e.Error.Data.Span);
            }

            if (revert.Name != "AttestedInFuture" || _time.GetElapsedTime(started) >= _options.ReplaceAfter) return (0, revert);
            await Task.Delay(_options.ReceiptPollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Why an included transaction reverted, as far as a repeated call can tell.</summary>
    private async Task<EvmRevert> ReasonAsync(EvmCall call, EvmReceipt receipt, ulong gasLimit, CancellationToken cancellationToken)
    {
        var revert = await RevertOfAsync(call, EvmBlockTag.At(receipt.BlockNumber), cancellationToken);
        return revert ?? new EvmRevert("", string.Create(CultureInfo.InvariantCulture, $"reverted in block {receipt.BlockNumber} after {receipt.GasUsed} of {gasLimit} gas, though the same call passes after it"), []);
    }

    private async Task<EvmRevert?> RevertOfAsync(EvmCall call, EvmBlockTag at, CancellationToken cancellationToken)
    {
        try
        {
            await RetryAsync(ct => _rpc.CallAsync(call, at, ct), cancellationToken);
            return null;
        }
        catch (EvmRpcException e) when (e.Error is { Kind: EvmRpcErrorKind.Reverted } error)
        {
            return error.Data.IsEmpty ? new EvmRevert("", error.Message, []) : EvmRevert.Decode(error.Data.Span);
        }
    }

    private static SubmissionResult Judge(SignedBatch batch, OnChainFeed[] readBack, Progress progress)
    {
        var differing = new List<string>();
        var newer = new List<string>();
        for (var i = 0; i < readBack.Length; i++)
        {
            var chain = readBack[i];
            var ours = batch.Records[i];
            if (chain.Sequence == batch.Header.Sequence && chain.Holds(ours)) continue;
            var sides = string.Create(CultureInfo.InvariantCulture, $"feed {chain.Id}: the chain holds sequence {chain.Sequence} ({Show(chain.Record)}), offered was {batch.Header.Sequence} ({Show(ours)})");
            if (chain.Sequence > batch.Header.Sequence) newer.Add(sides);
            else differing.Add(progress.Skipped.TryGetValue(i, out var reason) ? $"{sides}, passed over as {reason}" : sides);
        }

        // What nothing was included of cannot have diverged: the contract would not have it.
        if (differing.Count > 0) return progress.End(progress.AnyStored ? SubmissionOutcome.Diverged : SubmissionOutcome.Refused, Some(differing), readBack);
        if (newer.Count > 0 && !progress.AnyStored) return progress.End(SubmissionOutcome.Refused, $"not newer than the chain: {Some(newer)}", readBack);
        return progress.End(SubmissionOutcome.Landed, null, readBack);

        static string Some(List<string> details) =>
            string.Join("; ", details.Take(FeedsNamed)) + (details.Count > FeedsNamed ? string.Create(CultureInfo.InvariantCulture, $"; and {details.Count - FeedsNamed} more") : "");

        static string Show(FeedRecord? record) =>
            record is { } r ? string.Create(CultureInfo.InvariantCulture, $"price {r.Price.E8}e-8 observed at {r.ObservedAtUnixMillis} ms, {r.State}") : "nothing";
    }

    private async Task<OnChainFeed[]> ReadFeedsAsync(IReadOnlyList<FeedId> feeds, EvmBlockTag at, CancellationToken cancellationToken)
    {
        var read = new List<OnChainFeed>(feeds.Count);
        for (var first = 0; first < feeds.Count; first += FeedsPerRead)
        {
            FeedId[] asked = [.. feeds.Skip(first).Take(FeedsPerRead)];
            var result = await CallAsync(OracleFeedsContract.ReadMany(asked), at, cancellationToken);
            read.AddRange(OracleFeedsContract.ReadFeeds(result, asked));
        }

        return [.. read];
    }

    /// <summary>Asks the endpoint which chain it is, unless it said so lately; null when it is ours, else what is wrong.</summary>
    private async Task<string?> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_identifiedAt is { } at && _time.GetElapsedTime(at) < IdentityValidity) return null;
        var chainId = await RetryAsync(_rpc.GetChainIdAsync, cancellationToken);
        if (chainId != _options.ChainId)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{_rpc.Endpoint} is chain {chainId}, not {_options.ChainId}: set {nameof(EvmOptions.RpcUrl)} to an endpoint of chain {_options.ChainId}");
        }

        _identifiedAt = _time.GetTimestamp();
        return null;
    }

    private async Task CheckContractAsync(CancellationToken cancellationToken)
    {
        var block = await RetryAsync(_rpc.GetLatestBlockAsync, cancellationToken);
        var code = await RetryAsync(ct => _rpc.GetCodeAsync(_contract, ct), cancellationToken);
        if (code.Length == 0) throw new ChainException($"{Name}: there is no contract at {_contract} on chain {_options.ChainId}; set {nameof(EvmOptions.Contract)} to the OracleFeeds address");

        var version = OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.Version(), EvmBlockTag.Latest, cancellationToken));
        if (version != BatchMessage.Version) throw new ChainException($"{Name}: {_contract} takes byte layout {version}, this node writes {BatchMessage.Version}");

        var deployment = OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.Deployment(), EvmBlockTag.Latest, cancellationToken));
        if (deployment != _binding.Deployment) throw new ChainException($"{Name}: {_contract} belongs to deployment {deployment:x16}, ours is {_binding.Deployment:x16}");

        var epoch = OracleFeedsContract.ReadEpochInfo(await CallAsync(OracleFeedsContract.EpochInfo(_binding.Epoch), EvmBlockTag.Latest, cancellationToken));
        if (epoch.Threshold == 0 || epoch.ValidUntilUnixSeconds < block.TimestampUnixSeconds)
        {
            var current = OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.CurrentEpoch(), EvmBlockTag.Latest, cancellationToken));
            throw new ChainException($"{Name}: {_contract} does not accept signer epoch {_binding.Epoch}; its current one is {current}");
        }

        var ours = new Hash32(_binding.PublicKey.Span);
        var key = OracleFeedsContract.ReadBytes32(await CallAsync(OracleFeedsContract.SignerKey(_binding.Epoch, _binding.SignerIndex), EvmBlockTag.Latest, cancellationToken));
        if (key != ours) throw new ChainException($"{Name}: {_contract} knows key {key} as signer {_binding.SignerIndex} of epoch {_binding.Epoch}, ours is {ours}");
    }

    /// <summary>The id is a hash over identity, quote, unit and decimals: one that is registered fixes them all.</summary>
    private async Task CheckFeedsAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        var registered = OracleFeedsContract.ReadIds(await CallAsync(OracleFeedsContract.FeedIds(), EvmBlockTag.Latest, cancellationToken)).ToHashSet();
        FeedId[] missing = [.. feeds.Where(f => !registered.Contains(f))];
        if (missing.Length > 0)
        {
            throw new ChainException($"{Name}: {missing.Length} of {feeds.Count} feeds are not registered at {_contract}: {string.Join(", ", missing)}; register them there with exactly this identity, quote and unit, or take them out of the configuration");
        }
    }

    private async Task CheckBalanceAsync(CancellationToken cancellationToken)
    {
        var balance = await RetryAsync(ct => _rpc.GetBalanceAsync(_relayer.Address, ct), cancellationToken);
        if (balance == 0) LogNoBalance(Name, _relayer.Address);
    }

    private Task<byte[]> CallAsync(byte[] data, EvmBlockTag at, CancellationToken cancellationToken)
    {
        var call = new EvmCall(_relayer.Address, _contract, data);
        return RetryAsync(ct => _rpc.CallAsync(call, at, ct), cancellationToken);
    }

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => EvmRetry.RunAsync(call, _options, _time, cancellationToken);

    /// <summary>What went wrong, with the contract's own reason where there is one.</summary>
    private string Words(Exception e) => e switch
    {
        EvmRpcException { Error: { Kind: EvmRpcErrorKind.Reverted, Data.IsEmpty: false } error } => $"{e.Message} {EvmRevert.Decode(error.Data.Span).Words}",
        FormatException => $"{_rpc.Endpoint} answers what {_contract} cannot have said: {e.Message}",
        _ => e.Message,
    };

    private void LogOutcome(SubmissionResult result, BatchHeader header)
    {
        switch (result.Outcome)
        {
            case SubmissionOutcome.Landed:
                LogLanded(Name, header.Sequence, header.Count, result.CostUnits);
                break;
            case SubmissionOutcome.Diverged:
                LogDiverged(Name, header.Sequence, result.Detail);
                break;
            case SubmissionOutcome.Refused:
                LogRefused(Name, header.Sequence, result.Detail);
                break;
            case SubmissionOutcome.Expired:
                LogExpired(Name, header.Sequence, result.Detail);
                break;
            default:
                LogUnreachable(Name, header.Sequence, _rpc.Endpoint, result.Detail);
                break;
        }
    }

    /// <summary>What a submission has come to so far.</summary>
    private sealed class Progress
    {
        public List<string> TransactionIds { get; } = [];

        public Dictionary<int, SkipReason> Skipped { get; } = [];

        public ulong? LastBlock { get; private set; }

        /// <summary>True once a run was included and stored at least one record.</summary>
        public bool AnyStored { get; private set; }

        private long? GasUsed { get; set; }

        public void Included(EvmReceipt receipt)
        {
            LastBlock = Math.Max(LastBlock ?? 0, receipt.BlockNumber);
            GasUsed = (GasUsed ?? 0) + (long)Math.Min(receipt.GasUsed, int.MaxValue);
        }

        public void Stored(SkippedRecord[] skipped)
        {
            AnyStored = true;
            foreach (var record in skipped) Skipped[record.Position] = record.Reason;
        }

        /// <summary>Notes a run of which every record was passed over; false when the refusal is of another kind.</summary>
        public bool PassedOver(EvmRevert revert)
        {
            foreach (var record in revert.Skipped) Skipped[record.Position] = record.Reason;
            return revert.Skipped.Count > 0;
        }

        public SubmissionResult End(SubmissionOutcome outcome, string? detail, IReadOnlyList<OnChainFeed> readBack) => new(outcome, detail, TransactionIds, GasUsed, readBack);
    }
}
