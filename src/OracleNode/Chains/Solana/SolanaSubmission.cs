using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>
/// One batch on its way: simulate each run, send it, send the same bytes again until it landed or its blockhash expired,
/// sign anew while there is time, and at the end read back what the chain holds. Whatever the transactions did, the
/// read-back decides.
/// </summary>
internal sealed class SolanaSubmission
{
    private const int MaxStatusFailures = 5;
    private const int MaxStatusesPerCall = 256;
    private const int ReadBackAttempts = 4;
    private const int MaxReasonsShown = 4;

    private readonly SolanaOptions _options;
    private readonly SubmitTarget _target;
    private readonly SolanaKeypair _payer;
    private readonly SolanaRpcClient _rpc;
    private readonly SolanaRetry _retry;
    private readonly TimeProvider _time;
    private readonly SignedBatch _batch;
    private readonly byte[] _message;
    private readonly long _started;
    private readonly List<string> _sentIds = [];
    private RunProgress[] _runs = [];
    private int _expiries;

    public SolanaSubmission(
        SolanaOptions options, SubmitTarget target, SolanaKeypair payer, SolanaRpcClient rpc, SolanaRetry retry, TimeProvider time, SignedBatch batch)
    {
        _options = options;
        _target = target;
        _payer = payer;
        _rpc = rpc;
        _retry = retry;
        _time = time;
        _batch = batch;
        _message = SubmitTransaction.SignedMessage(batch);
        _started = time.GetTimestamp();
    }

    private enum RunState
    {
        /// <summary>Needs a transaction.</summary>
        Unsent,
        /// <summary>A transaction is out.</summary>
        Sent,
        /// <summary>Its transaction succeeded.</summary>
        Landed,
        /// <summary>The chain holds these records or newer ones already, by its own word.</summary>
        Superseded,
        /// <summary>The chain refused it.</summary>
        Refused,
    }

    private bool TimedOut => _time.GetElapsedTime(_started) >= _options.ConfirmationTimeout;

