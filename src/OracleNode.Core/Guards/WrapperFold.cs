using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Follows its token's decision with every tick, times the wrapper's rate. State, session, halt and <c>observedAt</c> are the token's. The record's multiplier is the
/// token's times the rate, so that price = underlying x multiplier holds for it as for a token. Not for use by two threads at once.
/// </summary>
internal sealed class WrapperFold : IDerivedFold
{
    /// <summary>How near to what an operator confirmed the price must be.</summary>
    private const int ConfirmationBps = 50;

    private readonly WrapperFeedRules _rules;
    private readonly WrapperRateWatch _rate;
    private readonly FeedDecision _decision = new(null);
    private readonly Func<Multiplier, bool> _isConfirmed;
    private FeedDecision? _token;
    private GuardInputs _inputs;
    private OperatorLatch _latch;
    private bool _hasTicked;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public WrapperFold(WrapperFeedRules rules)
    {
        rules.Settings.Validate();
        _rules = rules;
        _rate = new WrapperRateWatch(rules.Settings);
        _isConfirmed = IsConfirmed;
    }

    public TransitionLog Transitions { get; } = new();

    public MultiplierTerms? Terms { get; private set; }

    public void SetInputs(in GuardInputs inputs)
    {
        if (_inputs == inputs) return;
        _inputs = inputs;
        _latch.Take(inputs.Operator);
    }

    public void Observe(in MarketInput input)
    {
        if (input.Kind == MarketInputKind.WrapperRate && input.WrapperRate.Wrapper == _rules.Wrapper) _rate.Take(input.WrapperRate, input.ReceivedAt);
    }

    public void Restore(in RestoredFeed last)
    {
        if (_hasTicked) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        _decision.State = last.State;
        _latch.Restore(last.State, last.HoldReasons);
        Transitions.Restore(last.State);
        _decision.ObservedAt = last.ObservedAt;
        _decision.Multiplier = last.Multiplier;
        _decision.Underlying = last.Underlying;
        Take(new TokenPrice(last.Price, last.ConfidenceE8, last.Bid, last.Ask, last.Ema));
    }

    public FeedDecision? Tick(MarketFold market, Instant now)
    {
        if (market.DecisionOf(_rules.Token) is not { } token) return null;
        _hasTicked = true;
        _token = token;
        var verdict = Judge(token, now, out var price, out var terms);

        _decision.PreviousState = _decision.State;
        _decision.DecidedAt = now;
        _decision.Session = token.Session;
        _decision.ClosedReason = token.ClosedReason;
        _decision.HaltReason = verdict.Reason == DecisionReason.OperatorHold ? HaltReason.Operator : token.HaltReason;
        _decision.NextChangeAt = token.NextChangeAt;
        _decision.MaxAge = token.MaxAge;
        _decision.SourcesRejected = token.SourcesRejected;
        _decision.Redundancy = token.Redundancy;
        _decision.QuarantinedSources = token.QuarantinedSources;
        _decision.Evidence = token.Evidence;
        Terms = terms;
        if (verdict.Passes) Follow(token, price, terms!.Value);
        else Hold(token, verdict);
        Transitions.Observe(_decision);
        return _decision;
    }

    private GuardVerdict Judge(FeedDecision token, Instant now, out TokenPrice price, out MultiplierTerms? terms)
    {
        (price, terms) = (default, null);
        var stopped = _latch.Judge();
        if (!stopped.Passes) return stopped;
        if (_inputs.Operator == OperatorOrder.Hold) return GuardVerdict.Hold(HoldReasons.Operator, DecisionReason.OperatorHold);
        if (!token.HasPrice || token.Underlying.IsNone || token.Multiplier.IsNone) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        var verdict = _rate.Judge(now, _isConfirmed, out var rate);
        if (!verdict.Passes) return verdict;
        if (_decision.HasPrice && token.ObservedAt < _decision.ObservedAt) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingOlder);
        return TryMake(token, rate, out price, out terms) ? GuardVerdict.Pass : GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);
    }

    /// <summary>The price is the share's times the whole multiplier, rounded once; the rest is the token's times the rate, to the safe side.</summary>
    private bool TryMake(FeedDecision token, Multiplier rate, out TokenPrice price, out MultiplierTerms? terms)
    {
        (price, terms) = (default, null);
        if (!token.Multiplier.TryCompoundRoundHalfEven(rate, out var whole) || !whole.TryMultiplyRoundHalfEven(token.Underlying, out var made)) return false;
        if (!rate.TryMultiplyRoundUp(token.ConfidenceE8, out var confidence)) return false;
        var next = default(Multiplier);
        if (!token.NextMultiplier.IsNone && !token.NextMultiplier.TryCompoundRoundHalfEven(rate, out next)) return false;
        rate.TryMultiplyRoundHalfEven(token.Ema, out var ema);
        var twoSided = rate.TryMultiplyRoundDown(token.Bid, out var bid) & rate.TryMultiplyRoundUp(token.Ask, out var ask);
        price = new TokenPrice(made, confidence, twoSided ? bid : default, twoSided ? ask : default, ema);
        terms = new MultiplierTerms(whole, next, next.IsNone ? null : token.ActivationAt, _rate.ReadAt!.Value);
        return RecordLimits.Fit(made.E8, confidence, price.Bid.E8, price.Ask.E8, ema.E8);
    }

    private bool IsConfirmed(Multiplier rate)
    {
        if (_inputs.ConfirmedPrice.IsNone || !TryMake(_token!, rate, out var price, out _)) return false;
        return !Bps.Exceeds(long.Abs(price.Price.E8 - _inputs.ConfirmedPrice.E8), _inputs.ConfirmedPrice.E8, ConfirmationBps);
    }

    private void Follow(FeedDecision token, in TokenPrice price, in MultiplierTerms terms)
    {
        _decision.State = token.State;
        _decision.Reason = token.Reason;
        _decision.HoldReasons = token.HoldReasons;
        _decision.SourcesUsed = token.SourcesUsed;
        _decision.Upstreams = token.Upstreams;
        _decision.ObservedAt = token.ObservedAt;
        _decision.Multiplier = terms.Current;
        _decision.NextMultiplier = terms.Next;
        _decision.ActivationAt = terms.ActivationAt;
        _decision.Underlying = token.Underlying;
        Take(price);
    }

    private void Hold(FeedDecision token, in GuardVerdict verdict)
    {
        var stopped = token.State is FeedState.Paused or FeedState.Retired;
        _decision.State = verdict.Outcome switch
        {
            GuardOutcome.Retire => FeedState.Retired,
            GuardOutcome.Pause => token.State == FeedState.Retired ? FeedState.Retired : FeedState.Paused,
            _ => stopped ? token.State : FeedState.Held,
        };
        _decision.Reason = verdict.Reason;
        _decision.HoldReasons = token.HoldReasons | verdict.Holds;
        _decision.SourcesUsed = 0;
        _decision.Upstreams = 0;
    }

    private void Take(in TokenPrice price)
    {
        _decision.Price = price.Price;
        _decision.ConfidenceE8 = price.ConfidenceE8;
        _decision.Bid = price.Bid;
        _decision.Ask = price.Ask;
        _decision.Ema = price.Ema;
    }
}
