using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// One token's premium: the median of what its own markets pay, each in the token's unit and currency, over the token's price of the same tick. It says what
/// the market thinks of the token and is never an input to the token's price. While the share's market is closed the token's price is the last good one: the premium is
/// then Degraded, in the share's session, which says that what it is measured against stands still. Not for use by two threads at once.
/// </summary>
internal sealed class PremiumFold : DerivedFold
{
    private readonly PremiumFeedRules _rules;
    private readonly PremiumSettings _settings;
    private readonly TokenMarketTable _markets;
    private readonly DerivedBallot _ballot;
    private readonly (string Currency, int Place)[] _rates;
    private readonly LearnedRatio[] _learned;
    private LearnedRatio _average;
    private MultiplierTerms? _terms;
    private Instant? _lastTick;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public PremiumFold(PremiumFeedRules rules)
    {
        var problems = rules.Settings.Check();
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(rules));
        _rules = rules;
        _settings = rules.Settings;
        _markets = new TokenMarketTable(rules.Token, rules.Sources);
        _ballot = new DerivedBallot(rules.Sources);
        _rates = [.. rules.Rates.Select(r => (r.Key, r.Value)).OrderBy(r => r.Key, StringComparer.Ordinal)];
        _learned = new LearnedRatio[rules.Sources.Count];
        Decision.Words = _ballot.Verdicts;
    }

    /// <summary>The votes of the latest tick, whether or not they were enough; none while the token's price is no basis for anything.</summary>
    public ReadOnlySpan<DerivedVote> Votes => IsMeasured ? _ballot.Votes : [];

    /// <summary>The sources, in the order of the votes' slots.</summary>
    public IReadOnlyList<Source> Sources => _rules.Sources;

    /// <inheritdoc cref="IDerivedFold.Terms"/>
    public override MultiplierTerms? Terms => _terms;

    private bool IsMeasured { get; set; }

    /// <summary>The premium that a market usually stands at, 1e-8; where it was not watched for long enough that of the token; 0 when neither is known.</summary>
    public long UsualOf(int slot)
    {
        if (_learned[slot].For >= _settings.MinLearning && _learned[slot].E8 > 0) return _learned[slot].E8;
        return _average.For >= _settings.MinLearning ? _average.E8 : 0;
    }

    public override void Observe(in MarketInput input)
    {
        if (input.Kind != MarketInputKind.TokenMarket) return;
        var quote = input.TokenMarket;
        var slot = _ballot.SlotOf(quote.Source, quote.Upstream);
        if (slot >= 0) _markets.Take(slot, quote, input.ReceivedAt);
    }

    /// <summary>The chain's average is what was learned before: it stands until this node has watched for as long itself.</summary>
    protected override void GoOnFrom(in RestoredFeed last)
    {
        if (!last.Ema.IsNone) _average = LearnedRatio.Known(last.Ema.E8, _settings.MinLearning);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        if (market.DecisionOf(_rules.TokenFeed) is not { } basis) return false;
        Begin(now, _settings.MaxAge);
        TakeSession(basis);
        LetTimePass(now);

        var verdict = DerivedRule.JudgeBasis(basis);
        IsMeasured = verdict.Passes && standing.Passes;
        if (verdict.Passes) Collect(market, basis, now);
        else _ballot.Begin();
        _ballot.Close();
        var measured = _ballot.Measure(_settings.OutlierLimitBps);
        if (verdict.Passes) verdict = JudgeMarkets(basis, measured);
        if (!standing.Passes) verdict = standing;

        if (verdict.Passes) Publish(basis, measured, now);
        else Keep(verdict);
        _ballot.Conclude(verdict.Passes);
        Decision.SourcesRejected = _ballot.RejectedCount;
        Learn(basis.IsFresh && verdict.Passes, measured.Value);
        return true;
    }

    /// <summary>What is missing on a token's market while its share's is closed is no fault of anybody: nothing is expected, and the last premium stands.</summary>
    private GuardVerdict JudgeMarkets(FeedDecision basis, in DerivedMeasurement measured)
    {
        var verdict = DerivedRule.JudgeVotes(_ballot, measured, _settings.MinMarkets);
        if (verdict.Passes) verdict = DerivedRule.JudgeNumber(measured, _settings.MinRatio, _settings.MaxRatio, _average.E8);
        return verdict.Passes || basis.State != FeedState.Closed ? verdict : new GuardVerdict(GuardOutcome.Close, HoldReasons.None, verdict.Reason);
    }

    private void Collect(MarketFold market, FeedDecision basis, Instant now)
    {
        _ballot.Begin();
        var multiplier = MultiplierAt(market, now);
        for (var slot = 0; slot < _markets.Count; slot++)
        {
            if (_markets[slot] is not { } quote) continue;
            var reason = _markets.RefusalOf(slot);
            DerivedVote vote = default;
            if (reason == InputReason.Used) reason = TokenMarketRule.Judge(quote, basis.Price, RateOf(market, quote), multiplier, _settings, now, out vote);
            if (reason == InputReason.Used && vote.At < LastObservedAt) reason = InputReason.OlderThanPublished;
            Price.TryFromE8(vote.Value, out var ratio);
            var said = new InputVerdict(default, default, reason, ObservationKind.Quote, ratio, quote.Bid, quote.Ask, quote.EventTime);
            if (reason == InputReason.Used) _ballot.Take(slot, vote, said);
            else _ballot.Refuse(slot, reason, said);
        }
    }

    private Multiplier MultiplierAt(MarketFold market, Instant now)
    {
        _terms = market.MultiplierOf(_rules.Token)?.At(now);
        return _terms is { } terms && now - terms.ReadAt <= _rules.MultiplierMaxAge ? terms.Current : default;
    }

    private (Price, Instant) RateOf(MarketFold market, TokenMarketQuote quote)
    {
        if (quote.Currency == "USD") return (Price.FromE8(Price.One), quote.EventTime);
        foreach (var (currency, place) in _rates)
            if (currency == quote.Currency)
                return market.DecisionOf(place) is { IsFresh: true } rate ? (rate.Price, rate.ObservedAt) : default;
        return default;
    }

    private void Publish(FeedDecision basis, in DerivedMeasurement measured, Instant now)
    {
        var isWhole = basis.State == FeedState.Live && measured.Accepted >= _settings.WantedMarkets;
        Decision.ObservedAt = ObservedAt(measured.Oldest, _ballot.HasLaggard, now);
        Decision.State = isWhole ? FeedState.Live : FeedState.Degraded;
        Decision.Reason = basis.IsFresh ? DecisionReason.Accepted : DecisionReason.BasisStands;
        Decision.HoldReasons = HoldReasons.None;
        Decision.Price = Price.FromE8(measured.Value);
        Decision.ConfidenceE8 = measured.ConfidenceE8;
        Decision.Bid = Price.FromE8(measured.Low);
        Decision.Ask = Price.FromE8(measured.High);
        Decision.SourcesUsed = measured.Accepted;
        Decision.Upstreams = measured.Accepted;
        Decision.Underlying = basis.Price;
    }

    /// <summary>What stood since the last tick has stood; what no tick has watched for longer than a quote is fresh, does not count.</summary>
    private void LetTimePass(Instant now)
    {
        var elapsed = _lastTick is { } last && now > last ? Duration.Min(now - last, _settings.QuoteFreshness) : Duration.Zero;
        _lastTick = now;
        _average.Advance(elapsed, _settings.AverageWindow);
        foreach (ref var market in _learned.AsSpan()) market.Advance(elapsed, _settings.AverageWindow);
    }

    /// <summary>A premium is learned only against a price of the moment.</summary>
    private void Learn(bool isOpen, long value)
    {
        _average.Stand(isOpen ? value : 0);
        for (var slot = 0; slot < _learned.Length; slot++) _learned[slot].Stand(0);
        if (isOpen)
            foreach (ref readonly var vote in _ballot.Votes)
                if (vote.IsAccepted)
                    _learned[vote.Slot].Stand(vote.Value);
        if (Price.TryFromE8(_average.E8, out var average)) Decision.Ema = average;
    }
}
