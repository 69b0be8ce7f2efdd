using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// Owns one chain: connects, reads, lands what it is offered, and knows what the chain holds. One batch is under way at a
/// time and one may wait; a newer offer takes the waiting one's place, so that after an outage the chain gets one fresh
/// value and never the queue.
/// </summary>
internal sealed partial class ChainWorker : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _offered = new(0, 1);
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IChainPublisher _publisher;
    private readonly FeedId[] _feeds;
    private readonly Dictionary<FeedId, int> _indexOf;
    private readonly PipelineSignal _signal;
    private readonly TimeProvider _time;
    private readonly LatencyRecorder _landedLatency;
    private readonly ILogger<ChainWorker> _logger;

    private readonly OnChainFeed?[] _landed;
    private readonly FeedRecord?[] _inFlight;
    private readonly long[] _updates;
    private Offer? _waiting;
    private Offer? _submitting;
    private bool _connected;
    private string? _problem = "not connected yet";
    private long _landedBatches;
    private long _failedBatches;
    private long? _lastCostUnits;

    public ChainWorker(IChainPublisher publisher, IReadOnlyList<FeedId> feeds, PipelineSignal signal, LatencyRecorder landedLatency, TimeProvider time, ILogger<ChainWorker> logger)
    {
        _publisher = publisher;
        _feeds = [.. feeds];
        _indexOf = feeds.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i);
        _signal = signal;
        _landedLatency = landedLatency;
        _time = time;
        _logger = logger;
        _landed = new OnChainFeed?[_feeds.Length];
        _inFlight = new FeedRecord?[_feeds.Length];
        _updates = new long[_feeds.Length];
    }

    public string Name => _publisher.Name;

    public ChainKind Kind => _publisher.Kind;

    /// <summary>Ends when the first attempt to connect and read has ended, well or badly.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    /// <summary>Copies what the pipeline decides by; index as in the feeds given at construction.</summary>
    public ChainState Read(Span<ChainFeedState> feeds)
    {
        lock (_gate)
        {
            for (var i = 0; i < _feeds.Length; i++)
            {
                var waits = _waiting is { } waiting && waiting.Feeds[i];
                feeds[i] = new ChainFeedState(_landed[i], _inFlight[i], waits, _updates[i]);
            }

            return new ChainState(_connected, _problem, _landedBatches, _failedBatches, _lastCostUnits);
        }
    }

    /// <summary>Hands over a batch. It takes the place of one that waits; what that one carried is due again unless it is in this one too.</summary>
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
            _waiting = offer;
            RefreshInFlight_NeedsLock();
        }

        if (_offered.CurrentCount == 0) _offered.Release();
    }

    /// <summary>Runs until cancelled. Never ends by itself: whatever the chain does, it is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(cancellationToken);
                retry = FirstRetry;
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
                LogNotConnected(Name, e.Message, retry.TotalSeconds);
            }
            finally
            {
                _firstAttempt.TrySetResult();
            }

            await Task.Delay(Jittered(retry), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LongestRetry.Ticks));
        }
    }

    public void Dispose() => _offered.Dispose();

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _publisher.ConnectAsync(_feeds, cancellationToken);
        var held = await _publisher.ReadAsync(_feeds, cancellationToken);
        lock (_gate)
        {
            foreach (var feed in held) Hold_NeedsLock(feed);
            _connected = true;
            _problem = null;
        }

        LogConnected(Name, _feeds.Length);
        _firstAttempt.TrySetResult();
        _signal.Set();
    }

    /// <summary>Returns when the endpoint is lost; the caller connects anew.</summary>
    private async Task LandOffersAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _offered.WaitAsync(cancellationToken);
            Offer? offer;
            lock (_gate)
            {
                offer = _submitting = _waiting;
                _waiting = null;
            }

            if (offer is null) continue;
            SubmissionResult result;
            try
            {
                result = await _publisher.SubmitAsync(offer.Batch, cancellationToken);
            }
            finally
            {
                lock (_gate)
                {
                    _submitting = null;
                    RefreshInFlight_NeedsLock();
                }
            }

            Conclude(offer, result);
            _signal.Set();
            if (result.Outcome == SubmissionOutcome.Unreachable) throw new ChainException(result.Detail ?? "the endpoint failed");
            if (result.Outcome != SubmissionOutcome.Landed) await Task.Delay(Jittered(FirstRetry), _time, cancellationToken);
        }
    }

    private void Conclude(Offer offer, SubmissionResult result)
    {
        var landed = result.Outcome == SubmissionOutcome.Landed;
        lock (_gate)
        {
            foreach (var feed in result.ReadBack)
            {
                if (!Hold_NeedsLock(feed)) continue;
                if (feed.Sequence == offer.Batch.Header.Sequence) _updates[_indexOf[feed.Id]]++;
            }

            if (landed) _landedBatches++;
            else _failedBatches++;
            _problem = landed ? null : $"{result.Outcome}: {result.Detail}";
            if (result.CostUnits is { } cost) _lastCostUnits = cost;
        }

        if (!landed)
        {
            LogNotLanded(Name, offer.Batch.Header.Sequence, result.Outcome, result.Detail ?? "no detail");
            return;
        }

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

    private bool Hold_NeedsLock(OnChainFeed feed)
    {
        if (!_indexOf.TryGetValue(feed.Id, out var at)) return false;
        _landed[at] = feed;
        return true;
    }

    private void RefreshInFlight_NeedsLock()
    {
        Array.Clear(_inFlight);
        Mark(_submitting);
        Mark(_waiting);

        void Mark(Offer? offer)
        {
            if (offer is null) return;
            for (var i = 0; i < offer.Batch.Feeds.Count; i++)
            {
                if (_indexOf.TryGetValue(offer.Batch.Feeds[i], out var at)) _inFlight[at] = offer.Batch.Records[i];
            }
        }
    }

    // Several nodes that lose one endpoint must not come back in step.
    private static TimeSpan Jittered(TimeSpan delay) => delay * (0.5 + Random.Shared.NextDouble());

    private sealed record Offer(SignedBatch Batch, bool[] Feeds, long ReceivedAt);
}

/// <summary>What a chain holds for a feed and what is on its way there.</summary>
/// <param name="Landed">What the chain was last read to hold; null before the first read.</param>
/// <param name="InFlight">The newest record submitted or waiting; null when nothing is under way.</param>
/// <param name="Waits">A record of this feed waits and is not submitted yet: a newer batch that takes its place must carry the feed.</param>
/// <param name="Updates">Records of ours that landed since the start.</param>
internal readonly record struct ChainFeedState(OnChainFeed? Landed, FeedRecord? InFlight, bool Waits, long Updates);

/// <summary>A chain as a whole.</summary>
internal readonly record struct ChainState(bool Connected, string? Problem, long LandedBatches, long FailedBatches, long? LastCostUnits);
