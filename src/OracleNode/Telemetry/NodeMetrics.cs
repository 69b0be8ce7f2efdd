using OracleNode.Health;
using Prometheus;

namespace OracleNode.Telemetry;

/// <summary>
/// What Prometheus sees. Values are copied from the latest <see cref="NodeSnapshot"/> when scraped: metrics report state,
/// nothing decides by them. Names are stable; tag sets are the configured names only.
/// </summary>
internal sealed class NodeMetrics
{
    private static readonly string[] ChainFeedLabels = ["feed", "chain"];

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly NodeStatus _status;
    private readonly RedisHealthWriter _redis;
    private readonly Pipeline.OraclePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly long _startedAt;

    private readonly Gauge _passAge;
    private readonly Counter _passFaults;
    private readonly Gauge _restored;
    private readonly Gauge _signing;
    private readonly Gauge _lastSequence;
    private readonly Counter _batches;
    private readonly Gauge _signedLatency;
    private readonly Gauge _landedLatency;
    private readonly Gauge _feedState;
    private readonly Gauge _feedPrice;
    private readonly Gauge _feedAge;
    private readonly Gauge _feedUpstreams;
    private readonly Gauge _feedHoldReasons;
    private readonly Gauge _chainConnected;
    private readonly Counter _chainLanded;
    private readonly Counter _chainFailed;
    private readonly Gauge _chainCost;
    private readonly Gauge _chainFeedAge;
    private readonly Gauge _chainFeedSequence;
    private readonly Counter _chainFeedUpdates;
    private readonly Gauge _sourceConnected;
    private readonly Counter _sourceReceived;
    private readonly Counter _sourceDropped;
    private readonly Counter _sourceMalformed;
    private readonly Counter _sourceUnknown;
    private readonly Counter _sourceReconnects;
    private readonly Gauge _redisUp;
    private readonly Counter _redisFailures;
    private readonly Replay.InputRecording? _recording;
    private readonly Archive.EvidenceArchive? _archive;
    private readonly Gauge? _evidenceUp;
    private readonly Counter? _evidenceKept;
    private readonly Counter? _evidenceLost;
    private readonly Gauge? _recordingUp;
    private readonly Counter? _recordingWritten;
    private readonly Counter? _recordingLost;

    /// <param name="recording">Null when nothing is recorded.</param>
    /// <param name="archive">Null when no evidence is kept.</param>
    public NodeMetrics(NodeStatus status, Pipeline.OraclePipeline pipeline, RedisHealthWriter redis, TimeProvider time, Replay.InputRecording? recording = null, Archive.EvidenceArchive? archive = null)
    {
        _recording = recording;
        _archive = archive;
        _pipeline = pipeline;
        _startedAt = time.GetTimestamp();
        _status = status;
        _redis = redis;
        _time = time;
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);

        _passAge = metrics.CreateGauge("oracle_node_pipeline_pass_age_seconds", "Time since the pipeline's last pass; before the first one, since the start.");
        _passFaults = metrics.CreateCounter("oracle_node_pass_faults_total", "Passes of the pipeline that a fault ended early; any is a defect to report.");
        _restored = metrics.CreateGauge("oracle_node_restored", "1 when last prices and sequences were read from a chain.");
        _signing = metrics.CreateGauge("oracle_node_signing", "1 while batches can be signed; 0 means that every feed grows stale on every chain.");
        _lastSequence = metrics.CreateGauge("oracle_node_last_sequence", "Sequence of the last batch signed or seen.");
        _batches = metrics.CreateCounter("oracle_node_batches_signed_total", "Batches signed.");
        _signedLatency = metrics.CreateGauge("oracle_node_received_to_signed_milliseconds", "From the newest observation behind a batch to its signature.", "quantile");
        _landedLatency = metrics.CreateGauge("oracle_node_received_to_landed_milliseconds", "From that observation to the read-back on a chain.", "quantile");
        _feedState = metrics.CreateGauge("oracle_feed_state", "FeedState number: 1 live, 2 degraded, 3 reopening, 4 held, 5 paused, 6 retired, 7 closed.", "feed");
        _feedPrice = metrics.CreateGauge("oracle_feed_price", "Last good price in the quote currency; for graphs, never for decisions.", "feed");
        _feedAge = metrics.CreateGauge("oracle_feed_age_seconds", "Market time since the oldest contributing observation.", "feed");
        _feedUpstreams = metrics.CreateGauge("oracle_feed_upstreams", "Distinct upstreams behind the price.", "feed");
        _feedHoldReasons = metrics.CreateGauge("oracle_feed_hold_reasons", "HoldReasons bits.", "feed");
        _chainConnected = metrics.CreateGauge("oracle_chain_connected", "1 when the chain passed its checks.", "chain");
        _chainLanded = metrics.CreateCounter("oracle_chain_batches_landed_total", "Batches read back equal or newer.", "chain");
        _chainFailed = metrics.CreateCounter("oracle_chain_batches_failed_total", "Batches that did not land.", "chain");
        _chainCost = metrics.CreateGauge("oracle_chain_last_cost_units", "Gas or compute units of the last landed batch.", "chain");
        _chainFeedAge = metrics.CreateGauge("oracle_chain_feed_age_seconds", "Market time since observedAt of what the chain holds.", ChainFeedLabels);
        _chainFeedSequence = metrics.CreateGauge("oracle_chain_feed_sequence", "Sequence the chain holds.", ChainFeedLabels);
        _chainFeedUpdates = metrics.CreateCounter("oracle_chain_feed_updates_total", "Records landed.", ChainFeedLabels);
        _sourceConnected = metrics.CreateGauge("oracle_source_connected", "1 when the vendor session is connected.", "source");
        _sourceReceived = metrics.CreateCounter("oracle_source_observations_total", "Observations handed to the pipeline.", "source");
        _sourceDropped = metrics.CreateCounter("oracle_source_observations_dropped_total", "Observations a newer one pushed out.", "source");
        _sourceMalformed = metrics.CreateCounter("oracle_source_malformed_total", "Messages or values refused by the parser.", "source");
        _sourceUnknown = metrics.CreateCounter("oracle_source_unknown_messages_total", "Message types the adapter does not know.", "source");
        _sourceReconnects = metrics.CreateCounter("oracle_source_reconnects_total", "Reconnects.", "source");
        _redisUp = metrics.CreateGauge("oracle_redis_up", "1 when the last beat was written.");
        _redisFailures = metrics.CreateCounter("oracle_redis_failures_total", "Beats that could not be written.");
        if (archive is not null)
        {
            _evidenceUp = metrics.CreateGauge("oracle_evidence_up", "1 while the evidence of signed batches can be kept.");
            _evidenceKept = metrics.CreateCounter("oracle_evidence_batches_total", "Signed batches kept with their evidence.");
            _evidenceLost = metrics.CreateCounter("oracle_evidence_lost_total", "Signed batches whose evidence could not be kept.");
        }

