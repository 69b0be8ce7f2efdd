using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Deployment;

public sealed class SolanaChainDeploymentTests(LocalSolanaCluster local) : IClassFixture<LocalSolanaCluster>
{
    private static readonly string[] AllSteps = ["program", "immutable", "registry", "feed TSLA", "feed TSLAx", "signer 0", "epoch", "lookup table", "owner"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlanAsync_OfAnEmptyCluster_SaysEveryStepAndChangesNothing()
    {
        var c = await local.CaseAsync();
        var balance = await local.Chain.Rpc.GetBalanceAsync(c.Deployer.Address, Token);

        var plan = await c.PlanAsync();

        Assert.Equal(AllSteps, plan.Steps.Select(s => s.Name));
        Assert.All(plan.Steps, s => Assert.Equal(StepState.ToDo, s.State));
        Assert.True(plan.Steps[0].Deposit > 100_000_000 && plan.Balance == balance);
        Assert.Equal(balance, await local.Chain.Rpc.GetBalanceAsync(c.Deployer.Address, Token));
        Assert.Null(await local.Chain.Rpc.GetAccountInfoAsync(SolanaAddress.Parse(plan.Contract), Token));
        Assert.False(File.Exists(c.RecordPath));
    }

    [Fact]
    public async Task ExecuteAsync_Twice_DeploysOnceAtThePlannedAddressesAndCost()
    {
        var c = await local.CaseAsync();
        var planned = await c.PlanAsync();

        var first = await c.ExecuteAsync();
        var recorded = await File.ReadAllBytesAsync(c.RecordPath, Token);
        var balance = await local.Chain.Rpc.GetBalanceAsync(c.Deployer.Address, Token);
        var second = await c.ExecuteAsync();

        Assert.True(first.IsComplete && second.IsComplete);
        Assert.Equal(planned.Contract, first.Contract);
        Assert.Equal(balance, await local.Chain.Rpc.GetBalanceAsync(c.Deployer.Address, Token));
        Assert.Equal(recorded, await File.ReadAllBytesAsync(c.RecordPath, Token));
        Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla, LocalEvmChain.Tslax));
        Assert.Equal(SolanaArtifact.Hash, c.Recorded.CodeHash);
        Assert.Equal((1u, 2), (c.Recorded.Epoch, c.Recorded.Feeds.Count));
        TestContext.Current.TestOutputHelper?.WriteLine($"planned {planned.Cost} lamports, spent {planned.Balance - balance}, {c.Recorded.Transactions.Count} transactions");
        Assert.InRange(planned.Balance - balance, planned.Cost * 95 / 100, planned.Cost * 105 / 100);
    }

    [Fact]
    public async Task ExecuteAsync_AFeedOfEveryUnit_StandsWithIt()
    {
        var c = await local.CaseAsync();
        var every = c with { Plan = c.Plan with { Feeds = [.. LocalEvmChain.EveryUnit.Select(f => LocalEvmChain.Planned(f, 1, 5_000))] } };

        Assert.True((await every.ExecuteAsync()).IsComplete);

        Assert.Empty(await every.ProblemsAsync(every.Recorded, LocalEvmChain.EveryUnit));
    }

    [Fact]
    public async Task ExecuteAsync_LeavesAProgramThatNobodyCanChangeAndAFullLookupTable()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();

        var program = await SolanaProgramReader.ReadAsync("solana", local.Chain.Rpc, new SolanaRetry(0, TimeSpan.Zero, TimeProvider.System), SolanaAddress.Parse(c.Recorded.Contract), Token);
        var table = await local.Chain.Rpc.GetAccountInfoAsync(SolanaAddress.Parse(c.Recorded.LookupTable!), Token);

        Assert.Equal(new SolanaProgramState(SolanaArtifact.Hash, null), program);
        string[] expected = [c.Recorded.Registry!, SolanaPrograms.ClockSysvar.ToString(), SolanaPrograms.InstructionsSysvar.ToString(), .. c.Recorded.Feeds.Select(f => f.Address)];
        Assert.True(LookupTable.TryDecode(SolanaAddress.Parse(c.Recorded.LookupTable!), table!.Owner, table.Data, out var decoded, out var error), error);
        Assert.Equal(expected, decoded.Addresses.Select(a => a.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_KilledAtAnySend_IsFinishedByTheNextRunAtTheSameAddresses(bool afterSend)
    {
        // Of the pieces of code one in the middle stands for those beside it.
        var lastPiece = SolanaProgramWriter.Transactions - 1;
        for (var send = 1; ; send = send == 3 ? lastPiece / 2 : send == lastPiece / 2 ? lastPiece : send + 1)
        {
            var c = await local.CaseAsync();
            var planned = await c.PlanAsync();
            using var transport = new DyingTransport(send, afterSend);
            if (await Record.ExceptionAsync(() => c.ExecuteAsync(transport, parallel: 1)) is not { } death)
            {
                Assert.True(send > lastPiece + AllSteps.Length, $"only {send - 1} sends");
                return;
            }

            Assert.IsType<DeadException>(death);
            var finished = await c.ExecuteAsync();
            Assert.True(finished.IsComplete);
            Assert.Equal(planned.Contract, finished.Contract);
            Assert.Equal(planned.Observed.Registry, c.Recorded.Registry);
            Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla, LocalEvmChain.Tslax));
        }
    }

    [Fact]
    public async Task ExecuteAsync_OnAProgramDeployedByOthers_UsesItAndSaysWhoCanChangeIt()
    {
        var c = await local.CaseAsync();
        using var id = SolanaKeypair.Generate();
        await local.Chain.AddProgramAsync(id.Address, SolanaArtifact.Embedded, Token);

        var plan = await c.ExecuteAsync(program: id.Address.ToString());

        Assert.True(plan.IsComplete);
        Assert.Equal(id.Address.ToString(), plan.Contract);
    }

    [Fact]
    public async Task PlanAsync_OfAProgramWithOtherCode_IsRefused()
    {
        var c = await local.CaseAsync();
        using var id = SolanaKeypair.Generate();
        // A byte of the section names, which the loader does not look at.
        var code = SolanaArtifact.Embedded.ToArray();
        var at = code.AsSpan().LastIndexOf(".text"u8);
        code[at + 1] ^= 1;
        try
        {
            await local.Chain.AddProgramAsync(id.Address, code, Token);
        }
        catch (SolanaRpcException)
        {
            // The loader looks at it after all: a longer file is another one as well.
            await local.Chain.AddProgramAsync(id.Address, [.. SolanaArtifact.Embedded, 1], Token);
        }

        var e = await Assert.ThrowsAsync<ChainException>(() => c.PlanAsync(id.Address.ToString()));

        Assert.Contains(SolanaArtifact.Hash, e.Message, StringComparison.Ordinal);
        Assert.Contains("do not use it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_OfARegistryOfAStranger_IsRefused()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var stranger = SolanaKeypair.Generate();
        await local.Chain.AirdropAsync(stranger.Address, 1_000_000_000, Token);
        await c.SendAsync(c.Owner, (program, registry) => FeedsProgram.AcceptOwner(program, registry, c.Owner.Address));
        Assert.All((await c.PlanAsync()).Steps, s => Assert.Equal(StepState.Done, s.State));
        await c.SendAsync(c.Owner, (program, registry) => FeedsProgram.ProposeOwner(program, registry, c.Owner.Address, stranger.Address));
        await c.SendAsync(stranger, (program, registry) => FeedsProgram.AcceptOwner(program, registry, stranger.Address));

        var e = await Assert.ThrowsAsync<ChainException>(() => c.PlanAsync());

        Assert.Contains($"is owned by {stranger.Address}", e.Message, StringComparison.Ordinal);
        Assert.Contains(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla), p => p.Contains($"owner is {stranger.Address}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExecuteAsync_OfOtherBoundsLimitsAndGuardian_SetsThem()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var changed = c with
        {
            Guardian = SolanaKeypair.Generate(),
            Plan = c.Plan with { MaxFutureMillis = 20_000, Feeds = [LocalEvmChain.Planned(LocalEvmChain.Tsla, 10, 6_000), c.Plan.Feeds[1]] },
        };

        var plan = await changed.ExecuteAsync();

        Assert.True(plan.IsComplete);
        Assert.Equal("6000", changed.Recorded.Feeds.Single(f => f.Symbol == "TSLA").MaxPrice);
        Assert.Equal(changed.Guardian.Address.ToString(), changed.Recorded.Guardian);
        Assert.Empty(await changed.ProblemsAsync(changed.Recorded, LocalEvmChain.Tsla));
    }

    [Fact]
    public async Task RecordCheck_OfWhatDiffers_NamesIt()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var good = c.Recorded;
        var spy = new Feed("SPY", default, "figi:BBG000BDTF76@ARCX", "USD", FeedUnit.UnderlyingShare);

        Assert.Contains("code", Assert.Single(await c.ProblemsAsync(good with { CodeHash = "0x" + new string('1', 64) }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("owner is", Assert.Single(await c.ProblemsAsync(good with { Owner = c.Guardian.Address.ToString() }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("guardian is", Assert.Single(await c.ProblemsAsync(good with { Guardian = "" }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("of the cluster", Assert.Single(await c.ProblemsAsync(good with { ChainId = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d" }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("no entry", Assert.Single(await c.ProblemsAsync(null, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains(await c.ProblemsAsync(good, LocalEvmChain.Tsla, spy), p => p.Contains("SPY", StringComparison.Ordinal) && p.Contains("no account", StringComparison.Ordinal));
        Assert.Contains(await c.ProblemsAsync(good, LocalEvmChain.Tslax with { Unit = FeedUnit.UiToken }), p => p.Contains("recorded as RawToken", StringComparison.Ordinal) && p.Contains("configured as UiToken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RecordCheck_OfAnotherSignerSet_NamesWhatDiffers()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var good = c.Recorded;
        var stranger = new SignerRecord(0, "0x" + new string('1', 64));

        Assert.Contains($"signer 0 of epoch 1 is {good.Signers[0].PublicKey}, recorded is {stranger.PublicKey}", Assert.Single(await c.ProblemsAsync(good with { Signers = [stranger] }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("threshold of epoch 1 is 1, recorded is 2", Assert.Single(await c.ProblemsAsync(good with { Threshold = 2 }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("has 1 signers, recorded are 0", Assert.Single(await c.ProblemsAsync(good with { Signers = [] }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("epoch is 1, recorded is 2", Assert.Single(await c.ProblemsAsync(good with { Epoch = 2 }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordCheck_DuringARotation_RefusesOnlyOnceTheRecordedEpochIsOver()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var old = c.Recorded;
        using var second = new KeySigner();
        await AddAsync(c, second, 2);
        Assert.Empty(await c.ProblemsAsync(old, LocalEvmChain.Tsla));

        await c.SendAsync(c.Deployer, (program, registry) => FeedsProgram.ActivateSigners(program, registry, c.Deployer.Address, 2, 1, 1, 3_600));
        Assert.Empty(await c.ProblemsAsync(old, LocalEvmChain.Tsla));
        var rotated = c with { Plan = c.Plan with { Signers = [new PlannedSigner(0, second.Key)] } };
        await rotated.ExecuteAsync();
        Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla));

        // One key revoked only takes away; all of them at once is the epoch's end.
        await RevokeAsync(c, 2, 0);
        Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla));
        await RevokeAsync(c, 2, 255);
        Assert.Contains("epoch 2, which is recorded, was revoked", Assert.Single(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla)), StringComparison.Ordinal);

        using var third = new KeySigner();
        await AddAsync(c, third, 3);
        await c.SendAsync(c.Deployer, (program, registry) => FeedsProgram.ActivateSigners(program, registry, c.Deployer.Address, 3, 1, 1, 0));
        Assert.Contains("epoch is 3, recorded is 1, which is not accepted any more", Assert.Single(await c.ProblemsAsync(old, LocalEvmChain.Tsla)), StringComparison.Ordinal);
    }

    private async Task AddAsync(SolanaCase c, KeySigner signer, uint epoch)
    {
        var message = Updates.ProofOfPossession.ForSolana(c.Plan.Deployment, local.Chain.GenesisHash.ToArray(), SolanaAddress.Parse(c.Recorded.Contract).ToArray(), epoch, 0, signer.Key);
        var proof = await signer.SignAsync(message, TestContext.Current.CancellationToken);
        await c.SendAllAsync(c.Deployer, (program, registry) => [Ed25519Program.Verify(0, signer.Key, proof, message), FeedsProgram.AddSigner(program, registry, c.Deployer.Address, 0, epoch, 0, signer.Key)]);
    }

    /// <summary>Opcode 4.</summary>
    private static Task RevokeAsync(SolanaCase c, byte epoch, byte index) =>
        c.SendAsync(c.Deployer, (program, registry) => new SolanaInstruction(program, [AccountUse.Writable(registry), AccountUse.Signer(c.Deployer.Address)], new byte[] { 4, epoch, 0, 0, 0, index }));
}
