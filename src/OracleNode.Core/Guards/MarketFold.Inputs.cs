using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What each feed's guards are told of what lies outside the feed: operators, bands, related feeds, pegs, reserves, equal prices.</summary>
public sealed partial class MarketFold
{
    private readonly Dictionary<FeedId, int> _places = [];
    private readonly StandingOrders _orders;
    private readonly EqualPriceGuard _equalPrices;
    private readonly BandWatch?[] _vendorBands;
    private readonly RelatedWatch?[] _related;
    private readonly RestoredFeed[] _restored;
    private readonly Price[] _agreed;
    private readonly PegWatch[] _pegs;
    private readonly PegWatch?[] _pegOf;
    private readonly ReserveWatch[] _reserves;
    private Instant _now;

    /// <summary>Longer than from one tick to the next.</summary>
    private static readonly Duration ContradictionRest = Duration.FromSeconds(1);

    private readonly bool _hasRelations;
    private readonly Surroundings?[] _told;
    private bool _isSeeded;

    /// <summary>Until when nothing of a source is believed, since unrelated instruments stand at one price there; in the past when it is.</summary>
    public Instant SuspectUntil(SourceId source) => _equalPrices.SuspectUntil(source);

    /// <summary>The configuration against the price that a feed was restored with.</summary>
    public ActivationVerdict ActivationOf(int feed) => _shares[feed]?.Activation ?? ActivationVerdict.None;

    /// <summary>A feed's changes of state, for the host to drain.</summary>
    public TransitionLog TransitionsOf(int feed) => _shares[feed]?.Transitions ?? _tokens[feed]?.Transitions ?? _derived[feed]!.Transitions;

    /// <summary>The price band that vendors say of an instrument, as of the latest tick; none where they say none that may be believed, and outside the regular session.</summary>
    public (Price Low, Price High) BandOf(InstrumentId instrument) =>
        Session.Session == MarketSession.Regular && instrument.Index >= 0 && instrument.Index < _vendorBands.Length && _vendorBands[instrument.Index] is { } band ? band.At(_now) : default;

    /// <summary>Takes a source's votes away on every feed until a time.</summary>
    internal void Suspend(SourceId source, InputReason reason, Instant until)
    {
        foreach (var share in _shares) share?.Suspend(source, reason, until);
    }

    /// <summary>What a feed's guards are told now.</summary>
    public GuardInputs InputsFor(int feed)
    {
        var inputs = Around(feed).ToInputs();
        if (_related[feed] is { } related) inputs = inputs with { MoveReference = related.Reference, Related = related.Moves(_agreed) };
        if (_shares[feed] is { } share) inputs = inputs with { Action = PendingFor(feed, share), Known = Actions.Of(_rules[feed].Feed.Instrument), Identity = IdentityOf(feed, share) };
        if (_rules[feed] is not TokenFeedRules token) return inputs;
        return inputs with
        {
            DividendBps = DividendBps(token),
            PegDeviationBps = _pegOf[feed]?.DeviationBps(_now),
            ReserveRatioBps = _reserves[token.Token.Index].RatioBps(
                token.Settings.ReserveMaxAge, int.Max(token.Settings.MinReserveRatioBps, token.Settings.DegradeReserveRatioBps), _now),
            IsReserveAwaited = token.HasReserves && _reserves[token.Token.Index].IsAwaited,
            IsIssuerPaused = _tokenStandings.IsPaused(token.Token),
            IsCodeChanged = _tokenStandings.IsCodeChanged(token.Token),
            IsMultiplierDisputed = _tokenStandings.IsDisputed(token.Token),
        };
    }

    /// <summary>
    /// What stands around the feed: operator, clock, calendar and price band. A band that vendors say comes before the one that is computed.
    /// </summary>
    private Surroundings Around(int feed)
    {
        var (low, high) = _shares[feed] is null ? default : BandOf(_rules[feed].Feed.Instrument);
        var origin = BandOrigin.Stated;
        if (low.IsNone && high.IsNone && _computedBands[feed] is { } computed) ((low, high), origin) = (computed.At(_now), computed.OriginAt(_now));
        return new Surroundings(
            _orders.OrderOf(feed, _now), _orders.ConfirmedPriceOf(feed, _now),
            _clock.IsWrong ? GuardSignal.Bad : _clock.Verdict.State == ClockState.Unknown ? GuardSignal.NotKnown : GuardSignal.Good,
            IsSessionDisputed ? GuardSignal.Bad : GuardSignal.Good, low, high, origin);
    }

