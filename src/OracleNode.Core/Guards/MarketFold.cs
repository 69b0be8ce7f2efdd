using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The whole market as one pure fold over an ordered log of inputs and ticks: live, replay, scenarios and simulation drive this. It owns every
/// feed's fold, the tokens' multipliers and the calendar in force. The same log gives the same decisions. A fault in one feed's rules
/// stops that feed and no other. Not for use by two threads at once.
/// </summary>
public sealed class MarketFold
{
    private readonly FeedRules[] _rules;
    private readonly FeedFold?[] _shares;
    private readonly TokenFold?[] _tokens;
    private readonly FeedDecision?[] _decisions;
    private readonly FeedFault?[] _faults;
    private readonly bool[] _hasDecided;
    private readonly int[][] _sharesOfInstrument;
    private readonly MultiplierTerms?[] _multipliers;
    private readonly HashSet<FeedId> _ids = [];
    private readonly HashSet<SourceId> _sources = [];
    private readonly ICrossGuard?[] _guards;
    private readonly List<FeedFault> _guardFaults = [];

    /// <param name="feeds">Every feed; a share before the tokens made from it.</param>
    /// <param name="calendar">The calendar in force at the start.</param>
    /// <param name="guards">Rules over several feeds, in the order in which they are asked.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or a token's underlying is no share before it.</exception>
    public MarketFold(IReadOnlyList<FeedRules> feeds, TradingCalendar calendar, IReadOnlyList<ICrossGuard>? guards = null)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        ArgumentNullException.ThrowIfNull(calendar);
        Calendar = calendar;
        _rules = [.. feeds];
        _guards = [.. guards ?? []];
        _shares = new FeedFold?[_rules.Length];
        _tokens = new TokenFold?[_rules.Length];
        _decisions = new FeedDecision?[_rules.Length];
        _faults = new FeedFault?[_rules.Length];
        _hasDecided = new bool[_rules.Length];
        var tokens = 0;
        for (var i = 0; i < _rules.Length; i++)
        {
            _ids.Add(FeedIdentity.Compute(_rules[i].Feed));
            switch (_rules[i])
            {
                case ShareFeedRules share:
                    _shares[i] = new FeedFold(share.Pricing, share.Sources);
                    foreach (var source in share.Sources) _sources.Add(source.Id);
                    break;
                case TokenFeedRules token when token.Underlying >= 0 && token.Underlying < i && _shares[token.Underlying] is not null:
                    _tokens[i] = new TokenFold(token.Settings);
                    tokens = int.Max(tokens, token.Token.Index + 1);
                    break;
                default:
                    throw new ArgumentException($"Feed {_rules[i].Feed.Name} at place {i} is neither a share nor the token of a share before it.", nameof(feeds));
            }
        }

        _multipliers = new MultiplierTerms?[tokens];
        _sharesOfInstrument = SharesByInstrument();
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

    /// <summary>How many observations a share's feed refused on arrival for a reason; 0 for a token.</summary>
    public long RefusedCount(int feed, InputReason reason) => _shares[feed]?.RefusedCount(reason) ?? 0;

    /// <summary>Places of the shares' feeds that are made from an instrument.</summary>
    public ReadOnlySpan<int> SharesOf(InstrumentId instrument) =>
        instrument.Index >= 0 && instrument.Index < _sharesOfInstrument.Length ? _sharesOfInstrument[instrument.Index] : [];

    /// <summary>The latest reading of a token's multiplier; null when there is none to be used.</summary>
    public MultiplierTerms? MultiplierOf(TokenId token) => _multipliers[token.Index];

    /// <summary>Continues a feed from what a chain holds. Once, before its first tick.</summary>
    public void Restore(int feed, in RestoredFeed last)
    {
        if (_faults[feed] is not null) return;
        try
        {
            if (_shares[feed] is { } share) share.Restore(last);
            else _tokens[feed]!.Restore(last);
        }
        catch (Exception e)
        {
            Stop(feed, e);
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

        switch (input.Kind)
        {
            case MarketInputKind.Observation:
                return Observe(input.Observation);
            case MarketInputKind.Multiplier:
                if (!IsToken(input.Multiplier.Token)) return InputOutcome.UnknownToken;
                _multipliers[input.Multiplier.Token.Index] = input.Multiplier.Terms;
                return InputOutcome.Applied;
            case MarketInputKind.Calendar:
                Calendar = input.Calendar.Calendar;
                return InputOutcome.Applied;
            case MarketInputKind.Operator:
                return input.Operator.Feed is { } feed && !_ids.Contains(feed) ? InputOutcome.UnknownFeed : Keep(input);
            case MarketInputKind.SourceStatus:
                return _sources.Contains(input.SourceStatus.Source) ? Keep(input) : InputOutcome.UnknownSource;
            case MarketInputKind.Reserve:
                return IsToken(input.Reserve.Token) ? Keep(input) : InputOutcome.UnknownToken;
            case MarketInputKind.Clock or MarketInputKind.Peg:
                return Keep(input);
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
        var session = Calendar.SessionAt(now);
        Measure(now, session);

        // Shares stand before the tokens made from them, so one walk is enough.
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
                else
                {
                    Follow(i, (TokenFeedRules)_rules[i], now);
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

    private InputOutcome Observe(in Observation observation)
    {
        var shares = SharesOf(observation.Instrument);
        foreach (var place in shares)
        {
            if (_faults[place] is not null) continue;
            try
            {
                _shares[place]!.Apply(observation);
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
        var finding = FindingAgainst(place);
        if (finding.IsHold && _decisions[place] is { } last) Hold(last, finding, now, session);
        else if (finding.IsHold) return;
        else _decisions[place] = share.Tick(now, session);
        _hasDecided[place] = true;
    }

    /// <summary>The feed's own rules are not asked, so that nothing they would have believed becomes its last good price.</summary>
    private static void Hold(FeedDecision decision, in CrossFinding finding, Instant now, in SessionInfo session)
    {
        decision.PreviousState = decision.State;
        decision.DecidedAt = now;
        decision.Session = session.Session;
        decision.ClosedReason = session.Session == MarketSession.Closed ? session.ClosedReason : ClosedReason.None;
        decision.NextChangeAt = session.NextChangeAt;
        if (decision.State is not (FeedState.Paused or FeedState.Retired)) decision.State = FeedState.Held;
        decision.HoldReasons = decision.State == FeedState.Retired ? HoldReasons.None : finding.Holds;
        decision.Reason = finding.Reason;
        decision.SourcesUsed = 0;
        decision.SourcesRejected = 0;
        decision.Upstreams = 0;
        decision.Evidence?.Clear();
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
        if (_faults[rules.Underlying] is not null)
        {
            Stop(place, new FeedFault($"the feed {_rules[rules.Underlying].Feed.Name} that it is made from has stopped", null));
            return;
        }

        if (_decisions[rules.Underlying] is not { } underlying) return;
        _decisions[place] = _tokens[place]!.Tick(underlying, _multipliers[rules.Token.Index], now);
        _hasDecided[place] = true;
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
