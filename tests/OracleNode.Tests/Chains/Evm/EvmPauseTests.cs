using Microsoft.Extensions.Logging.Abstractions;

namespace OracleNode.Chains.Evm;

/// <summary>A stop by guardian or owner on a real contract, as the publisher reads it.</summary>
public sealed class EvmPauseTests(LocalOracleFeeds local) : IClassFixture<LocalOracleFeeds>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_FeedOrAllStopped_SaysSoAlsoOfWhatLandsMeanwhile()
    {
        var publisher = await local.PublisherAsync();
        await publisher.ConnectAsync(LocalOracleFeeds.Ids, Token);
        Assert.Equal((bool[])[false, false, false], await PausedAsync(publisher));

        await SendAsync(new AbiWriter("pauseFeeds(bytes32[])", 1).Ids([LocalOracleFeeds.Ids[1]]).ToArray());
        Assert.Equal((bool[])[false, true, false], await PausedAsync(publisher));

        await SendAsync(new AbiWriter("pauseAll()", 0).ToArray());
        Assert.Equal((bool[])[true, true, true], await PausedAsync(publisher));

        // The contract stores all the same, and the read-back does not forget the stop.
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 400_00000000, sequence)), Token);
        Assert.Equal((SubmissionOutcome.Landed, (string?)null), (result.Outcome, result.Detail));
        var stored = Assert.Single(result.ReadBack);
        Assert.Equal((sequence, true), (stored.Sequence, stored.Paused));

        await SendAsync(new AbiWriter("resumeFeeds(bytes32[])", 1).Ids(LocalOracleFeeds.Ids).ToArray());
        Assert.Equal((bool[])[false, false, false], await PausedAsync(publisher));
    }

    private static async Task<bool[]> PausedAsync(EvmPublisher publisher) => [.. (await publisher.ReadAsync(LocalOracleFeeds.Ids, Token)).Select(f => f.Paused)];

    private async Task SendAsync(byte[] data)
    {
        var sender = new EvmTransactionSender(local.Options(), local.Owner, local.Chain.Rpc, TimeProvider.System, NullLogger.Instance);
        var delivery = await sender.DeliverAsync(local.Deployed.Contract, data, 300_000, Token);
        Assert.True(delivery.Receipt?.Succeeded, delivery.Detail);
    }
}
