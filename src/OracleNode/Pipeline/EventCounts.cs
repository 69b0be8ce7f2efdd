using OracleNode.Guards;

namespace OracleNode.Pipeline;

/// <summary>How often each feed changed its state and for which reason, and what was alarmed. Written by the pipeline, read by anyone.</summary>
internal sealed class EventCounts
{
    private readonly string[] _feeds;
    private readonly long[][] _transitions;
    private readonly long[] _alarms = new long[Enum.GetValues<AlarmKind>().Length];

    public EventCounts(IEnumerable<string> feeds)
    {
        _feeds = [.. feeds];
        var reasons = (int)Enum.GetValues<DecisionReason>().Max() + 1;
        _transitions = [.. _feeds.Select(_ => new long[reasons])];
    }

    /// <summary>Names of the feeds, by place.</summary>
    public IReadOnlyList<string> Feeds => _feeds;

    public void Note(int feed, DecisionReason reason) => Interlocked.Increment(ref _transitions[feed][(int)reason]);

    public void Note(AlarmKind kind) => Interlocked.Increment(ref _alarms[(int)kind]);

    /// <summary>Changes of a feed's state or flags that a reason led to.</summary>
    public long Of(int feed, DecisionReason reason) => Interlocked.Read(ref _transitions[feed][(int)reason]);

    public long Of(AlarmKind kind) => Interlocked.Read(ref _alarms[(int)kind]);
}
