using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A share's indicative price. While its market is open it says the official price. While it is closed it starts from the last official price (the anchor, which its record names with
/// its time) and moves by how far the tokens' own markets have moved from the premium that each of them usually stands at: the median of at least two independent ones, of that a part,
/// averaged over minutes, and never beyond the cap. It is then Degraded, since it is of this moment and no market of the share stands behind it, and never Live. With fewer markets it
/// is Closed, with the last indication. In a halt or a stop of the official feed it is held. Not for use by two threads at once.
/// </summary>
internal sealed class IndicationFold : DerivedFold
{
    private readonly IndicationFeedRules _rules;
    private readonly IndicationSettings _settings;
    private readonly DerivedBallot _ballot;
    private LiveTimeAverage _drift;
    private LiveTimeAverage _width;
    private long _driftStands;
    private long _widthStands;
    private Price _anchor;
    private Instant? _lastTick;
    private long? _restoredDrift;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public IndicationFold(IndicationFeedRules rules)
    {
        var problems = rules.Settings.Check();
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(rules));
        if (rules.Premiums.Count == 0) throw new ArgumentException($"Feed {rules.Feed.Name} names no premium that could indicate anything.", nameof(rules));
        _rules = rules;
        _settings = rules.Settings;
        _ballot = new DerivedBallot(rules.Sources);
    }

    public override void Observe(in MarketInput input)
    {
    }

    /// <summary>What was indicated stands, so that a start in the middle of a weekend does not begin at the close again.</summary>
    protected override void GoOnFrom(in RestoredFeed last)
    {
        if (last.ActivationAt is { } at) TakeBasis(last.Underlying, at);
        if (last.State is not (FeedState.Degraded or FeedState.Closed) || last.Underlying.IsNone) return;
        _anchor = last.Underlying;
        _restoredDrift = Clamp((Int128)last.Price.E8 * Price.One / last.Underlying.E8);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        if (market.DecisionOf(_rules.Share) is not { } share) return false;
        Begin(now, _settings.MaxAge);
        TakeSession(share);
        var verdict = standing.Passes ? JudgeShare(share, LastObservedAt) : standing;
        if (IsUnpriced(share))
        {
            Indicate(market, share, verdict, now);
            return true;
        }

        Forget();
        Decision.Evidence = share.Evidence;
        Decision.SourcesRejected = share.SourcesRejected;
        if (verdict.Passes) Follow(share);
        else Keep(verdict);
        return true;
    }

    /// <summary>No official price is expected now: the market is closed, or open where the official feed has nobody to ask.</summary>
    private static bool IsUnpriced(FeedDecision share) => share.HaltReason == HaltReason.None
        && (share.State == FeedState.Closed
            || (share is { State: FeedState.Held, Session: MarketSession.Overnight } && (share.HoldReasons & ~(HoldReasons.BelowQuorum | HoldReasons.Stale)) == HoldReasons.None));

    /// <summary>Where the official feed has a price of this moment, or none is expected, nothing speaks against this one; else it is held as the official one is.</summary>
    private static GuardVerdict JudgeShare(FeedDecision share, Instant? last)
    {
        if (!share.HasPrice) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        if (IsUnpriced(share)) return GuardVerdict.Pass;

        // The official price of the first tick after a closed time may be made from older words than the markets' last.
        if (share.IsFresh) return share.ObservedAt < last ? GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingOlder) : GuardVerdict.Pass;
        return share.State switch
        {
            FeedState.Paused => new GuardVerdict(GuardOutcome.Pause, share.HoldReasons, DecisionReason.BasisHeld),
            FeedState.Retired => new GuardVerdict(GuardOutcome.Retire, share.HoldReasons, DecisionReason.BasisHeld),
            FeedState.Reopening => GuardVerdict.Reopen(share.Reason),
            FeedState.Closed => GuardVerdict.Hold(HoldReasons.None, DecisionReason.Halted),
            _ => GuardVerdict.Hold(share.HoldReasons, share.Reason),
        };
    }

    private void Follow(FeedDecision share)
    {
        Decision.State = share.State;
        Decision.Reason = DecisionReason.OfficialPrice;
        Decision.HoldReasons = HoldReasons.None;
        Decision.Price = share.Price;
        Decision.ConfidenceE8 = share.ConfidenceE8;
        Decision.Bid = share.Bid;
        Decision.Ask = share.Ask;
        Decision.Ema = share.Ema;
        Decision.ObservedAt = share.ObservedAt;
        Decision.SourcesUsed = share.SourcesUsed;
        Decision.Upstreams = share.Upstreams;
        TakeBasis(share.Price, share.ObservedAt);
    }

    /// <summary>The next closed time begins at its own anchor, without a drift.</summary>
    private void Forget()
    {
        (_lastTick, _anchor, _driftStands, _widthStands, _restoredDrift) = (null, default, 0, 0, null);
    }

    private void Indicate(MarketFold market, FeedDecision share, in GuardVerdict before, Instant now)
    {
        Decision.Evidence = null;
        Decision.Words = _ballot.Verdicts;
        LetTimePass(share.Price, now);
        Collect(market, share.Price);
        var measured = _ballot.Measure(_settings.OutlierLimitBps);
        var verdict = before;
        if (verdict.Passes && !DerivedRule.JudgeVotes(_ballot, measured, _settings.MinMarkets).Passes)
            verdict = new GuardVerdict(GuardOutcome.Close, HoldReasons.None, DecisionReason.NothingIndicates);
        if (verdict.Passes) verdict = Publish(share, measured, now);
        if (!verdict.Passes)
        {
            Keep(verdict);
            (_driftStands, _widthStands) = (0, 0);
            if (!Decision.HasPrice && share.HasPrice) Start(share);
        }

        _ballot.Conclude(verdict.Passes);
        Decision.SourcesRejected = _ballot.RejectedCount;
    }

    /// <summary>Nothing was ever published, and nothing indicates: the anchor itself, with its own time.</summary>
    private void Start(FeedDecision share)
    {
        Decision.Price = share.Price;
        Decision.ConfidenceE8 = share.ConfidenceE8;
        Decision.ObservedAt = share.ObservedAt;
        TakeBasis(share.Price, share.ObservedAt);
    }

    private void Collect(MarketFold market, Price anchor)
    {
        _ballot.Begin();
        foreach (var place in _rules.Premiums)
        {
            if (market.DerivedAt(place) is not PremiumFold premium || market.DecisionOf(place) is null) continue;
            foreach (ref readonly var vote in premium.Votes)
            {
                var source = premium.Sources[vote.Slot];
                var slot = _ballot.SlotOf(source.Id, source.Upstream);
                if (slot < 0 || _ballot.Verdicts[slot].Reason == InputReason.NotPublished) continue;
                var usual = premium.UsualOf(vote.Slot);
                Price.TryFromE8(vote.Value, out var shown);
                var said = new InputVerdict(default, default, InputReason.Used, ObservationKind.Quote, default, shown, Price.TryFromE8(usual, out var learned) ? learned : default, vote.At);
                if (usual == 0)
                {
                    _ballot.Refuse(slot, InputReason.NotLearned, said);
                    continue;
                }

                // Half a trillion times the usual is as far as it is told apart.
                var drift = (long)Int128.Min((Int128)vote.Value * Price.One / usual, long.MaxValue / 4);
                Price.TryFromE8((long)Int128.Min((Int128)anchor.E8 * drift / Price.One, long.MaxValue), out var implied);
                said = said with { Value = implied };
                if (vote.At < LastObservedAt) _ballot.Refuse(slot, InputReason.OlderThanPublished, said);
                else _ballot.Take(slot, new DerivedVote { Value = drift, Low = drift, High = drift, At = vote.At }, said);
            }
        }

        _ballot.Close();
    }

    private GuardVerdict Publish(FeedDecision share, in DerivedMeasurement measured, Instant now)
    {
        // Clamped before it is averaged: what is beyond the cap for a minute must not wind the average up for an hour.
        var moved = Clamp(Price.One + (((Int128)measured.Value - Price.One) * _settings.WeightBps / Bps.Scale));
        (_driftStands, _widthStands) = (moved, measured.ConfidenceE8);
        var drift = Clamp(_drift.E8);
        var price = (long)((Int128)share.Price.E8 * drift / Price.One);
        if (price <= 0) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);

        var width = Width(share, measured, drift, price, now);
        if (!RecordLimits.Fit(price, width, 0, 0, share.Ema.E8)) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);
        Decision.State = FeedState.Degraded;
        Decision.Reason = moved == Least || moved == Most ? DecisionReason.IndicationCapped : DecisionReason.Indicated;
        Decision.HoldReasons = HoldReasons.None;
        Decision.ObservedAt = ObservedAt(measured.Oldest, _ballot.HasLaggard, now);
        Decision.Price = Price.FromE8(price);
        Decision.ConfidenceE8 = width;
        Decision.Bid = default;
        Decision.Ask = default;
        Decision.Ema = share.Ema;
        Decision.SourcesUsed = measured.Accepted;
        Decision.Upstreams = measured.Accepted;
        TakeBasis(share.Price, share.ObservedAt);
        return GuardVerdict.Pass;
    }

    /// <summary>
    /// What no market of the share says is wide: a floor, more for every hour since the anchor, how far the markets themselves are from one another (now, and on the average of what
    /// was followed), and how far they are from what is indicated. Never more than the price itself.
    /// </summary>
    private long Width(FeedDecision share, in DerivedMeasurement measured, long drift, long price, Instant now)
    {
        var hours = long.Clamp((now - share.ObservedAt).BclCompatibleTicks / NodaConstants.TicksPerHour, 0, 24 * 366);
        var ofMarkets = (Int128)long.Max(measured.ConfidenceE8, _width.HasValue ? _width.E8 : 0) + long.Abs(measured.Value - drift);
        var ofTime = (Int128)price * (_settings.ConfidenceFloorBps + (_settings.ConfidencePerHourBps * hours)) / Bps.Scale;
        return (long)Int128.Min(price, ofTime + ((Int128)share.Price.E8 * ofMarkets / Price.One) + share.ConfidenceE8 + 1);
    }

    private long Least => Price.One - (Price.One / Bps.Scale * _settings.MaxFallBps);

    private long Most => Price.One + (Price.One / Bps.Scale * _settings.MaxRiseBps);

    private long Clamp(Int128 drift) => (long)Int128.Clamp(drift, Least, Most);

    private void LetTimePass(Price anchor, Instant now)
    {
        if (anchor != _anchor)
        {
            // Another anchor than was gone from: a new closed time, or what the chains held was of another one.
            _anchor = anchor;
            _drift.Seed(Price.One);
            _width = default;
            _restoredDrift = null;
            (_driftStands, _widthStands) = (0, 0);
        }
        else if (_restoredDrift is { } restored)
        {
            _drift.Seed(restored);
            _restoredDrift = null;
        }

        if (_lastTick is { } last && now > last && _driftStands != 0)
        {
            var elapsed = Duration.Min(now - last, _settings.DriftWindow);
            _drift.Advance(_driftStands, elapsed, _settings.DriftWindow);
            if (_width.HasValue) _width.Advance(_widthStands, elapsed, _settings.DriftWindow);
            else _width.Seed(_widthStands);
        }

        _lastTick = now;
    }
}
