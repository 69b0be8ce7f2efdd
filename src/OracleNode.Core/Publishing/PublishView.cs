using NodaTime;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>All that the decision about one feed on one chain reads, where it is: records are large, and every pass looks at those of many feeds for every chain.</summary>
public readonly ref struct PublishView
{
    internal readonly ref readonly FeedRecord Candidate;
    internal readonly ref readonly FeedRecord Landed;

    /// <param name="hasCandidate">False when the feed has no record to publish; <paramref name="candidate"/> then says nothing.</param>
    /// <param name="candidate">The record that would be published now.</param>
    /// <param name="hasLanded">False when the chain holds nothing; <paramref name="landed"/> then says nothing.</param>
    /// <param name="landed">What the chain holds.</param>
    /// <param name="landedSequence">The sequence of its batch.</param>
    /// <param name="inFlight">See <see cref="PublishInput.InFlight"/>.</param>
    /// <param name="settings">The feed's cadences on the chain.</param>
    /// <param name="stateSince">See <see cref="PublishInput.StateSince"/>.</param>
    public PublishView(
        bool hasCandidate, ref readonly FeedRecord candidate, bool hasLanded, ref readonly FeedRecord landed, ulong landedSequence, bool inFlight, PublishSettings settings, Instant stateSince)
    {
        Candidate = ref candidate;
        Landed = ref landed;
        HasCandidate = hasCandidate;
        HasLanded = hasLanded;
        AttestedAtUnixMillis = (long)(landedSequence / BatchSequence.Slots);
        InFlight = inFlight;
        Settings = settings;
        StateSince = stateSince;
    }

    internal bool HasCandidate { get; }

    internal bool HasLanded { get; }

    /// <summary>When the landed record was attested, Unix milliseconds.</summary>
    internal long AttestedAtUnixMillis { get; }

    internal bool InFlight { get; }

    internal PublishSettings Settings { get; }

    internal Instant StateSince { get; }
}

/// <summary>The feeds of one chain, by place.</summary>
public interface IPublishFeeds
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them.</summary>
    PublishView this[int feed] { get; }
}
