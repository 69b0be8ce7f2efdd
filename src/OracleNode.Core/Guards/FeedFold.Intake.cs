using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What comes in, and which sources lose their vote over what they say.</summary>
public sealed partial class FeedFold
{
    /// <summary>No feed is a year late or early: a stamp that far off is of another unit.</summary>
    private static readonly Duration UnitErrorBound = Duration.FromDays(365);

    private readonly long[] _refused = new long[(int)InputReason.TickerNotValid + 1];

    /// <summary>True when an observation was taken in since the last tick.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>How many observations were refused so far for a reason; they are refused when they arrive, whatever the session.</summary>
    public long RefusedCount(InputReason reason) => (int)reason < _refused.Length ? _refused[(int)reason] : 0;

    /// <summary>
    /// Takes one observation in, or refuses and counts it. Constant time, no allocation; nothing a source says makes it throw.
    /// </summary>
    /// <returns><see cref="InputReason.Used"/> when it was taken in (or is about no one feed's price), otherwise why not.</returns>
    public InputReason Apply(in Observation observation)
    {
        // What is said of a band or a session is not about one feed's price: it comes back as GuardInputs and SessionInfo.
        if (observation.Kind is ObservationKind.Band or ObservationKind.Session) return InputReason.Used;
        var source = _table.Find(observation.Source, observation.Upstream);
        if (source is null)
        {
            _refused[(int)InputReason.UnknownSource]++;
            return InputReason.UnknownSource;
        }

        var reason = TakeIn(source, observation);
        if (reason == InputReason.Used)
        {
            if (observation.Kind is ObservationKind.Quote or ObservationKind.Trade) source.Breaker.NoteTaken();
            IsDirty = true;
            return reason;
        }

        _refused[(int)reason]++;
        if (IsFault(reason)) source.Breaker.NoteFault();
        if (observation.Kind is ObservationKind.Cancel or ObservationKind.Correction) return reason;
        var at = reason is InputReason.Future or InputReason.UnitError ? observation.ReceiveTime : observation.EventTime;
        source.LastRefusal = new Refusal(reason, observation.Kind, observation.Last, observation.Bid, observation.Ask, observation.EventTime, at);
        return reason;
    }

    /// <summary>Counts an observation that is not of this feed's instrument; it is not taken in.</summary>
    internal InputReason Refuse(InputReason reason)
    {
        _refused[(int)reason]++;
        return reason;
    }

    /// <summary>
    /// Takes a source's vote away until a time: something that no single feed can see speaks against it (<see cref="EqualPriceWatch"/>). A later end replaces an
    /// earlier one, never the other way round.
    /// </summary>
    /// <returns>False when it is not a source of this feed.</returns>
    public bool Suspend(SourceId source, InputReason reason, Instant until)
    {
        if (_table.Find(source) is not { } state) return false;
        if (until > state.Suspension.Until) state.Suspension = new Suspension(reason, until);
        IsDirty = true;
        return true;
    }

    private InputReason TakeIn(SourceState source, in Observation observation)
    {
        var ahead = observation.EventTime - observation.ReceiveTime;
        if (ahead > _settings.FutureTolerance) return ahead > UnitErrorBound ? InputReason.UnitError : InputReason.Future;
        if (ahead < -UnitErrorBound) return InputReason.UnitError;
        var kept = TradeEligibility.NotAnObservation(observation.Conditions);
        if (kept != InputReason.Used) return kept;
        switch (observation.Kind)
        {
            case ObservationKind.Quote:
                return source.ApplyQuote(observation);
            case ObservationKind.Trade:
                if ((observation.Conditions & ConditionFlags.Suspicious) != 0) _auctions.Retract(observation, source.UpstreamSlot);
                if (source.Barred(observation.ReceiveTime) == InputReason.Used)
                    _auctions.Observe(observation, source.UpstreamSlot, source.Source.IsListingMarket, _decision.Price, _settings.Regular.JumpLimitBps);
                var taken = source.ApplyTrade(observation);
                if (taken == InputReason.Used) _halts.SawVenuePrint(source.UpstreamSlot, observation.EventTime);
                if (taken == InputReason.Used && TradeEligibility.MayVoteIn(observation.Conditions, MarketSession.Regular))
                    _halts.SawPrint(source.UpstreamSlot, observation.EventTime);
                return taken;
            case ObservationKind.Cancel or ObservationKind.Correction:
                _auctions.Retract(observation, source.UpstreamSlot);
                return source.Retract(observation);
            case ObservationKind.Status when observation.Halt is >= HaltReason.None and <= HaltReason.Other:
                return _halts.TryApply(source.UpstreamSlot, observation.Halt, observation.EventTime, source.Source.IsListingMarket) ? InputReason.Used : InputReason.OutOfOrder;
            default:
                return InputReason.Malformed;
        }
    }

