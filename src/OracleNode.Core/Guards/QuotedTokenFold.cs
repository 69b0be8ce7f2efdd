using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>A token's price in another currency.</summary>
/// <param name="Feed">The feed, of the token's own identity and unit, quoted in that currency.</param>
/// <param name="TokenFeed">Place of the token's feed in US dollars, before this one.</param>
/// <param name="CurrencyFeed">Place of the currency's feed, of <see cref="CurrencyFeedRules"/>, before this one.</param>
public sealed record QuotedTokenFeedRules(Feed Feed, int TokenFeed, int CurrencyFeed) : DerivedFeedRules(Feed, [TokenFeed, CurrencyFeed])
{
    internal override IDerivedFold CreateFold() => new QuotedTokenFold(this);
}

/// <summary>
/// One token's price in another currency: the token's price in dollars over what the currency is worth, as its own feed has it at this tick. Its record is a token's, with the share's
/// price in that currency, so that price is share times multiplier there too. State, session and halt are the token's; while the currency's feed has no price of this moment it
/// holds. Not for use by two threads at once.
/// </summary>
internal sealed class QuotedTokenFold(QuotedTokenFeedRules rules) : DerivedFold
{
    private MultiplierTerms? _terms;

    public override MultiplierTerms? Terms => _terms;

    public override void Observe(in MarketInput input)
    {
    }

    protected override void GoOnFrom(in RestoredFeed last)
    {
        Decision.Multiplier = last.Multiplier;
        Decision.Underlying = last.Underlying;
        (Decision.NextMultiplier, Decision.ActivationAt) = (last.NextMultiplier, last.ActivationAt);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        if (market.DecisionOf(rules.TokenFeed) is not { } token || market.DecisionOf(rules.CurrencyFeed) is not { } rate) return false;
        Begin(now, token.MaxAge);
        _terms = market.TermsOf(rules.TokenFeed);
        TakeSession(token);
        Decision.SourcesRejected = token.SourcesRejected;
        Decision.Redundancy = token.Redundancy;
        Decision.Evidence = token.Evidence;
        if (!token.Multiplier.IsNone) (Decision.NextMultiplier, Decision.ActivationAt) = (token.NextMultiplier, token.ActivationAt);
        var verdict = standing.Passes ? Judge(token, rate) : standing;
        if (verdict.Passes) verdict = Publish(token, rate);
        if (!verdict.Passes) Keep(verdict);
        if (verdict.Outcome == GuardOutcome.Close) Restate(token);
        return true;
    }

    private GuardVerdict Judge(FeedDecision token, FeedDecision rate)
    {
        if (!token.HasPrice) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        var followed = token.State switch
        {
            FeedState.Live or FeedState.Degraded => GuardVerdict.Pass,
            FeedState.Closed => new GuardVerdict(GuardOutcome.Close, HoldReasons.None, token.Reason),
            FeedState.Reopening => GuardVerdict.Reopen(token.Reason),
            FeedState.Paused => new GuardVerdict(GuardOutcome.Pause, token.HoldReasons, token.Reason),
            FeedState.Retired => new GuardVerdict(GuardOutcome.Retire, token.HoldReasons, token.Reason),
            _ => GuardVerdict.Hold(token.HoldReasons, token.Reason),
        };
        if (!followed.Passes) return followed;
        if (!rate.IsFresh) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.RateMissing);
        return Instant.Min(token.ObservedAt, rate.ObservedAt) < LastObservedAt ? GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingOlder) : GuardVerdict.Pass;
    }

    /// <summary>A small step of the multiplier in a closed time: the share's last price here, times the new one, as the token's own feed has it.</summary>
    private void Restate(FeedDecision token)
    {
        if (!Decision.HasPrice || token.Multiplier == Decision.Multiplier || !token.Multiplier.TryMultiplyRoundHalfEven(Decision.Underlying, out var price)) return;
        Decision.ConfidenceE8 += long.Abs(price.E8 - Decision.Price.E8);
        (Decision.Price, Decision.Bid, Decision.Ask, Decision.Multiplier) = (price, default, default, token.Multiplier);
    }

    private GuardVerdict Publish(FeedDecision token, FeedDecision rate)
    {
        // The worse end of the rate's interval; a rate that is as wide as itself says nothing.
        var least = rate.Price.E8 - rate.ConfidenceE8;
        if (least <= 0
            || !TryDivide(token.Underlying.E8, rate.Price.E8, out var share)
            || !token.Multiplier.TryMultiplyRoundHalfEven(Price.FromE8(share), out var price)
            || !TryDivideUp(token.ConfidenceE8, least, out var ofToken)
            || !TryDivideUp((Int128)price.E8 * rate.ConfidenceE8 / Price.One, least, out var ofRate)
            || ofToken > long.MaxValue - ofRate - 2)
            return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);

        var confidence = ofToken + ofRate + 2;
        var twoSided = TryDivideDown(token.Bid.E8, rate.Price.E8, out var bid) & TryDivideUp(token.Ask.E8, rate.Price.E8, out var ask) && ask > 0;
        if (!twoSided) (bid, ask) = (0, 0);
        TryDivide(token.Ema.E8, rate.Price.E8, out var ema);
        if (!RecordLimits.Fit(price.E8, confidence, bid, ask, ema)) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);

        Decision.State = rate.State == FeedState.Live ? token.State : FeedState.Degraded;
        Decision.Reason = token.Reason;
        Decision.HoldReasons = token.HoldReasons;
        Decision.Price = price;
        Decision.ConfidenceE8 = confidence;
        Decision.Bid = Price.TryFromE8(bid, out var b) ? b : default;
        Decision.Ask = Price.TryFromE8(ask, out var a) ? a : default;
        Decision.Ema = Price.TryFromE8(ema, out var average) ? average : default;
        Decision.Multiplier = token.Multiplier;
        Decision.Underlying = Price.FromE8(share);
        Decision.ObservedAt = Instant.Min(token.ObservedAt, rate.ObservedAt);
        Decision.SourcesUsed = token.SourcesUsed;
        Decision.Upstreams = token.Upstreams;
        return GuardVerdict.Pass;
    }

    /// <summary>Over a rate in 1e-8, rounded half up. False when it does not fit, or is nothing.</summary>
    private static bool TryDivide(long e8, long rateE8, out long quotient)
    {
        var exact = (((Int128)e8 * Price.One) + (rateE8 / 2)) / rateE8;
        quotient = exact > long.MaxValue ? 0 : (long)exact;
        return quotient > 0;
    }

    /// <summary>The same, rounded down.</summary>
    private static bool TryDivideDown(long e8, long rateE8, out long quotient)
    {
        var exact = (Int128)e8 * Price.One / rateE8;
        quotient = exact > long.MaxValue ? 0 : (long)exact;
        return quotient > 0;
    }

    /// <summary>The same, rounded up; nothing stays nothing.</summary>
    private static bool TryDivideUp(Int128 e8, long rateE8, out long quotient)
    {
        var exact = ((e8 * Price.One) + rateE8 - 1) / rateE8;
        quotient = exact > long.MaxValue ? 0 : (long)exact;
        return exact <= long.MaxValue;
    }
}
