using OracleNode.Guards;

namespace OracleNode.Pipeline;

/// <summary>What the pipeline runs, made once from the checked configuration.</summary>
/// <param name="Market">Every feed's rules and state.</param>
/// <param name="Slots">Every feed, in the market's order.</param>
/// <param name="Chains">One per chain: what it needs.</param>
/// <param name="Deployment">Deployment id.</param>
/// <param name="SignerEpoch">Epoch of the signer set.</param>
/// <param name="SignerIndex">Place of this node's key in it.</param>
/// <param name="NodeSlot">Part of every sequence, 0 to 15.</param>
/// <param name="Settings">Commitment to the configuration, for the evidence.</param>
internal sealed record PipelinePlan(
    MarketFold Market,
    IReadOnlyList<FeedSlot> Slots,
    IReadOnlyList<ChainPlanner> Chains,
    ulong Deployment,
    uint SignerEpoch,
    byte SignerIndex,
    int NodeSlot,
    Updates.Hash32 Settings = default)
{
    /// <summary>By place of feed: the bounds that chains hold it to; empty where they are not known.</summary>
    public IReadOnlyList<RegisteredBounds> Registered { get; init; } = [];
}

/// <summary>What surrounds the plan in a running node: where inputs come from and batches go.</summary>
/// <param name="Inboxes">One per source.</param>
/// <param name="Tokens">By token: the latest reading, or null when there is none to be used.</param>
/// <param name="Workers">One per chain, in the plan's order.</param>
internal sealed record PipelineEnds(
    IReadOnlyList<SourceInbox> Inboxes, IReadOnlyList<Func<OracleNode.Tokens.TokenReadout?>> Tokens, IReadOnlyList<ChainWorker> Workers)
{
    /// <summary>Calendars, operators' commands and comparisons of clocks; null when nobody has any.</summary>
    public RareInputQueue? Rare { get; init; }

    /// <summary>What code was accepted for each token; null where nothing is kept over a restart.</summary>
    public OracleNode.Tokens.AcceptedCodes? Codes { get; init; }

    /// <summary>What markets of tokens say; null when there is none.</summary>
    public TokenMarketInbox? TokenMarkets { get; init; }
}
