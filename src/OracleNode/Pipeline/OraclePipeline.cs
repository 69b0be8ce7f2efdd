using NodaTime;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// The node's one loop:
/// <code>
/// inboxes -> observe -> price and guard -> plan per chain -> sign once -> offer to every chain that needs it
/// </code>
/// It owns all feed state and never waits for a vendor or a chain.
/// </summary>
internal sealed partial class OraclePipeline : BackgroundService
{
    /// <summary>Longest pause between two passes: time alone makes quotes stale and sessions change.</summary>
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the start waits for slower chains once one has been read.</summary>
    private static readonly TimeSpan RestorePatience = TimeSpan.FromSeconds(10);

    /// <summary>Pause after a batch could not be signed.</summary>
    private static readonly TimeSpan SigningRest = TimeSpan.FromSeconds(1);

    private readonly PipelinePlan _plan;
    private readonly ISigner _signer;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly PipelineSignal _signal;
    private readonly StatusReporter _reporter;
    private readonly LatencyRecorder _signedLatency;
    private readonly ParityMonitor _parity;
    private readonly ILogger<OraclePipeline> _logger;

    private readonly FeedSlot[] _slots;
    private readonly ShareSlot[][] _slotsOfInstrument;
    private readonly SourceInbox[] _inboxes;
    private readonly ChainPlanner[] _chains;
    private readonly string?[] _saidOfFeeds;
    private readonly string?[] _saidOfChains;
    private readonly string?[] _saidPlanFaults;
    private readonly bool[] _included;
    private readonly bool[] _chainIncluded;
    private readonly bool[] _needed;
    private readonly List<(FeedId, FeedRecord)> _records;
    private readonly long _startedAt;
    private long _lastFullTick;
    private ulong _lastSequence;
    private long _batchesSigned;
    private bool _restored;
    private string? _signingProblem;
    private long _signingFailedAt;
    private string? _saidPassFault;
    private long _passFaults;

    public OraclePipeline(PipelinePlan plan, ISigner signer, IMarketClock clock, TimeProvider time, PipelineSignal signal, StatusReporter reporter, LatencyRecorder signedLatency, ILogger<OraclePipeline> logger)
    {
        _plan = plan;
        _signer = signer;
        _clock = clock;
        _time = time;
        _signal = signal;
        _reporter = reporter;
        _signedLatency = signedLatency;
        _logger = logger;
        _slots = [.. plan.Slots];
        _inboxes = [.. plan.Inboxes];
        _chains = [.. plan.Chains];
        _parity = new ParityMonitor(plan, logger);
        var instruments = _slots.Max(s => s.Feed.Instrument.Index) + 1;
        _slotsOfInstrument = [.. Enumerable.Range(0, instruments).Select(i => _slots.OfType<ShareSlot>().Where(s => s.Feed.Instrument.Index == i).ToArray())];
        _saidOfFeeds = new string?[_slots.Length];
        _saidOfChains = new string?[_chains.Length];
        _saidPlanFaults = new string?[_chains.Length];
        _included = new bool[_slots.Length];
        _chainIncluded = new bool[_slots.Length];
        _needed = new bool[_chains.Length];
        _records = new List<(FeedId, FeedRecord)>(_slots.Length);
        _startedAt = time.GetTimestamp();
    }

    /// <summary>Passes that a fault of ours ended early.</summary>
    public long PassFaults => Interlocked.Read(ref _passFaults);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = _chains.Select(c => c.Worker.RunAsync(stoppingToken)).ToArray();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(TickPeriod, stoppingToken);
                await PassAsync(stoppingToken);
                _saidPassFault = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // Whatever it is, the next pass may be better; a node that gives up serves nobody. /livez sees when none is.
                Interlocked.Increment(ref _passFaults);
                if (_saidPassFault != e.Message) LogPassFault(e);
                _saidPassFault = e.Message;
                await Task.Delay(TickPeriod, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(workers);
    }

    /// <summary>One pass. The tests and the benchmarks drive it without waiting.</summary>
    internal async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        Observe();
        if (_restored || TryRestore(now))
        {
            Price(now, _plan.Calendar.SessionAt(now));
            if (Plan(now)) await SignAndOfferAsync(now, cancellationToken);
        }