    public async Task<SubmissionResult> RunAsync(CancellationToken cancellationToken)
    {
        if (_batch.Signatures.Count > FeedsProgram.MaxSignatures || BatchRun.Split(_batch.Records.Count, Fits) is not { } split)
        {
            return new SubmissionResult(
                SubmissionOutcome.Refused,
                $"not even one record fits a transaction of {SolanaMessage.MaxTransactionBytes} bytes beside {_batch.Signatures.Count} signatures and its Merkle path",
                [], null, []);
        }

        _runs = [.. split.Select(run => new RunProgress(run))];
        SolanaRpcException? failure = null;
        try
        {
            await LandAsync(cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            failure = e;
        }

        return await ReadBackAsync(failure, cancellationToken);
    }

    private async Task LandAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var lastValidBlockHeight = await PrepareAsync([.. _runs.Where(run => run.State == RunState.Unsent)], cancellationToken);
            var prepared = _runs.Where(run => run.State == RunState.Sent).ToArray();
            await SendAsync(prepared, cancellationToken);
            await ConfirmAsync(lastValidBlockHeight, cancellationToken);
            if (TimedOut || _runs.All(run => run.State != RunState.Unsent)) return;
            await Task.Delay(_options.StatusPollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Gives each run a simulated and signed transaction; returns the block height to which they may land.</summary>
    private async Task<ulong> PrepareAsync(RunProgress[] runs, CancellationToken cancellationToken)
    {
        var fees = RecentFeesAsync(cancellationToken);
        var blockhash = await _retry.RunAsync(_rpc.GetLatestBlockhashAsync, cancellationToken);
        var price = PriorityFee.Choose(
            await fees, _options.PriorityFeePercentile, _expiries, (ulong)_options.MinComputeUnitPriceMicroLamports, (ulong)_options.MaxComputeUnitPriceMicroLamports);
        await ForEachAsync(runs, (run, token) => PrepareAsync(run, blockhash.Blockhash, price, token), cancellationToken);
        return blockhash.LastValidBlockHeight;
    }

    private async Task PrepareAsync(RunProgress run, SolanaAddress blockhash, ulong price, CancellationToken cancellationToken)
    {
        SimulationResult simulated;
        try
        {
            var trial = Sign(run.Run, blockhash, Budget(ComputeBudgetProgram.MaxComputeUnitLimit, price));
            simulated = await _retry.RunAsync(token => _rpc.SimulateTransactionAsync(trial, token), cancellationToken);
        }
        catch (SolanaRpcException e) when (e.Failure == SolanaRpcFailure.Refused && !e.IsTransient)
        {
            if (e.TransactionError is { } error) Judge(run, error);
            else run.End(RunState.Refused, e.Message);
            return;
        }

        run.SkipReasons = simulated.ReturnData;
        if (simulated.Error is not null)
        {
            Judge(run, simulated.Error);
            return;
        }

        var units = Math.Min(simulated.UnitsConsumed, ComputeBudgetProgram.MaxComputeUnitLimit);
        var limit = Math.Min(units + units * (ulong)_options.ComputeUnitMarginPercent / 100, ComputeBudgetProgram.MaxComputeUnitLimit);
        run.SimulatedUnits = units;
        run.Transaction = Sign(run.Run, blockhash, Budget((uint)limit, price));
        run.State = RunState.Sent;
        lock (_sentIds) _sentIds.Add(run.Transaction.Signature);
    }

    /// <summary>Recent priority fees; none when the endpoint does not say, because the configured floor then does.</summary>
    private async Task<IReadOnlyList<ulong>> RecentFeesAsync(CancellationToken cancellationToken)
    {
        const int MaxAccounts = 128;
        try
        {
            var accounts = _batch.Records.Take(MaxAccounts).Select(record => _target.FeedAccount(record.FeedTag)).ToArray();
            return await _rpc.GetRecentPrioritizationFeesAsync(accounts, cancellationToken);
        }
        catch (SolanaRpcException)
        {
            return [];
        }
    }

    private async Task SendAsync(RunProgress[] runs, CancellationToken cancellationToken) =>
        await ForEachAsync(runs, SendAsync, cancellationToken);

    private async Task SendAsync(RunProgress run, CancellationToken cancellationToken)
    {
        try
        {
            await _rpc.SendTransactionAsync(run.Transaction!, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            // It may have gone out all the same: its status tells, and the same bytes are sent again.
            run.SendFailure = e.Message;
        }
    }

    /// <summary>Watches the runs that are out until none is, their blockhash expired, or the time is up.</summary>
    private async Task ConfirmAsync(ulong lastValidBlockHeight, CancellationToken cancellationToken)
    {
        var lastSent = _time.GetTimestamp();
        var failures = 0;
        while (_runs.Any(run => run.State == RunState.Sent))
        {
            var last = TimedOut;
            var resend = _time.GetElapsedTime(lastSent) >= _options.ResendInterval;
            try
            {
                // The height first: a status that is unknown after the height passed its bound stays unknown.
                var height = resend || last ? await _rpc.GetBlockHeightAsync(cancellationToken) : 0;
                await UpdateStatusesAsync(cancellationToken);
                if (height > lastValidBlockHeight) Expire(height, lastValidBlockHeight);
                failures = 0;
            }
            catch (SolanaRpcException) when (++failures < MaxStatusFailures && !last)
            {
                // Tried again below; the last one ends the submission.
            }

            if (last) return;
            if (resend)
            {
                await SendAsync([.. _runs.Where(run => run.State == RunState.Sent)], cancellationToken);
                lastSent = _time.GetTimestamp();
            }

            if (_runs.Any(run => run.State == RunState.Sent)) await Task.Delay(_options.StatusPollInterval, _time, cancellationToken);
        }
    }

    private async Task UpdateStatusesAsync(CancellationToken cancellationToken)
    {
        foreach (var runs in _runs.Where(run => run.State == RunState.Sent).Chunk(MaxStatusesPerCall))
        {
            var statuses = await _rpc.GetSignatureStatusesAsync([.. runs.Select(run => run.Transaction!.Signature)], cancellationToken);
            for (var i = 0; i < runs.Length; i++)
            {
                runs[i].Seen = statuses[i] is not null;
                if (statuses[i] is not { } status || status.Commitment < _options.Commitment) continue;
                runs[i].Slot = status.Slot;
                if (status.Error is null) runs[i].End(RunState.Landed, null);
                else Judge(runs[i], status.Error);
            }
        }
    }

    private void Expire(ulong height, ulong lastValidBlockHeight)
    {
        var expired = _runs.Where(run => run.State == RunState.Sent && !run.Seen).ToArray();
        if (expired.Length == 0) return;
        _expiries++;
        foreach (var run in expired)
        {
            run.End(RunState.Unsent, $"its blockhash expired unseen: block height {height} is past {lastValidBlockHeight}{(run.SendFailure is null ? "" : $"; sending failed: {run.SendFailure}")}");
        }
    }

    private void Judge(RunProgress run, SolanaTransactionError error)
    {
        var words = SubmitTransaction.Describe(error, _batch.Signatures.Count);
        if (error.CustomCode == FeedsProgramError.NothingStored + FeedsProgramError.NotNewer) run.End(RunState.Superseded, words);
        else if (error.IsBlockhashNotFound || error.IsAlreadyProcessed) run.End(RunState.Unsent, words);
        else run.End(RunState.Refused, words);
    }

    private async Task<SubmissionResult> ReadBackAsync(SolanaRpcException? failure, CancellationToken cancellationToken)
    {
        long? units = null;
        IReadOnlyList<FeedReading> readings;
        List<string> differences;
        try
        {
            var settled = _runs.Where(run => run.State is RunState.Landed or RunState.Superseded).ToArray();
            var cost = CostAsync([.. settled.Where(run => run.State == RunState.Landed)], cancellationToken);
            (readings, differences) = await ReadEqualOrNewerAsync(settled, cancellationToken);
            units = await cost;
        }
        catch (SolanaRpcException e)
        {
            var note = _sentIds.Count == 0 ? "nothing was sent" : "what was sent may have landed";
            return new SubmissionResult(SubmissionOutcome.Unreachable, $"{(failure ?? e).Message}; {note}", _sentIds, units, []);
        }

        OnChainFeed[] readBack =
        [
            .. readings.Select((reading, i) => new OnChainFeed(_batch.Feeds[i], reading.Address.ToString(), reading.Feed?.Sequence ?? 0, reading.Feed?.Record) { Paused = reading.IsPaused }),
        ];
        if (differences.Count == 0) return new SubmissionResult(SubmissionOutcome.Landed, null, _sentIds, units, readBack);

        var (outcome, reasons) = failure is not null
            ? (SubmissionOutcome.Unreachable, new List<string> { failure.Message })
            : Reasons(RunState.Refused) is { Count: > 0 } refused ? (SubmissionOutcome.Refused, refused)
            : Reasons(RunState.Unsent, RunState.Sent) is { Count: > 0 } late ? (SubmissionOutcome.Expired, late)
            : (SubmissionOutcome.Diverged, []);
        return new SubmissionResult(outcome, Shown([.. reasons, .. differences]), _sentIds, units, readBack);
    }

    /// <summary>Reads the feeds back, again when an endpoint that is behind may have answered.</summary>
    private async Task<(IReadOnlyList<FeedReading> Readings, List<string> Differences)> ReadEqualOrNewerAsync(RunProgress[] settled, CancellationToken cancellationToken)
    {
        var tags = _batch.Records.Select(record => record.FeedTag).ToArray();
        var minContextSlot = settled.Length == 0 ? 0 : settled.Max(run => run.Slot);
        for (var attempt = 1; ; attempt++)
        {
            var readings = await FeedReadings.ReadAsync(_rpc, _retry, _target, tags, minContextSlot, cancellationToken);
            var differences = new List<string>();
            for (var i = 0; i < readings.Count; i++)
            {
                if (Difference(i, readings[i]) is { } difference) differences.Add(difference);
            }

            if (differences.Count == 0 || settled.Length == 0 || attempt == ReadBackAttempts) return (readings, differences);
            await Task.Delay(_options.StatusPollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Null when the chain holds the record or a newer one.</summary>
    private string? Difference(int index, FeedReading reading)
    {
        var id = _batch.Feeds[index];
        if (reading.Feed is not { } feed) return $"feed {id}: {reading.Error}";
        if (feed.Id != id) return $"feed {id}: the account {reading.Address} is of feed {feed.Id}";
        var sequence = _batch.Header.Sequence;
        if (feed.Sequence > sequence) return null;
        if (feed.Sequence == sequence)
        {
            return feed.RecordBytes.Span.SequenceEqual(_batch.EncodedRecords[index])
                ? null
                : $"feed {id}: the chain holds another record under the same sequence {sequence}; is a second node signing with this slot?";
        }

        return SkipReason(index) is { } reason
            ? $"feed {id}: the chain holds sequence {feed.Sequence}, not {sequence}: {reason}"
            : $"feed {id}: the chain holds sequence {feed.Sequence}, not {sequence}";
    }

    private string? SkipReason(int index)
    {
        var run = Array.Find(_runs, run => index >= run.Run.First && index < run.Run.First + run.Run.Count);
        var place = run is null ? -1 : index - run.Run.First;
        return run is not null && place < run.SkipReasons.Length && run.SkipReasons[place] != 0 ? FeedsProgramError.DescribeSkip(run.SkipReasons[place]) : null;
    }

    /// <summary>Compute units of what landed, from the ledger, or as simulated where the ledger does not have it yet.</summary>
    private async Task<long?> CostAsync(RunProgress[] landed, CancellationToken cancellationToken)
    {
        if (landed.Length == 0) return null;
        await ForEachAsync(landed, ReadLedgerAsync, cancellationToken);
        return landed.Sum(run => (long)Math.Min(run.LedgerUnits ?? run.SimulatedUnits, ComputeBudgetProgram.MaxComputeUnitLimit));
    }

    private async Task ReadLedgerAsync(RunProgress run, CancellationToken cancellationToken)
    {
        try
        {
            if (await _rpc.GetTransactionAsync(run.Transaction!.Signature, cancellationToken) is not { } landed) return;
            run.LedgerUnits = landed.ComputeUnits;
            run.SkipReasons = landed.ReturnData;
        }
        catch (SolanaRpcException)
        {
            // The simulation's word on cost and skipped records stands.
        }
    }

    private List<string> Reasons(params ReadOnlySpan<RunState> states)
    {
        var reasons = new List<string>();
        foreach (var run in _runs)
        {
            if (!states.Contains(run.State)) continue;
            var why = run.Reason ?? (run.SendFailure is null ? $"not landed within {_options.ConfirmationTimeout.TotalSeconds:0.###} s" : $"sending failed: {run.SendFailure}");
            reasons.Add($"records {run.Run.First} to {run.Run.First + run.Run.Count - 1}: {why}");
        }

        return reasons;
    }

    private static string Shown(List<string> reasons) => reasons.Count <= MaxReasonsShown
        ? string.Join("; ", reasons)
        : $"{string.Join("; ", reasons.Take(MaxReasonsShown))}; and {reasons.Count - MaxReasonsShown} more";

    private bool Fits(BatchRun run) =>
        SubmitTransaction.Compile(_target, _payer.Address, _batch, run, _message, default, Budget(0, 0)).TransactionLength <= SolanaMessage.MaxTransactionBytes;

    private SolanaTransaction Sign(BatchRun run, SolanaAddress blockhash, ComputeBudget budget) =>
        SolanaTransaction.Sign(SubmitTransaction.Compile(_target, _payer.Address, _batch, run, _message, blockhash, budget), _payer);

    private ComputeBudget Budget(uint unitLimit, ulong price) => new(unitLimit, price, (uint)_options.LoadedAccountsDataLimitBytes);

    private Task ForEachAsync(RunProgress[] runs, Func<RunProgress, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = _options.MaxParallelRequests, CancellationToken = cancellationToken },
            async (run, token) => await action(run, token));

    /// <summary>How far one run has come.</summary>
    private sealed class RunProgress(BatchRun run)
    {
        public BatchRun Run { get; } = run;
        public RunState State { get; set; }

        /// <summary>Why it is where it is, for a person.</summary>
        public string? Reason { get; private set; }

        /// <summary>The last failure of sending it; its status decides whether that matters.</summary>
        public string? SendFailure { get; set; }

        public SolanaTransaction? Transaction { get; set; }

        /// <summary>The cluster knows the transaction, at whatever commitment.</summary>
        public bool Seen { get; set; }

        public ulong Slot { get; set; }
        public ulong SimulatedUnits { get; set; }
        public ulong? LedgerUnits { get; set; }

        /// <summary>The program's reason byte per record; empty when all were stored.</summary>
        public byte[] SkipReasons { get; set; } = [];

        public void End(RunState state, string? reason)
        {
            State = state;
            Reason = reason;
        }
    }
}