    /// <summary>Tells every feed, before any of them decides, what has changed around it.</summary>
    private void Tell(Instant now)
    {
        _now = now;
        if (!_isSeeded) SeedRelated();
        if (_hasRelations)
            for (var i = 0; i < _agreed.Length; i++) _agreed[i] = _faults[i] is null && _shares[i] is { } share ? share.AgreedPrice : default;
        var isAnyContradicting = _sessionWatch.IsAnyContradicting(now, Calendar.SessionAt(now).Session);
        for (var i = 0; i < _rules.Length; i++)
        {
            if (_faults[i] is not null) continue;
            try
            {
                _related[i]?.Update(_agreed[i], _agreed, IsConfirmed(i), now);
                if (_shares[i] is { } share)
                {
                    TellShare(i, share);
                    if (isAnyContradicting) SuspendContradicting((ShareFeedRules)_rules[i], share, now);
                }
                else if (_tokens[i] is { } token) token.SetInputs(InputsFor(i));
                else _derived[i]!.SetInputs(InputsFor(i));
            }
            catch (Exception e)
            {
                Stop(i, e);
            }
        }
    }

    /// <summary>
    /// A share of which nothing but its surroundings is known is told nothing while those stand: all that it could be told is what it was told last. Most
    /// shares are, at nearly every tick, and every tick comes by all of them.
    /// </summary>
    private void TellShare(int place, FeedFold share)
    {
        if (_related[place] is not null || _tickers[place] is not null || Actions.IsAnyKnown(_rules[place].Feed.Instrument))
        {
            _told[place] = null;
            share.SetInputs(InputsFor(place));
            return;
        }

        var around = Around(place);
        if (_told[place] == around) return;
        _told[place] = around;
        share.SetInputs(InputsFor(place));
    }

    /// <summary>An upstream that contradicts the calendar has no vote while it does.</summary>
    private void SuspendContradicting(ShareFeedRules rules, FeedFold share, Instant now)
    {
        for (var i = 0; i < rules.Sources.Count; i++)
            if (Contradicts(rules.Sources[i].Upstream))
                share.Suspend(rules.Sources[i].Id, InputReason.NotInSession, now + ContradictionRest);
    }

    /// <summary>True when the price stands, and an operator stands behind it.</summary>
    private bool IsConfirmed(int feed)
    {
        if (_decisions[feed] is not { IsFresh: true } decision || _rules[feed] is not ShareFeedRules rules) return false;
        var confirmed = _orders.ConfirmedPriceOf(feed, _now);
        return !confirmed.IsNone && !Bps.Exceeds(long.Abs(decision.Price.E8 - confirmed.E8), confirmed.E8, rules.Pricing.Regular.JumpLimitBps);
    }

    private void SeedRelated()
    {
        _isSeeded = true;
        for (var i = 0; i < _related.Length; i++) _related[i]?.Seed(i, _restored);
    }

    private void Keep(OperatorCommand command) => _orders.Take(command, command.Feed is { } id ? _places[id] : null);

    private void Take(PegReading reading, Instant receivedAt)
    {
        foreach (var peg in _pegs)
            if (peg.Currency == reading.Currency)
                peg.Take(reading, receivedAt);
    }

    private InputOutcome TakeBand(in Observation band)
    {
        if (band.Instrument.Index < 0 || band.Instrument.Index >= _vendorBands.Length || _vendorBands[band.Instrument.Index] is not { } watch) return InputOutcome.UnknownInstrument;

        // Refused and counted as any other word under a ticker that is another's.
        if (!IsNamed(band)) return Deliver(band);
        return watch.Take(band) ? InputOutcome.Applied : InputOutcome.Malformed;
    }

    private BandWatch?[] BandsByInstrument() =>
        [.. _sharesOfInstrument.Select(places => places.Length == 0 ? null : new BandWatch(places.SelectMany(p => ((ShareFeedRules)_rules[p]).Sources)))];

    private RelatedWatch? RelatedOf(int place)
    {
        if (_rules[place] is not ShareFeedRules { Related.Count: > 0 } share) return null;
        if (share.Related.Count > RelatedFeed.MaxPerFeed) throw new ArgumentException($"Feed {share.Feed.Name} has {share.Related.Count} relations; at most {RelatedFeed.MaxPerFeed} are judged.");
        foreach (var relation in share.Related)
        {
            relation.Validate();
            if (relation.Feed == place || relation.Feed < 0 || relation.Feed >= _rules.Length || _shares[relation.Feed] is null)
                throw new ArgumentException($"Feed {share.Feed.Name} is related to place {relation.Feed}, which is no other share's feed.");
        }

        return new RelatedWatch(share.Related);
    }

    /// <summary>What every feed is told, whatever else is known of it.</summary>
    private readonly record struct Surroundings(OperatorOrder Operator, Price ConfirmedPrice, GuardSignal Clock, GuardSignal Calendar, Price BandLow, Price BandHigh, BandOrigin BandOrigin)
    {
        public GuardInputs ToInputs() => new()
        {
            Operator = Operator,
            ConfirmedPrice = ConfirmedPrice,
            Clock = Clock,
            Calendar = Calendar,
            BandLow = BandLow,
            BandHigh = BandHigh,
            BandOrigin = BandOrigin,
        };
    }
}
