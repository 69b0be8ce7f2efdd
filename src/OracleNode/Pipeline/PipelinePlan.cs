using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>What the pipeline runs, made once from the checked configuration.</summary>
/// <param name="Calendar">Sessions of the market.</param>
/// <param name="Slots">Every feed; shares before the tokens made from them.</param>
/// <param name="Inboxes">One per source.</param>
/// <param name="Chains">One per chain.</param>
/// <param name="Deployment">Deployment id.</param>
/// <param name="SignerEpoch">Epoch of the signer set.</param>
/// <param name="SignerIndex">Place of this node's key in it.</param>
/// <param name="NodeSlot">Part of every sequence, 0 to 15.</param>
internal sealed record PipelinePlan(
    TradingCalendar Calendar,
    IReadOnlyList<FeedSlot> Slots,
    IReadOnlyList<SourceInbox> Inboxes,
    IReadOnlyList<ChainPlanner> Chains,
    ulong Deployment,
    uint SignerEpoch,
    byte SignerIndex,
    int NodeSlot);