        if (recording is not null)
        {
            _recordingUp = metrics.CreateGauge("oracle_recording_up", "1 while the inputs can be written down.");
            _recordingWritten = metrics.CreateCounter("oracle_recording_entries_total", "Entries of the input log written down.");
            _recordingLost = metrics.CreateCounter("oracle_recording_lost_total", "Entries of the input log that are missing from the recording.");
        }

        _registry.AddBeforeCollectCallback(Update);
    }

    /// <summary>Writes the text exposition format.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    private void Update()
    {
        _redisUp.Set(_redis.IsUp ? 1 : 0);
        _redisFailures.IncTo(_redis.Failures);
        if (_archive is { } archive)
        {
            _evidenceUp!.Set(archive.IsFailing ? 0 : 1);
            _evidenceKept!.IncTo(archive.Kept);
            _evidenceLost!.IncTo(archive.Lost);
        }

        if (_recording is { } recording)
        {
            _recordingUp!.Set(recording.IsFailing ? 0 : 1);
            _recordingWritten!.IncTo(recording.Written);
            _recordingLost!.IncTo(recording.Lost);
        }

        _passFaults.IncTo(_pipeline.PassFaults);
        _passAge.Set(_time.GetElapsedTime(_status.Latest?.PassedAt ?? _startedAt).TotalSeconds);
        if (_status.Latest is not { } snapshot) return;

        _restored.Set(snapshot.Restored ? 1 : 0);
        _signing.Set(snapshot.Restored && snapshot.SigningProblem is null ? 1 : 0);
        _lastSequence.Set(snapshot.LastSequence);
        _batches.IncTo(snapshot.BatchesSigned);
        Set(_signedLatency, snapshot.ReceivedToSigned);
        Set(_landedLatency, snapshot.ReceivedToLanded);
        foreach (var feed in snapshot.Feeds)
        {
            _feedState.WithLabels(feed.Name).Set((int)feed.State);
            _feedHoldReasons.WithLabels(feed.Name).Set((uint)feed.HoldReasons);
            _feedUpstreams.WithLabels(feed.Name).Set(feed.Upstreams);
            if (feed.ObservedAt is not { } observedAt) continue;
            _feedPrice.WithLabels(feed.Name).Set(feed.Price.E8 / 1e8);
            _feedAge.WithLabels(feed.Name).Set((snapshot.TakenAt - observedAt).TotalSeconds);
        }

        foreach (var chain in snapshot.Chains)
        {
            _chainConnected.WithLabels(chain.Name).Set(chain.Connected ? 1 : 0);
            _chainLanded.WithLabels(chain.Name).IncTo(chain.Landed);
            _chainFailed.WithLabels(chain.Name).IncTo(chain.Failed);
            if (chain.LastCostUnits is { } cost) _chainCost.WithLabels(chain.Name).Set(cost);
            foreach (var feed in chain.Feeds)
            {
                _chainFeedUpdates.WithLabels(feed.Feed, chain.Name).IncTo(feed.Updates);
                _chainFeedSequence.WithLabels(feed.Feed, chain.Name).Set(feed.Sequence);
                if (feed.ObservedAt is { } observedAt) _chainFeedAge.WithLabels(feed.Feed, chain.Name).Set((snapshot.TakenAt - observedAt).TotalSeconds);
            }
        }

        foreach (var source in snapshot.Sources)
        {
            _sourceConnected.WithLabels(source.Name).Set(source.Connected ? 1 : 0);
            _sourceReceived.WithLabels(source.Name).IncTo(source.Received);
            _sourceDropped.WithLabels(source.Name).IncTo(source.Dropped);
            _sourceMalformed.WithLabels(source.Name).IncTo(source.Malformed);
            _sourceUnknown.WithLabels(source.Name).IncTo(source.UnknownTypes);
            _sourceReconnects.WithLabels(source.Name).IncTo(source.Reconnects);
        }
    }

    private static void Set(Gauge gauge, Pipeline.LatencySummary? summary)
    {
        if (summary is null) return;
        gauge.WithLabels("0.5").Set(summary.P50);
        gauge.WithLabels("0.99").Set(summary.P99);
    }
}
