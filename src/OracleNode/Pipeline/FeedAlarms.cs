using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Pipeline;

/// <summary>
/// From decisions to what a person must know of. Each thing is said when it begins, and not again before it was over; again within a minute, when that has passed. Live
/// and replay say the same, since only market time counts.
/// </summary>
internal sealed class FeedAlarms
{
    /// <summary>How long redundancy must be lost, or back, before that is news: quotes of a quiet symbol grow stale now and then.</summary>
    public static readonly Duration RedundancyStands = Duration.FromSeconds(30);

    /// <summary>How long a jump must wait for evidence, or a reading be missing, before a person is asked.</summary>
    public static readonly Duration EvidenceStands = Duration.FromMinutes(1);

    private static readonly Duration Quiet = Duration.FromMinutes(1);

    private readonly MarketFold _market;
    private readonly IFoldReport _report;
    private readonly PerFeed[] _feeds;
    private readonly Source[] _sources;
    private readonly Dictionary<SourceId, string> _names;
    private readonly bool[] _isSuspect;
    private readonly IssueAlarms _issues;
    private readonly TokenMarketAlarms?[] _tokenMarkets;

    public FeedAlarms(MarketFold market, IFoldReport report)
    {
        _market = market;
        _report = report;
        _feeds = new PerFeed[market.Count];
        for (var i = 0; i < _feeds.Length; i++) _feeds[i] = new PerFeed(market.RulesOf(i) is ShareFeedRules share ? share.Sources.Count : 0);
        _sources = [.. Enumerable.Range(0, market.Count).Select(market.RulesOf).OfType<ShareFeedRules>().SelectMany(s => s.Sources).DistinctBy(s => s.Id)];
        _names = _sources.ToDictionary(s => s.Id, s => s.Name);
        _isSuspect = new bool[_sources.Length];
        _issues = new IssueAlarms(market, report);
        _tokenMarkets = [.. Enumerable.Range(0, market.Count).Select(i => market.RulesOf(i) is PremiumFeedRules premium ? new TokenMarketAlarms(market, i, premium, report) : null)];
    }

    /// <summary>A feed goes on from what the chains hold.</summary>
    public void Restored(int feed, Price price)
    {
        if (_market.ActivationOf(feed) == ActivationVerdict.ExcludesPrice)
            _report.Alarm(Name(feed), AlarmKind.Activation, $"MinPrice or MaxPrice excludes {price}, the price on chain: until that is old nothing else is published");
    }

    /// <summary>The sources, once per tick.</summary>
    public void Look(Instant now)
    {
        _issues.Look(now);
        for (var i = 0; i < _sources.Length; i++)
        {
            var until = _market.SuspectUntil(_sources[i].Id);
            // While the market is closed nothing votes, and vendors show what they like.
            var isSuspect = now < until && _market.Session.Session != MarketSession.Closed;
            if (isSuspect == _isSuspect[i]) continue;
            _isSuspect[i] = isSuspect;
            if (isSuspect) _report.Alarm(null, AlarmKind.EqualPrices, $"source {_sources[i].Name} has one price for several instruments that have nothing in common; it has no vote until {until} at least");
        }
    }

    /// <summary>A feed that decided.</summary>
    public void Look(int place, FeedDecision decision)
    {
        var feed = _feeds[place];
        LookAtReason(place, feed, decision);
        _tokenMarkets[place]?.Look(decision);
        if (_market.RulesOf(place) is not ShareFeedRules) return;
        LookAtRedundancy(place, feed, decision);
        if (decision.QuarantinedSources > 0 || feed.AnyQuarantined) LookAtSources(place, feed, decision);
    }

