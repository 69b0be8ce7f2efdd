namespace OracleNode.Chains.Evm;

/// <summary>How the delivery of one transaction ended.</summary>
public enum EvmDeliveryStatus
{
    Unknown = 0,
    /// <summary>In a block; the receipt says whether it succeeded.</summary>
    Included,
    /// <summary>The endpoint will not take it, and not for its price.</summary>
    Refused,
    /// <summary>In no block within its time, or the fee cap does not allow it now.</summary>
    Expired,
    /// <summary>The endpoint failed.</summary>
    Unreachable,
}

/// <summary>What became of one transaction.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Detail">For a person, with both sides; null when included.</param>
/// <param name="Receipt">The chain's word; null unless included.</param>
/// <param name="TransactionIds">Hash of every version sent, in order.</param>
public sealed record EvmDelivery(EvmDeliveryStatus Status, string? Detail, EvmReceipt? Receipt, IReadOnlyList<string> TransactionIds);
