using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Chains.Solana;

/// <summary>Everything that must be as expected before the first batch, each broken in turn.</summary>
public class SolanaConnectTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private const string Elsewhere = "VfM3oXqby3ZnyiPVbdbqpBJYRrtJV1wt8V1sUAevHmQ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_EverythingAsDeployed_Succeeds()
    {
        var deployment = await cluster.DeployAsync("as deployed", shares: 1, tokens: 1);
        using var publisher = await deployment.ConnectedAsync();

        Assert.Equal((ChainKind.Solana, "solana"), (publisher.Kind, publisher.Name));
        Assert.All(await publisher.ReadAsync(deployment.FeedIds, Token), feed => Assert.Equal((0ul, (Updates.FeedRecord?)null), (feed.Sequence, feed.Record)));
    }

    [Fact]
    public async Task ConnectAsync_OtherCluster_IsRefused() =>
        await RefusedAsync("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d", options => options.GenesisHash = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");

    [Fact]
    public async Task ConnectAsync_NoProgram_IsRefused() => await RefusedAsync($"no program at {Elsewhere}", options => options.ProgramId = Elsewhere);

    [Fact]
    public async Task ConnectAsync_ProgramThatIsNone_IsRefused()
    {
        var deployment = await cluster.DeployAsync("no executable", shares: 1, tokens: 0);
        await RefusedAsync("is not an executable program", options => options.ProgramId = deployment.Payer.Address.ToString());
    }

    [Fact]
    public async Task ConnectAsync_NoRegistry_IsRefused() => await RefusedAsync($"no registry at {Elsewhere}", options => options.Registry = Elsewhere);

    [Fact]
    public async Task ConnectAsync_NoLookupTable_IsRefused() => await RefusedAsync($"no lookup table at {Elsewhere}", options => options.LookupTable = Elsewhere);

    [Fact]
    public async Task ConnectAsync_RegistryGivenAsLookupTable_IsRefused()
    {
        var deployment = await cluster.DeployAsync("registry as table", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher(change: options => options.LookupTable = options.Registry);
        Assert.Contains("not to the lookup table program", (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_FeedGivenAsRegistry_IsRefused()
    {
        var deployment = await cluster.DeployAsync("feed as registry", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher(change: options => options.Registry = deployment.Deployed.Feeds[0].Address);
        Assert.Contains("it has 240 bytes, not 1792", (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_PayerGivenAsRegistry_IsRefused()
    {
        var deployment = await cluster.DeployAsync("payer as registry", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher(change: options => options.Registry = deployment.Payer.Address.ToString());
        Assert.Contains("not to the program", (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_OtherDeployment_IsRefused() => await RefusedAsync("this node signs for 0000000000000007", binding => binding with { Deployment = 7 });

    [Fact]
    public async Task ConnectAsync_OtherEpoch_IsRefused() => await RefusedAsync("signs for epoch 2", binding => binding with { Epoch = 2 });

    [Fact]
    public async Task ConnectAsync_EpochZero_IsRefused() => await RefusedAsync("signs for epoch 0", binding => binding with { Epoch = 0 });

    [Fact]
    public async Task ConnectAsync_SignerNotInTheSet_IsRefused() => await RefusedAsync("signer index 1 is not in epoch 1", binding => binding with { SignerIndex = 1 });

    [Fact]
    public async Task ConnectAsync_OtherKey_IsRefused() => await RefusedAsync("this node's key is", binding => binding with { PublicKey = new byte[32] });

    [Fact]
    public async Task ConnectAsync_FeedNotRegistered_IsRefused()
    {
        var deployment = await cluster.DeployAsync("missing feed", shares: 1, tokens: 0);
        var other = FeedIdentity.Compute(deployment.Feeds[0] with { Quote = "EUR" });
        using var publisher = deployment.Publisher();
        var e = await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync([.. deployment.FeedIds, other], Token));
        Assert.Contains($"feed {other}", e.Message, StringComparison.Ordinal);
        Assert.Contains("register the feed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_PayerWithoutLamports_IsRefused()
    {
        var deployment = await cluster.DeployAsync("no lamports", shares: 1, tokens: 0);
        using var payer = SolanaKeypair.Generate();
        using var publisher = deployment.Publisher(payer: payer);
        Assert.Contains("holds no lamports", (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_FeedAccountOfAnotherFeed_IsRefused()
    {
        var deployment = await cluster.DeployAsync("swapped accounts", shares: 2, tokens: 0);
        using var tamper = RpcTamper.Result("getMultipleAccounts", (_, result) =>
        {
            var value = result!["value"]!.AsArray();
            // The registry comes first.
            var first = value[1]!.DeepClone();
            value[1] = value[2]!.DeepClone();
            value[2] = first;
            return result;
        });
        using var publisher = deployment.Publisher(tamper);
        Assert.Contains("identity, quote, unit or decimals differ", (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("getGenesisHash")]
    [InlineData("getAccountInfo")]
    [InlineData("getMultipleAccounts")]
    [InlineData("getBalance")]
    public async Task ConnectAsync_EndpointAnswersNonsense_IsRefused(string method)
    {
        var deployment = await cluster.DeployAsync($"nonsense {method}", shares: 1, tokens: 0);
        foreach (var nonsense in (string[])["null", "true", "\"\"", "{}", "[]", "{\"value\":7}", "{\"value\":{\"data\":[\"!\",\"base64\"]}}", "1e400", "{\"context\":{\"slot\":-1},\"value\":[]}"])
        {
            if (method == "getBalance" && nonsense == "{\"value\":7}") continue; // a balance
            using var tamper = RpcTamper.Result(method, (_, _) => JsonNode.Parse(nonsense));
            using var publisher = deployment.Publisher(tamper, options => options.MaxRetries = 0);
            var e = await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token));
            Assert.Contains(method, e.Message, StringComparison.Ordinal);
        }
    }

    private async Task RefusedAsync(string words, Action<SolanaOptions> change)
    {
        var deployment = await cluster.DeployAsync($"refused {words}", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher(change: change);
        await RefusedAsync(words, publisher, deployment);
    }

    private async Task RefusedAsync(string words, Func<ChainBinding, ChainBinding> change)
    {
        var deployment = await cluster.DeployAsync($"refused {words}", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher(binding: change(deployment.Binding));
        await RefusedAsync(words, publisher, deployment);
    }

    private static async Task RefusedAsync(string words, SolanaPublisher publisher, LocalDeployment deployment)
    {
        var e = await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(deployment.FeedIds, Token));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }
}