    private void LookAtReason(int place, PerFeed feed, FeedDecision decision)
    {
        if (decision.Reason != feed.Reason) (feed.Reason, feed.ReasonSince, feed.IsReasonSaid) = (decision.Reason, decision.DecidedAt, false);
        if (feed.IsReasonSaid) return;
        var kind = KindOf(decision.Reason);

        // A token and an indication show their share's reason too: that was said of the share.
        if (kind == AlarmKind.None || (kind < AlarmKind.Token && _market.RulesOf(place) is TokenFeedRules or QuotedTokenFeedRules or IndicationFeedRules) || (Lasts(decision.Reason) && decision.DecidedAt - feed.ReasonSince < EvidenceStands)) return;

        // Of the same kind as a moment ago: said when the quiet is over, if it still stands.
        if (feed.LastKind == kind && decision.DecidedAt - feed.LastAt < Quiet) return;
        feed.IsReasonSaid = true;
        (feed.LastKind, feed.LastAt) = (kind, decision.DecidedAt);
        var measured = decision.Measured.IsNone ? "" : $": {decision.Measured}, {decision.MeasuredMoveBps} bps from the last good price {decision.Price}";
        _report.Alarm(Name(place), kind, $"{(decision.IsFresh ? "degraded" : "held")}, {decision.Reason}{measured}");
    }

    private void LookAtRedundancy(int place, PerFeed feed, FeedDecision decision)
    {
        if (decision.Redundancy == RedundancyLevel.None)
        {
            feed.RedundancySince = decision.DecidedAt;
            return;
        }

        var isLow = decision.Redundancy <= RedundancyLevel.AtQuorum;
        if (isLow == feed.IsLow)
        {
            feed.RedundancySince = decision.DecidedAt;
            return;
        }

        if (feed.RedundancySince == Instant.MaxValue) feed.RedundancySince = decision.DecidedAt;
        if (decision.DecidedAt - feed.RedundancySince < RedundancyStands) return;
        feed.IsLow = isLow;
        feed.RedundancySince = decision.DecidedAt;
        if (!isLow) return;
        _report.Alarm(Name(place), AlarmKind.Redundancy, decision.Redundancy == RedundancyLevel.Lost
            ? "redundancy lost: fewer upstreams than the quorum have a usable word"
            : "redundancy lost: the loss of one more upstream holds the feed");
    }

    private void LookAtSources(int place, PerFeed feed, FeedDecision decision)
    {
        feed.AnyQuarantined = false;
        for (var i = 0; i < decision.Inputs.Length && i < feed.IsQuarantined.Length; i++)
        {
            var isQuarantined = decision.Inputs[i].Reason == InputReason.Quarantined;
            if (isQuarantined && !feed.IsQuarantined[i])
                _report.Alarm(Name(place), AlarmKind.Quarantine, $"source {_names[decision.Inputs[i].Source]} was wrong too often and has no vote until it is right again");
            feed.IsQuarantined[i] = isQuarantined;
            feed.AnyQuarantined |= isQuarantined;
        }
    }

    /// <summary>What is often over by itself.</summary>
    private static bool Lasts(DecisionReason reason) =>
        reason is DecisionReason.OutsideBand or DecisionReason.JumpNeedsEvidence or DecisionReason.ReserveMissing or DecisionReason.WrapperRateMissing or DecisionReason.WrapperRateStale or DecisionReason.PegUnknown;

    private static AlarmKind KindOf(DecisionReason reason) => reason switch
    {
        DecisionReason.AtBound or DecisionReason.OutsideBounds or DecisionReason.OutsideBand => AlarmKind.Bounds,
        DecisionReason.RelatedDisagrees => AlarmKind.Related,
        DecisionReason.ActivationDeviates => AlarmKind.Activation,
        DecisionReason.JumpNeedsEvidence => AlarmKind.Evidence,
        DecisionReason.Depegged or DecisionReason.ReserveShort or DecisionReason.IssuerPaused or DecisionReason.CodeChanged or DecisionReason.MultiplierDisputed or DecisionReason.PegUnknown => AlarmKind.Token,
        DecisionReason.ReserveThin or DecisionReason.ReserveMissing or DecisionReason.ReserveStale => AlarmKind.Reserve,
        >= DecisionReason.WrapperRateMissing and <= DecisionReason.WrapperFormulaBroken => AlarmKind.Wrapper,
        _ => AlarmKind.None,
    };

    private string Name(int place) => _market.RulesOf(place).Feed.Name;

    private sealed class PerFeed(int sources)
    {
        public readonly bool[] IsQuarantined = new bool[sources];
        public bool AnyQuarantined;
        public bool IsLow;
        public Instant RedundancySince = Instant.MaxValue;
        public DecisionReason Reason;
        public Instant ReasonSince;
        public bool IsReasonSaid;
        public AlarmKind LastKind;
        public Instant LastAt;
    }
}