        if (!_reporter.IsDue()) return;
        if (_restored) _parity.Observe(now);
        _reporter.Report(now, _slots, _plan, _parity, _restored, _signingProblem, _lastSequence, _batchesSigned);
    }

    /// <summary>
    /// Last price, average and sequence come from the chains before anything is priced or signed: from all of them when they
    /// answer in time, else from those that did. What cannot be true is not taken over; a feed of which only such is known waits.
    /// </summary>
    private bool TryRestore(Instant now)
    {
        var connected = false;
        var attempted = true;
        for (var c = 0; c < _chains.Length; c++)
        {
            _chains[c].Refresh(now);
            SayOfChain(c, _chains[c].Problem);
            connected |= _chains[c].State.Connected;
            attempted &= _chains[c].Worker.FirstAttempt.IsCompleted;
        }

        if (!connected || (!attempted && _time.GetElapsedTime(_startedAt) < RestorePatience)) return false;

        var newest = new FeedRecord?[_slots.Length];
        for (var i = 0; i < _slots.Length; i++)
        {
            if (TryFindNewest(i, now, out newest[i])) continue;
            Problem($"no connected chain holds anything of {_slots[i].Feed.Name} that can be true now, so nothing is known to go on from", now);
            return false;
        }

        var restored = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (newest[i] is not { } record) continue;
            restored++;
            Restore(_slots[i], record);
        }

        _restored = true;
        Mended();
        LogRestored(restored, _slots.Length);
        return true;
    }

    /// <summary>The credible record with the highest sequence; null when the chains hold none. False when all they hold is incredible.</summary>
    private bool TryFindNewest(int feed, Instant now, out FeedRecord? newest)
    {
        newest = null;
        var highest = 0ul;
        var known = false;
        foreach (var chain in _chains)
        {
            if (chain.Feeds[feed].Landed is not { } held || !chain.IsCredible(feed, now)) continue;
            known = true;
            if (held.Record is not { } record || held.Sequence < highest) continue;
            // The same record from a chain that stores less of it would lose the average to go on from.
            if (newest is not null && held.Sequence == highest && held.Stored != RecordFields.All) continue;
            newest = record;
            highest = held.Sequence;
        }

        return known;
    }

    private void Observe()
    {
        // What arrived before this pass was decided before it: latency is that of what arrives now.
        foreach (var slot in _slots) slot.InputArrivedAt = 0;
        foreach (var inbox in _inboxes)
        {
            var ring = inbox.Drain();
            for (var i = 0; i < ring.Count; i++)
            {
                ref readonly var observation = ref ring[i];
                if ((uint)observation.Instrument.Index >= (uint)_slotsOfInstrument.Length) continue;
                foreach (var slot in _slotsOfInstrument[observation.Instrument.Index]) Apply(slot, observation, ring.ReceivedAt(i));
            }
        }
    }

    private void Apply(ShareSlot slot, in Observation observation, long receivedAt)
    {
        if (slot.IsStopped) return;
        try
        {
            slot.Apply(observation, receivedAt);
        }
        catch (Exception e)
        {
            Stop(slot, e);
        }
    }

    private void Price(Instant now, in SessionInfo session)
    {
        var timestamp = _time.GetTimestamp();
        var everything = _time.GetElapsedTime(_lastFullTick, timestamp) >= TickPeriod;
        if (everything) _lastFullTick = timestamp;

        // Shares stand before the tokens made from them (PipelinePlan sees to it), so one walk is enough.
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            if (slot.IsStopped) continue;
            try
            {
                if (slot is ShareSlot share && (everything || share.IsDirty)) share.Tick(now, session);
                else if (slot is TokenSlot token) token.Tick(now);
            }
            catch (Exception e)
            {
                Stop(slot, e);
            }

            if (ReferenceEquals(slot.Problem, _saidOfFeeds[i])) continue;
            _saidOfFeeds[i] = slot.Problem;
            if (slot.Problem is { } problem) LogFeedNotPublished(slot.Feed.Name, problem);
        }
    }

    private void Restore(FeedSlot slot, in FeedRecord record)
    {
        try
        {
            slot.Restore(record);
        }
        catch (Exception e)
        {
            Stop(slot, e);
        }
    }

    private void Stop(FeedSlot slot, Exception fault)
    {
        slot.Stop($"stopped by a fault: {fault.Message}");
        LogFeedStopped(fault, slot.Feed.Name);
    }

    private bool Plan(Instant now)
    {
        Array.Clear(_included);
        var any = false;
        for (var c = 0; c < _chains.Length; c++)
        {
            _needed[c] = NeedsAny(c, now);
            if (!_needed[c]) continue;
            any = true;
            for (var i = 0; i < _included.Length; i++) _included[i] |= _chainIncluded[i];
        }

        return any;
    }

    /// <summary>Marks in <see cref="_chainIncluded"/> what one chain needs.</summary>
    private bool NeedsAny(int c, Instant now)
    {
        var chain = _chains[c];
        Array.Clear(_chainIncluded);
        try
        {
            chain.Refresh(now);
            SayOfChain(c, chain.Problem);
            if (chain.HighestSequence > _lastSequence) _lastSequence = chain.HighestSequence;
            var needsAny = chain.Plan(_slots, now, _chainIncluded) > 0;
            _saidPlanFaults[c] = null;
            return needsAny;
        }
        catch (Exception e)
        {
            if (_saidPlanFaults[c] != e.Message) LogPlanFault(e, chain.Worker.Name);
            _saidPlanFaults[c] = e.Message;
            return false;
        }
    }

    private async ValueTask SignAndOfferAsync(Instant now, CancellationToken cancellationToken)
    {
        if (_signingProblem is not null && _time.GetElapsedTime(_signingFailedAt) < SigningRest) return;
        if (!BatchSequence.TryNext(now, _plan.NodeSlot, _lastSequence, out var sequence))
        {
            Problem($"the last sequence {_lastSequence} lies ahead of market time: the clock went back", now);
            return;
        }

        var newestInput = Collect(sequence);
        if (_records.Count == 0)
        {
            Problem("all that is due was observed after market time: the clock went back", now);
            return;
        }

        // Used up from here on, whatever happens: no two payloads ever carry one sequence.
        _lastSequence = sequence;
        SignedBatch batch;
        try
        {
            var unsigned = UnsignedBatch.Create(_plan.Deployment, _plan.SignerEpoch, sequence, _records);
            var signature = await _signer.SignAsync(unsigned.Message(), cancellationToken);
            batch = unsigned.WithSignatures(new BatchSignature(_plan.SignerIndex, _signer.PublicKey.ToArray(), signature));
        }
        catch (SigningException e)
        {
            Problem(e.Message, now);
            return;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (_signingProblem != e.Message) LogSigningFault(e);
            Problem(e.Message, now);
            return;
        }

        Mended();
        _batchesSigned++;
        _parity.Signed(batch);
        if (newestInput != 0) _signedLatency.Record(_time.GetElapsedTime(newestInput));
        for (var c = 0; c < _chains.Length; c++)
        {
            if (_needed[c]) _chains[c].Worker.Submit(batch, newestInput);
        }

        LogSigned(sequence, batch.Records.Count);
    }

    /// <summary>Gathers the records of the batch; monotonic arrival of the newest observation behind them, 0 for none.</summary>
    private long Collect(ulong sequence)
    {
        _records.Clear();
        var attestedAtUnixMillis = (long)(sequence / BatchSequence.Slots);
        var newestInput = 0L;
        for (var i = 0; i < _slots.Length; i++)
        {
            // Observed after it is attested: the clock was set back a little. No chain would take it; it stays due until the clock is there again.
            if (!_included[i] || _slots[i].Candidate is not { } record || record.ObservedAtUnixMillis > attestedAtUnixMillis) continue;
            _records.Add((_slots[i].Id, record));
            newestInput = Math.Max(newestInput, _slots[i].InputArrivedAt);
        }

        return newestInput;
    }

    private void Problem(string problem, Instant now)
    {
        _signingFailedAt = _time.GetTimestamp();
        if (_signingProblem != problem) LogNotSigned(now, problem);
        _signingProblem = problem;
    }

    private void Mended()
    {
        if (_signingProblem is { } problem) LogSigningAgain(problem);
        _signingProblem = null;
    }

    private void SayOfChain(int chain, string? problem)
    {
        if (problem == _saidOfChains[chain]) return;
        _saidOfChains[chain] = problem;
        if (problem is not null) LogChainNotCredible(_chains[chain].Worker.Name, problem);
    }
}
