using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

public class CheckedPublisherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_WhereSomethingDiffers_IsRefusedAndTriedAgainUntilItIsMended()
    {
        var (publisher, check) = (new CountingPublisher(), new ScriptedCheck());
        var subject = new CheckedPublisher(publisher, check);
        check.Problems = ["owner is A", "guardian is B"];

        var e = await Assert.ThrowsAsync<ChainException>(() => subject.ConnectAsync([], Token));

        Assert.Contains("owner is A; guardian is B", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, publisher.Connects);

        check.Problems = [];
        await subject.ConnectAsync([], Token);
        await subject.ConnectAsync([], Token);

        // One run refused, one was good, and that one lasts.
        Assert.Equal((2, 2), (publisher.Connects, check.Runs));
    }

    [Fact]
    public async Task ConnectAsync_WhereTheEndpointFails_IsNotTakenForGood()
    {
        var (publisher, check) = (new CountingPublisher(), new ScriptedCheck { Problems = null });
        var subject = new CheckedPublisher(publisher, check);

        await Assert.ThrowsAsync<ChainException>(() => subject.ConnectAsync([], Token));

        Assert.Equal(0, publisher.Connects);
    }

    private sealed class ScriptedCheck : IRecordCheck
    {
        /// <summary>Null: the endpoint fails.</summary>
        public IReadOnlyList<string>? Problems { get; set; } = [];

        public int Runs { get; private set; }

        public Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
        {
            Runs++;
            return Task.FromResult(Problems ?? throw new ChainException("no answer"));
        }
    }

    private sealed class CountingPublisher : IChainPublisher
    {
        public string Name => "local";

        public ChainKind Kind => ChainKind.Evm;

        public int Connects { get; private set; }

        public Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
        {
            Connects++;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
