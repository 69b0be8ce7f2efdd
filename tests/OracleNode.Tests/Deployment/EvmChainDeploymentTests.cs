using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Deployment;

public sealed class EvmChainDeploymentTests(LocalEvmChain local) : IClassFixture<LocalEvmChain>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlanAsync_OfAnEmptyChain_SaysEveryStepAndChangesNothing()
    {
        var c = await local.CaseAsync();
        var balance = await local.Rpc.GetBalanceAsync(c.Deployer.Address, Token);

        var plan = await c.Deployment().PlanAsync(Token);

        Assert.Equal(["contract", "feed TSLA", "feed TSLAx", "guardian", "signer 0", "epoch", "owner"], plan.Steps.Select(s => s.Name));
        Assert.All(plan.Steps, s => Assert.Equal(StepState.ToDo, s.State));
        Assert.InRange(plan.Steps[0].Units, 1_000_000ul, EvmChainDeployment.MostGas);
        Assert.True(plan.Cost > 0 && plan.Balance == balance);
        Assert.Equal(0ul, await c.NonceAsync());
        Assert.Equal(balance, await local.Rpc.GetBalanceAsync(c.Deployer.Address, Token));
        Assert.Empty(await local.Rpc.GetCodeAsync(EvmAddress.Parse(plan.Contract), Token));
        Assert.False(File.Exists(c.RecordPath));
    }

    [Fact]
    public async Task ExecuteAsync_Twice_DeploysOnceAtThePlannedAddress()
    {
        var c = await local.CaseAsync();
        var planned = await c.Deployment().PlanAsync(Token);

        var first = await c.ExecuteAsync();
        var recorded = await File.ReadAllBytesAsync(c.RecordPath, Token);
        var nonce = await c.NonceAsync();
        var second = await c.ExecuteAsync();

        Assert.True(first.IsComplete && second.IsComplete);
        Assert.Equal(planned.Contract, first.Contract);
        Assert.Equal(nonce, await c.NonceAsync());
        Assert.Equal(recorded, await File.ReadAllBytesAsync(c.RecordPath, Token));
        Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla, LocalEvmChain.Tslax));
        Assert.Equal(7, c.Recorded.Transactions.Count);
        Assert.Equal((1u, (byte)1, 2), (c.Recorded.Epoch, c.Recorded.Threshold, c.Recorded.Feeds.Count));
        Assert.Equal(c.Owner.Address.ToString(), c.Recorded.Owner);
        Assert.Equal(StepState.ForOthers, first.Steps[^1].State);
    }

    [Fact]
    public async Task ExecuteAsync_EveryStep_TakesAtMostTheGasReckonedFor()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        foreach (var (step, id) in c.Recorded.Transactions)
        {
            var receipt = await local.Rpc.GetTransactionReceiptAsync(new Updates.Hash32(EvmHex.ReadData(id)), Token);
            var reckoned = step.Split(' ')[0] switch
            {
                "contract" => EvmStepGas.Create,
                "feed" => EvmStepGas.RegisterFeed,
                "guardian" => EvmStepGas.SetGuardian,
                "signer" => EvmStepGas.RegisterSigner,
                "epoch" => EvmStepGas.ActivateEpoch,
                "owner" => EvmStepGas.TransferOwnership,
                _ => throw new InvalidOperationException(step),
            };
            TestContext.Current.TestOutputHelper?.WriteLine($"{step}: {receipt!.GasUsed} gas of {reckoned}");
            Assert.InRange(receipt!.GasUsed, reckoned / 4, reckoned);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_KilledAtAnySend_IsFinishedByTheNextRunAtTheSameAddresses(bool afterSend)
    {
        for (var send = 1; ; send++)
        {
            var c = await local.CaseAsync();
            var planned = await c.Deployment().PlanAsync(Token);
            using var transport = new DyingTransport(send, afterSend);
            using var http = new HttpClient(transport);
            if (await Record.ExceptionAsync(() => c.ExecuteAsync(http)) is not { } death)
            {
                Assert.True(send > 7, $"only {send - 1} sends");
                return;
            }

            Assert.IsType<DeadException>(death);
            var finished = await c.ExecuteAsync();
            Assert.True(finished.IsComplete);
            Assert.Equal(planned.Contract, finished.Contract);
            Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla, LocalEvmChain.Tslax));
            // One contract, two feeds, and nothing sent twice that landed.
            Assert.InRange(await c.NonceAsync(), 7ul, 7ul);
        }
    }

    [Fact]
    public async Task ExecuteAsync_WithoutTheRecord_FindsWhatStandsAndRecordsItAgain()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var (recorded, nonce) = (c.Recorded, await c.NonceAsync());
        File.Delete(c.RecordPath);

        await c.ExecuteAsync();

        Assert.Equal(nonce, await c.NonceAsync());
        Assert.Equal((recorded.Contract, recorded.CodeHash, recorded.Epoch), (c.Recorded.Contract, c.Recorded.CodeHash, c.Recorded.Epoch));
        Assert.Equal(recorded.Feeds, c.Recorded.Feeds);
    }

    [Fact]
    public async Task ExecuteAsync_OfOtherBounds_SetsThem()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var wider = c with { Plan = c.Plan with { Feeds = [LocalEvmChain.Planned(LocalEvmChain.Tsla, 10, 6_000), c.Plan.Feeds[1]] } };

        var plan = await wider.ExecuteAsync();

        Assert.True(plan.IsComplete);
        Assert.Equal("6000", wider.Recorded.Feeds.Single(f => f.Symbol == "TSLA").MaxPrice);
    }

    [Fact]
    public async Task ExecuteAsync_AFeedOfEveryUnit_StandsWithItAndSaysItInItsDescription()
    {
        var c = await local.CaseAsync();
        var every = c with { Plan = c.Plan with { Feeds = [.. LocalEvmChain.EveryUnit.Select(f => LocalEvmChain.Planned(f, 1, 5_000))] } };

        Assert.True((await every.ExecuteAsync()).IsComplete);

        Assert.Empty(await every.ProblemsAsync(every.Recorded, LocalEvmChain.EveryUnit));
        foreach (var feed in LocalEvmChain.EveryUnit)
        {
            var proxy = EvmAddress.Parse(every.Recorded.Feeds.Single(f => f.Symbol == feed.Name).Address);
            var answer = await local.Rpc.CallAsync(new EvmCall(c.Owner.Address, proxy, new AbiWriter("description()", 0).ToArray()), EvmBlockTag.Latest, Token);
            Assert.Equal($"{feed.Name} / USD ({feed.Unit})", Description(answer));
        }

        static string Description(ReadOnlySpan<byte> answer)
        {
            var reader = new AbiReader(answer);
            return System.Text.Encoding.ASCII.GetString(reader.BytesAt(reader.ReadSize()));
        }
    }

    [Fact]
    public async Task PlanAsync_OfAFeedMoreAfterTheHandOver_SaysWhatTheOwnerMustSend()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        await c.SendAsync(c.Owner, OracleFeedsAdministration.AcceptOwnership());
        Assert.All((await c.Deployment().PlanAsync(Token)).Steps, s => Assert.Equal(StepState.Done, s.State));
        var aapl = new Feed("AAPL", default, "figi:BBG000B9Y5X2@XNAS", "USD", FeedUnit.UnderlyingShare);

        var more = await (c with { Plan = c.Plan with { Feeds = [.. c.Plan.Feeds, LocalEvmChain.Planned(aapl, 20, 5_000)] } }).ExecuteAsync();

        var step = Assert.Single(more.Steps, s => s.State == StepState.Blocked);
        Assert.False(more.IsComplete);
        Assert.Contains($"only the owner {c.Owner.Address} can", step.Detail, StringComparison.Ordinal);
        var call = OracleFeedsAdministration.RegisterFeed(new EvmFeedRegistration(aapl, 20 * Price.One, 5_000 * Price.One, Detailed: false, "AAPL / USD"));
        Assert.Contains($"to {more.Contract}, data {EvmHex.Data(call)}", step.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_WithoutAProof_StopsBeforeTheEpochAndSaysHowToGetOne()
    {
        var c = await local.CaseAsync();
        using var other = new KeySigner();
        var two = c with { Plan = c.Plan with { Signers = [.. c.Plan.Signers, new PlannedSigner(1, other.Key)] } };

        var plan = await two.ExecuteAsync();

        Assert.False(plan.IsComplete);
        var step = plan.Steps.Single(s => s.Name == "signer 1");
        Assert.Equal(StepState.Blocked, step.State);
        Assert.Contains("keys prove --chain local --contract " + plan.Contract, step.Detail, StringComparison.Ordinal);
        Assert.Equal(StepState.ToDo, plan.Steps.Single(s => s.Name == "epoch").State);
    }

    [Fact]
    public async Task PlanAsync_OfAContractOfAStranger_IsRefused()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var stranger = await local.AccountAsync();
        await c.SendAsync(c.Owner, OracleFeedsAdministration.AcceptOwnership());
        await c.SendAsync(c.Owner, OracleFeedsAdministration.TransferOwnership(stranger.Address));
        await c.SendAsync(stranger, OracleFeedsAdministration.AcceptOwnership());

        var e = await Assert.ThrowsAsync<ChainException>(() => c.Deployment().PlanAsync(Token));

        Assert.Contains($"is owned by {stranger.Address}", e.Message, StringComparison.Ordinal);
        Assert.Contains(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla), p => p.Contains($"owner is {stranger.Address}", StringComparison.Ordinal));
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
        Assert.Contains("42161", Assert.Single(await c.ProblemsAsync(good with { ChainId = "8453" }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("no entry", Assert.Single(await c.ProblemsAsync(null, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains(await c.ProblemsAsync(good, LocalEvmChain.Tsla, spy), p => p.Contains("SPY", StringComparison.Ordinal) && p.Contains("not registered", StringComparison.Ordinal));
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
        Assert.Contains("signer 1 of epoch 1 is nobody", Assert.Single(await c.ProblemsAsync(good with { Signers = [.. good.Signers, stranger with { Index = 1 }] }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("epoch is 1, recorded is 2", Assert.Single(await c.ProblemsAsync(good with { Epoch = 2 }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
        Assert.Contains("recorded is none", Assert.Single(await c.ProblemsAsync(good with { Epoch = 0, Threshold = 0, Signers = [] }, LocalEvmChain.Tsla)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordCheck_DuringARotation_RefusesOnlyOnceTheRecordedEpochIsOver()
    {
        var c = await local.CaseAsync();
        await c.ExecuteAsync();
        var old = c.Recorded;
        using var second = new KeySigner();
        await StageAsync(c, second, 2);
        Assert.Empty(await c.ProblemsAsync(old, LocalEvmChain.Tsla));

        var block = await local.Rpc.GetLatestBlockAsync(Token);
        await c.SendAsync(c.Deployer, OracleFeedsAdministration.ActivateEpoch(2, 1, block.TimestampUnixSeconds + 3_600));
        Assert.Empty(await c.ProblemsAsync(old, LocalEvmChain.Tsla));

        // The next run writes the new set down, and that is good too.
        var rotated = c with { Plan = c.Plan with { Signers = [new PlannedSigner(0, second.Key)] } };
        await rotated.ExecuteAsync();
        Assert.Equal((2u, EvmHex.Data(second.Key)), (c.Recorded.Epoch, Assert.Single(c.Recorded.Signers).PublicKey));
        Assert.Empty(await c.ProblemsAsync(c.Recorded, LocalEvmChain.Tsla));

        using var third = new KeySigner();
        await StageAsync(c, third, 3);
        await c.SendAsync(c.Deployer, OracleFeedsAdministration.ActivateEpoch(3, 1, 0));
        Assert.Contains("epoch is 3, recorded is 1, which is not accepted any more", Assert.Single(await c.ProblemsAsync(old, LocalEvmChain.Tsla)), StringComparison.Ordinal);

        // A revoked key only takes away; a revoked epoch leaves nothing.
        var newest = c.Recorded with { Epoch = 3, Signers = [new SignerRecord(0, EvmHex.Data(third.Key))] };
        await c.SendAsync(c.Deployer, new AbiWriter("revokeKey(bytes32)", 1).Bytes32(third.Key).ToArray());
        Assert.Empty(await c.ProblemsAsync(newest, LocalEvmChain.Tsla));
        await c.SendAsync(c.Deployer, new AbiWriter("revokeEpoch(uint32)", 1).Unsigned(3u).ToArray());
        Assert.Contains("epoch 3, which is recorded, was revoked", Assert.Single(await c.ProblemsAsync(newest, LocalEvmChain.Tsla)), StringComparison.Ordinal);
    }

    private async Task StageAsync(EvmCase c, KeySigner signer, uint epoch)
    {
        var message = Updates.ProofOfPossession.ForEvm(c.Plan.Deployment, local.Chain.ChainId, EvmAddress.Parse(c.Recorded.Contract).ToArray(), epoch, 0, signer.Key);
        var proof = await signer.SignAsync(message, Token);
        await c.SendAsync(c.Deployer, OracleFeedsAdministration.RegisterSigner(0, signer.Key, proof), EvmStepGas.RegisterSigner);
    }

    [Fact]
    public void EmbeddedArtifact_OfOtherCode_KnowsTheDifference()
    {
        Assert.False(EvmArtifact.Embedded.IsCodeOf([]));
        Assert.False(EvmArtifact.Embedded.IsCodeOf(new byte[24_000]));
    }
}
