using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// Owns one chain: connects, reads, lands what it is offered, and knows what the chain holds. One batch is under way at a
/// time and one may wait; a newer offer takes the waiting one's place, so that after an outage the chain gets one fresh
/// value and never the queue. A record that the chain would not take is offered again after a growing rest, so that one
/// feed that cannot land neither burns fees nor holds the others up.
/// </summary>
internal sealed partial class ChainWorker : IChainView, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadPeriod = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _offered = new(0, 1);
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IChainPublisher _publisher;
    private readonly FeedId[] _feeds;
    private readonly Dictionary<FeedId, int> _indexOf;
    private readonly PipelineSignal _signal;
    private readonly TimeProvider _time;
    private readonly LatencyRecorder _landedLatency;
    private readonly TimeSpan _readPeriod;
    private readonly ILogger<ChainWorker> _logger;

    private readonly OnChainFeed?[] _landed;
    private readonly bool[] _inFlight;
    private readonly long[] _updates;
    private readonly Rest[] _rests;
    private Offer? _waiting;
    private Offer? _submitting;
    private bool _anyRests;
    private long _version = 1;
    private bool _connected;
    private string? _problem = "not connected yet";
    private string? _saidProblem;
    private TimeSpan _retry = FirstRetry;
    private long _readAt;
    private long _landedBatches;
    private long _failedBatches;
    private long? _lastCostUnits;

    /// <param name="readPeriod">How often the whole chain is read again; null for the usual 30 s.</param>
    public ChainWorker(
        IChainPublisher publisher, IReadOnlyList<FeedId> feeds, PipelineSignal signal, LatencyRecorder landedLatency, TimeProvider time, ILogger<ChainWorker> logger,
        TimeSpan? readPeriod = null)
    {
        _publisher = publisher;
        _feeds = [.. feeds];
        _indexOf = feeds.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i);
        _signal = signal;
        _landedLatency = landedLatency;
        _time = time;
        _readPeriod = readPeriod ?? ReadPeriod;
        _logger = logger;
        _landed = new OnChainFeed?[_feeds.Length];
        _inFlight = new bool[_feeds.Length];
        _updates = new long[_feeds.Length];
        _rests = new Rest[_feeds.Length];
    }

    public string Name => _publisher.Name;

    public ChainKind Kind => _publisher.Kind;

    /// <summary>Ends when the first attempt to connect and read has ended, well or badly.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    /// <inheritdoc/>
    public ChainState Read(Span<ChainFeedState> feeds, long known = 0)
    {
        lock (_gate)
        {
            // A rest ends by itself, so while there is one nothing stays as it was.
            if (_anyRests || known != _version)
            {
                for (var i = 0; i < _feeds.Length; i++)
                {
                    var waits = _waiting is { } waiting && waiting.Feeds[i];
                    feeds[i] = new ChainFeedState(_landed[i], _inFlight[i], waits, _updates[i], Rests_NeedsLock(i));
                }

                if (_anyRests) _version++;
            }

            return new ChainState(_connected, _problem, _landedBatches, _failedBatches, _lastCostUnits, _version);
        }
    }

    /// <summary>
    /// Hands over a batch. It takes the place of one that waits; what that one carried is due again unless it is in this one too.
    /// A chain that was lost meanwhile takes nothing: by the time it is back the batch would be old.
    /// </summary>
    /// <param name="receivedAt">Monotonic arrival of the newest observation behind it; 0 when no observation led to it.</param>
    public void Submit(SignedBatch batch, long receivedAt)
    {
        var offer = new Offer(batch, new bool[_feeds.Length], receivedAt);
        for (var i = 0; i < batch.Feeds.Count; i++)
        {
            if (_indexOf.TryGetValue(batch.Feeds[i], out var at)) offer.Feeds[at] = true;
        }

        lock (_gate)
        {
            if (!_connected) return;
            _waiting = offer;
            RefreshInFlight_NeedsLock();
        }

        if (_offered.CurrentCount == 0) _offered.Release();
    }

    /// <summary>Runs until cancelled. Never ends by itself: whatever the chain does, it is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(cancellationToken);
                await LandOffersAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A fault of ours in a publisher must not end the other chains; it is said loudly and tried again.
                if (e is not ChainException) LogFault(e, Name);
                Disconnect(e.Message);
                SayNotConnected(e.Message);
                _signal.Set();
            }
            finally
            {
                _firstAttempt.TrySetResult();
            }

            await Task.Delay(Jittered(_retry), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _retry = Longer(_retry);
        }
    }

    public void Dispose() => _offered.Dispose();

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _publisher.ConnectAsync(_feeds, cancellationToken);
        await ReadAsync(cancellationToken);
        lock (_gate)
        {
            _connected = true;
            _problem = null;
        }

        _saidProblem = null;
        LogConnected(Name, _feeds.Length);
        _firstAttempt.TrySetResult();
        _signal.Set();
    }

    /// <summary>Reads all that the chain holds: after a connect, and from time to time, since other nodes write too, forks are undone and endpoints die unseen.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var held = await _publisher.ReadAsync(_feeds, cancellationToken);
        lock (_gate)
        {
            foreach (var feed in held) Hold_NeedsLock(feed);
            _version++;
        }

        _readAt = _time.GetTimestamp();
    }

    /// <summary>Returns when the endpoint is lost; the caller connects anew.</summary>
    private async Task LandOffersAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await _offered.WaitAsync(_readPeriod, cancellationToken))
            {
                await ReadAgainAsync(cancellationToken);
                continue;
            }

            Offer? offer;
            lock (_gate)
            {
                offer = _submitting = _waiting;
                _waiting = null;
                _version++;
            }

            if (offer is null) continue;
            var result = await _publisher.SubmitAsync(offer.Batch, cancellationToken);
            Conclude(offer, result);
            _signal.Set();
            if (result.Outcome == SubmissionOutcome.Unreachable) throw new ChainException(result.Detail ?? "the endpoint failed");
            _retry = FirstRetry;
            if (result.Outcome != SubmissionOutcome.Landed) await Task.Delay(Jittered(FirstRetry), _time, cancellationToken);
            if (_time.GetElapsedTime(_readAt) >= _readPeriod) await ReadAgainAsync(cancellationToken);
        }
    }

    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        _retry = FirstRetry;
        _signal.Set();
    }

    private void Conclude(Offer offer, SubmissionResult result)
    {
        var landed = result.Outcome == SubmissionOutcome.Landed;
        bool repeated;
        lock (_gate)
        {
            // In one step with what landed: a pass in between would take the feeds for due and send them twice.
            _submitting = null;
            RefreshInFlight_NeedsLock();
            foreach (var feed in result.ReadBack)
            {
                if (!Hold_NeedsLock(feed)) continue;
                if (feed.Sequence == offer.Batch.Header.Sequence) _updates[_indexOf[feed.Id]]++;
            }

            _version++;

            if (result.Outcome != SubmissionOutcome.Unreachable) LetRest_NeedsLock(offer, landed);
            repeated = _problem is not null;
            if (landed) _landedBatches++;
            else _failedBatches++;
            _problem = landed ? null : $"{result.Outcome}: {result.Detail}";
            if (result.CostUnits is { } cost) _lastCostUnits = cost;
        }

        if (!landed)
        {
            LogNotLanded(repeated ? LogLevel.Debug : LogLevel.Warning, Name, offer.Batch.Header.Sequence, result.Outcome, result.Detail ?? "no detail");
            return;
        }

        if (repeated) LogLandsAgain(Name, offer.Batch.Header.Sequence);
        if (offer.ReceivedAt != 0) _landedLatency.Record(_time.GetElapsedTime(offer.ReceivedAt));
        LogLanded(Name, offer.Batch.Header.Sequence, offer.Batch.Records.Count, result.CostUnits ?? 0);
    }

    private void Disconnect(string problem)
    {
        lock (_gate)
        {
            _connected = false;
            _problem = problem;
            // What waited is old by the time the chain is back; what is due then is signed fresh.
            _waiting = null;
            _submitting = null;
            RefreshInFlight_NeedsLock();
        }
    }

    /// <summary>What the chain did not take rests, each time twice as long; what it took, or has something newer of, does not.</summary>
    private void LetRest_NeedsLock(Offer offer, bool landed)
    {
        var now = _time.GetTimestamp();
        for (var i = 0; i < _feeds.Length; i++)
        {
            if (!offer.Feeds[i]) continue;
            var taken = landed || _landed[i]?.Sequence >= offer.Batch.Header.Sequence;
            _rests[i] = taken ? default : new Rest(now, Jittered(_rests[i].Length == default ? FirstRetry : Longer(_rests[i].Length)));
        }

        _anyRests = Array.Exists(_rests, r => r.Length != default);
    }

    private bool Rests_NeedsLock(int feed) => _rests[feed].Length != default && _time.GetElapsedTime(_rests[feed].Since) < _rests[feed].Length;

    // The same words every 30 s help nobody; a new reason is said at once.
    private void SayNotConnected(string problem)
    {
        LogNotConnected(problem == _saidProblem ? LogLevel.Debug : LogLevel.Warning, Name, problem, _retry.TotalSeconds);
        _saidProblem = problem;
    }

    private bool Hold_NeedsLock(OnChainFeed feed)
    {
        if (!_indexOf.TryGetValue(feed.Id, out var at)) return false;
        _landed[at] = feed;
        return true;
    }

    private void RefreshInFlight_NeedsLock()
    {
        _version++;
        Array.Clear(_inFlight);
        Mark(_submitting);
        Mark(_waiting);

        void Mark(Offer? offer)
        {
            if (offer is null) return;
            for (var i = 0; i < offer.Batch.Feeds.Count; i++)
            {
                if (_indexOf.TryGetValue(offer.Batch.Feeds[i], out var at)) _inFlight[at] = true;
            }
        }
    }

    // Several nodes that lose one endpoint must not come back in step.
    private static TimeSpan Jittered(TimeSpan delay) => delay * (0.5 + Random.Shared.NextDouble());

    private static TimeSpan Longer(TimeSpan delay) => TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestRetry.Ticks));

    private readonly record struct Rest(long Since, TimeSpan Length);

    private sealed record Offer(SignedBatch Batch, bool[] Feeds, long ReceivedAt);
}

/// <summary>What a chain holds for a feed and what is on its way there.</summary>
/// <param name="Landed">What the chain was last read to hold; null before the first read.</param>
/// <param name="InFlight">A record of this feed is submitted or waiting.</param>
/// <param name="Waits">A record of this feed waits and is not submitted yet: a newer batch that takes its place must carry the feed.</param>
/// <param name="Updates">Records of ours that landed since the start.</param>
/// <param name="Rests">The chain did not take the last record, and it is too early to try another.</param>
internal readonly record struct ChainFeedState(OnChainFeed? Landed, bool InFlight, bool Waits, long Updates, bool Rests);

/// <summary>A chain as a whole.</summary>
/// <param name="Version">Another one whenever anything of its feeds may have changed; above 0.</param>
internal readonly record struct ChainState(bool Connected, string? Problem, long LandedBatches, long FailedBatches, long? LastCostUnits, long Version);
