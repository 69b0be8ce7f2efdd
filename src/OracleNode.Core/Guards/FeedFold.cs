using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// One feed's prices and guards as a pure fold over its ordered log of observations, inputs and ticks: measure (<see cref="Ballot"/>,
/// <see cref="MedianPricer"/>), judge (<see cref="GuardTable"/>), move on (<see cref="StateTransition"/>). The same log gives the same decisions.
/// Not for use by two threads at once.
/// </summary>
public sealed partial class FeedFold
{
    private readonly PricingSettings _settings;
    private readonly SourceTable _table;
    private readonly Ballot _ballot;
    private readonly MedianPricer _pricer;
    private readonly HaltWatch _halts;
    private readonly JumpRule _jumps;
    private readonly AuctionPrints _auctions;
    private readonly GuardContext _context;
    private readonly SessionOpening _opening = new();
    private readonly FeedDecision _decision;
    private readonly bool[]?[] _allowed = new bool[]?[(int)MarketSession.Closed + 1];
    private readonly bool[][] _voters = new bool[(int)MarketSession.Closed + 1][];
    private readonly int[] _possibleUpstreams = new int[(int)MarketSession.Closed + 1];

    /// <summary>For so long a source that is late with a split is not taken for one that contradicts.</summary>
    private static readonly Duration LateSources = Duration.FromDays(3);

