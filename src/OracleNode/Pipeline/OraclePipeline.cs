using NodaTime;
using OracleNode.Guards;
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
internal sealed partial class OraclePipeline : BackgroundService, IFoldReport
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

    private readonly OracleFold _fold;
    private readonly VerdictMonitor _verdicts;
    private readonly ChainPauses _pauses;
    private readonly IBatchArchive? _archive;
    private readonly SourceInbox[] _inboxes;
    private readonly TokenPoll _tokens;
    private readonly RareInputQueue? _rare;
    private readonly TokenMarketInbox? _tokenMarkets;
    private readonly ChainWorker[] _workers;
    private readonly long _startedAt;
    private long _lastFullTick;
    private long _batchesSigned;
    private string? _signingProblem;
    private long _signingFailedAt;
    private string? _saidPassFault;
    private long _passFaults;

    /// <param name="recorder">Who writes the inputs down; null for nobody.</param>
    /// <param name="archive">Who keeps what was signed and why; null for nobody.</param>
    public OraclePipeline(
        PipelinePlan plan, PipelineEnds ends, ISigner signer, IMarketClock clock, TimeProvider time, PipelineSignal signal, StatusReporter reporter, LatencyRecorder signedLatency, ILogger<OraclePipeline> logger,
        IInputRecorder? recorder = null, IBatchArchive? archive = null)
    {
        _plan = plan;
        _signer = signer;
        _clock = clock;
        _time = time;
        _signal = signal;
        _reporter = reporter;
        _signedLatency = signedLatency;
        _logger = logger;
        _parity = new ParityMonitor(plan, logger);
        _fold = new OracleFold(plan, this, recorder);
        _verdicts = new VerdictMonitor(plan);
        _pauses = new ChainPauses(plan, this);
        _archive = archive;
        Events = new EventCounts(plan.Slots.Select(s => s.Feed.Name));
        _inboxes = [.. ends.Inboxes];
        _tokens = new TokenPoll(ends.Tokens, ends.Codes);
        _rare = ends.Rare;
        _tokenMarkets = ends.TokenMarkets;
        _workers = [.. ends.Workers];
        _startedAt = time.GetTimestamp();
    }

    /// <summary>Changes of state and alarms so far.</summary>
    public EventCounts Events { get; }

    /// <summary>Passes that a fault of ours ended early.</summary>
    public long PassFaults => Interlocked.Read(ref _passFaults);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = _workers.Select(w => w.RunAsync(stoppingToken)).ToArray();
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
        Observe(now);
        if (_fold.IsRestored || TryRestore(now))
        {
            Tick(now);
            if (_fold.Plan(now)) await SignAndOfferAsync(now, cancellationToken);
        }

        if (!_reporter.IsDue()) return;
        if (_fold.IsRestored) _parity.Observe(now);
        _pauses.Observe();
        _verdicts.Observe(now, _fold.Slots, _parity, _fold.IsRestored, _signingProblem is null);
        _reporter.Report(now, _fold.Slots, _plan, _parity, _verdicts, _fold.IsRestored, _signingProblem, _fold.LastSequence, _batchesSigned);
    }

    private bool TryRestore(Instant now)
    {
        var isPatient = _time.GetElapsedTime(_startedAt) < RestorePatience;
        var restored = _fold.TryRestore(now, isPatient, out var problem);
        if (restored) Mended();
        else if (problem is not null) Problem(problem, now);
        return restored;
    }

    private void Observe(Instant now)
    {
        _fold.BeginPass();
        _rare?.Drain(now, _fold);
        _tokenMarkets?.Drain(now, _fold);
        foreach (var inbox in _inboxes)
        {
            var ring = inbox.Drain();
            for (var i = 0; i < ring.Count; i++) _fold.Apply(MarketInput.Of(ring[i]), ring.ReceivedAt(i));
        }

        _tokens.Poll(now, _fold);
    }

    private void Tick(Instant now)
    {
        var timestamp = _time.GetTimestamp();
        var everything = _time.GetElapsedTime(_lastFullTick, timestamp) >= TickPeriod;
        if (everything) _lastFullTick = timestamp;
        _fold.Tick(now, everything);
    }

    private async ValueTask SignAndOfferAsync(Instant now, CancellationToken cancellationToken)
    {
        if (_signingProblem is not null && _time.GetElapsedTime(_signingFailedAt) < SigningRest) return;
        SignedBatch batch;
        BatchAttempt attempt;
        try
        {
            attempt = _fold.Make(now);
            if (attempt.Batch is not { } unsigned)
            {
                Problem(attempt.Problem!, now);
                return;
            }

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
        _fold.NoteSigned();
        _batchesSigned++;
        _parity.Signed(batch);
        if (attempt.NewestInput != 0) _signedLatency.Record(_time.GetElapsedTime(attempt.NewestInput));
        for (var c = 0; c < _workers.Length; c++)
        {
            if (_fold.Needs(c)) _workers[c].Submit(batch, attempt.NewestInput);
        }

        _archive?.Keep(batch, attempt.Evidence, _plan.Market.Calendar);

        LogSigned(batch.Header.Sequence, batch.Records.Count);
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

    void IFoldReport.FeedStopped(string feed, string problem, Exception? cause)
    {
        if (cause is null) LogFeedNotPublished(feed, problem);
        else LogFeedStopped(cause, feed);
    }

    void IFoldReport.FeedNotPublished(string feed, string problem) => LogFeedNotPublished(feed, problem);

    void IFoldReport.GuardStopped(string problem, Exception? cause) => LogGuardStopped(cause, problem);

    void IFoldReport.ChainNotCredible(string chain, string problem) => LogChainNotCredible(chain, problem);

    void IFoldReport.PlanFault(string chain, Exception cause) => LogPlanFault(cause, chain);

    void IFoldReport.Changed(int feed, in FeedTransition transition)
    {
        Events.Note(feed, transition.Reason);
        LogChanged(Events.Feeds[feed], transition.From, transition.To, transition.Reason, transition.Entered, transition.Left, transition.HaltReason, transition.At);
    }

    void IFoldReport.Alarm(string? feed, AlarmKind kind, string message)
    {
        Events.Note(kind);
        if (feed is null) LogAlarm(kind, message);
        else LogFeedAlarm(feed, kind, message);
    }

    void IFoldReport.ChainResumed(string chain, string feeds) => LogChainResumed(chain, feeds);

    void IFoldReport.MarketDistrusted(string problem) => LogMarketDistrusted(problem);

    void IFoldReport.MarketTrusted(string problem) => LogMarketTrusted(problem);

    void IFoldReport.Restored(int restored, int feeds) => LogRestored(restored, feeds);

    void IFoldReport.Adopted(string feed, Price price, Instant observedAt, int node) => LogAdopted(feed, price, observedAt, node);
}
