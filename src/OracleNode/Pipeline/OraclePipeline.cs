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

    private static readonly TimeSpan RestorePoll = TimeSpan.FromMilliseconds(50);

    private readonly PipelinePlan _plan;
    private readonly ISigner _signer;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly PipelineSignal _signal;
    private readonly StatusReporter _reporter;
    private readonly LatencyRecorder _signedLatency;
    private readonly ILogger<OraclePipeline> _logger;

    private readonly FeedSlot[] _slots;
    private readonly ShareSlot[][] _slotsOfInstrument;
    private readonly bool[] _included;
    private readonly bool[] _chainIncluded;
    private readonly bool[] _needed;
    private readonly List<(FeedId, FeedRecord)> _records;
    private long _lastFullTick;
    private ulong _lastSequence;
    private long _batchesSigned;
    private bool _restored;
    private string? _signingProblem;

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
        var instruments = _slots.Max(s => s.Feed.Instrument.Index) + 1;
        _slotsOfInstrument = [.. Enumerable.Range(0, instruments).Select(i => _slots.OfType<ShareSlot>().Where(s => s.Feed.Instrument.Index == i).ToArray())];
        _included = new bool[_slots.Length];
        _chainIncluded = new bool[_slots.Length];
        _needed = new bool[plan.Chains.Count];
        _records = new List<(FeedId, FeedRecord)>(_slots.Length);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = _plan.Chains.Select(c => c.Worker.RunAsync(stoppingToken)).ToArray();
        try
        {
            await RestoreAsync(stoppingToken);
            while (true)
            {
                await _signal.WaitAsync(TickPeriod, stoppingToken);
                await PassAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(workers);
        }
    }

    /// <summary>One pass. Public to the tests and the benchmarks, which drive it without waiting.</summary>
    internal async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        var session = _plan.Calendar.SessionAt(now);
        Observe();
        Price(now, session);
        if (Plan(now)) await SignAndOfferAsync(now, cancellationToken);
        _reporter.Report(now, _slots, _plan, _restored, _signingProblem, _lastSequence, _batchesSigned);
    }

    /// <summary>Last price, average and sequence come from the chains before anything is priced or signed.</summary>
    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_plan.Chains.Select(c => c.Worker.FirstAttempt));
        var started = _time.GetTimestamp();
        while (true)
        {
            foreach (var chain in _plan.Chains) chain.Refresh();
            var waitedEnough = all.IsCompleted || _time.GetElapsedTime(started) >= RestorePatience;
            if (waitedEnough && _plan.Chains.Any(c => c.State.Connected)) break;

            // Waiting is no standstill: whoever asks is told what is missing.
            _reporter.Report(_clock.Now, _slots, _plan, restored: false, _signingProblem, _lastSequence, _batchesSigned);
            await Task.Delay(RestorePoll, _time, cancellationToken);
        }

        RestoreFromChains();
    }

    internal void RestoreFromChains()
    {
        var restored = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            Chains.OnChainFeed? newest = null;
            foreach (var chain in _plan.Chains)
            {
                var held = chain.Feeds[i].Landed;
                if (held?.Record is not null && (newest is null || held.Sequence > newest.Sequence)) newest = held;
            }

            if (newest?.Record is not { } record) continue;
            _slots[i].Restore(record);
            restored++;
        }

        _restored = true;
        LogRestored(restored, _slots.Length);
    }

    private void Observe()
    {
        foreach (var inbox in _plan.Inboxes)
        {
            var ring = inbox.Drain();
            for (var i = 0; i < ring.Count; i++)
            {
                ref readonly var observation = ref ring[i];
                if ((uint)observation.Instrument.Index >= (uint)_slotsOfInstrument.Length) continue;
                foreach (var slot in _slotsOfInstrument[observation.Instrument.Index]) slot.Apply(observation, ring.ReceivedAt(i));
            }
        }
    }

    private void Price(Instant now, in SessionInfo session)
    {
        var timestamp = _time.GetTimestamp();
        var everything = _time.GetElapsedTime(_lastFullTick, timestamp) >= TickPeriod;
        if (everything) _lastFullTick = timestamp;

        // Shares stand before the tokens made from them (PipelinePlan sees to it), so one walk is enough.
        foreach (var slot in _slots)
        {
            if (slot is ShareSlot share && (everything || share.IsDirty)) share.Tick(now, session);
            else if (slot is TokenSlot token) token.Tick(now);
        }
    }

    private bool Plan(Instant now)
    {
        Array.Clear(_included);
        var any = false;
        for (var c = 0; c < _plan.Chains.Count; c++)
        {
            var chain = _plan.Chains[c];
            chain.Refresh();
            if (chain.HighestSequence > _lastSequence) _lastSequence = chain.HighestSequence;
            Array.Clear(_chainIncluded);
            _needed[c] = chain.Plan(_slots, now, _chainIncluded) > 0;
            if (!_needed[c]) continue;
            any = true;
            for (var i = 0; i < _included.Length; i++) _included[i] |= _chainIncluded[i];
        }

        return any;
    }

    private async ValueTask SignAndOfferAsync(Instant now, CancellationToken cancellationToken)
    {
        _records.Clear();
        var newestInput = 0L;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (!_included[i] || _slots[i].Candidate is not { } record) continue;
            _records.Add((_slots[i].Id, record));
            newestInput = Math.Max(newestInput, _slots[i].InputArrivedAt);
            _slots[i].InputArrivedAt = 0;
        }

        if (!BatchSequence.TryNext(now, _plan.NodeSlot, _lastSequence, out var sequence))
        {
            Problem($"the last sequence {_lastSequence} lies ahead of market time {now}: the clock went back, or somebody signed the future");
            return;
        }

        SignedBatch batch;
        try
        {
            var unsigned = UnsignedBatch.Create(_plan.Deployment, _plan.SignerEpoch, sequence, _records);
            var signature = await _signer.SignAsync(unsigned.Message(), cancellationToken);
            batch = unsigned.WithSignatures(new BatchSignature(_plan.SignerIndex, _signer.PublicKey.ToArray(), signature));
        }
        catch (SigningException e)
        {
            Problem(e.Message);
            return;
        }

        _signingProblem = null;
        _lastSequence = sequence;
        _batchesSigned++;
        if (newestInput != 0) _signedLatency.Record(_time.GetElapsedTime(newestInput));
        for (var c = 0; c < _plan.Chains.Count; c++)
        {
            if (_needed[c]) _plan.Chains[c].Worker.Submit(batch, newestInput);
        }

        LogSigned(sequence, batch.Records.Count);
    }

    private void Problem(string problem)
    {
        if (_signingProblem != problem) LogNotSigned(problem);
        _signingProblem = problem;
    }
}
