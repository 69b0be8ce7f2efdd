using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The whole market as one pure fold over an ordered log of inputs and ticks: live, replay, scenarios and simulation drive this. It owns every
/// feed's fold, the tokens' multipliers and the calendar in force. The same log gives the same decisions. A fault in one feed's rules
/// stops that feed and no other. Not for use by two threads at once.
/// </summary>
public sealed partial class MarketFold
{
    private readonly FeedRules[] _rules;
    private readonly FeedFold?[] _shares;
    private readonly TokenFold?[] _tokens;
    private readonly IDerivedFold?[] _derived;
    private readonly FeedDecision?[] _decisions;
    private readonly FeedFault?[] _faults;
    private readonly bool[] _hasDecided;
    private readonly InputReason[] _outcomes;
    private readonly int[][] _sharesOfInstrument;
    private readonly MultiplierTerms?[] _multipliers;
    private readonly ICrossGuard?[] _guards;
    private readonly List<FeedFault> _guardFaults = [];

    /// <param name="feeds">Every feed; what a feed is made from stands before it.</param>
    /// <param name="calendar">The calendar in force at the start.</param>
    /// <param name="guards">Rules over several feeds, in the order in which they are asked.</param>
    /// <param name="comparesVendorClocks">False where market time is scaled, so that a message's journey is as well.</param>
    /// <param name="actions">When a corporate action pauses a share; null for the defaults.</param>
    /// <param name="listings">Every token, in the order of their ids; null: those of the feeds, each by itself.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or a token's underlying is no share before it.</exception>
    public MarketFold(
        IReadOnlyList<FeedRules> feeds, TradingCalendar calendar, IReadOnlyList<ICrossGuard>? guards = null, bool comparesVendorClocks = true,
        CorporateActionSettings? actions = null, IReadOnlyList<TokenListing>? listings = null)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        ArgumentNullException.ThrowIfNull(calendar);
        Calendar = calendar;
        _rules = [.. feeds];
        _equalPrices = new EqualPriceGuard(_rules, new EqualPriceSettings());
        _guards = [_equalPrices, .. guards ?? []];
        _shares = new FeedFold?[_rules.Length];
        _tokens = new TokenFold?[_rules.Length];
        _derived = new IDerivedFold?[_rules.Length];
        _decisions = new FeedDecision?[_rules.Length];
        _faults = new FeedFault?[_rules.Length];
        _hasDecided = new bool[_rules.Length];
        _outcomes = new InputReason[_rules.Length];
        _computedBands = new ComputedBand?[_rules.Length];
        var (tokens, upstreams) = (0, 0);
        for (var i = 0; i < _rules.Length; i++)
        {
            _places.Add(FeedIdentity.Compute(_rules[i].Feed), i);
            switch (_rules[i])
            {
                case ShareFeedRules share:
                    _shares[i] = new FeedFold(share.Pricing, share.Sources);
                    _computedBands[i] = new ComputedBand(share.Luld, share.LuldLeveragePercent);
                    foreach (var source in share.Sources)
                    {
                        _sources[source.Id] = source;
                        if (source.IsListingMarket) _listing.Add(source.Id);
                        upstreams = int.Max(upstreams, source.Upstream.Index + 1);
                    }

                    break;
                case TokenFeedRules token when token.Underlying >= 0 && token.Underlying < i && _shares[token.Underlying] is not null:
                    _tokens[i] = new TokenFold(token.Settings, token.Feed.Unit);
                    tokens = int.Max(tokens, token.Token.Index + 1);
                    break;
                case DerivedFeedRules derived when derived.MadeFrom.All(place => place >= 0 && place < i):
                    _derived[i] = derived.CreateFold();
                    break;
                default:
                    throw new ArgumentException($"Feed {_rules[i].Feed.Name} at place {i} is neither a share nor made from feeds before it.", nameof(feeds));
            }
        }

