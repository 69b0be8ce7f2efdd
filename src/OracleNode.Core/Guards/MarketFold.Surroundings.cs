using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What stands around every feed: the session that nobody disputes, the node's clock, the operator, market-wide halts, price bands.</summary>
public sealed partial class MarketFold
{
    /// <summary>A market status that is farther from when it was received is of another time, or of a clock that cannot be trusted.</summary>
    private static readonly Duration ClaimTolerance = Duration.FromMinutes(2);

    private readonly Dictionary<SourceId, Source> _sources = [];
    private readonly HashSet<SourceId> _listing = [];
    private readonly SessionWatch _sessionWatch;
    private readonly ClockStanding _clock;
    private readonly MarketWideHalts _marketWide = new();
    private readonly ComputedBand?[] _computedBands;
    private readonly int[] _everyShare;

    /// <summary>The session of the latest tick: the calendar's, or Unknown while it is disputed.</summary>
    public SessionInfo Session { get; private set; }

    /// <summary>True when vendors contradict the calendar so that no session can be relied on.</summary>
    public bool IsSessionDisputed { get; private set; }

    /// <summary>The node's clock as of the latest tick.</summary>
    public ClockVerdict Clock => _clock.Verdict;

    /// <summary>True from when the clock is found wrong until nothing speaks against it any more: nothing may be signed.</summary>
    public bool IsClockWrong => _clock.IsWrong;

    /// <summary>True when that upstream contradicts the calendar: it has no vote.</summary>
    public bool Contradicts(UpstreamId upstream) => _sessionWatch.IsContradicting(upstream, _now, Calendar.SessionAt(_now).Session);

    /// <summary>A share's price band as the node computes it, at the latest tick; none for a token.</summary>
    public PriceBand ComputedBandOf(int feed) => _computedBands[feed]?.At(_now) ?? default;

    /// <summary>Time has come to <paramref name="now"/>: the session by which the feeds go.</summary>
    private SessionInfo LookAround(Instant now)
    {
        _now = now;
        FollowTradeDate(now);
        _clock.Judge(now);
        (var session, IsSessionDisputed) = _sessionWatch.Judge(now, Calendar.SessionAt(now));
        if (Session.Session == MarketSession.Regular && session.Session != MarketSession.Regular) foreach (var bands in _vendorBands) bands?.Clear();
        if (Session == session) return session;
        Session = session;
        foreach (var bands in _computedBands) bands?.Note(session, now);
        return session;
    }

    private InputOutcome ObserveSession(in Observation claim)
    {
        if (!_sources.ContainsKey(claim.Source)) return InputOutcome.UnknownSource;
        var age = claim.ReceiveTime - claim.EventTime;
        if (claim.Claims == SessionClaims.None || age > ClaimTolerance || age < -ClaimTolerance) return InputOutcome.Malformed;
        _sessionWatch.Apply(claim.Upstream, claim.Claims, _listing.Contains(claim.Source), claim.EventTime, Calendar);
        return InputOutcome.Applied;
    }

    private InputOutcome ObserveStatus(in Observation status)
    {
        if (!_sources.ContainsKey(status.Source)) return InputOutcome.UnknownSource;

        // The breaker is about every instrument, by whatever name it is said; a halt is one's own, and under a ticker outside its dates another's.
        var isOfOthers = !MarketWideHalts.IsTrip(status.Halt) && status.Instrument != InstrumentId.Every && !IsNamed(status);
        if (isOfOthers || !_marketWide.Take(status)) return Deliver(status);
        for (var instrument = 0; instrument < _sharesOfInstrument.Length; instrument++)
        {
            var id = new InstrumentId(instrument);
            if (_sharesOfInstrument[instrument].Length > 0) Deliver(status with { Instrument = id, Halt = _marketWide.ReasonFor(status, id) }, isOfEvery: true);
        }

        return InputOutcome.Applied;
    }

    private InputOutcome ObservePrice(in Observation price)
    {
        _clock.Observe(price);
        return Deliver(price);
    }
}
