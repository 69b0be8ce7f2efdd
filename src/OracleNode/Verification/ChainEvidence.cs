using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Verification;

/// <summary>What a chain says of one feed, and the transaction that made it say so. Nothing of it is believed yet.</summary>
/// <param name="Endpoint">Who was asked, without access keys.</param>
/// <param name="Place">The contract, or program and registry.</param>
/// <param name="ChainTime">The chain's own clock.</param>
/// <param name="Deployment">Deployment of the contract or registry.</param>
/// <param name="Stored">What it holds; null when it knows no such feed or holds what is no record.</param>
/// <param name="StoredProblem">Why <paramref name="Stored"/> is null.</param>
/// <param name="AllPaused">The whole registry is stopped, apart from the feeds' own stops.</param>
/// <param name="Transaction">The one that stored it; null when it was not found.</param>
/// <param name="TransactionProblem">Why it was not found.</param>
/// <param name="Keys">The registered signers of the transaction's epoch; null without a transaction.</param>
internal sealed record ChainEvidence(
    string Endpoint,
    string Place,
    Instant ChainTime,
    ulong Deployment,
    OnChainFeed? Stored,
    string? StoredProblem,
    bool AllPaused,
    EvidenceTransaction? Transaction,
    string? TransactionProblem,
    SignerKeys? Keys);

/// <summary>The transaction that carried a record.</summary>
/// <param name="Id">Hash or signature.</param>
/// <param name="Where">Block or slot, in words.</param>
/// <param name="Envelope">As signed, with its signatures.</param>
/// <param name="Decoded">The envelope read.</param>
internal sealed record EvidenceTransaction(string Id, string Where, byte[] Envelope, DecodedEnvelope Decoded);

/// <summary>Finds the evidence for what a chain holds.</summary>
internal interface IEvidenceFinder
{
    /// <exception cref="ChainException">The endpoint cannot be reached, is of another chain, or answers nonsense.</exception>
    Task<ChainEvidence> FindAsync(FeedId feed, CancellationToken cancellationToken);
}