    /// <summary>What an honest vendor does not say twice in a row; being late, closed or not eligible is none.</summary>
    private static bool IsFault(InputReason reason) => reason is
        InputReason.Crossed or InputReason.Future or InputReason.UnitError or InputReason.FrozenTime or InputReason.Malformed or InputReason.TestData;

    /// <summary>Judges what every source said; the number of those in quarantine.</summary>
    private int JudgeSources(Instant now, SessionPricing pricing, bool isFresh)
    {
        var quarantined = 0;
        var sources = _table.Sources;
        var isJury = isFresh && _ballot.Count >= 3 && 2 * _context.Measured.Accepted > int.Max(_ballot.Count, _context.PossibleUpstreams);
        for (var slot = 0; slot < sources.Length; slot++)
        {
            ref var breaker = ref sources[slot].Breaker;
            if (breaker.IsQuarantined) quarantined++;
            if (breaker.IsQuarantined)
            {
                if (breaker.HasSpoken && breaker.Probe(!breaker.IsMostlyFaulty && Agrees(_ballot.Verdicts[slot], now, pricing), now, _settings.Breaker)) quarantined--;
                continue;
            }

            if (IsWrong(sources[slot], _ballot.Verdicts[slot], isJury, now, pricing) is not { } isWrong) continue;
            breaker.Judge(isWrong, now, _settings.Breaker);
            if (breaker.IsQuarantined) quarantined++;
        }

        return quarantined;
    }

    /// <summary>What it said last, judged; null when it said nothing, or nothing that can be judged yet.</summary>
    private bool? IsWrong(SourceState source, in InputVerdict verdict, bool isJury, Instant now, SessionPricing pricing)
    {
        ref var doubt = ref source.Doubt;
        if (doubt.IsPending && _ballot.Count > 0) doubt.Follow(_context.Measured.Price);
        if (source.Breaker.HasSpoken && source.Breaker.IsMostlyFaulty) return true;
        if (!doubt.IsPending)
        {
            if (!source.Breaker.HasSpoken) return null;
            if (!IsRefuted(verdict, pricing)) return false;
            if (verdict.Reason == InputReason.FrozenValue) return isJury;
            doubt = new DoubtedWord(verdict.Value.E8, verdict.EventTime, _context.Measured.Price);
        }

        if (isJury && HasJurySpokenSince(doubt.EventTime, source.UpstreamSlot))
        {
            var isWrong = doubt.IsBeyond(pricing.TwoUpstreamToleranceBps);
            doubt = default;
            return isWrong;
        }

        // Nobody has an opinion of what was said so long ago.
        if (now - doubt.EventTime > pricing.QuoteFreshness) doubt = default;
        return null;
    }

    /// <summary>More than half of all that may vote stand behind the price with words at least as new.</summary>
    private bool HasJurySpokenSince(Instant eventTime, int accused)
    {
        var jurors = 0;
        foreach (ref readonly var vote in _ballot.Votes)
            if (vote.IsAccepted && vote.UpstreamSlot != accused && vote.EventTime >= eventTime)
                jurors++;
        return 2 * jurors > int.Max(_ballot.Count, _context.PossibleUpstreams);
    }

    /// <summary>Not merely off: farther from the price than two upstreams may be from each other.</summary>
    private bool IsRefuted(in InputVerdict verdict, SessionPricing pricing) => verdict.Reason switch
    {
        InputReason.FrozenValue or InputReason.AwayFromMarket => true,
        InputReason.Outlier => Bps.Exceeds(long.Abs(verdict.Value.E8 - _context.Measured.Price), _context.Measured.Price, pricing.TwoUpstreamToleranceBps),
        _ => false,
    };

    /// <summary>On probation: a fresh word as near as the outlier floor to at least half of the votes. Where nobody votes, nobody contradicts.</summary>
    private bool Agrees(in InputVerdict verdict, Instant now, SessionPricing pricing)
    {
        if (verdict.Reason != InputReason.Quarantined || verdict.Value.IsNone) return false;
        var age = now - verdict.EventTime;
        if (age > pricing.QuoteFreshness || age < -_settings.FutureTolerance) return false;
        if (verdict.Kind == ObservationKind.Quote && Bps.Exceeds(verdict.Ask.E8 - verdict.Bid.E8, verdict.Value.E8, pricing.SpreadCapBps)) return false;
        var (near, floor) = (0, pricing.OutlierFloor(verdict.Value.E8));
        foreach (ref readonly var vote in _ballot.Votes)
            if (long.Abs(vote.Value - verdict.Value.E8) <= floor)
                near++;
        return 2 * near >= _ballot.Count;
    }
}
