using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Test data that looks like prices takes its sources' votes away on every feed (<see cref="EqualPriceWatch"/>); where at least half of the upstreams
/// carry it, nothing that is said can be believed, and every feed holds.
/// </summary>
internal sealed class EqualPriceGuard : ICrossGuard
{
    /// <summary>No vendor is a day late.</summary>
    private static readonly Duration LongestDelay = Duration.FromDays(1);

    private readonly EqualPriceWatch _watch;
    private readonly Source?[] _sources;
    private readonly Instant[] _toldUntil;
    private readonly bool[] _isSuspect;
    private readonly int _upstreams;
    private bool _isMostSuspect;

    /// <param name="feeds">Every feed.</param>
    /// <param name="settings">The limits.</param>
    public EqualPriceGuard(IReadOnlyList<FeedRules> feeds, EqualPriceSettings settings)
    {
        var shares = feeds.OfType<ShareFeedRules>().ToList();
        var sources = shares.SelectMany(s => s.Sources).ToList();
        _sources = new Source?[sources.Count == 0 ? 0 : sources.Max(s => s.Id.Index) + 1];
        foreach (var source in sources) _sources[source.Id.Index] = source;
        _upstreams = sources.Select(s => s.Upstream).Distinct().Count();
        _isSuspect = new bool[sources.Count == 0 ? 0 : sources.Max(s => s.Upstream.Index) + 1];
        _toldUntil = new Instant[_sources.Length];
        _watch = new EqualPriceWatch(_sources.Length, shares.Count == 0 ? 0 : shares.Max(s => s.Feed.Instrument.Index) + 1, settings);
    }

    /// <summary>The last good price of an instrument, as the chains hold it.</summary>
    public void Seed(InstrumentId instrument, Price price) => _watch.Seed(instrument, price);

    /// <summary>Until when nothing of a source is believed; in the past when it is.</summary>
    public Instant SuspectUntil(SourceId source) => _watch.SuspectUntil(source);

    /// <inheritdoc/>
    public void Observe(in MarketInput input)
    {
        if (input.Kind != MarketInputKind.Observation) return;
        ref readonly var said = ref input.Observation;
        if (TradeEligibility.NotAnObservation(said.Conditions) != InputReason.Used || !IsOfNow(said)) return;
        var price = said.Kind switch
        {
            ObservationKind.Trade => said.Last.E8,
            ObservationKind.Quote when !said.Bid.IsNone && !said.Ask.IsNone => said.Bid.E8 + ((said.Ask.E8 - said.Bid.E8) / 2),
            _ => 0,
        };
        if (price is > 0 and <= SourceState.MaxPriceE8) _watch.Observe(said.Instrument, said.Source, price, said.ReceiveTime);
    }

    /// <summary>What no feed takes in for its stamp tells nothing of prices.</summary>
    private static bool IsOfNow(in Observation said) =>
        said.EventTime <= said.ReceiveTime ? said.ReceiveTime - said.EventTime <= LongestDelay : said.EventTime - said.ReceiveTime <= PricingSettings.Stock.FutureTolerance;

    /// <inheritdoc/>
    public void Measure(Instant now, in SessionInfo session, MarketFold market)
    {
        Array.Clear(_isSuspect);
        var suspect = 0;
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i] is not { } source || !_watch.IsSuspect(source.Id, now)) continue;
            if (!_isSuspect[source.Upstream.Index]) suspect++;
            _isSuspect[source.Upstream.Index] = true;
            var until = _watch.SuspectUntil(source.Id);
            if (until == _toldUntil[i]) continue;
            _toldUntil[i] = until;
            market.Suspend(source.Id, InputReason.EqualAcrossSymbols, until);
        }

        _isMostSuspect = suspect > 0 && 2 * suspect >= _upstreams;
    }

    /// <inheritdoc/>
    public CrossFinding Judge(int feed) => _isMostSuspect ? new CrossFinding(HoldReasons.Disagreement, DecisionReason.EqualPrices) : default;
}
