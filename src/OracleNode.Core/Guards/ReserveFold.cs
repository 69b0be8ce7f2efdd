using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Publishes what there is: below one as well as above. Its <c>observedAt</c> is when the oldest part was measured. What cannot be told, or is too old, holds
/// the last ratio with the reason. Not for use by two threads at once.
/// </summary>
internal sealed class ReserveFold : DerivedFold
{
    private readonly ReserveFeedRules _rules;
    private readonly ReserveWatch _reserve = new();

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ReserveFold(ReserveFeedRules rules)
    {
        rules.Settings.Validate();
        _rules = rules;
    }

    public override void Observe(in MarketInput input)
    {
        if (input.Kind == MarketInputKind.Reserve && input.Reserve.Token == _rules.Token) _reserve.Take(input.Reserve, input.ReceivedAt);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        if (market.DecisionOf(_rules.Share) is not { } share) return false;
        var ratio = default(Price);
        var verdict = standing.Passes ? Judge(now, out ratio) : standing;
        Begin(now, share.MaxAge);
        TakeSession(share);

        // It has no market that could halt.
        Decision.HaltReason = HaltReason.None;
        Decision.Reserve = _reserve.Amounts;
        if (!verdict.Passes)
        {
            Keep(verdict);
            return true;
        }

        (Decision.State, Decision.Reason, Decision.HoldReasons) = (FeedState.Live, DecisionReason.Accepted, HoldReasons.None);
        (Decision.SourcesUsed, Decision.Upstreams) = (1, 1);
        (Decision.Price, Decision.ObservedAt) = (ratio, MillisOf(_reserve.MeasuredAt));
        return true;
    }

    private GuardVerdict Judge(Instant now, out Price ratio)
    {
        ratio = default;
        if (now < _reserve.MeasuredAt) return GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockBehind);
        if (!_reserve.IsKnown) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveMissing);
        if (now - _reserve.MeasuredAt > _rules.Settings.MaxAge) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveStale);

        // What the chains hold was measured later: another node has heard of it already.
        if (MillisOf(_reserve.MeasuredAt) < LastObservedAt) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.ReserveStale);
        if (_reserve.RatioE8 >= _rules.Settings.ImplausibleRatioBps * (Price.One / Pricing.Bps.Scale)) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.OutsideBounds);

        // No shares at all is a ratio that no record can carry.
        return Price.TryFromE8(_reserve.RatioE8, out ratio) ? GuardVerdict.Pass : GuardVerdict.Hold(HoldReasons.Reserve, DecisionReason.ReserveShort);
    }

    /// <summary>As records have it: whole milliseconds, never later.</summary>
    private static Instant MillisOf(Instant at) => Instant.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
