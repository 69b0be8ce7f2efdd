using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// One token feed: follows its underlying's decision with every tick, times the multiplier of the moment. State, session, halt and
/// <c>observedAt</c> are the underlying's. Without a multiplier that can be relied on the token holds its own last good price.
/// Not for use by two threads at once.
/// </summary>
public sealed class TokenFold
{
    private readonly TokenSettings _settings;
    private readonly FeedDecision _decision = new(null);
    private GuardInputs _inputs;
    private OperatorLatch _latch;
    private TokenSteps _steps;
    private AppliedStep _applied;
    private bool _isOffPeg;
    private bool _hasTicked;

    /// <param name="settings">Its rules.</param>
    /// <param name="unit">
    /// What its price is of: <see cref="FeedUnit.RawToken"/>, the share price times the multiplier; or <see cref="FeedUnit.UiToken"/>, one unit of a balance that
    /// carries the multiplier already, which is worth the share price. Everything else is the same.
    /// </param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TokenFold(TokenSettings settings, FeedUnit unit = FeedUnit.RawToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _settings = settings;
        _decision.IsPricedByTheShare = unit == FeedUnit.UiToken;
    }

    /// <summary>Every change of state and of the reasons to hold, for the host to drain.</summary>
    public TransitionLog Transitions { get; } = new();

    /// <summary>What the guards are told from outside; stands until it is told anew. A token looks at the operator's order and at what is said of tokens.</summary>
    public void SetInputs(in GuardInputs inputs)
    {
        if (_inputs == inputs) return;
        _inputs = inputs;
        _latch.Take(inputs.Operator);
    }

    /// <summary>Takes over what the chains hold. Before the first tick, at most once; a record without a price changes nothing.</summary>
    /// <exception cref="InvalidOperationException">There was a tick already.</exception>
    public void Restore(in RestoredFeed last)
    {
        if (_hasTicked) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        _decision.State = last.State;
        _latch.Restore(last.State, last.HoldReasons);
        _steps.Restore(last.State, last.HoldReasons);
        Transitions.Restore(last.State);
        GoOnFrom(last);
    }

    /// <summary>Goes on from a newer price that the chains hold, as <see cref="FeedFold.TryAdopt"/> does; the caller sees to it that the share is not older.</summary>
    /// <returns>False when nothing changes.</returns>
    public bool TryAdopt(in RestoredFeed newer)
    {
        if (!_hasTicked || _decision.IsFresh || newer.Price.IsNone || (_decision.HasPrice && newer.ObservedAt <= _decision.ObservedAt)) return false;
        GoOnFrom(newer);
        if (_inputs.Operator == OperatorOrder.None) _latch.Restore(newer.State, newer.HoldReasons);
        return true;
    }

    private void GoOnFrom(in RestoredFeed last)
    {
        _decision.ObservedAt = last.ObservedAt;
        _decision.Multiplier = last.Multiplier;
        _decision.Underlying = last.Underlying;
        (_decision.NextMultiplier, _decision.ActivationAt) = (last.NextMultiplier, last.ActivationAt);
        _applied.Restore(last);
        _isOffPeg |= _settings.PegCurrency.Length > 0 && (last.State is FeedState.Held or FeedState.Paused) && (last.HoldReasons & HoldReasons.Depeg) != 0;
        Take(new TokenPrice(last.Price, last.ConfidenceE8, last.Bid, last.Ask, last.Ema));
    }

    /// <summary>
    /// Follows the underlying's tick. The result is the same instance each time and valid until the next tick of either.
    /// </summary>
    /// <param name="underlying">The underlying's decision of the same tick.</param>
    /// <param name="reading">The last reading of the multiplier; null when there never was one.</param>
    /// <param name="now">Market time.</param>
    public FeedDecision Tick(FeedDecision underlying, in MultiplierTerms? reading, Instant now)
    {
        ArgumentNullException.ThrowIfNull(underlying);
        _hasTicked = true;
        var terms = reading?.At(now);
        _isOffPeg = TokenRule.IsOffPeg(_isOffPeg, _inputs, _settings);
        var verdict = TokenRule.JudgeStanding(_latch, _inputs, _isOffPeg, _settings);
        var token = default(TokenPrice);
        _steps.Note(underlying, _decision, _inputs.Action, now);
        if (reading is { } read && terms is { } standing) _applied.Note(read, standing, _decision.Multiplier, _settings);
        if (verdict.Passes) verdict = TokenRule.Judge(underlying, terms, _decision, _settings, now, out token);
        verdict = InAction(verdict, underlying, terms, token.Price, now);

        _decision.PreviousState = _decision.State;
        _decision.DecidedAt = now;
        _decision.Session = underlying.Session;
        _decision.ClosedReason = underlying.ClosedReason;
        _decision.HaltReason = verdict.Reason == DecisionReason.OperatorHold ? HaltReason.Operator : underlying.HaltReason;
        _decision.NextChangeAt = underlying.NextChangeAt;
        _decision.MaxAge = underlying.MaxAge;
        _decision.SourcesRejected = underlying.SourcesRejected;
        _decision.Redundancy = underlying.Redundancy;
        _decision.QuarantinedSources = underlying.QuarantinedSources;
        _decision.Evidence = underlying.Evidence;
        if (!verdict.Passes) Hold(underlying, verdict);
        else
        {
            var before = _decision.Multiplier;
            Follow(underlying, token, terms!.Value.Current);
            if (TokenRule.IsPegUnknown(_inputs, _settings)) Degrade(HoldReasons.Depeg, DecisionReason.PegUnknown);
            if (TokenRule.IsReserveThin(_inputs, _settings)) Degrade(HoldReasons.Reserve, DecisionReason.ReserveThin);
            _steps.Settle(before, _decision.Multiplier, underlying.IsFresh, _settings, now);
            _applied.Settle();
        }

        (_decision.NextMultiplier, _decision.ActivationAt) = _applied.Say(terms, (_decision.NextMultiplier, _decision.ActivationAt), _settings, now);
        Transitions.Observe(_decision);
        return _decision;
    }

    /// <summary>A token in a corporate action is paused, whatever else stands against its price; all flags are shown.</summary>
    private GuardVerdict InAction(in GuardVerdict verdict, FeedDecision underlying, in MultiplierTerms? terms, Price product, Instant now)
    {
        if (verdict.Outcome is GuardOutcome.Pause or GuardOutcome.Retire) return verdict;
        var action = TokenSteps.JudgeStaged(terms, _settings, now);
        if (action.Passes && terms is { } known && !known.Current.IsNone) action = _steps.Judge(underlying, known.Current, product, _decision, _inputs, _settings);
        return action.Passes ? verdict : action with { Holds = action.Holds | verdict.Holds };
    }

    private void Follow(FeedDecision underlying, in TokenPrice token, Multiplier multiplier)
    {
        _decision.State = underlying.State;
        _decision.Reason = underlying.Reason;
        _decision.HoldReasons = underlying.HoldReasons;
        _decision.SourcesUsed = underlying.SourcesUsed;
        _decision.Upstreams = underlying.Upstreams;
        _decision.ObservedAt = underlying.ObservedAt;
        _decision.Multiplier = multiplier;
        _decision.Underlying = underlying.Price;
        Take(_decision.IsPricedByTheShare ? new TokenPrice(underlying.Price, underlying.ConfidenceE8, underlying.Bid, underlying.Ask, underlying.Ema) : token);
    }

    /// <summary>A price that is worth less than it should be, or may be, says so, in whatever state it is.</summary>
    private void Degrade(HoldReasons flag, DecisionReason reason)
    {
        _decision.HoldReasons |= flag;
        if (!_decision.IsFresh) return;
        _decision.State = FeedState.Degraded;
        _decision.Reason = reason;
    }

    private void Hold(FeedDecision underlying, in GuardVerdict verdict)
    {
        var stopped = underlying.State is FeedState.Paused or FeedState.Retired;
        _decision.State = verdict.Outcome switch
        {
            GuardOutcome.Retire => FeedState.Retired,
            GuardOutcome.Pause => underlying.State == FeedState.Retired ? FeedState.Retired : FeedState.Paused,
            _ => stopped ? underlying.State : FeedState.Held,
        };
        _decision.Reason = verdict.Reason;
        _decision.HoldReasons = underlying.HoldReasons | verdict.Holds;
        _decision.SourcesUsed = 0;
        _decision.Upstreams = 0;
    }

    private void Take(in TokenPrice token)
    {
        _decision.Price = token.Price;
        _decision.ConfidenceE8 = token.ConfidenceE8;
        _decision.Bid = token.Bid;
        _decision.Ask = token.Ask;
        _decision.Ema = token.Ema;
    }
}
