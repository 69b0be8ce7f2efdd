using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>A chain in this process that takes a batch at once and holds what it was given.</summary>
internal sealed class InstantChain(string name, ChainKind kind) : IChainPublisher
{
    public string Name => name;

    public ChainKind Kind => kind;

    public Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OnChainFeed>>([.. feeds.Select(id => new OnChainFeed(id, "in-process", 0, null))]);

    public Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        var readBack = new OnChainFeed[batch.Feeds.Count];
        for (var i = 0; i < readBack.Length; i++) readBack[i] = new OnChainFeed(batch.Feeds[i], "in-process", batch.Header.Sequence, batch.Records[i]);
        return Task.FromResult(new SubmissionResult(SubmissionOutcome.Landed, null, [], null, readBack));
    }
}
