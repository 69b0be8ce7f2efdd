using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>
/// One chain as the pipeline sees it. An implementation is used by one worker at a time; it owns its RPC client,
/// fees, nonce or blockhash, and retries within one submission.
/// </summary>
public interface IChainPublisher
{
    /// <summary>Configured name, e.g. <c>arbitrum</c>.</summary>
    string Name { get; }

    ChainKind Kind { get; }

    /// <summary>
    /// Checks that the endpoint is the chain we think it is (chain id or genesis hash), that the contract or program is
    /// there, belongs to our deployment and knows our signer, and that every feed is registered with the same id.
    /// </summary>
    /// <exception cref="ChainException">Anything is not as it must be.</exception>
    Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken);

    /// <summary>Reads what the chain holds, in the order asked.</summary>
    /// <exception cref="ChainException">The endpoint failed or answered nonsense.</exception>
    Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken);

    /// <summary>
    /// Lands the whole batch, in as many transactions as the chain needs, and reads it back. Does not throw for anything
    /// the chain or its endpoint does: that is the outcome.
    /// </summary>
    Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken);
}
