using NodaTime;
using OracleNode.Guards;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Publishing;

namespace OracleNode.Pipeline;

/// <summary>Copies the pipeline's state into an immutable snapshot, a few times a second.</summary>
internal sealed class StatusReporter(string node, NodeStatus status, IReadOnlyList<ISourceReport> sources, LatencyRecorder signedLatency, LatencyRecorder landedLatency, TimeProvider time,
    IReadOnlyList<IDocumentReport>? documents = null, IReadOnlyList<Vendors.CorporateActions.CorporateActionPoll>? corporateActions = null)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private long _lastReport;

    /// <summary>True when the last snapshot is old enough for another.</summary>
    public bool IsDue() => _lastReport == 0 || time.GetElapsedTime(_lastReport) >= Period;

    /// <summary>Publishes a snapshot.</summary>
    public void Report(Instant now, ReadOnlySpan<FeedSlot> slots, PipelinePlan plan, ParityMonitor parity, VerdictMonitor verdicts, bool restored, string? signingProblem, ulong lastSequence, long batchesSigned)
    {
        var timestamp = _lastReport = time.GetTimestamp();
        var feeds = new FeedSnapshot[slots.Length];
        for (var i = 0; i < slots.Length; i++) feeds[i] = Copy(slots[i], verdicts.OfFeeds[i]);
        status.Publish(new NodeSnapshot(
            node, now, timestamp, restored, signingProblem, lastSequence, batchesSigned,
            signedLatency.Summarise(), landedLatency.Summarise(),
            feeds,
            [.. plan.Chains.Select((c, i) => Copy(c, feeds, parity.Findings(i), verdicts.OfChain(i)))],
            [.. sources.Select(s => s.Report())])
        {
            Surroundings = Look(now, plan.Market),
            CorporateActions = [.. (corporateActions ?? []).Select(p => p.Report())],
        });
    }

    private SurroundingsSnapshot Look(Instant now, MarketFold market)
    {
        var calendar = market.Calendar;
        return new SurroundingsSnapshot(
            calendar.Version, calendar.ValidUntil, NodaTime.Period.DaysBetween(calendar.TradeDateOf(now), calendar.ValidUntil), market.IsSessionDisputed,
            [.. SurroundingsReport.ContradictingOf(market)],
            market.Clock, SurroundingsReport.ClockProblem(market.Clock, market.IsClockWrong), [.. (documents ?? []).Select(d => d.Report())]);
    }

    private static FeedSnapshot Copy(FeedSlot slot, VerdictFinding verdict)
    {
        if (slot.Decision is not { } d)
        {
            return new FeedSnapshot(slot.Feed.Name, slot.Id, FeedState.Unknown, HoldReasons.None, HaltReason.None, MarketSession.Unknown, ClosedReason.None, default, 0, null, null, 0, 0, 0, slot.Problem ?? "not priced yet") { Unit = slot.Feed.Unit, UnitWords = slot.UnitWords, Verdict = verdict };
        }

        return new FeedSnapshot(
            slot.Feed.Name, slot.Id, d.State, d.HoldReasons, d.HaltReason, d.Session, d.ClosedReason, d.Price, d.ConfidenceE8,
            d.HasPrice ? d.ObservedAt : null, d.NextChangeAt, d.SourcesUsed, d.SourcesRejected, d.Upstreams, slot.Problem ?? d.Reason.ToString())
        {
            Unit = slot.Feed.Unit,
            UnitWords = slot.UnitWords,
            Reason = d.Reason,
            Redundancy = d.Redundancy,
            QuarantinedSources = d.QuarantinedSources,
            Verdict = verdict,
        };
    }

    private static ChainSnapshot Copy(ChainPlanner chain, FeedSnapshot[] feeds, ReadOnlySpan<ParityFinding> parity, ReadOnlySpan<VerdictFinding> verdicts)
    {
        var held = new ChainFeedSnapshot[feeds.Length];
        for (var i = 0; i < feeds.Length; i++)
        {
            var state = chain.Feeds[i];
            var record = state.Landed?.Record;
            held[i] = new ChainFeedSnapshot(
                feeds[i].Name, state.Landed?.Address ?? "", state.Landed?.Sequence ?? 0, record?.Price ?? default,
                record?.State ?? FeedState.Unknown, record?.Session ?? MarketSession.Unknown,
                record is { } r ? Instant.FromUnixTimeMilliseconds(r.ObservedAtUnixMillis) : null, state.Updates)
            {
                Parity = parity[i],
                MaxAge = Duration.FromSeconds(record?.MaxAgeSeconds ?? 0),
                Verdict = verdicts[i],
                Terms = record?.Token,
                IsPaused = state.Landed is { Paused: true },
            };
        }

        var s = chain.State;
        return new ChainSnapshot(chain.Chain.Name, chain.Chain.Kind, s.Connected, chain.Problem ?? s.Problem, s.LandedBatches, s.FailedBatches, s.LastCostUnits, held);
    }
}

/// <summary>A signed document that can be asked how it is.</summary>
internal interface IDocumentReport
{
    /// <summary>Its state now; cheap, thread-safe.</summary>
    DocumentSnapshot Report();
}

/// <summary>A vendor session that can be asked how it is.</summary>
internal interface ISourceReport
{
    /// <summary>Its state now; cheap, thread-safe.</summary>
    SourceSnapshot Report();
}
