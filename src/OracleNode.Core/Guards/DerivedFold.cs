using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What every feed made from other feeds has in common: the operator's word, the clock, going on from a chain, and the last good price. Not for use by two threads at once.</summary>
internal abstract class DerivedFold : IDerivedFold
{
    private GuardInputs _inputs;
    private OperatorLatch _latch;
    private bool _hasTicked;

    public TransitionLog Transitions { get; } = new();

    public virtual MultiplierTerms? Terms => null;

    protected FeedDecision Decision { get; } = new(null);

    /// <summary>The price of this feed that an operator confirms now; none when there is none.</summary>
    protected Price ConfirmedPrice => _inputs.ConfirmedPrice;

    /// <summary>The last published <c>observedAt</c>; null when nothing was ever published.</summary>
    protected Instant? LastObservedAt => Decision.HasPrice ? Decision.ObservedAt : null;

    public void SetInputs(in GuardInputs inputs)
    {
        if (_inputs == inputs) return;
        _inputs = inputs;
        _latch.Take(inputs.Operator);
    }

    /// <exception cref="InvalidOperationException">There was a tick already.</exception>
    public void Restore(in RestoredFeed last)
    {
        if (_hasTicked) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        Decision.State = last.State;
        _latch.Restore(last.State, last.HoldReasons);
        Transitions.Restore(last.State);
        Decision.ObservedAt = last.ObservedAt;
        Decision.Price = last.Price;
        Decision.ConfidenceE8 = last.ConfidenceE8;
        Decision.Bid = last.Bid;
        Decision.Ask = last.Ask;
        Decision.Ema = last.Ema;
        GoOnFrom(last);
    }

    public abstract void Observe(in MarketInput input);

    public FeedDecision? Tick(MarketFold market, Instant now)
    {
        _hasTicked = true;
        if (!Decide(market, now, JudgeStanding(now))) return null;
        if (Decision.Reason == DecisionReason.OperatorHold) Decision.HaltReason = HaltReason.Operator;
        Transitions.Observe(Decision);
        return Decision;
    }

    /// <summary>Decides; false while there is nothing to decide from.</summary>
    protected abstract bool Decide(MarketFold market, Instant now, in GuardVerdict standing);

    /// <summary>Takes over what else the chains tell.</summary>
    protected virtual void GoOnFrom(in RestoredFeed last)
    {
    }

    /// <summary>Begins a decision.</summary>
    protected void Begin(Instant now, Duration maxAge)
    {
        Decision.PreviousState = Decision.State;
        Decision.DecidedAt = now;
        Decision.MaxAge = maxAge;
        Decision.HaltReason = HaltReason.None;
    }

    /// <summary>Says whose hours the price is of.</summary>
    protected void TakeSession(FeedDecision of)
    {
        Decision.Session = of.Session;
        Decision.ClosedReason = of.ClosedReason;
        Decision.HaltReason = of.HaltReason;
        Decision.NextChangeAt = of.NextChangeAt;
    }

    /// <summary>Keeps the last good price, and says why.</summary>
    protected void Keep(in GuardVerdict verdict)
    {
        Decision.State = verdict.Outcome switch
        {
            GuardOutcome.Retire => FeedState.Retired,
            GuardOutcome.Pause => FeedState.Paused,
            GuardOutcome.Close => FeedState.Closed,
            GuardOutcome.Reopen => FeedState.Reopening,
            _ => FeedState.Held,
        };
        Decision.Reason = verdict.Reason;
        Decision.HoldReasons = verdict.Holds;
        Decision.SourcesUsed = 0;
        Decision.Upstreams = 0;
    }

    /// <summary>Names the price that this one started from, and its time: the record has both, as a multiplier of one without a step ahead of it.</summary>
    protected void TakeBasis(Price basis, Instant at)
    {
        Decision.HasBasis = true;
        Decision.Multiplier = Multiplier.One;
        Decision.Underlying = basis;
        Decision.ActivationAt = at;
    }

    /// <summary>The newest time that nothing that contributes is older than; never back, and cut to what the record can hold.</summary>
    protected Instant ObservedAt(Instant oldest, bool hasLaggard, Instant now)
    {
        var cut = Instant.FromUnixTimeMilliseconds(Instant.Min(oldest, now).ToUnixTimeMilliseconds());
        if (LastObservedAt is not { } last) return cut;

        // A market that is always a little late would never vote again: what is published waits until its next word is newer.
        return hasLaggard ? last : Instant.Max(last, cut);
    }

    private GuardVerdict JudgeStanding(Instant now)
    {
        var stopped = _latch.Judge();
        if (!stopped.Passes) return stopped;
        if (_inputs.Operator == OperatorOrder.Hold) return GuardVerdict.Hold(HoldReasons.Operator, DecisionReason.OperatorHold);
        if (now < LastObservedAt) return GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockBehind);
        return _inputs.Clock == GuardSignal.Bad ? GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockUntrusted) : GuardVerdict.Pass;
    }
}
