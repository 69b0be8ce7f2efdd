using NodaTime;
using OracleNode.Market;

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

    /// <summary>A feed went into another state, or holds for other reasons than before.</summary>
    /// <param name="feed">Its place.</param>
    /// <param name="transition">What changed, and why.</param>
    void Changed(int feed, in OracleNode.Guards.FeedTransition transition);

    /// <summary>Something a person must know of.</summary>
    /// <param name="feed">Name of the feed; null for what concerns more than one.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="message">In words.</param>
    void Alarm(string? feed, AlarmKind kind, string message);

    /// <summary>Something that stands around all feeds began: a disputed session, a clock that is off.</summary>
    void MarketDistrusted(string problem);

    /// <summary>It is over.</summary>
    void MarketTrusted(string problem);

    /// <summary>A chain's owner lets feeds be read there again.</summary>
    void ChainResumed(string chain, string feeds)
    {
    }

    /// <summary>The feeds go on from what the chains hold.</summary>
    void Restored(int restored, int feeds);

    /// <summary>A feed without a price of this moment goes on from a newer one that another node signed.</summary>
    /// <param name="feed">Its name.</param>
    /// <param name="price">The price.</param>
    /// <param name="observedAt">When it was observed.</param>
    /// <param name="node">Slot of the node that signed it.</param>
    void Adopted(string feed, Price price, Instant observedAt, int node)
    {
    }
}
