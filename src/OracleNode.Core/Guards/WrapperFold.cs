using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Follows its token's decision with every tick, times the wrapper's rate. State, session, halt and <c>observedAt</c> are the token's. The record's multiplier is the
/// token's times the rate, so that price = underlying x multiplier holds for it as for a token. Not for use by two threads at once.
/// </summary>
internal sealed class WrapperFold : DerivedFold
{
    /// <summary>How near to what an operator confirmed the price must be.</summary>
    private const int ConfirmationBps = 50;

    private readonly WrapperFeedRules _rules;
    private readonly WrapperRateWatch _rate;
    private readonly Func<Multiplier, bool> _isConfirmed;
    private FeedDecision? _token;
    private MultiplierTerms? _terms;
    private Multiplier _restored;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public WrapperFold(WrapperFeedRules rules)
    {
        rules.Settings.Validate();
        _rules = rules;
        _rate = new WrapperRateWatch(rules.Settings);
        _isConfirmed = IsConfirmed;
    }

    public override MultiplierTerms? Terms => _terms;

    public override void Observe(in MarketInput input)
    {
        if (input.Kind == MarketInputKind.WrapperRate && input.WrapperRate.Wrapper == _rules.Wrapper) _rate.Take(input.WrapperRate, input.ReceivedAt);
    }

    protected override void GoOnFrom(in RestoredFeed last)
    {
        (Decision.Multiplier, Decision.Underlying) = (last.Multiplier, last.Underlying);
        _restored = last.Multiplier;
        (Decision.NextMultiplier, Decision.ActivationAt) = (last.NextMultiplier, last.ActivationAt);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        if (market.DecisionOf(_rules.Token) is not { } token) return false;
        if (!_restored.IsNone) _rate.Restore(_restored, market.RestoredAt(_rules.Token).Multiplier);
        _restored = default;
        _token = token;
        var price = default(TokenPrice);
        var verdict = standing.Passes ? Judge(token, now, out price, out _terms) : standing;
        Begin(now, token.MaxAge);
        TakeSession(token);
        Decision.SourcesRejected = token.SourcesRejected;
        Decision.Redundancy = token.Redundancy;
        Decision.QuarantinedSources = token.QuarantinedSources;
        Decision.Evidence = token.Evidence;
        if (verdict.Passes) Follow(token, price, _terms!.Value);
        else Hold(token, verdict);
        return true;
    }

    private GuardVerdict Judge(FeedDecision token, Instant now, out TokenPrice price, out MultiplierTerms? terms)
    {
        (price, terms) = (default, null);
        if (!token.HasPrice || token.Underlying.IsNone || token.Multiplier.IsNone) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        var verdict = _rate.Judge(now, _isConfirmed, out var rate);
        if (!verdict.Passes) return verdict;
        if (token.ObservedAt < LastObservedAt) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingOlder);
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
        if (ConfirmedPrice.IsNone || !TryMake(_token!, rate, out var price, out _)) return false;
        return !Bps.Exceeds(long.Abs(price.Price.E8 - ConfirmedPrice.E8), ConfirmedPrice.E8, ConfirmationBps);
    }

    private void Follow(FeedDecision token, in TokenPrice price, in MultiplierTerms terms)
    {
        Decision.State = token.State;
        Decision.Reason = token.Reason;
        Decision.HoldReasons = token.HoldReasons;
        Decision.SourcesUsed = token.SourcesUsed;
        Decision.Upstreams = token.Upstreams;
        Decision.ObservedAt = token.ObservedAt;
        Decision.Multiplier = terms.Current;
        Decision.NextMultiplier = terms.Next;
        Decision.ActivationAt = token.ActivationAt;
        Decision.Underlying = token.Underlying;
        Decision.Price = price.Price;
        Decision.ConfidenceE8 = price.ConfidenceE8;
        Decision.Bid = price.Bid;
        Decision.Ask = price.Ask;
        Decision.Ema = price.Ema;
    }

    /// <summary>What has stopped its token has stopped it.</summary>
    private void Hold(FeedDecision token, in GuardVerdict verdict)
    {
        Keep(verdict);
        if (token.State == FeedState.Retired || (token.State == FeedState.Paused && Decision.State == FeedState.Held)) Decision.State = token.State;
        Decision.HoldReasons = token.HoldReasons | verdict.Holds;
        if (Decision.NextMultiplier.IsNone) Decision.ActivationAt = token.NextMultiplier.IsNone ? token.ActivationAt : null;
    }
}
