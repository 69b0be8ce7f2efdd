namespace OracleNode.Pipeline;

/// <summary>
/// Tells a person when a guardian or owner stops feeds on a chain and when they go on: nothing else shows it, since an EVM contract goes on storing
/// the records of a feed whose readers revert. Only the pipeline's own loop touches it.
/// </summary>
internal sealed class ChainPauses
{
    private const int FeedsNamed = 5;

    private readonly ChainPlanner[] _chains;
    private readonly string[] _feeds;
    private readonly bool[][] _isPaused;
    private readonly IFoldReport _report;

    public ChainPauses(PipelinePlan plan, IFoldReport report)
    {
        _chains = [.. plan.Chains];
        _feeds = [.. plan.Slots.Select(s => s.Feed.Name)];
        _isPaused = [.. _chains.Select(_ => new bool[_feeds.Length])];
        _report = report;
    }

    /// <summary>Looks at every chain as the planners last saw it; what changed is said once, a line per chain.</summary>
    public void Observe()
    {
        for (var c = 0; c < _chains.Length; c++)
        {
            List<string>? stopped = null, resumed = null;
            var all = true;
            for (var i = 0; i < _feeds.Length; i++)
            {
                // Of a chain that was not read nothing is known anew.
                var isPaused = _chains[c].Feeds[i].Landed?.Paused ?? _isPaused[c][i];
                all &= isPaused;
                if (isPaused == _isPaused[c][i]) continue;
                _isPaused[c][i] = isPaused;
                if (isPaused) (stopped ??= []).Add(_feeds[i]);
                else (resumed ??= []).Add(_feeds[i]);
            }

            var chain = _chains[c].Chain.Name;
            if (stopped is not null)
            {
                _report.Alarm(null, AlarmKind.ChainPause,
                    $"chain {chain}: stopped there by its guardian or owner: {Named(stopped)}{(all ? ", which is every feed" : "")}. Every reader reverts until the owner resumes");
            }

            if (resumed is not null) _report.ChainResumed(chain, Named(resumed));
        }
    }

    private static string Named(List<string> feeds) =>
        feeds.Count <= FeedsNamed ? string.Join(", ", feeds) : $"{string.Join(", ", feeds.Take(FeedsNamed))} and {feeds.Count - FeedsNamed} more";
}
