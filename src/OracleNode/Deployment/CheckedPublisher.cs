using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>
/// A chain that is not connected to, and so not published to, before what stands there was found to be what the record says. One
/// good finding lasts until the node is started again: after an outage the chain gets its fresh value without delay.
/// </summary>
internal sealed class CheckedPublisher(IChainPublisher publisher, IRecordCheck check) : IChainPublisher
{
    private bool _asRecorded;

    /// <inheritdoc/>
    public string Name => publisher.Name;

    /// <inheritdoc/>
    public ChainKind Kind => publisher.Kind;

    /// <inheritdoc/>
    public async Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        if (!_asRecorded)
        {
            var problems = await check.FindProblemsAsync(cancellationToken);
            if (problems.Count > 0) throw new ChainException($"{Name}: not as the deployment record says: {string.Join("; ", problems)}. Nothing is published there until that is corrected");
            _asRecorded = true;
        }

        await publisher.ConnectAsync(feeds, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) => publisher.ReadAsync(feeds, cancellationToken);

    /// <inheritdoc/>
    public Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken) => publisher.SubmitAsync(batch, cancellationToken);
}