        _tokenStandings = new TokenStandings(ListingsOf(listings, tokens));
        tokens = _tokenStandings.Tokens.Count;
        _multipliers = new MultiplierTerms?[tokens];
        Actions = new CorporateActionWatch(actions ?? new CorporateActionSettings(), _rules.Max(r => r.Feed.Instrument.Index) + 1, Watched(tokens));
        _tookAction = new Instant?[_rules.Length];
        _tickers = [.. _rules.Select(r => r is ShareFeedRules share ? TickerWatch.For(share.Tickers, calendar) : null)];
        _actionSettings = actions ?? new CorporateActionSettings();
        _histories = [.. Enumerable.Range(0, tokens).Select(_ => new MultiplierHistory())];
        _sharesOfInstrument = SharesByInstrument();
        _orders = new StandingOrders(_rules.Length);
        _restored = new RestoredFeed[_rules.Length];
        _agreed = new Price[_rules.Length];
        _vendorBands = BandsByInstrument();
        _related = [.. Enumerable.Range(0, _rules.Length).Select(RelatedOf)];
        _hasRelations = _related.Any(r => r is not null);
        _told = new Surroundings?[_rules.Length];
        _pegs = [.. _rules.OfType<TokenFeedRules>().Select(t => t.Settings.PegCurrency).Where(c => c.Length > 0).Distinct().Select(c => new PegWatch(c))];
        _pegOf = [.. _rules.Select(r => r is TokenFeedRules token ? Array.Find(_pegs, p => p.Currency == token.Settings.PegCurrency) : null)];
        _reserves = [.. Enumerable.Range(0, tokens).Select(_ => new ReserveWatch())];
        _everyShare = [.. Enumerable.Range(0, _rules.Length).Where(i => _shares[i] is not null)];
        _sessionWatch = new SessionWatch(upstreams);
        _clock = new ClockStanding(upstreams, comparesVendorClocks);
    }

    /// <summary>Number of feeds.</summary>
    public int Count => _rules.Length;

    /// <summary>The calendar in force.</summary>
    public TradingCalendar Calendar { get; private set; }

    /// <summary>What was said that concerns more than one price.</summary>
    public MarketFacts Facts { get; } = new();

    /// <summary>The rules over several feeds that threw and are asked no more; empty when all is well.</summary>
    public IReadOnlyList<FeedFault> GuardFaults => _guardFaults;

    /// <summary>A feed and its rules.</summary>
    public FeedRules RulesOf(int feed) => _rules[feed];

    /// <summary>A feed's latest decision; null before its first tick and after a fault. The same instance each time, valid until the next tick.</summary>
    public FeedDecision? DecisionOf(int feed) => _decisions[feed];

    /// <summary>True when the feed decided at the latest tick.</summary>
    public bool HasDecided(int feed) => _hasDecided[feed];

    /// <summary>Why a feed was taken out of service; null when it was not.</summary>
    public FeedFault? FaultOf(int feed) => _faults[feed];

    /// <summary>True when a share's feed took something in since its latest tick.</summary>
    public bool IsDirty(int feed) => _faults[feed] is null && _shares[feed] is { IsDirty: true };

    /// <summary>What a share's feed made of the latest observation of its instrument when it arrived.</summary>
    public InputReason OutcomeOf(int feed) => _outcomes[feed];

    /// <summary>Places of the shares' feeds that are made from an instrument, or from any.</summary>
    public ReadOnlySpan<int> SharesOf(InstrumentId instrument) => instrument == InstrumentId.Every ? _everyShare :
        instrument.Index >= 0 && instrument.Index < _sharesOfInstrument.Length ? _sharesOfInstrument[instrument.Index] : [];

    /// <summary>The latest reading of a token's multiplier; null when there is none to be used.</summary>
    public MultiplierTerms? MultiplierOf(TokenId token) => _multipliers[token.Index];

    /// <summary>A derived feed's fold; null for any other feed, and for one that has stopped.</summary>
    internal IDerivedFold? DerivedAt(int feed) => _faults[feed] is null ? _derived[feed] : null;

    /// <summary>The reading of the multiplier that a feed is made with, as of its latest decision; null for a feed without one, and when there is none to be used.</summary>
    public MultiplierTerms? TermsOf(int feed) => _rules[feed] is TokenFeedRules token ? _multipliers[token.Token.Index] : _derived[feed]?.Terms;

    /// <summary>Continues a feed from what a chain holds. Once, before its first tick.</summary>
    public void Restore(int feed, in RestoredFeed last)
    {
        if (_faults[feed] is not null) return;
        try
        {
            if (_shares[feed] is { } share)
            {
                share.Restore(last);
                Actions.Note(_rules[feed].Feed.Instrument, share.Last.Price);
            }
            else if (_tokens[feed] is { } token)
            {
                token.Restore(last);
                Actions.Restore(((TokenFeedRules)_rules[feed]).Token, last.Multiplier);
            }
            else _derived[feed]!.Restore(last);
            _restored[feed] = last;
            RestoreCode(feed, last);
            if (_shares[feed] is not null) _equalPrices.Seed(_rules[feed].Feed.Instrument, last.Price);
        }
        catch (Exception e)
        {
            Stop(feed, e);
        }
    }

    /// <summary>
    /// Goes on from a newer price that the chains hold, while the feed has none of this moment. A token not before its share; what is made from other feeds
    /// follows those.
    /// </summary>
    /// <returns>False when nothing changes.</returns>
    public bool TryAdopt(int feed, in RestoredFeed newer)
    {
        if (_faults[feed] is not null) return false;
        try
        {
            if (_shares[feed] is { } share) return share.TryAdopt(newer);
            return _rules[feed] is TokenFeedRules rules && _decisions[rules.Underlying] is { HasPrice: true } underlying && underlying.ObservedAt >= newer.ObservedAt
                && AdoptToken(feed, rules, newer);
        }
        catch (Exception e)
        {
            Stop(feed, e);
            return false;
        }
    }

    /// <summary>Takes one input in, in the order of the log. Allocates nothing for an observation; nothing that is said makes it throw.</summary>
    public InputOutcome Apply(in MarketInput input)
    {
        for (var g = 0; g < _guards.Length; g++)
        {
            try
            {
                _guards[g]?.Observe(input);
            }
            catch (Exception e)
            {
                Dismiss(g, e);
            }
        }

        if (input.Kind != MarketInputKind.Observation) TellDerived(input);
        switch (input.Kind)
        {
            case MarketInputKind.Observation:
                return Observe(input.Observation);
            case MarketInputKind.Multiplier:
                if (!IsToken(input.Multiplier.Token)) return InputOutcome.UnknownToken;
                _multipliers[input.Multiplier.Token.Index] = input.Multiplier.Terms;
                Actions.Take(input.Multiplier.Token, input.Multiplier.Terms, input.ReceivedAt, Calendar);
                return InputOutcome.Applied;
            case MarketInputKind.Calendar:
                Calendar = input.Calendar.Calendar;
                Actions.Take(Calendar);
                foreach (var tickers in _tickers) tickers?.Take(Calendar);
                foreach (var share in _shares) share?.Rearm();
                return InputOutcome.Applied;
            case MarketInputKind.Operator:
                if (input.Operator.Feed is { } feed && !_places.ContainsKey(feed)) return InputOutcome.UnknownFeed;
                Keep(input.Operator);
                AcceptCode(input.Operator);
                return Keep(input);
            case MarketInputKind.SourceStatus:
                return _sources.ContainsKey(input.SourceStatus.Source) ? Keep(input) : InputOutcome.UnknownSource;
            case MarketInputKind.Reserve:
                if (!IsToken(input.Reserve.Token)) return InputOutcome.UnknownToken;
                _reserves[input.Reserve.Token.Index].Take(input.Reserve, input.ReceivedAt);
                return Keep(input);
            case MarketInputKind.Peg:
                Take(input.Peg, input.ReceivedAt);
                return Keep(input);
            case MarketInputKind.Clock:
                _clock.Observe(input.Clock, input.ReceivedAt);
                return Keep(input);
            case MarketInputKind.CorporateAction:
                return Actions.Take(input.CorporateAction, Calendar);
            case MarketInputKind.TokenStatus:
                return Take(input.TokenStatus);
            case MarketInputKind.TokenMarket:
                return IsToken(input.TokenMarket.Token) ? InputOutcome.Applied : InputOutcome.UnknownToken;
            case MarketInputKind.WrapperRate:
                return InputOutcome.Applied;
            default:
                return InputOutcome.Malformed;
        }
    }

    /// <summary>
    /// Prices and guards. What each feed says is <see cref="DecisionOf"/>; which of them decided now, <see cref="HasDecided"/>. Allocates nothing.
    /// </summary>
    /// <param name="now">Market time.</param>
    /// <param name="everything">True for every feed; false for the shares that took something in, and the tokens.</param>
    public void Tick(Instant now, bool everything)
    {
        var session = LookAround(now);
        Measure(now, session);
        _tokenStandings.Judge(now, _multipliers);
        Tell(now);

        // What a feed is made from stands before it, so one walk is enough.
        for (var i = 0; i < _rules.Length; i++)
        {
            _hasDecided[i] = false;
            if (_faults[i] is not null) continue;
            try
            {
                if (_shares[i] is { } share)
                {
                    if (everything || share.IsDirty) Decide(i, share, now, session);
                }
                else if (_rules[i] is TokenFeedRules token)
                {
                    Follow(i, token, now);
                }
                else
                {
                    Derive(i, (DerivedFeedRules)_rules[i], now);
                }
            }
            catch (Exception e)
            {
                Stop(i, e);
            }
        }
    }

    /// <summary>Takes a feed out of service; what follows from it is not known any more.</summary>
    public void Stop(int feed, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        Stop(feed, new FeedFault($"stopped by a fault: {cause.Message}", cause));
    }

    private void Stop(int feed, FeedFault fault)
    {
        _faults[feed] = fault;
        _decisions[feed] = null;
        _hasDecided[feed] = false;
    }

    private InputOutcome Observe(in Observation observation) => observation.Kind switch
    {
        ObservationKind.Session => ObserveSession(observation),
        ObservationKind.Status => ObserveStatus(observation),
        ObservationKind.Band => TakeBand(observation),
        ObservationKind.Quote or ObservationKind.Trade => ObservePrice(observation),
        _ => Deliver(observation),
    };

    private InputOutcome Deliver(in Observation observation, bool isOfEvery = false)
    {
        // What is said of every instrument was told apart before.
        if (observation.Instrument == InstrumentId.Every) return InputOutcome.UnknownInstrument;
        var shares = SharesOf(observation.Instrument);
        foreach (var place in shares)
        {
            _outcomes[place] = InputReason.Used;
            if (_faults[place] is not null) continue;
            try
            {
                _outcomes[place] = isOfEvery || IsNamed(place, observation) ? _shares[place]!.Apply(observation) : _shares[place]!.Refuse(InputReason.TickerNotValid);
            }
            catch (Exception e)
            {
                Stop(place, e);
            }
        }

        return shares.Length == 0 ? InputOutcome.UnknownInstrument : InputOutcome.Applied;
    }

    private bool IsToken(TokenId token) => token.Index >= 0 && token.Index < _multipliers.Length;

    private InputOutcome Keep(in MarketInput input)
    {
        Facts.Keep(input);
        return InputOutcome.Kept;
    }

    private void Measure(Instant now, in SessionInfo session)
    {
        for (var g = 0; g < _guards.Length; g++)
        {
            try
            {
                _guards[g]?.Measure(now, session, this);
            }
            catch (Exception e)
            {
                Dismiss(g, e);
            }
        }
    }

    private void Decide(int place, FeedFold share, Instant now, in SessionInfo session)
    {
        _decisions[place] = share.Tick(now, session, FindingAgainst(place));
        _computedBands[place]!.Learn(share, _decisions[place]!, now);
        FollowAction(place, _decisions[place]!);
        if (_decisions[place]!.IsFresh) Actions.Note(_rules[place].Feed.Instrument, _decisions[place]!.Price);
        if (_decisions[place]!.HaltReason != HaltReason.None) _vendorBands[_rules[place].Feed.Instrument.Index]?.Clear();
        _hasDecided[place] = true;
    }

    private CrossFinding FindingAgainst(int place)
    {
        var finding = default(CrossFinding);
        for (var g = 0; g < _guards.Length; g++)
        {
            try
            {
                if (_guards[g] is { } guard) finding = finding.And(guard.Judge(place));
            }
            catch (Exception e)
            {
                Dismiss(g, e);
            }
        }

        return finding;
    }

    private void Follow(int place, TokenFeedRules rules, Instant now)
    {
        if (StopsWith(place, rules.Underlying)) return;
        if (_multipliers[rules.Token.Index]?.At(now) is { } terms) _histories[rules.Token.Index].Note(terms.Current, now);
        if (_decisions[rules.Underlying] is not { } underlying) return;
        _decisions[place] = _tokens[place]!.Tick(underlying, _multipliers[rules.Token.Index], now);
        _hasDecided[place] = true;
    }

    private void Derive(int place, DerivedFeedRules rules, Instant now)
    {
        foreach (var from in rules.MadeFrom)
            if (StopsWith(place, from))
                return;
        if (_derived[place]!.Tick(this, now) is not { } decision) return;
        _decisions[place] = decision;
        _hasDecided[place] = true;
    }

    /// <summary>A feed goes no farther than what it is made from.</summary>
    private bool StopsWith(int place, int from)
    {
        if (_faults[from] is null) return false;
        Stop(place, new FeedFault($"the feed {_rules[from].Feed.Name} that it is made from has stopped", null));
        return true;
    }

    private void TellDerived(in MarketInput input)
    {
        for (var i = 0; i < _derived.Length; i++)
        {
            if (_faults[i] is not null) continue;
            try
            {
                _derived[i]?.Observe(input);
            }
            catch (Exception e)
            {
                Stop(i, e);
            }
        }
    }

    private void Dismiss(int guard, Exception cause)
    {
        _guardFaults.Add(new FeedFault($"{_guards[guard]!.GetType().Name} stopped by a fault: {cause.Message}", cause));
        _guards[guard] = null;
    }

    private int[][] SharesByInstrument()
    {
        var instruments = 0;
        for (var i = 0; i < _rules.Length; i++)
            if (_shares[i] is not null)
                instruments = int.Max(instruments, _rules[i].Feed.Instrument.Index + 1);
        var places = new int[instruments][];
        for (var instrument = 0; instrument < instruments; instrument++)
        {
            var index = instrument;
            places[instrument] = [.. Enumerable.Range(0, _rules.Length).Where(i => _shares[i] is not null && _rules[i].Feed.Instrument.Index == index)];
        }

        return places;
    }
}
