using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Deployment;

namespace OracleNode.Chains.Solana;

public class LiteSvmChainTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static readonly SolanaAddress ClockSysvar = SolanaAddress.Parse("SysvarC1ock11111111111111111111111111111111");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_MarketClockOfAnotherDay_IsTheClustersTime()
    {
        // Moved on twice: what it was started with may be right without anybody setting it. A busy machine may take its time, never run ahead.
        var (first, last) = (default(Instant?), default(Instant));
        var started = Stopwatch.GetTimestamp();
        while (first is null || last - first < Duration.FromSeconds(2) || cluster.Clock.Now - last > Duration.FromSeconds(3))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"the cluster's clock is at {last}, market time is {cluster.Clock.Now}");
            var data = (await cluster.Chain.Rpc.GetAccountInfoAsync(ClockSysvar, Token))!.Data;
            last = Instant.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(32)));
            Assert.True(last <= cluster.Clock.Now, $"the cluster's clock is at {last}, ahead of market time {cluster.Clock.Now}");
            first ??= last;
            await Task.Delay(20, Token);
        }
    }

    [Fact]
    public async Task DisposeAsync_RunningCluster_AnswersNoMoreAndTheOtherDoes()
    {
        var chain = await LiteSvmChain.StartAsync(cluster.Tools, "second", cluster.Clock, NullLogger.Instance, Token);
        Assert.NotEqual(cluster.Chain.RpcUrl, chain.RpcUrl);
        var url = chain.RpcUrl;

        await chain.DisposeAsync();
        await chain.DisposeAsync();

        using var client = new SolanaRpcClient(url, TimeSpan.FromSeconds(5), SolanaCommitment.Confirmed, TimeProvider.System);
        Assert.Equal(SolanaRpcFailure.Unreachable, (await Assert.ThrowsAsync<SolanaRpcException>(() => client.GetBlockHeightAsync(Token))).Failure);
        Assert.NotEqual(0ul, await cluster.Chain.Rpc.GetBlockHeightAsync(Token));
        Assert.False(chain.Failure.IsCompleted);
    }

    [Fact]
    public async Task StartAsync_GenesisHashGiven_IsClaimed()
    {
        var mainnet = SolanaAddress.Parse("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");

        await using var chain = await LiteSvmChain.StartAsync(cluster.Tools, "claimed", cluster.Clock, NullLogger.Instance, Token, mainnet);

        Assert.Equal(mainnet, chain.GenesisHash);
        Assert.Equal(mainnet, await chain.Rpc.GetGenesisHashAsync(Token));
    }

    [Fact]
    public async Task Failure_ProcessEndsOnItsOwn_SaysSo()
    {
        await using var chain = await LiteSvmChain.StartAsync(cluster.Tools, "killed", cluster.Clock, NullLogger.Instance, Token);
        using (var process = Process.GetProcessById(chain.ProcessId)) process.Kill();

        var e = await Assert.ThrowsAsync<ChainException>(() => chain.Failure.WaitAsync(TimeSpan.FromSeconds(30), Token));

        Assert.Contains("killed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeployAsync_SameDeploymentTwice_FindsItDone()
    {
        var first = await cluster.DeployAsync("deployed twice", shares: 1, tokens: 0);
        var plan = new ContractPlan(first.Id, [new PlannedSigner(0, first.PublicKey)], 1, []) { MaxFutureMillis = 60_000, MaxAttestationAgeMillis = 600_000 };

        var second = await SolanaDeployer.DeployAsync(cluster.Chain, first.Payer, plan, new SignerProofs(null, []), cluster.RecordOf("deployed twice", first.Id), Token);

        Assert.Equal((first.Deployed.Program, first.Deployed.Registry, first.Deployed.Epoch), (second.Program, second.Registry, second.Epoch));
    }

    [Fact]
    public async Task DeployAsync_ProofByAnotherKey_IsRefused()
    {
        using var owner = SolanaKeypair.Generate();
        using var stranger = new KeySigner();
        using var signer = new KeySigner();
        var plan = new ContractPlan(7, [new PlannedSigner(0, signer.Key)], 1, []);

        var e = await Assert.ThrowsAsync<ChainException>(() => SolanaDeployer.DeployAsync(cluster.Chain, owner, plan, new SignerProofs(stranger, []), cluster.RecordOf("seven", 7), Token));

        Assert.Contains("signer 0: no good proof of possession", e.Message, StringComparison.Ordinal);
    }
}
