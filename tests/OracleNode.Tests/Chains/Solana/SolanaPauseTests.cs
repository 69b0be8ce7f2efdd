namespace OracleNode.Chains.Solana;

/// <summary>A stop by guardian or owner in the real program, as the publisher reads it.</summary>
public sealed class SolanaPauseTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_OneFeedStopped_SaysSoAndSoDoesTheReadBack()
    {
        var deployment = await cluster.DeployAsync("one stopped", shares: 2, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var feeds = deployment.Deployed.Feeds;
        await SetPausedAsync(deployment, true, SolanaAddress.Parse(feeds[1].Address));
        Assert.Equal((bool[])[false, true], await PausedAsync(publisher, deployment));

        // The program passes over it, and what was read back does not forget the stop.
        var result = await publisher.SubmitAsync(deployment.Batch(), Token);
        Assert.Equal([false, true], result.ReadBack.Select(f => f.Paused));
        Assert.Equal([true, false], result.ReadBack.Select(f => f.Sequence != 0));

        await SetPausedAsync(deployment, false, SolanaAddress.Parse(feeds[1].Address));
        Assert.Equal((bool[])[false, false], await PausedAsync(publisher, deployment));
    }

    [Fact]
    public async Task ReadAsync_RegistryStopped_SaysSoOfEveryFeed()
    {
        var deployment = await cluster.DeployAsync("all stopped", shares: 1, tokens: 1);
        using var publisher = await deployment.ConnectedAsync();
        Assert.Equal((bool[])[false, false], await PausedAsync(publisher, deployment));

        await SetPausedAsync(deployment, true);
        Assert.Equal((bool[])[true, true], await PausedAsync(publisher, deployment));
        var result = await publisher.SubmitAsync(deployment.Batch(), Token);
        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.All(result.ReadBack, f => Assert.True(f.Paused));

        await SetPausedAsync(deployment, false);
        Assert.Equal((bool[])[false, false], await PausedAsync(publisher, deployment));
    }

    private static async Task<bool[]> PausedAsync(SolanaPublisher publisher, LocalDeployment deployment) => [.. (await publisher.ReadAsync(deployment.FeedIds, Token)).Select(f => f.Paused)];

    /// <summary>Opcode 7: without feeds all of the registry.</summary>
    private static Task<string> SetPausedAsync(LocalDeployment deployment, bool isPaused, params SolanaAddress[] feeds)
    {
        var (program, registry) = (deployment.Deployed.Program, deployment.Deployed.Registry);
        var instruction = new SolanaInstruction(program, [AccountUse.Writable(registry), AccountUse.Signer(deployment.Payer.Address), .. feeds.Select(AccountUse.Writable)], new byte[] { 7, isPaused ? (byte)1 : (byte)0 });
        return new SolanaTransactionSender(deployment.Options, deployment.Chain.Rpc, deployment.Payer, program, TimeProvider.System).DeliverAsync("test", [instruction], Token);
    }
}
