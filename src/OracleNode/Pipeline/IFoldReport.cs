using NodaTime;

namespace OracleNode.Pipeline;

/// <summary>Who is told of what a person should know. Each thing is said once, when it begins.</summary>
internal interface IFoldReport
{
    /// <summary>A feed's rules failed; it is out of service.</summary>
    void FeedStopped(string feed, string problem, Exception? cause);

    /// <summary>A feed's decision cannot be published as it is.</summary>
    void FeedNotPublished(string feed, string problem);

    /// <summary>A rule over several feeds failed and is asked no more.</summary>
    void GuardStopped(string problem, Exception? cause);

    /// <summary>What a chain says cannot be true.</summary>
    void ChainNotCredible(string chain, string problem);

    /// <summary>What a chain needs could not be decided.</summary>
    void PlanFault(string chain, Exception cause);

    /// <summary>Something that stands around all feeds began: a disputed session, a clock that is off.</summary>
    void MarketDistrusted(string problem);

    /// <summary>It is over.</summary>
    void MarketTrusted(string problem);

    /// <summary>The feeds go on from what the chains hold.</summary>
    void Restored(int restored, int feeds);
}

/// <summary>Who writes the ordered log down, as it is folded.</summary>
internal interface IInputRecorder
{
    /// <summary>An input, before it is applied.</summary>
    void Record(in Market.MarketInput input);

    /// <summary>A tick, before it is made.</summary>
    void RecordTick(Instant now, bool everything);

    /// <summary>A feed goes on from a record that a chain held.</summary>
    void RecordRestore(Instant now, Market.Feed feed, in Updates.FeedRecord record, ulong sequence);
}
