using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>One feed's place in the pipeline: what came of its last tick. Only the pipeline's own loop touches it.</summary>
internal sealed class FeedSlot(Feed feed)
{
    private FeedRecord? _candidate;
    private RecordError _error;
    private FeedState _state;

    public Feed Feed { get; } = feed;

    public FeedId Id { get; } = FeedIdentity.Compute(feed);

    /// <summary>What its numbers are of.</summary>
    public string UnitWords { get; } = FeedUnitWords.Of(feed);

    /// <summary>The latest decision; null before the first tick.</summary>
    public FeedDecision? Decision { get; private set; }

    /// <summary>The record that would be signed now; it has a canonical encoding. Null when there is nothing to publish.</summary>
    public FeedRecord? Candidate => _candidate;

    /// <summary><see cref="Candidate"/> where it is: records are large, and every pass looks at those of many feeds for every chain.</summary>
    public ref readonly FeedRecord? CandidateInPlace => ref _candidate;

    /// <summary>When the decision's state began.</summary>
    public Instant StateSince { get; private set; }

    /// <summary>The record that was signed last, or found on chain at the start; null when there is none.</summary>
    public FeedRecord? Signed { get; private set; }

    /// <summary>Why the decision is not published as it is; null when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Its rules threw: what they hold may be half-done, so nothing more is made of it until a restart.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Grows whenever <see cref="Candidate"/> or <see cref="StateSince"/> may have changed.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Takes the feed out of service after a fault.</summary>
    public void Stop(string problem)
    {
        Revision++;
        IsStopped = true;
        Problem = problem;
        _candidate = null;
        Decision = null;
    }

    /// <summary>Notes that a record of the feed was signed, or is what the chains hold.</summary>
    public void NoteSigned(in FeedRecord record) => Signed = record;

    /// <summary>Makes the record of a decision and offers it for publication, unless no chain could ever store it.</summary>
    public void Propose(FeedDecision decision)
    {
        Revision++;
        Decision = decision;
        if (decision.State != _state) (_state, StateSince) = (decision.State, decision.DecidedAt);
        var record = FeedRecordFactory.Create(decision, Id, Signed);
        var error = record is { } candidate ? RecordCodec.Check(candidate) : RecordError.None;
        _candidate = error == RecordError.None ? record : null;
        if (error == _error) return;
        _error = error;
        Problem = error == RecordError.None ? null : $"its record has no canonical encoding: {error}";
    }
}
