using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>One feed's place in the pipeline: its fold and what came of its last tick. Only the pipeline's own loop touches it.</summary>
internal abstract class FeedSlot(Feed feed)
{
    public Feed Feed { get; } = feed;

    public FeedId Id { get; } = FeedIdentity.Compute(feed);

    /// <summary>The latest decision; null before the first tick.</summary>
    public FeedDecision? Decision { get; protected set; }

    /// <summary>The record that would be signed now; null when there is nothing to publish.</summary>
    public FeedRecord? Candidate { get; protected set; }

    /// <summary>Monotonic arrival of the newest observation since the last batch that carried this feed; 0 for none.</summary>
    public long InputArrivedAt { get; set; }

    /// <summary>Continues from what a chain holds. Once, before the first tick.</summary>
    public abstract void Restore(in FeedRecord record);
}
