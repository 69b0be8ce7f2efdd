using System.Buffers.Binary;
using System.Text.Json;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>Against a real EVM and the real contract.</summary>
public sealed class EvmPublisherTests(LocalOracleFeeds local) : IClassFixture<LocalOracleFeeds>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connect_DeployedContract_Passes() =>
        await (await local.PublisherAsync()).ConnectAsync(LocalOracleFeeds.Ids, default);

    [Fact]
    public async Task Submit_SignedBatch_LandsAndReadsBackEqual()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_12345678, sequence), LocalOracleFeeds.Held(LocalOracleFeeds.Aapl, 190_00000001, sequence), LocalOracleFeeds.Token(251_00000000, sequence));

        var result = await publisher.SubmitAsync(batch, default);

        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Null(result.Detail);
        Assert.Single(result.TransactionIds);
        Assert.InRange(result.CostUnits!.Value, 50_000, 500_000);
        AssertHolds(batch, result.ReadBack);
        AssertHolds(batch, await publisher.ReadAsync([.. batch.Feeds], default));
    }

    [Fact]
    public async Task Submit_LandedPrice_ConsumersReadItAtTheFeedsAddress()
    {
        var sequence = local.NextSequence();
        var (feed, record) = LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 260_50000000, sequence);
        var publisher = await local.PublisherAsync();
        var result = await publisher.SubmitAsync(local.Batch(sequence, (feed, record)), default);
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);

        var call = new EvmCall(default, EvmAddress.Parse(result.ReadBack[0].Address), AbiWriter.Selector("latestRoundData()"));
        var answer = new byte[5 * 32];
        (await local.Chain.Rpc.CallAsync(call, EvmBlockTag.Latest, default)).CopyTo(answer, 0);
        Assert.Equal(record.Price.E8, BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(32 + 24)));
        Assert.Equal(record.ObservedAtUnixMillis / 1000, BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(96 + 24)));
    }

    [Fact]
    public async Task Submit_FeedWithoutDetail_LandsWithAllButQuoteEmaAndCounts()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var (feed, record) = LocalOracleFeeds.Share(LocalOracleFeeds.Qqq, 620_12345678, sequence);
        // Neither fits into the word that every record has.
        record = record with { NextChangeAtUnixSeconds = record.NextChangeAtUnixSeconds + 20 * 86_400, MaxAgeSeconds = 1_000_003 };

        var result = await publisher.SubmitAsync(local.Batch(sequence, (feed, record)), default);

        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        var stored = Assert.Single(result.ReadBack);
        Assert.Equal(RecordFields.All & ~RecordFields.Detail, stored.Stored);
        Assert.Equal(record with { Bid = default, Ask = default, Ema = default, SourcesUsed = 0, SourcesRejected = 0, Upstreams = 0 }, stored.Record);
        Assert.True(stored.Holds(record));
        Assert.False(stored.Holds(record with { MaxAgeSeconds = 1_000_004 }));
    }

    [Fact]
    public async Task Submit_SameBatchAgain_LandedWithoutATransaction()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence));
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(batch, default)).Outcome);

        var again = await publisher.SubmitAsync(batch, default);

        Assert.Equal(SubmissionOutcome.Landed, again.Outcome);
        Assert.Empty(again.TransactionIds);
        AssertHolds(batch, again.ReadBack);
    }

    [Fact]
    public async Task Submit_OlderBatchReplayed_RefusedWithBothSequences()
    {
        var publisher = await local.PublisherAsync();
        var older = local.NextSequence();
        var newer = local.NextSequence();
        var landed = local.Batch(newer, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, newer));
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(landed, default)).Outcome);

        var result = await publisher.SubmitAsync(local.Batch(older, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 10_00000000, older)), default);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("not newer", result.Detail, StringComparison.Ordinal);
        Assert.Contains(older.ToString(), result.Detail, StringComparison.Ordinal);
        Assert.Contains(newer.ToString(), result.Detail, StringComparison.Ordinal);
        AssertHolds(landed, result.ReadBack);
    }

    [Fact]
    public async Task Submit_OneFeedSupersededByAnotherNode_TheOthersLand()
    {
        var publisher = await local.PublisherAsync();
        var older = local.NextSequence();
        var newer = local.NextSequence();
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(local.Batch(newer, LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, 191_00000000, newer)), default)).Outcome);

        var batch = local.Batch(older, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 252_00000000, older), LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, 180_00000000, older));
        var result = await publisher.SubmitAsync(batch, default);

        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Equal([older, newer], result.ReadBack.Select(f => f.Sequence));
    }

    [Fact]
    public async Task Submit_ForgedSignature_RefusedAsSuch()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var honest = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence));
        var tampered = LocalOracleFeeds.Unsigned(sequence, [LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 2_500_00000000, sequence)]).WithSignatures([.. honest.Signatures]);

        var result = await publisher.SubmitAsync(tampered, default);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("BadSignature(epoch 1, index 3)", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.TransactionIds);
        Assert.True((await publisher.ReadAsync([LocalOracleFeeds.Ids[0]], default))[0].Sequence < sequence);
    }

    [Fact]
    public async Task Submit_AnotherDeploymentOrEpoch_RefusedWithBothSides()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var records = new[] { LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence) };

        var staging = await publisher.SubmitAsync(local.Sign(LocalOracleFeeds.Unsigned(sequence, records, deployment: 77)), default);
        Assert.Equal(SubmissionOutcome.Refused, staging.Outcome);
        Assert.Contains($"WrongDeployment(given 77, expected {LocalOracleFeeds.Deployment})", staging.Detail, StringComparison.Ordinal);

        var future = await publisher.SubmitAsync(local.Sign(LocalOracleFeeds.Unsigned(sequence, records, epoch: 2)), default);
        Assert.Equal(SubmissionOutcome.Refused, future.Outcome);
        Assert.Contains("WrongEpoch(given 2, current 1)", future.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OneRecordOutOfBounds_DivergedWithTheReason()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence), LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, LocalOracleFeeds.MaxPriceE8 + 1_00000000, sequence));

        var result = await publisher.SubmitAsync(batch, default);

        Assert.Equal(SubmissionOutcome.Diverged, result.Outcome);
        Assert.Contains("OutOfBounds", result.Detail, StringComparison.Ordinal);
        Assert.Contains(LocalOracleFeeds.Ids[1].ToString(), result.Detail, StringComparison.Ordinal);
        Assert.Equal(sequence, result.ReadBack[0].Sequence);
        Assert.NotEqual(sequence, result.ReadBack[1].Sequence);
    }

    [Fact]
    public async Task Submit_OneFeedNotRegistered_TheOthersAreStoredAndItIsNamed()
    {
        var stranger = LocalOracleFeeds.Tsla with { Identity = "figi:BBG000000000@XNAS" };
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence), LocalOracleFeeds.Share(stranger, 10_00000000, sequence));

        var result = await publisher.SubmitAsync(batch, default);

        Assert.Equal(SubmissionOutcome.Diverged, result.Outcome);
        Assert.Contains("UnknownFeed", result.Detail, StringComparison.Ordinal);
        Assert.Equal(batch.Records[0], result.ReadBack[0].Record);
        Assert.Equal(new OnChainFeed(FeedIdentity.Compute(stranger), "", 0, null), result.ReadBack[1]);
    }

    [Fact]
    public async Task Submit_EveryRecordOutOfBounds_RefusedWithTheReason()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, LocalOracleFeeds.MaxPriceE8 + 1_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("OutOfBounds", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.TransactionIds);
    }

    [Fact]
    public async Task Submit_BatchAboveTheRecordLimit_LandsInSeveralTransactions()
    {
        var publisher = await local.PublisherAsync(o => o.MaxRecordsPerTransaction = 3);
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence), LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, 190_00000000, sequence), LocalOracleFeeds.Token(251_00000000, sequence));

        var result = await publisher.SubmitAsync(batch, default);

        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Equal(2, result.TransactionIds.Count);
        AssertHolds(batch, result.ReadBack);
    }

    [Fact]
    public async Task Submit_AttestedAheadOfTheChainsClock_WaitsForIt()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence() + (6_000UL << 4);
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Spy, 250_00000000, sequence)), default);
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
    }

    [Fact]
    public async Task Submit_AttestedTooLongAgo_RefusedWithBothTimes()
    {
        var publisher = await local.PublisherAsync();
        var sequence = local.NextSequence() - (11UL * 60_000 << 4);
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains($"AttestedTooOld(attestedAtMillis {sequence >> 4}, oldestMillis ", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NoReceiptInTime_ReplacedWithAHigherFee()
    {
        var relayer = await local.AccountAsync();
        var publisher = local.Publisher(relayer, o => o.ReplaceAfter = TimeSpan.FromMilliseconds(200));
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence));

        Task<SubmissionResult> submission;
        using (await local.Chain.PauseAsync(default))
        {
            submission = publisher.SubmitAsync(batch, default);
            await UntilAsync(async () => (await WaitingAsync(relayer)).Fee is { } first && await HigherAsync(relayer, first));
        }

        var result = await submission;
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.True(result.TransactionIds.Count >= 2);
        Assert.Equal(1UL, await local.Chain.Rpc.GetTransactionCountAsync(relayer.Address, EvmBlockTag.Latest, default));
    }

    [Fact]
    public async Task Submit_TransactionDroppedByTheNode_SentAgain()
    {
        var relayer = await local.AccountAsync();
        var publisher = local.Publisher(relayer, o => o.ReplaceAfter = TimeSpan.FromMilliseconds(300));
        var sequence = local.NextSequence();

        Task<SubmissionResult> submission;
        using (await local.Chain.PauseAsync(default))
        {
            submission = publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
            string? hash = null;
            await UntilAsync(async () => (hash = (await WaitingAsync(relayer)).Hash) is not null);
            await local.Chain.Rpc.SendAsync("anvil_dropTransaction", w => w.WriteStringValue(hash), _ => true, default);
        }

        var result = await submission;
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.True(result.TransactionIds.Count >= 2);
    }

    [Fact]
    public async Task Submit_WaitingTransactionFromBeforeARestart_Outbid()
    {
        var relayer = await local.AccountAsync();
        var publisher = local.Publisher(relayer, o => o.ReplaceAfter = TimeSpan.FromSeconds(1));
        var sequence = local.NextSequence();
        SubmissionResult result;
        Task<SubmissionResult> submission;
        string? foreign;
        using (await local.Chain.PauseAsync(default))
        {
            // A former process offered far more than a first attempt of ours will; nothing here knows how much.
            var waiting = new Eip1559Transaction(LocalOracleFeeds.ChainId, 0, 3_000_000_000, 6_000_000_000, 21_000, relayer.Address, 0, default).Sign(relayer);
            await local.Chain.Rpc.SendRawTransactionAsync(waiting, default);
            foreign = waiting.Hash.ToString();
            submission = publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
            await UntilAsync(async () => (await WaitingAsync(relayer)).Hash is { } hash && hash != foreign);
        }

        result = await submission;
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Null(await local.Chain.Rpc.GetTransactionReceiptAsync(new Hash32(Convert.FromHexString(foreign[2..])), default));
    }

    [Fact]
    public async Task Submit_ChainStandsStill_ExpiredAndTheNextBatchTakesItsNonce()
    {
        var relayer = await local.AccountAsync();
        var publisher = local.Publisher(relayer, o => o.ReceiptTimeout = TimeSpan.FromSeconds(1));
        var older = local.NextSequence();
        SubmissionResult expired;
        Task<SubmissionResult> submission;
        ulong newer;
        using (await local.Chain.PauseAsync(default))
        {
            expired = await publisher.SubmitAsync(local.Batch(older, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, older)), default);
            newer = local.NextSequence();
            submission = publisher.SubmitAsync(local.Batch(newer, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 251_00000000, newer)), default);
            var first = expired.TransactionIds[0];
            await UntilAsync(async () => (await WaitingAsync(relayer)).Hash is { } hash && hash != first);
        }

        Assert.Equal(SubmissionOutcome.Expired, expired.Outcome);
        Assert.Contains("no receipt within", expired.Detail, StringComparison.Ordinal);
        var result = await submission;
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Equal(1UL, await local.Chain.Rpc.GetTransactionCountAsync(relayer.Address, EvmBlockTag.Latest, default));
        Assert.Equal(newer, Assert.Single(result.ReadBack).Sequence);
    }

    [Fact]
    public async Task Submit_NonceSpentBySomethingElse_TakesTheNext()
    {
        var relayer = await local.AccountAsync();
        var publisher = local.Publisher(relayer, o => o.ReplaceAfter = TimeSpan.FromMilliseconds(300));
        var sequence = local.NextSequence();
        Task<SubmissionResult> submission;
        using (await local.Chain.PauseAsync(default))
        {
            submission = publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
            string? hash = null;
            await UntilAsync(async () => (hash = (await WaitingAsync(relayer)).Hash) is not null);
            await local.Chain.Rpc.SendRawTransactionAsync(new Eip1559Transaction(LocalOracleFeeds.ChainId, 0, 50_000_000_000, 90_000_000_000, 21_000, relayer.Address, 0, default).Sign(relayer), default);
        }

        var result = await submission;
        Assert.True(result.Outcome == SubmissionOutcome.Landed, result.Detail);
        Assert.Equal(2UL, await local.Chain.Rpc.GetTransactionCountAsync(relayer.Address, EvmBlockTag.Latest, default));
    }

    [Fact]
    public async Task Submit_FeeCapBelowTheBaseFee_ExpiredAndNothingSent()
    {
        var publisher = await local.PublisherAsync(o =>
        {
            o.MaxFeePerGasWei = 1;
            o.MaxPriorityFeePerGasWei = 0;
        });
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Expired, result.Outcome);
        Assert.Contains("MaxFeePerGasWei 1", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.TransactionIds);
    }

    [Fact]
    public async Task Submit_EmptyAccount_RefusedWithBalanceAndNeed()
    {
        var publisher = local.Publisher(EvmAccount.Create());
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("has 0 wei", result.Detail, StringComparison.Ordinal);
        Assert.Contains("top the account up", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_EstimateAboveTheGasLimit_RefusedWithBoth()
    {
        var publisher = await local.PublisherAsync(o => o.MaxGasLimit = 100_000);
        var sequence = local.NextSequence();
        var batch = local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence), LocalOracleFeeds.Share(LocalOracleFeeds.Aapl, 190_00000000, sequence), LocalOracleFeeds.Token(251_00000000, sequence));
        var result = await publisher.SubmitAsync(batch, default);
        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("MaxGasLimit is 100000", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NobodyListens_UnreachableAndNothingThrown()
    {
        var publisher = await local.PublisherAsync(o =>
        {
            o.RpcUrl = $"http://127.0.0.1:{UnusedPort()}";
            o.RetryDelay = TimeSpan.FromMilliseconds(1);
        });
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Unreachable, result.Outcome);
        Assert.Empty(result.ReadBack);
        await Assert.ThrowsAsync<ChainException>(() => publisher.ReadAsync(LocalOracleFeeds.Ids, default));
        await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(LocalOracleFeeds.Ids, default));
    }

    [Fact]
    public async Task Submit_EndpointIsAnotherChain_Unreachable()
    {
        var publisher = await local.PublisherAsync(o => o.ChainId = 8453);
        var sequence = local.NextSequence();
        var result = await publisher.SubmitAsync(local.Batch(sequence, LocalOracleFeeds.Share(LocalOracleFeeds.Tsla, 250_00000000, sequence)), default);
        Assert.Equal(SubmissionOutcome.Unreachable, result.Outcome);
        Assert.Contains("is chain 42161, not 8453", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AnotherChain_RefusedWithBothIds() =>
        Assert.Contains("is chain 42161, not 8453", await ConnectErrorAsync(o => o.ChainId = 8453), StringComparison.Ordinal);

    [Fact]
    public async Task Connect_NoContract_Refused() =>
        Assert.Contains("no contract at 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", await ConnectErrorAsync(o => o.Contract = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), StringComparison.Ordinal);

    [Fact]
    public async Task Connect_AnotherContract_RefusedNotMisread()
    {
        // A feed's proxy answers version() as an aggregator does, and nothing of what follows.
        var error = await ConnectErrorAsync(o => o.Contract = local.Deployed.Feeds[0].Address);
        Assert.Contains("local: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AnotherDeployment_RefusedWithBoth() =>
        Assert.Contains($"belongs to deployment {LocalOracleFeeds.Deployment:x16}, ours is 0000000000000001", await ConnectErrorAsync(binding: local.Binding with { Deployment = 1 }), StringComparison.Ordinal);

    [Fact]
    public async Task Connect_EpochNotActive_RefusedWithTheCurrent() =>
        Assert.Contains("does not accept signer epoch 2; its current one is 1", await ConnectErrorAsync(binding: local.Binding with { Epoch = 2 }), StringComparison.Ordinal);

    [Fact]
    public async Task Connect_KeyNotRegistered_RefusedWithBoth()
    {
        var error = await ConnectErrorAsync(binding: local.Binding with { PublicKey = new byte[32] });
        Assert.Contains($"knows key 0x{Convert.ToHexStringLower(local.PublicKey)} as signer 3 of epoch 1", error, StringComparison.Ordinal);
        Assert.Contains("knows key 0x0000", await ConnectErrorAsync(binding: local.Binding with { SignerIndex = 4 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_FeedOfAnotherUnit_RefusedByItsId()
    {
        var other = FeedIdentity.Compute(LocalOracleFeeds.Tslax with { Unit = FeedUnit.UiToken });
        var publisher = await local.PublisherAsync();
        var error = await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync([.. LocalOracleFeeds.Ids, other], default));
        Assert.Contains($"1 of 4 feeds are not registered", error.Message, StringComparison.Ordinal);
        Assert.Contains(other.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_UnknownFeed_SaysWhich()
    {
        var other = FeedIdentity.Compute(LocalOracleFeeds.Tsla with { Identity = "figi:BBG000000000@XNAS" });
        var publisher = await local.PublisherAsync();
        Assert.Contains($"UnknownFeed(feedId {other})", (await Assert.ThrowsAsync<ChainException>(() => publisher.ReadAsync([other], default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reverts_ContractsOwnErrors_AreAllKnown()
    {
        using var folder = new TemporaryFolder();
        var artifact = folder.File("evm.json");
        await local.Tools.RunNodeAsync([Path.Combine("evm", "build.mjs"), artifact], default);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(artifact));
        var errors = document.RootElement.GetProperty("IOracleFeeds").GetProperty("abi").EnumerateArray()
            .Where(e => e.GetProperty("type").GetString() == "error")
            .Select(e => $"{e.GetProperty("name").GetString()}({string.Join(',', e.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("type").GetString()))})")
            .ToHashSet();
        Assert.Equal(errors.Order(), EvmRevert.KnownSignatures.Except(["Error(string)", "Panic(uint256)"]).Order());
    }

    [Fact]
    public async Task Sign_SameTransaction_SameBytesAsTheNode()
    {
        // The node signs for its own first development account; the key is a public test vector.
        var account = EvmAccount.FromPrivateKey(Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
        var to = EvmAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var data = new byte[random.Next(0, 300)];
            random.NextBytes(data);
            var transaction = new Eip1559Transaction(LocalOracleFeeds.ChainId, (ulong)random.Next(), (UInt128)random.Next(), (UInt128)random.NextInt64(), (ulong)random.Next(), to, (UInt128)random.NextInt64(), data);
            var theirs = await local.Chain.Rpc.SendAsync(
                "eth_signTransaction",
                w =>
                {
                    w.WriteStartObject();
                    w.WriteString("from", account.Address.ToString());
                    w.WriteString("to", to.ToString());
                    w.WriteString("type", "0x2");
                    w.WriteString("chainId", EvmHex.Quantity(transaction.ChainId));
                    w.WriteString("nonce", EvmHex.Quantity(transaction.Nonce));
                    w.WriteString("maxPriorityFeePerGas", EvmHex.Quantity((ulong)transaction.MaxPriorityFeePerGas));
                    w.WriteString("maxFeePerGas", EvmHex.Quantity((ulong)transaction.MaxFeePerGas));
                    w.WriteString("gas", EvmHex.Quantity(transaction.GasLimit));
                    w.WriteString("value", EvmHex.Quantity((ulong)transaction.Value));
                    w.WriteString("input", EvmHex.Data(data));
                    w.WriteStartArray("accessList");
                    w.WriteEndArray();
                    w.WriteEndObject();
                },
                r => r.GetString(),
                default);
            Assert.Equal(theirs, EvmHex.Data(transaction.Sign(account).Raw));
        }
    }

    private static void AssertHolds(SignedBatch batch, IReadOnlyList<OnChainFeed> feeds)
    {
        Assert.Equal(batch.Feeds, feeds.Select(f => f.Id));
        Assert.All(feeds, (feed, i) =>
        {
            Assert.Equal(batch.Header.Sequence, feed.Sequence);
            Assert.Equal(batch.Records[i], feed.Record);
            Assert.True(EvmAddress.TryParse(feed.Address, out _));
        });
    }

    private async Task<string> ConnectErrorAsync(Action<EvmOptions>? change = null, ChainBinding? binding = null)
    {
        var publisher = local.Publisher(await local.AccountAsync(), change, binding);
        return (await Assert.ThrowsAsync<ChainException>(() => publisher.ConnectAsync(LocalOracleFeeds.Ids, default))).Message;
    }

    /// <summary>The transaction of an account that waits in the node, whatever its nonce.</summary>
    private async Task<(string? Hash, UInt128? Fee)> WaitingAsync(EvmAccount account) =>
        await local.Chain.Rpc.SendAsync(
            "txpool_content",
            null,
            r =>
            {
                foreach (var sender in r.GetProperty("pending").EnumerateObject())
                {
                    if (!EvmAddress.TryParse(sender.Name, out var address) || address != account.Address) continue;
                    var transaction = sender.Value.EnumerateObject().First().Value;
                    EvmHex.TryReadQuantity(transaction.GetProperty("maxFeePerGas").GetString(), out var fee);
                    return (transaction.GetProperty("hash").GetString(), (UInt128?)fee);
                }

                return (null, null);
            },
            default);

    private async Task<bool> HigherAsync(EvmAccount account, UInt128 first)
    {
        await UntilAsync(async () => (await WaitingAsync(account)).Fee > first);
        return (await WaitingAsync(account)).Fee * 8 >= first * 9;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "It did not come to pass in time.");
            await Task.Delay(10);
        }
    }

    private static int UnusedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
