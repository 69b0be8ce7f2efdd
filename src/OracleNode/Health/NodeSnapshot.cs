using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Health;

/// <summary>What the node knows of itself at one moment; immutable. Health keys, endpoints and metrics read this and nothing else.</summary>
/// <param name="Node">Configured node name.</param>
/// <param name="TakenAt">Market time.</param>
/// <param name="PassedAt">Monotonic timestamp of the pipeline's pass that made it.</param>
/// <param name="Restored">Last prices and sequences were read from at least one chain; nothing is signed before.</param>
/// <param name="SigningProblem">Why nothing is signed; null when all is well.</param>
/// <param name="LastSequence">Sequence of the last batch signed or seen on a chain.</param>
/// <param name="BatchesSigned">Since the start.</param>
/// <param name="ReceivedToSigned">From the arrival of the newest observation behind a batch to its signature.</param>
/// <param name="ReceivedToLanded">From the same arrival to the read-back on a chain.</param>
internal sealed record NodeSnapshot(
    string Node,
    Instant TakenAt,
    long PassedAt,
    bool Restored,
    string? SigningProblem,
    ulong LastSequence,
    long BatchesSigned,
    Pipeline.LatencySummary? ReceivedToSigned,
    Pipeline.LatencySummary? ReceivedToLanded,
    IReadOnlyList<FeedSnapshot> Feeds,
    IReadOnlyList<ChainSnapshot> Chains,
    IReadOnlyList<SourceSnapshot> Sources)
{
    /// <summary>Who is asked for corporate actions.</summary>
    public IReadOnlyList<PollSnapshot> CorporateActions { get; init; } = [];

    /// <summary>Calendar, session, clock, signed documents.</summary>
    public SurroundingsSnapshot Surroundings { get; init; } = SurroundingsSnapshot.None;
}

/// <summary>One feed as the node would publish it now.</summary>
/// <param name="Price">Last good price; none when there never was one.</param>
/// <param name="ObservedAt">Oldest contributing observation, market time; null when there never was a price.</param>
/// <param name="DecisionReason">The rule that decided the state, or why the decision is not published.</param>
internal sealed record FeedSnapshot(
    string Name,
    FeedId Id,
    FeedState State,
    HoldReasons HoldReasons,
    HaltReason HaltReason,
    MarketSession Session,
    ClosedReason ClosedReason,
    Price Price,
    long ConfidenceE8,
    Instant? ObservedAt,
    Instant? NextChangeAt,
    int SourcesUsed,
    int SourcesRejected,
    int Upstreams,
    string DecisionReason)
{
    /// <summary>What one unit of the price buys.</summary>
    public FeedUnit Unit { get; init; }

    /// <summary>The same in words (<see cref="FeedUnitWords"/>).</summary>
    public string UnitWords { get; init; } = "";

    /// <summary>The rule that decided; None before the first decision.</summary>
    public Guards.DecisionReason Reason { get; init; }

    /// <summary>How many upstreams may still go.</summary>
    public Guards.RedundancyLevel Redundancy { get; init; }

    /// <summary>Sources without a vote, because they were wrong too often.</summary>
    public int QuarantinedSources { get; init; }

    /// <summary>The worst of all chains.</summary>
    public VerdictFinding Verdict { get; init; }
}

/// <summary>One chain as its worker sees it.</summary>
/// <param name="Problem">Why it is not connected or its last submission failed; null when all is well.</param>
/// <param name="LastCostUnits">Gas or compute units of the last landed batch.</param>
/// <param name="Feeds">In the order of <see cref="NodeSnapshot.Feeds"/>.</param>
internal sealed record ChainSnapshot(
    string Name,
    ChainKind Kind,
    bool Connected,
    string? Problem,
    long Landed,
    long Failed,
    long? LastCostUnits,
    IReadOnlyList<ChainFeedSnapshot> Feeds);

/// <summary>What a chain was last read to hold for one feed.</summary>
/// <param name="Updates">Times a record of ours landed since the start.</param>
/// <param name="Price">None when the chain holds nothing.</param>
internal sealed record ChainFeedSnapshot(
    string Feed,
    string Address,
    ulong Sequence,
    Price Price,
    FeedState State,
    MarketSession Session,
    Instant? ObservedAt,
    long Updates)
{
    /// <summary>Whether it is what the chain should hold.</summary>
    public ParityFinding Parity { get; init; }

    /// <summary>What the price was made from, of a token, a wrapper or an indication; null for any other, and when it holds nothing.</summary>
    public TokenTerms? Terms { get; init; }

    /// <summary>When what it holds was attested; null when it holds nothing.</summary>
    public Instant? AttestedAt => ObservedAt is null ? null : Instant.FromUnixTimeMilliseconds((long)(Sequence / BatchSequence.Slots));

    /// <summary>How long after that it may be relied on; zero when it holds nothing.</summary>
    public Duration MaxAge { get; init; }

    /// <summary>About the feed on this chain.</summary>
    public VerdictFinding Verdict { get; init; }

    /// <summary>Stopped there by guardian or owner: readers revert.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>One vendor session.</summary>
/// <param name="Status">Its state in a word, e.g. <c>Streaming</c>.</param>
/// <param name="Problem">Its last fault, or what it does not deliver; null when all is well.</param>
/// <param name="Received">Observations handed to the pipeline.</param>
/// <param name="Dropped">Observations that a newer one pushed out.</param>
internal sealed record SourceSnapshot(
    string Name,
    string Upstream,
    bool Connected,
    string Status,
    string? Problem,
    long Received,
    long Dropped,
    long Malformed,
    long UnknownTypes,
    long Reconnects)
{
    /// <summary>False for a list of halts, which says nothing of a price.</summary>
    public bool HasPrices { get; init; } = true;
}
