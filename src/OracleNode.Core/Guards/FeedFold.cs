using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// One feed's prices and guards as a pure fold over its ordered log of observations and ticks: measure (<see cref="Ballot"/>,
/// <see cref="MedianPricer"/>), judge (the rules), move on (<see cref="StateTransition"/>). The same log gives the same decisions.
/// Not for use by two threads at once.
/// </summary>
public sealed class FeedFold
{
    private readonly PricingSettings _settings;
    private readonly SourceTable _table;
    private readonly Ballot _ballot;
    private readonly MedianPricer _pricer;
    private readonly HaltWatch _halts;
    private readonly JumpRule _jumps;
    private readonly SessionOpening _opening = new();
    private readonly FeedDecision _decision;
    private readonly bool[]?[] _allowed = new bool[]?[(int)MarketSession.Closed + 1];
    private readonly int[] _possibleUpstreams = new int[(int)MarketSession.Closed + 1];
    private readonly long[] _refused = new long[(int)InputReason.UnknownSource + 1];

    private LiveTimeAverage _average;
    private Instant? _lastTick;
    private Duration _lastFreshness;
    private FeedState _stoppedOnChain;

    /// <param name="settings">The feed's rules.</param>
    /// <param name="sources">Its sources, 0 to 255, with distinct ids.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the sources are not distinct.</exception>
    public FeedFold(PricingSettings settings, IReadOnlyList<Source> sources)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(sources);
        settings.Validate();
        _settings = settings;
        _table = new SourceTable(sources);
        _ballot = new Ballot(_table);
        _pricer = new MedianPricer(_table.UpstreamCount);
        _halts = new HaltWatch(_table.UpstreamCount);
        _jumps = new JumpRule(_table.UpstreamCount);
        _decision = new FeedDecision(_ballot);
        for (var session = MarketSession.PreMarket; session <= MarketSession.Overnight; session++)
        {
            var allowed = _table.AllowedIn(settings.For(session)!);
            _allowed[(int)session] = allowed;
            _possibleUpstreams[(int)session] = _table.CountUpstreams(allowed);
        }
    }

    /// <summary>True when an observation was taken in since the last tick.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>How many observations were refused so far for a reason; they are refused when they arrive, whatever the session.</summary>
    public long RefusedCount(InputReason reason) => (int)reason < _refused.Length ? _refused[(int)reason] : 0;

    /// <summary>Takes over what the chains hold. Before the first tick, at most once; a record without a price changes nothing.</summary>
    /// <exception cref="InvalidOperationException">There was a tick already.</exception>
    public void Restore(in RestoredFeed last)
    {
        if (_lastTick is not null) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        _decision.Price = last.Price;
        _decision.ConfidenceE8 = last.ConfidenceE8;
        _decision.Bid = last.Bid;
        _decision.Ask = last.Ask;
        _decision.Ema = last.Ema;
        _decision.ObservedAt = last.ObservedAt;
        _decision.State = last.State;
        if (!last.Ema.IsNone) _average.Seed(last.Ema.E8);
        if (last.HaltReason != HaltReason.None) _halts.RestoreHalted(last.ObservedAt);
        if (last.State is FeedState.Paused or FeedState.Retired) _stoppedOnChain = last.State;
    }

    /// <summary>
    /// Takes one observation in, or refuses and counts it. Constant time, no allocation; nothing a source says makes it throw.
    /// </summary>
    public void Apply(in Observation observation)
    {
        var source = _table.Find(observation.Source, observation.Upstream);
        if (source is null)
        {
            _refused[(int)InputReason.UnknownSource]++;
            return;
        }

        var reason = TakeIn(source, observation);
        if (reason == InputReason.Used)
        {
            IsDirty = true;
            return;
        }

        _refused[(int)reason]++;
        source.LastRefusal = new Refusal(reason, observation.Kind, observation.Last, observation.Bid, observation.Ask, observation.EventTime);
    }

    /// <summary>
    /// Prices and guards. The result is the same instance each time and valid until the next tick.
    /// </summary>
    /// <param name="now">Market time.</param>
    /// <param name="session">What the calendar says of <paramref name="now"/>.</param>
    public FeedDecision Tick(Instant now, in SessionInfo session)
    {
        IsDirty = false;
        LetTimePass(now);
        if (_opening.Observe(now, session)) _halts.CompleteResume();

        var pricing = _settings.For(session.Session);
        var measured = default(PriceMeasurement);
        var verdict = Judge(now, session, pricing, ref measured);
        var state = _stoppedOnChain == FeedState.Unknown ? StateTransition.Next(verdict, measured.Accepted, pricing) : _stoppedOnChain;

        _decision.DecidedAt = now;
        _decision.PreviousState = _decision.State;
        _decision.State = state;
        _decision.Reason = verdict.Reason;
        _decision.HoldReasons = state is FeedState.Held or FeedState.Paused ? verdict.Holds : HoldReasons.None;
        _decision.Session = session.Session;
        _decision.ClosedReason = session.Session == MarketSession.Closed ? session.ClosedReason : ClosedReason.None;
        _decision.HaltReason = _halts.Reason;
        _decision.NextChangeAt = session.NextChangeAt;
        _decision.MaxAge = pricing?.MaxAge ?? _settings.ClosedMaxAge;
        Publish(now, measured, _decision.IsFresh);

        _lastTick = now;
        _lastFreshness = pricing?.QuoteFreshness ?? Duration.Zero;
        return _decision;
    }

    private Instant? LastObservedAt => _decision.HasPrice ? _decision.ObservedAt : null;

    private InputReason TakeIn(SourceState source, in Observation observation)
    {
        if (observation.EventTime - observation.ReceiveTime > _settings.FutureTolerance) return InputReason.Future;
        switch (observation.Kind)
        {
            case ObservationKind.Quote:
                return source.ApplyQuote(observation);
            case ObservationKind.Trade:
                var taken = source.ApplyTrade(observation);
                if (taken == InputReason.Used && TradeEligibility.MayVoteIn(observation.Conditions, MarketSession.Regular))
                    _halts.SawPrint(source.UpstreamSlot, observation.EventTime);
                return taken;
            case ObservationKind.Status when observation.Halt is >= HaltReason.None and <= HaltReason.Other:
                return _halts.TryApply(source.UpstreamSlot, observation.Halt, observation.EventTime, source.Source.IsListingMarket) ? InputReason.Used : InputReason.OutOfOrder;
            default:
                return InputReason.Malformed;
        }
    }

    /// <summary>The price of the last tick stood until now, if it was live. What no tick has watched for longer than a quote is fresh, does not count.</summary>
    private void LetTimePass(Instant now)
    {
        if (_lastTick is not { } last || !_decision.IsFresh || now <= last) return;
        _average.Advance(_decision.Price.E8, Duration.Min(now - last, _lastFreshness), _settings.EmaWindow);
    }

    private GuardVerdict Judge(Instant now, in SessionInfo session, SessionPricing? pricing, ref PriceMeasurement measured)
    {
        if (pricing is null) _ballot.Clear();
        else measured = Measure(now, session.Session, pricing);

        var verdict = Precondition(now, session);
        if (!verdict.Passes || pricing is null)
        {
            _jumps.Reset();
            return verdict;
        }

        if (_decision.HasPrice) _jumps.Watch(_ballot.Votes, _decision.Price.E8, pricing, now);
        verdict = QuorumRule.Judge(_ballot, pricing, _possibleUpstreams[(int)session.Session], _halts.IsResumePending, _opening.IsPending);
        if (!verdict.Passes) return verdict;

        _opening.Complete();
        _halts.CompleteResume();
        verdict = AgreementRule.Judge(measured, pricing, _average.E8);
        return _decision.HasPrice
            ? verdict.And(_jumps.Judge(_ballot.Votes, measured.Price, _decision.Price.E8, pricing, now))
            : verdict;
    }

    private PriceMeasurement Measure(Instant now, MarketSession session, SessionPricing pricing)
    {
        _ballot.Collect(new VoteContext(
            now, session, pricing, _allowed[(int)session]!, _settings.FutureTolerance, LastObservedAt, _halts.ResumedAt));
        return _ballot.Count == 0 ? default : _pricer.Measure(_ballot.Votes, pricing);
    }

    /// <summary>The rules that ask for no vote.</summary>
    private GuardVerdict Precondition(Instant now, in SessionInfo session)
    {
        if (_stoppedOnChain != FeedState.Unknown)
            return GuardVerdict.Hold(_stoppedOnChain == FeedState.Paused ? HoldReasons.Operator : HoldReasons.None, DecisionReason.StoppedOnChain);
        var verdict = SessionRule.Judge(now, session, LastObservedAt);
        return verdict.Passes && _halts.IsHalted ? GuardVerdict.Hold(HoldReasons.None, DecisionReason.Halted) : verdict;
    }

    private void Publish(Instant now, in PriceMeasurement measured, bool isFresh)
    {
        _ballot.Conclude(isFresh);
        _decision.SourcesRejected = _ballot.RejectedCount;
        _decision.SourcesUsed = isFresh ? measured.Accepted : 0;
        _decision.Upstreams = isFresh ? measured.Accepted : 0;
        if (isFresh)
        {
            _decision.ObservedAt = ObservedAt(now, measured);
            _decision.Price = Price.FromE8(measured.Price);
            _decision.ConfidenceE8 = measured.ConfidenceE8;
            Price.TryFromE8(measured.Bid, out var bid);
            Price.TryFromE8(measured.Ask, out var ask);
            _decision.Bid = bid;
            _decision.Ask = ask;
            if (!_average.HasValue) _average.Seed(measured.Price);
        }

        Price.TryFromE8(_average.E8, out var ema);
        _decision.Ema = ema;
    }

    private Instant ObservedAt(Instant now, in PriceMeasurement measured)
    {
        // Event times may run ahead of the node's clock by the tolerance; observedAt may not. Cut to what the record can hold.
        var oldest = Instant.FromUnixTimeMilliseconds(Instant.Min(measured.OldestEvent, now).ToUnixTimeMilliseconds());
        if (LastObservedAt is not { } last) return oldest;
        var waits = _ballot.HasLaggard && now - last < _settings.CatchUp;
        return waits ? last : Instant.Max(last, oldest);
    }
}
