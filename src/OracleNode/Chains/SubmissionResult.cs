namespace OracleNode.Chains;

/// <summary>How an attempt to land a batch ended.</summary>
public enum SubmissionOutcome
{
    Unknown = 0,
    /// <summary>Read back from the chain, and every record equal to ours or newer.</summary>
    Landed,
    /// <summary>Included, but the chain holds something else for at least one record.</summary>
    Diverged,
    /// <summary>The chain refused it; sending the same again cannot help.</summary>
    Refused,
    /// <summary>Not included within its time; may be tried again with a newer batch.</summary>
    Expired,
    /// <summary>The RPC endpoint failed or lied about its identity.</summary>
    Unreachable,
}

/// <summary>What happened to one batch on one chain.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Detail">For a person: what failed, with both sides. Null when landed.</param>
/// <param name="TransactionIds">Hashes or signatures of the transactions sent.</param>
/// <param name="CostUnits">Gas (EVM) or compute units (Solana) of all transactions, when known.</param>
/// <param name="ReadBack">The chain's word on every record offered, after landing; empty when unknown.</param>
public sealed record SubmissionResult(
    SubmissionOutcome Outcome,
    string? Detail,
    IReadOnlyList<string> TransactionIds,
    long? CostUnits,
    IReadOnlyList<OnChainFeed> ReadBack);
