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
    private static readonly string[] FeedReasonLabels = ["feed", "reason"];
    private static readonly Guards.DecisionReason[] Reasons = Enum.GetValues<Guards.DecisionReason>();
    private static readonly Pipeline.AlarmKind[] Alarms = [.. Enum.GetValues<Pipeline.AlarmKind>().Where(a => a != Pipeline.AlarmKind.None)];

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
    private readonly Gauge _feedVerdict;
    private readonly Gauge _feedState;
    private readonly Gauge _feedPrice;
    private readonly Gauge _feedAge;
    private readonly Gauge _feedUpstreams;
    private readonly Gauge _feedHoldReasons;
    private readonly Gauge _feedReason;
    private readonly Gauge _feedRedundancy;
    private readonly Gauge _feedQuarantined;
    private readonly Counter _feedTransitions;
    private readonly Counter _alarms;
    private readonly Gauge _chainConnected;
    private readonly Counter _chainLanded;
    private readonly Counter _chainFailed;
    private readonly Gauge _chainCost;
    private readonly Gauge _chainFeedVerdict;
    private readonly Gauge _chainFeedPaused;
    private readonly Gauge _chainFeedAttestationAge;
    private readonly Gauge _chainFeedMaxAge;
    private readonly Gauge _chainFeedAge;
    private readonly Gauge _chainFeedSequence;
    private readonly Counter _chainFeedUpdates;
    private readonly Gauge _parity;
    private readonly Gauge _lag;
    private readonly Gauge _overdue;
    private readonly Gauge _sourceConnected;
    private readonly Counter _sourceReceived;
    private readonly Counter _sourceDropped;
    private readonly Counter _sourceMalformed;
    private readonly Counter _sourceUnknown;
    private readonly Counter _sourceReconnects;
    private readonly Gauge _actionsAge;
    private readonly Gauge _actionsSilent;
    private readonly Gauge _actionsRows;
    private readonly Gauge _actionsNotUnderstood;
    private readonly Counter _actionsAnswers;
    private readonly Counter _actionsFaults;
    private readonly Gauge _calendarDays;
    private readonly Gauge _calendarInfo;
    private readonly Gauge _sessionDisputed;
    private readonly Gauge _clockState;
    private readonly Gauge _clockOffset;
    private readonly Gauge _documentGood;
    private readonly Counter _documentAccepted;
    private readonly Counter _documentRefused;
    private string? _calendarVersion;
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
        _feedVerdict = metrics.CreateGauge("oracle_feed_verdict", "FeedVerdict number, the worst of all chains: 0 unknown, 1 ok, 2 closed-ok, 3 halted, 4 paused, 5 stale, 6 dead, 7 diverged.", "feed");
        _feedState = metrics.CreateGauge("oracle_feed_state", "FeedState number: 1 live, 2 degraded, 3 reopening, 4 held, 5 paused, 6 retired, 7 closed.", "feed");
        _feedPrice = metrics.CreateGauge("oracle_feed_price", "Last good price in the feed's unit (quote currency, or a ratio where 1 is par); for graphs, never for decisions.", "feed");
        _feedAge = metrics.CreateGauge("oracle_feed_age_seconds", "Market time since the oldest contributing observation.", "feed");
        _feedUpstreams = metrics.CreateGauge("oracle_feed_upstreams", "Distinct upstreams behind the price.", "feed");
        _feedHoldReasons = metrics.CreateGauge("oracle_feed_hold_reasons", "HoldReasons bits.", "feed");
        _feedReason = metrics.CreateGauge("oracle_feed_decision_reason", "DecisionReason number: the rule that decided.", "feed");
        _feedRedundancy = metrics.CreateGauge("oracle_feed_redundancy", "RedundancyLevel number: 0 out of session, 1 lost, 2 at quorum (one more lost upstream holds the feed), 3 reduced, 4 full.", "feed");
        _feedQuarantined = metrics.CreateGauge("oracle_feed_quarantined_sources", "Sources without a vote on the feed because they were wrong too often.", "feed");
        _feedTransitions = metrics.CreateCounter("oracle_feed_transitions_total", "Changes of a feed's state or hold reasons, by the rule that decided.", FeedReasonLabels);
        _alarms = metrics.CreateCounter("oracle_alarms_total", "What a person was told of, by kind.", "alarm");
        _chainConnected = metrics.CreateGauge("oracle_chain_connected", "1 when the chain passed its checks.", "chain");
        _chainLanded = metrics.CreateCounter("oracle_chain_batches_landed_total", "Batches read back equal or newer.", "chain");
        _chainFailed = metrics.CreateCounter("oracle_chain_batches_failed_total", "Batches that did not land.", "chain");
        _chainCost = metrics.CreateGauge("oracle_chain_last_cost_units", "Gas or compute units of the last landed batch.", "chain");
        _chainFeedVerdict = metrics.CreateGauge("oracle_chain_feed_verdict", "FeedVerdict number of the feed on the chain, as in oracle_feed_verdict.", ChainFeedLabels);
        _chainFeedPaused = metrics.CreateGauge("oracle_chain_feed_paused", "1 while the chain's guardian or owner has stopped the feed there: readers revert.", ChainFeedLabels);
        _chainFeedAttestationAge = metrics.CreateGauge("oracle_chain_feed_attestation_age_seconds", "Market time since what the chain holds was attested.", ChainFeedLabels);
        _chainFeedMaxAge = metrics.CreateGauge("oracle_chain_feed_max_age_seconds", "How long after its attestation what the chain holds may be relied on.", ChainFeedLabels);
        _chainFeedAge = metrics.CreateGauge("oracle_chain_feed_age_seconds", "Market time since observedAt of what the chain holds.", ChainFeedLabels);
        _chainFeedSequence = metrics.CreateGauge("oracle_chain_feed_sequence", "Sequence the chain holds.", ChainFeedLabels);
        _chainFeedUpdates = metrics.CreateCounter("oracle_chain_feed_updates_total", "Records landed.", ChainFeedLabels);
        _parity = metrics.CreateGauge("oracle_feed_parity", "Does the chain hold what it should: 0 unknown, 1 agrees, 2 lags, 3 differs from what was signed or from another chain (an alarm).", ChainFeedLabels);
        _lag = metrics.CreateGauge("oracle_feed_chain_lag_seconds", "How much earlier the chain's record was attested than the newest one known; up to the chain's heartbeat is usual.", ChainFeedLabels);
        _overdue = metrics.CreateGauge("oracle_feed_chain_due_seconds", "How long something newer has been due on the chain by its own cadence.", ChainFeedLabels);
        _sourceConnected = metrics.CreateGauge("oracle_source_connected", "1 when the vendor session is connected.", "source");
        _sourceReceived = metrics.CreateCounter("oracle_source_observations_total", "Observations handed to the pipeline.", "source");
        _sourceDropped = metrics.CreateCounter("oracle_source_observations_dropped_total", "Observations a newer one pushed out.", "source");
        _sourceMalformed = metrics.CreateCounter("oracle_source_malformed_total", "Messages or values refused by the parser.", "source");
        _sourceUnknown = metrics.CreateCounter("oracle_source_unknown_messages_total", "Message types the adapter does not know.", "source");
        _sourceReconnects = metrics.CreateCounter("oracle_source_reconnects_total", "Reconnects.", "source");
        _actionsAge = metrics.CreateGauge("oracle_corporate_actions_answer_age_seconds", "Time since the list's last whole answer; before the first one, since the start.", "source");
        _actionsSilent = metrics.CreateGauge("oracle_corporate_actions_silent", "1 while the list has not answered for several of its periods: splits that only it tells of are not known.", "source");
        _actionsRows = metrics.CreateGauge("oracle_corporate_actions_rows", "Rows of the list's last whole answer.", "source");
        _actionsNotUnderstood = metrics.CreateGauge("oracle_corporate_actions_rows_not_understood", "Those of them that are left out.", "source");
        _actionsAnswers = metrics.CreateCounter("oracle_corporate_actions_answers_total", "Whole answers.", "source");
        _actionsFaults = metrics.CreateCounter("oracle_corporate_actions_faults_total", "Questions without a whole answer.", "source");
        _calendarDays = metrics.CreateGauge("oracle_calendar_days_left", "Days until the running calendar ends; below 60 a newer edition is due.");
        _calendarInfo = metrics.CreateGauge("oracle_calendar_info", "1, with the running calendar's version.", "version");
        _sessionDisputed = metrics.CreateGauge("oracle_session_disputed", "1 while vendors contradict the calendar so that every feed holds.");
        _clockState = metrics.CreateGauge("oracle_clock_state", "ClockState number: 0 nothing to compare with, 1 good, 2 off (not ready), 3 wrong (nothing is signed).");
        _clockOffset = metrics.CreateGauge("oracle_clock_offset_seconds", "How far the node's clock is ahead of what it was compared with.");
        _documentGood = metrics.CreateGauge("oracle_operator_document_good", "1 while the newest edition of a signed document is in force.", "kind");
        _documentAccepted = metrics.CreateCounter("oracle_operator_documents_accepted_total", "Editions of signed documents taken over.", "kind");
        _documentRefused = metrics.CreateCounter("oracle_operator_documents_refused_total", "Editions of signed documents refused.", "kind");
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

        UpdateEvents();
        _passFaults.IncTo(_pipeline.PassFaults);
        _passAge.Set(_time.GetElapsedTime(_status.Latest?.PassedAt ?? _startedAt).TotalSeconds);
        if (_status.Latest is not { } snapshot) return;

        _restored.Set(snapshot.Restored ? 1 : 0);
        _signing.Set(snapshot.Restored && snapshot.SigningProblem is null ? 1 : 0);
        _lastSequence.Set(snapshot.LastSequence);
        _batches.IncTo(snapshot.BatchesSigned);
        Set(_signedLatency, snapshot.ReceivedToSigned);
        Set(_landedLatency, snapshot.ReceivedToLanded);
        // Of a pipeline that is stuck nothing is known any more.
        var isAlive = Readiness.IsAlive(snapshot, _time, _time.GetElapsedTime(_startedAt));

        UpdateSurroundings(snapshot.Surroundings);
        foreach (var feed in snapshot.Feeds)
        {
            _feedVerdict.WithLabels(feed.Name).Set(isAlive ? (int)feed.Verdict.Verdict : 0);
            _feedState.WithLabels(feed.Name).Set((int)feed.State);
            _feedHoldReasons.WithLabels(feed.Name).Set((uint)feed.HoldReasons);
            _feedUpstreams.WithLabels(feed.Name).Set(feed.Upstreams);
            _feedReason.WithLabels(feed.Name).Set((int)feed.Reason);
            _feedRedundancy.WithLabels(feed.Name).Set((int)feed.Redundancy);
            _feedQuarantined.WithLabels(feed.Name).Set(feed.QuarantinedSources);
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
                _parity.WithLabels(feed.Feed, chain.Name).Set((int)feed.Parity.Verdict);
                _lag.WithLabels(feed.Feed, chain.Name).Set(feed.Parity.Measurement.Behind.TotalSeconds);
                _overdue.WithLabels(feed.Feed, chain.Name).Set(feed.Parity.DueFor.TotalSeconds);
                _chainFeedVerdict.WithLabels(feed.Feed, chain.Name).Set(isAlive ? (int)feed.Verdict.Verdict : 0);
                _chainFeedPaused.WithLabels(feed.Feed, chain.Name).Set(feed.IsPaused ? 1 : 0);
                _chainFeedMaxAge.WithLabels(feed.Feed, chain.Name).Set(feed.MaxAge.TotalSeconds);
                if (feed.AttestedAt is { } attestedAt) _chainFeedAttestationAge.WithLabels(feed.Feed, chain.Name).Set((snapshot.TakenAt - attestedAt).TotalSeconds);
                if (feed.ObservedAt is { } observedAt) _chainFeedAge.WithLabels(feed.Feed, chain.Name).Set((snapshot.TakenAt - observedAt).TotalSeconds);
            }
        }

        foreach (var poll in snapshot.CorporateActions)
        {
            _actionsAge.WithLabels(poll.Name).Set(poll.SinceAnswer.TotalSeconds);
            _actionsSilent.WithLabels(poll.Name).Set(poll.IsSilent ? 1 : 0);
            _actionsRows.WithLabels(poll.Name).Set(poll.Rows);
            _actionsNotUnderstood.WithLabels(poll.Name).Set(poll.NotUnderstood);
            _actionsAnswers.WithLabels(poll.Name).IncTo(poll.Answers);
            _actionsFaults.WithLabels(poll.Name).IncTo(poll.Faults);
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

    private void UpdateEvents()
    {
        var events = _pipeline.Events;
        for (var i = 0; i < events.Feeds.Count; i++)
            foreach (var reason in Reasons)
                if (events.Of(i, reason) is var count and > 0)
                    _feedTransitions.WithLabels(events.Feeds[i], reason.ToString()).IncTo(count);
        var silences = _status.Latest?.CorporateActions.Sum(p => p.Silences) ?? 0;
        foreach (var alarm in Alarms) _alarms.WithLabels(alarm.ToString()).IncTo(events.Of(alarm) + (alarm == Pipeline.AlarmKind.CorporateAction ? silences : 0));
    }

    private void UpdateSurroundings(SurroundingsSnapshot around)
    {
        if (around.CalendarValidUntil is null) return;
        _calendarDays.Set(around.CalendarDaysLeft);
        if (_calendarVersion is { } before && before != around.CalendarVersion) _calendarInfo.RemoveLabelled(before);
        _calendarVersion = around.CalendarVersion;
        _calendarInfo.WithLabels(around.CalendarVersion).Set(1);
        _sessionDisputed.Set(around.IsSessionDisputed ? 1 : 0);
        _clockState.Set((int)around.Clock.State);
        _clockOffset.Set(around.Clock.Offset.TotalSeconds);
        foreach (var document in around.Documents)
        {
            _documentGood.WithLabels(document.Kind).Set(document.Problem is null ? 1 : 0);
            _documentAccepted.WithLabels(document.Kind).IncTo(document.Accepted);
            _documentRefused.WithLabels(document.Kind).IncTo(document.Refused);
        }
    }

    private static void Set(Gauge gauge, Pipeline.LatencySummary? summary)
    {
        if (summary is null) return;
        gauge.WithLabels("0.5").Set(summary.P50);
        gauge.WithLabels("0.99").Set(summary.P99);
    }
}
