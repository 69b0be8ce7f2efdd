using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Publishes what there is: below one as well as above. Its <c>observedAt</c> is when the oldest part was measured. What cannot be told, or is too old, holds
/// the last ratio with the reason. Not for use by two threads at once.
/// </summary>
internal sealed class ReserveFold : IDerivedFold
{
    private readonly ReserveFeedRules _rules;
    private readonly FeedDecision _decision = new(null);
    private readonly ReserveWatch _reserve = new();
    private GuardInputs _inputs;
    private OperatorLatch _latch;
    private bool _hasTicked;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ReserveFold(ReserveFeedRules rules)
    {
        rules.Settings.Validate();
        _rules = rules;
    }

    public TransitionLog Transitions { get; } = new();

    public void SetInputs(in GuardInputs inputs)
    {
        if (_inputs == inputs) return;
        _inputs = inputs;
        _latch.Take(inputs.Operator);
    }

    public void Observe(in MarketInput input)
    {
        if (input.Kind == MarketInputKind.Reserve && input.Reserve.Token == _rules.Token) _reserve.Take(input.Reserve, input.ReceivedAt);
    }

    public void Restore(in RestoredFeed last)
    {
        if (_hasTicked) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        _decision.State = last.State;
        _latch.Restore(last.State, last.HoldReasons);
        Transitions.Restore(last.State);
        (_decision.Price, _decision.ObservedAt) = (last.Price, last.ObservedAt);
    }

    public FeedDecision? Tick(MarketFold market, Instant now)
    {
        if (market.DecisionOf(_rules.Share) is not { } share) return null;
        _hasTicked = true;
        var verdict = Judge(now, out var ratio);
        _decision.PreviousState = _decision.State;
        _decision.DecidedAt = now;
        _decision.Session = share.Session;
        _decision.ClosedReason = share.ClosedReason;
        _decision.HaltReason = verdict.Reason == DecisionReason.OperatorHold ? HaltReason.Operator : HaltReason.None;
        _decision.NextChangeAt = share.NextChangeAt;
        _decision.MaxAge = share.MaxAge;
        _decision.Reason = verdict.Reason;
        _decision.HoldReasons = verdict.Holds;
        _decision.SourcesUsed = _decision.Upstreams = verdict.Passes ? 1 : 0;
        _decision.State = verdict.Outcome switch
        {
            GuardOutcome.Pass => FeedState.Live,
            GuardOutcome.Retire => FeedState.Retired,
            GuardOutcome.Pause => FeedState.Paused,
            _ => FeedState.Held,
        };
        if (verdict.Passes) (_decision.Price, _decision.ObservedAt) = (ratio, MillisOf(_reserve.MeasuredAt));
        Transitions.Observe(_decision);
        return _decision;
    }

    private GuardVerdict Judge(Instant now, out Price ratio)
    {
        ratio = default;
        var stopped = _latch.Judge();
        if (!stopped.Passes) return stopped;
        if (_inputs.Operator == OperatorOrder.Hold) return GuardVerdict.Hold(HoldReasons.Operator, DecisionReason.OperatorHold);
        if (now < _reserve.MeasuredAt || (_decision.HasPrice && now < _decision.ObservedAt)) return GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockBehind);
        if (_inputs.Clock == GuardSignal.Bad) return GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockUntrusted);
        if (!_reserve.IsKnown) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveMissing);
        if (now - _reserve.MeasuredAt > _rules.Settings.MaxAge) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveStale);

        // What the chains hold was measured later: another node has heard of it already.
        if (_decision.HasPrice && MillisOf(_reserve.MeasuredAt) < _decision.ObservedAt) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveStale);
        if (_reserve.RatioE8 >= _rules.Settings.ImplausibleRatioBps * (Price.One / Pricing.Bps.Scale)) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.OutsideBounds);

        // No shares at all is a ratio that no record can carry.
        return Price.TryFromE8(_reserve.RatioE8, out ratio) ? GuardVerdict.Pass : GuardVerdict.Hold(HoldReasons.Reserve, DecisionReason.ReserveShort);
    }

    /// <summary>As records have it: whole milliseconds, never later.</summary>
    private static Instant MillisOf(Instant at) => Instant.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
