using NodaTime;
using NodaTime.Text;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>
/// What a person must know of corporate actions: one that only one kind of witness tells of, a price after it that chains will refuse, a pause that outlasts the
/// market's opening, small steps of a multiplier that add up. Each is said once; only market time counts.
/// </summary>
internal sealed class ActionAlarms(MarketFold market, IReadOnlyList<RegisteredBounds> registered, IFoldReport report)
{
    /// <summary>How long a feed may stay paused for an action while there is a session.</summary>
    public static readonly Duration PauseStands = Duration.FromMinutes(30);

    private static readonly Duration Past = Duration.FromDays(5);

    private readonly HashSet<(int, CorporateAction)> _said = [];
    private readonly Instant?[] _pausedSince = new Instant?[market.Count];
    private readonly bool[] _isPauseSaid = new bool[market.Count];
    private readonly bool[] _areStepsSaid = new bool[market.Count];
    private int _version;

    /// <summary>What is newly known, once per tick.</summary>
    public void Look(Instant now)
    {
        if (market.Actions.Version == _version) return;
        _version = market.Actions.Version;
        if (_said.Count > MarketFacts.MaxNames) _said.Clear();
        for (var place = 0; place < market.Count; place++)
        {
            if (market.RulesOf(place) is not ShareFeedRules share) continue;
            foreach (var action in market.Actions.Of(share.Feed.Instrument))
                if (action.OpensAt > now - Past && action.ChangesThePrice && _said.Add((place, action)))
                    Say(place, action);
        }
    }

    /// <summary>A feed that decided.</summary>
    public void Look(int place, FeedDecision decision)
    {
        var isPaused = decision.State == FeedState.Paused && (decision.HoldReasons & (HoldReasons.CorporateAction | HoldReasons.Operator)) == HoldReasons.CorporateAction;
        if (!isPaused) (_pausedSince[place], _isPauseSaid[place]) = (null, false);
        else if (decision.Session is MarketSession.PreMarket or MarketSession.Regular or MarketSession.PostMarket) LookAtPause(place, decision);
        if (decision.Reason is DecisionReason.ActionAccepted or DecisionReason.ActionConfirmed) LookAtBounds(place);
        if (market.RulesOf(place) is TokenFeedRules token) LookAtSteps(place, token, decision.DecidedAt);
    }

    private void LookAtPause(int place, FeedDecision decision)
    {
        _pausedSince[place] ??= decision.DecidedAt;
        if (_isPauseSaid[place] || decision.DecidedAt - _pausedSince[place] < PauseStands) return;
        _isPauseSaid[place] = true;
        var measured = decision.Measured.IsNone ? "" : $": the market says {decision.Measured}, the last good price is {decision.Price}";
        report.Alarm(Name(place), AlarmKind.CorporateAction, $"paused for a corporate action although there is a session, {decision.Reason}{measured}; an operator may confirm a price");
    }

    private void LookAtBounds(int place)
    {
        if (market.RulesOf(place) is ShareFeedRules { Pricing: var rules } && (!rules.MinPrice.IsNone || !rules.MaxPrice.IsNone))
            report.Alarm(Name(place), AlarmKind.CorporateAction, $"MinPrice and MaxPrice are rescaled by the corporate action until the next start: change them in the configuration before ({Text(rules.MinPrice)} and {Text(rules.MaxPrice)})");
    }

    private void LookAtSteps(int place, TokenFeedRules token, Instant now)
    {
        var history = market.HistoryOf(token.Token);
        var bps = history.Count < 2 ? 0 : history.SmallStepsBps(token.Settings.SmallStepsWindow, token.Settings.MultiplierStepBps, now);
        var isBeyond = bps > token.Settings.SmallStepsBps;
        if (isBeyond && !_areStepsSaid[place])
            report.Alarm(Name(place), AlarmKind.CorporateAction, $"small steps of the multiplier add up to {bps} bps within {token.Settings.SmallStepsWindow.TotalDays:0.#} days, the last to {history[0].Multiplier}");
        _areStepsSaid[place] = isBeyond;
    }

    private void Say(int place, CorporateAction action)
    {
        var what = $"{action.Kind}{(action.Ratio.IsNone ? "" : $" {action.Ratio}")}{(action.Cash.IsNone ? "" : $" {action.Cash} in cash")} of {LocalDatePattern.Iso.Format(action.EffectiveOn)}";
        if (!action.MayPause)
        {
            report.Alarm(Name(place), AlarmKind.CorporateAction, $"{what} is said by {action.Classes} alone: it explains no price until another kind of witness says so, an operator's signed file will do");
            return;
        }

        if (place >= registered.Count || market.DecisionOf(place) is not { HasPrice: true } decision) return;
        Price.TryFromE8(action.Ratio.PriceAfter(decision.Price.E8 - action.Cash.E8), out var after);
        if (!after.IsNone && registered[place].Excludes(after))
            report.Alarm(Name(place), AlarmKind.CorporateAction, $"{what} makes {after} of {decision.Price}, outside the bounds {Text(registered[place].Min)} to {Text(registered[place].Max)} that the chains hold the feed to: they will refuse it until their owner has changed them");
    }

    private static string Text(Price bound) => bound.IsNone ? "none" : bound.ToString();

    private string Name(int place) => market.RulesOf(place).Feed.Name;
}
