using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>Says what stands around all feeds when it changes: a disputed session, an upstream that contradicts the calendar, a clock that is off. Each once.</summary>
internal sealed class SurroundingsReport(MarketFold market, IFoldReport report)
{
    private readonly (UpstreamId Upstream, string Name)[] _upstreams = [.. UpstreamsOf(market)];

    private readonly HashSet<UpstreamId> _saidContradicting = [];
    private bool _saidDisputed;
    private ClockState _saidClock;
    private bool _saidWrong;

    /// <summary>Upstreams that contradict the calendar now, by name.</summary>
    public static IEnumerable<string> ContradictingOf(MarketFold market) => UpstreamsOf(market).Where(u => market.Contradicts(u.Upstream)).Select(u => u.Name);

    /// <summary>Why the clock is not trusted; null when it is.</summary>
    public static string? ClockProblem(ClockVerdict verdict, bool isWrong) => verdict.State is not (ClockState.Off or ClockState.Wrong) && !isWrong
        ? null
        : $"the node's clock is {Math.Abs(verdict.Offset.TotalMilliseconds):F0} ms {(verdict.Offset < NodaTime.Duration.Zero ? "behind" : "ahead")} by what {Name(verdict.Reference)} says"
            + (isWrong ? ": nothing is signed until it is right again" : "");

    /// <summary>After a tick.</summary>
    public void Say()
    {
        if (market.IsSessionDisputed != _saidDisputed)
        {
            _saidDisputed = market.IsSessionDisputed;
            Tell(_saidDisputed, $"the session: vendors contradict calendar '{market.Calendar.Version}' ({string.Join(", ", ContradictingOf(market))}), so it is Unknown and every feed holds");
        }

        foreach (var (upstream, name) in _upstreams)
        {
            var contradicts = market.Contradicts(upstream);
            if (contradicts ? _saidContradicting.Add(upstream) : _saidContradicting.Remove(upstream))
                Tell(contradicts, $"upstream {name}: its market status contradicts calendar '{market.Calendar.Version}'");
        }

        var verdict = market.Clock;
        if (verdict.State == _saidClock && market.IsClockWrong == _saidWrong) return;
        var wasBad = _saidWrong || _saidClock is ClockState.Off or ClockState.Wrong;
        (_saidClock, _saidWrong) = (verdict.State, market.IsClockWrong);
        var problem = ClockProblem(verdict, market.IsClockWrong);
        if (problem is not null || wasBad) Tell(problem is not null, problem ?? "the node's clock");
    }

    private static IEnumerable<(UpstreamId Upstream, string Name)> UpstreamsOf(MarketFold market) =>
        Enumerable.Range(0, market.Count).Select(market.RulesOf).OfType<ShareFeedRules>().SelectMany(r => r.Sources).Select(s => (s.Upstream, s.UpstreamName)).Distinct();

    private void Tell(bool begins, string problem)
    {
        if (begins) report.MarketDistrusted(problem);
        else report.MarketTrusted(problem);
    }

    private static string Name(ClockReference reference) => reference switch
    {
        ClockReference.Ntp => "the time servers' median",
        ClockReference.Chain => "two chains' blocks",
        _ => "two vendors' messages",
    };
}