    private LiveTimeAverage _average, _pace;
    private ShareRatio _taken;
    private Instant _takenAt;
    private Instant? _lastTick;
    private Instant? _sessionEndsAt;
    private Duration _lastFreshness;

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
        _auctions = new AuctionPrints(_table.UpstreamCount);
        _context = new GuardContext(settings, _ballot, _halts, _jumps, _auctions);
        _decision = new FeedDecision(_ballot);
        (_minPriceE8, _maxPriceE8) = (settings.MinPrice.E8, settings.MaxPrice.E8);
        Array.Fill(_voters, new bool[_table.UpstreamCount]);
        for (var session = MarketSession.PreMarket; session <= MarketSession.Overnight; session++)
        {
            var allowed = _table.AllowedIn(settings.For(session)!);
            _allowed[(int)session] = allowed;
            _voters[(int)session] = _table.UpstreamsOf(allowed);
            _possibleUpstreams[(int)session] = _voters[(int)session].Count(mayVote => mayVote);
        }
    }

    /// <summary>Every change of state and of the reasons to hold, for the host to drain.</summary>
    public TransitionLog Transitions { get; } = new();

    /// <summary>Takes over what the chains hold. Before the first tick, at most once; a record without a price changes nothing.</summary>
    /// <exception cref="InvalidOperationException">There was a tick already.</exception>
    public void Restore(in RestoredFeed last)
    {
        if (_lastTick is not null) throw new InvalidOperationException("A feed is restored before its first tick.");
        if (last.Price.IsNone) return;
        GoOnFrom(last);
        _decision.State = last.State;
        if (last.HaltReason != HaltReason.None) _halts.RestoreHalted(last.HaltReason, last.ObservedAt);
        _context.Latch.Restore(last.State, last.HoldReasons);
        Transitions.Restore(last.State);
    }

    /// <summary>
    /// Goes on from a newer price that the chains hold, as after a start, while there is no price of this moment. The state stays this feed's own; what an
    /// operator stopped elsewhere is taken over only where none has said anything here.
    /// </summary>
    /// <returns>False when nothing changes: there was no tick yet, the feed is fresh, or the record is not newer than what it has.</returns>
    public bool TryAdopt(in RestoredFeed newer)
    {
        if (_lastTick is null || _decision.IsFresh || newer.Price.IsNone || newer.ObservedAt <= LastObservedAt) return false;
        GoOnFrom(newer);
        _jumps.Reset();
        if (_context.Inputs.Operator == OperatorOrder.None) _context.Latch.Restore(newer.State, newer.HoldReasons);
        IsDirty = true;
        return true;
    }

    private void GoOnFrom(in RestoredFeed last)
    {
        _decision.Price = last.Price;
        _decision.ConfidenceE8 = last.ConfidenceE8;
        _decision.Bid = last.Bid;
        _decision.Ask = last.Ask;
        _decision.Ema = last.Ema;
        _decision.ObservedAt = last.ObservedAt;

        // What began before the price on chain was observed is in it, or the market has not yet made it: then somebody has to say so.
        SettledUntil = last.ObservedAt;
        if (!last.Ema.IsNone) _average.Seed(last.Ema.E8);

        // What was published so far from its average was evidenced.
        var isPaced = !last.Ema.IsNone && !JumpRule.IsBeyondPace(last.Price.E8, last.Ema.E8, _settings.Regular);
        _pace.Seed((isPaced ? last.Ema : last.Price).E8);
        _context.OnChain = last.Price;
        Activation = ActivationRule.Judge(last.Price, last.Price, _settings.MinPrice, _settings.MaxPrice, _settings.ActivationLimitBps);
    }

    /// <summary>
    /// What the sources of this feed agree on as of its last tick: its price, or the one that is held for nothing but how far it moved. None otherwise.
    /// </summary>
    public Price AgreedPrice
    {
        get
        {
            if (_decision.IsFresh) return _decision.Price;
            var isHeldForItsMove = _decision.State == FeedState.Held && (_decision.HoldReasons & HoldReasons.Configuration) == 0
                && _decision.Reason is DecisionReason.JumpUnconfirmed or DecisionReason.JumpNeedsEvidence or DecisionReason.JumpFromClose or DecisionReason.JumpFromAverage or DecisionReason.RelatedDisagrees;
            return isHeldForItsMove ? _decision.Measured : default;
        }
    }

    /// <summary>An auction's print of that time or later that is more than one vendor's word.</summary>
    internal bool TryFindAuction(Instant from, out Price price) =>
        _auctions.TryConfirm(from, _decision.IsFresh ? _decision.Price.E8 : 0, _settings.Regular.TwoUpstreamToleranceBps, out price);

    /// <summary>True while somebody says that auction's print: it was not cancelled.</summary>
    internal bool SaysAuction(Price price, Instant from) => _auctions.IsSaid(price, from, _settings.Regular.TwoUpstreamToleranceBps);

    /// <summary>Of the configuration against the price that was restored: <see cref="ActivationVerdict.ExcludesPrice"/> when its bounds exclude that.</summary>
    public ActivationVerdict Activation { get; private set; }

    /// <summary>Corporate actions that began no later are in the price already.</summary>
    public Instant SettledUntil { get; private set; } = Instant.MinValue;

    /// <summary>The last price and when it was observed; none when there never was one.</summary>
    internal (Price Price, Instant ObservedAt) Last => (_decision.Price, _decision.ObservedAt);

    /// <summary>Something else than the market may move the next price (another calendar): it is compared with the last one, as after a start.</summary>
    public void Rearm()
    {
        _context.OnChain = _decision.Price;
        IsDirty = true;
    }

    /// <summary>What the guards are told from outside; stands until it is told anew.</summary>
    public void SetInputs(in GuardInputs inputs)
    {
        if (_context.Inputs == inputs) return;
        _context.Inputs = inputs;
        _context.Latch.Take(inputs.Operator);
        IsDirty = true;
    }

    /// <summary>
    /// Prices and guards. The result is the same instance each time and valid until the next tick.
    /// </summary>
    /// <param name="now">Market time.</param>
    /// <param name="session">What the calendar says of <paramref name="now"/>.</param>
    /// <param name="finding">What the rules over several feeds have against this one: while it holds, nothing that is measured becomes the last good price.</param>
    public FeedDecision Tick(Instant now, in SessionInfo session, in CrossFinding finding = default)
    {
        IsDirty = false;
        _context.Finding = finding;
        _halts.Order(_context.Inputs.Operator == OperatorOrder.Hold, now);
        LetTimePass(now);
        NoteSession(now, session);

        var pricing = _settings.For(session.Session);
        FillContext(now, session, pricing);
        var verdict = Judge(now, session, pricing);
        var state = StateTransition.Next(verdict, _context.Measured.Accepted, pricing);

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
        _decision.OfficialClose = OfficialClose;
        _decision.Redundancy = Redundancy.Of(_context.Measured.Accepted, _context.PossibleUpstreams, pricing);
        Price.TryFromE8(_context.Measured.Price, out var measured);
        _decision.Measured = measured;
        _decision.MeasuredMoveBps = measured.IsNone || !_decision.HasPrice ? 0 : Bps.Move(measured.E8, _decision.Price.E8);
        if (_decision.IsFresh && _context.Action.IsDue) TakeAction(_context.Action, now);
        Publish(now, _context.Measured, _decision.IsFresh);
        _decision.QuarantinedSources = pricing is null ? 0 : JudgeSources(now, pricing, _decision.IsFresh);
        Transitions.Observe(_decision);

        _lastTick = now;
        _lastFreshness = pricing?.QuoteFreshness ?? Duration.Zero;
        return _decision;
    }

    private Instant? LastObservedAt => _decision.HasPrice ? _decision.ObservedAt : null;

    private Price OfficialClose => _context.Inputs.OfficialClose.IsNone ? _auctions.OfficialClose : _context.Inputs.OfficialClose;

    /// <summary>The price of the last tick stood until now, if it was live. What no tick has watched for longer than a quote is fresh, does not count.</summary>
    private void LetTimePass(Instant now)
    {
        if (_lastTick is not { } last || !_decision.IsFresh || now <= last) return;
        var elapsed = Duration.Min(now - last, _lastFreshness);
        _average.Advance(_decision.Price.E8, elapsed, _settings.EmaWindow);
        _pace.Advance(_decision.Price.E8, elapsed, _settings.EmaWindow);
    }

    private void NoteSession(Instant now, in SessionInfo session)
    {
        if (_opening.Observe(now, session))
        {
            // The calendar's time of the change, when a tick came a little late to it.
            _context.OpenedAt = _sessionEndsAt is { } end && end <= now ? end : now;
            _halts.CompleteResume();
        }

        if (_lastTick is null) _halts.Start(now);
        _halts.Enter(_voters[(int)session.Session % _voters.Length]);
        _sessionEndsAt = session.NextChangeAt;
    }

    private void FillContext(Instant now, in SessionInfo session, SessionPricing? pricing)
    {
        _context.Now = now;
        _context.Session = session;
        _context.Rules = pricing;
        _context.ObservedAt = LastObservedAt;
        _context.PossibleUpstreams = _possibleUpstreams[(int)session.Session % _possibleUpstreams.Length];
        _context.OpeningSince = _opening.IsPending ? _context.OpenedAt : null;
        _context.Before = _decision.Price.E8;
        _context.References = new JumpReferences(_decision.Price.E8, OfficialClose.E8, _average.E8, _pace.E8);
        (_context.MinPriceE8, _context.MaxPriceE8) = (_minPriceE8, _maxPriceE8);
        _context.Measured = default;
        _context.Action = _decision.HasPrice && _context.Inputs.Action is { OpensAt: { } opens } action && opens > SettledUntil && opens <= now ? action : default;
        if (_context.Action is { IsDue: true, IsLate: false }) RebaseReferences(_context.Action);
    }

    private GuardVerdict Judge(Instant now, in SessionInfo session, SessionPricing? pricing)
    {
        if (pricing is null) _ballot.Clear();
        else _context.Measured = Measure(now, session.Session, pricing);
        if (_context.Action.IsLate)
        {
            // It became known late: it has something to say where the price is what it makes of the last one.
            if (_context.Measured.Price > 0 && _context.IsActionPrice) RebaseReferences(_context.Action);
            else _context.Action = default;
        }

        Suspect(now);
        return InAction(JudgeAll(session, now, pricing));
    }

    private GuardVerdict JudgeAll(in SessionInfo session, Instant now, SessionPricing? pricing)
    {
        var verdict = GuardTable.First(GuardPhase.Standing, _context);
        if (!verdict.Passes || pricing is null)
        {
            _jumps.Reset();
            return verdict;
        }

        _jumps.Watch(_ballot.Votes, _context.References, pricing, now);
        verdict = GuardTable.First(GuardPhase.Votes, _context);
        if (!verdict.Passes) return verdict;

        _opening.Complete();
        _halts.CompleteResume();
        return GuardTable.All(_context);
    }

    private PriceMeasurement Measure(Instant now, MarketSession session, SessionPricing pricing)
    {
        _ballot.Collect(new VoteContext(
            now, session, pricing, _allowed[(int)session]!, _settings.FutureTolerance, LastObservedAt, NotBefore));
        SetAsideLate(now, pricing);
        return _ballot.Count == 0 ? default : _pricer.Measure(_ballot.Votes, pricing, _ballot.IsVoteTaken);
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
            _context.OnChain = default;
            if (!_average.HasValue) _average.Seed(measured.Price);
            if (!_pace.HasValue || JumpRule.IsBeyondPace(measured.Price, _pace.E8, _context.Pricing)) _pace.Seed(measured.Price);
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
