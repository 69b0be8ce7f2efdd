using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// One feed's place in the pipeline: its fold and what came of its last tick. Only the pipeline's own loop touches it.
/// A fault of its rules stops this feed and no other.
/// </summary>
internal abstract class FeedSlot(Feed feed)
{
    private RecordError _error;

    public Feed Feed { get; } = feed;

    public FeedId Id { get; } = FeedIdentity.Compute(feed);

    /// <summary>The latest decision; null before the first tick.</summary>
    public FeedDecision? Decision { get; protected set; }

    /// <summary>The record that would be signed now; it has a canonical encoding. Null when there is nothing to publish.</summary>
    public FeedRecord? Candidate { get; private set; }

    /// <summary>Why the decision is not published as it is; null when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Its rules threw: what they hold may be half-done, so nothing more is made of it until a restart.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Monotonic arrival of the newest observation taken in during this pass; 0 for none.</summary>
    public long InputArrivedAt { get; set; }

    /// <summary>Continues from what a chain holds. Once, before the first tick.</summary>
    public abstract void Restore(in FeedRecord record);

    /// <summary>Takes the feed out of service after a fault.</summary>
    public void Stop(string problem)
    {
        IsStopped = true;
        Problem = problem;
        Candidate = null;
        Decision = null;
    }

    /// <summary>Offers a record for publication, unless no chain could ever store it.</summary>
    protected void Propose(in FeedRecord? record)
    {
        var error = record is { } candidate ? RecordCodec.Check(candidate) : RecordError.None;
        Candidate = error == RecordError.None ? record : null;
        if (error == _error) return;
        _error = error;
        Problem = error == RecordError.None ? null : $"its record has no canonical encoding: {error}";
    }
}
