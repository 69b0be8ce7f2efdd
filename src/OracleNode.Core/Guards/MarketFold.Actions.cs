using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>Corporate actions: what each feed is told of them, and what follows when a share has taken one.</summary>
public sealed partial class MarketFold
{
    private readonly Instant?[] _tookAction;
    private readonly MultiplierHistory[] _histories;
    private readonly TickerWatch?[] _tickers;
    private readonly CorporateActionSettings _actionSettings;
    private (TradingCalendar? Of, Instant From, Instant To) _tradeDate;

    /// <summary>What is known of corporate actions.</summary>
    public CorporateActionWatch Actions { get; }

    /// <summary>The multipliers that a token had.</summary>
    public MultiplierHistory HistoryOf(TokenId token) => _histories[token.Index];

    /// <summary>Tells the shares when another trade date begins. A day's worth of ticks asks the calendar once.</summary>
    private void FollowTradeDate(Instant now)
    {
        if (_tradeDate.Of == Calendar && now >= _tradeDate.From && now < _tradeDate.To) return;
        var date = Calendar.TradeDateOf(now);
        _tradeDate = (Calendar, Calendar.StartOf(date), Calendar.StartOf(date.PlusDays(1)));
        foreach (var share in _shares) share?.EnterTradeDate(_tradeDate.From);
    }

    private PendingAction PendingFor(int place, FeedFold share)
    {
        var (last, observedAt) = share.Last;
        return Actions.PendingFor(_rules[place].Feed.Instrument, last, observedAt, share.SettledUntil, _now);
    }

    /// <summary>Did the ticker that a source said it under name the instrument then.</summary>
    private bool IsNamed(int place, in Observation observation) => _tickers[place] is not { } tickers || tickers.IsValid(observation.Alias, observation.EventTime);

    /// <summary>The same of an instrument: false when no feed of it goes by that ticker then.</summary>
    private bool IsNamed(in Observation observation)
    {
        var shares = SharesOf(observation.Instrument);
        foreach (var place in shares)
            if (IsNamed(place, observation))
                return true;
        return shares.Length == 0;
    }

    private IdentityStanding IdentityOf(int place, FeedFold share)
    {
        var instrument = _rules[place].Feed.Instrument;
        var (ended, listed) = (Actions.InForce(instrument, CorporateActionKind.Delisting, _now), Actions.InForce(instrument, CorporateActionKind.Listing, _now));
        if (ended is not null && (listed is null || listed.OpensAt <= ended.OpensAt)) return IdentityStanding.Delisted;
        if (_tickers[place] is { } tickers && !tickers.IsNamed(_now)) return IdentityStanding.Unnamed;
        if (!share.Last.Price.IsNone) return IdentityStanding.Listed;

        // Who has a price was listed before, wherever it is listed next.
        if (Actions.Coming(instrument, CorporateActionKind.Listing, _now) is not null) return IdentityStanding.NotListed;
        var since = listed?.OpensAt ?? _tickers[place]?.ListedAt;
        return since is { } at && _now - at < Duration.FromDays(_actionSettings.ListingDays) ? IdentityStanding.JustListed : IdentityStanding.Listed;
    }

    /// <summary>For a token: up to which step of its multiplier a dividend explains it.</summary>
    private int DividendBps(TokenFeedRules token) => _decisions[token.Underlying] is { } share ? Actions.CashBps(token.Feed.Instrument, share.Price, _now) : 0;

    /// <summary>A share's price is of other shares from now on: so is what others are compared with.</summary>
    private void FollowAction(int place, FeedDecision decision)
    {
        if (decision.LastAction.OpensAt == _tookAction[place]) return;
        _tookAction[place] = decision.LastAction.OpensAt;
        for (var i = 0; i < _related.Length; i++) _related[i]?.Rebase(place, i == place, decision.LastAction.Ratio);
    }

    private WatchedToken[] Watched(int tokens)
    {
        // A token that no feed is made from tells of no instrument here: what its chain says is compared where multipliers are.
        var watched = new WatchedToken[tokens];
        Array.Fill(watched, new WatchedToken("", new InstrumentId(-1), Pricing.SessionPricing.MaxBps));
        foreach (var rules in _rules)
            if (rules is TokenFeedRules token)
                watched[token.Token.Index] = new WatchedToken(token.Feed.Name, token.Feed.Instrument, token.Settings.MultiplierStepBps);
        return watched;
    }
}
