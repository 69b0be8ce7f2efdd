using System.Text.Json.Nodes;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>Against the real program on LiteSVM.</summary>
public class SolanaPublisherTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitAsync_FiveRecords_LandInOneTransactionAndReadBackEqual()
    {
        var deployment = await cluster.DeployAsync("five records", shares: 3, tokens: 2);
        using var publisher = await deployment.ConnectedAsync();
        var batch = deployment.Batch();

        var result = await publisher.SubmitAsync(batch, Token);

        Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
        Assert.Single(result.TransactionIds);
        Assert.InRange(result.CostUnits!.Value, 1_000, 20_000);
        Assert.Equal(batch.Records, result.ReadBack.Select(feed => feed.Record!.Value));
        Assert.All(result.ReadBack, feed => Assert.Equal(batch.Header.Sequence, feed.Sequence));
        Assert.Equal(deployment.FeedIds, result.ReadBack.Select(feed => feed.Id));
        Assert.Equal(result.ReadBack, await publisher.ReadAsync(deployment.FeedIds, Token));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    [InlineData(20, 0)]
    public async Task SubmitAsync_Cost_IsWhatTheLedgerSays(int shares, int tokens)
    {
        var deployment = await cluster.DeployAsync($"cost of {shares} and {tokens}", shares, tokens);
        using var publisher = await deployment.ConnectedAsync();

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        var ledger = await Task.WhenAll(result.TransactionIds.Select(id => deployment.Chain.Rpc.GetTransactionAsync(id, Token)));
        Assert.Equal(ledger.Sum(transaction => (long)transaction!.ComputeUnits!.Value), result.CostUnits);
        TestContext.Current.SendDiagnosticMessage(
            "{0} share and {1} token records: {2} transactions, {3} compute units, {4} lamports",
            shares, tokens, result.TransactionIds.Count, result.CostUnits, ledger.Sum(transaction => (long)transaction!.FeeLamports));
    }

    [Fact]
    public async Task SubmitAsync_MoreRecordsThanOnePacketCarries_LandInSeveralTransactions()
    {
        var deployment = await cluster.DeployAsync("many records", shares: 17, tokens: 4);
        using var publisher = await deployment.ConnectedAsync();
        var batch = deployment.Batch();

        var result = await publisher.SubmitAsync(batch, Token);

        Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
        Assert.InRange(result.TransactionIds.Count, 2, 8);
        Assert.Equal(batch.Records, result.ReadBack.Select(feed => feed.Record!.Value));
    }

    [Theory]
    [InlineData(6, 0, 1, 1)]
    [InlineData(9, 0, 3, 1)]
    [InlineData(10, 0, 3, 1)]
    [InlineData(0, 6, 2, 1)]
    [InlineData(20, 0, 5, 3)]
    public async Task SubmitAsync_LookupTable_MoreRecordsPerTransaction(int shares, int tokens, int without, int with)
    {
        var deployment = await cluster.DeployAsync($"table for {shares} and {tokens}", shares, tokens);
        foreach (var (table, most) in new[] { ("", without), (deployment.Deployed.Table.ToString(), with) })
        {
            using var publisher = await deployment.ConnectedAsync(change: options => options.LookupTable = table);
            var batch = deployment.Batch();

            var result = await publisher.SubmitAsync(batch, Token);

            Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
            Assert.Equal(batch.Records, result.ReadBack.Select(feed => feed.Record!.Value));
            Assert.Equal(most, result.TransactionIds.Count);
        }
    }

    [Fact]
    public async Task SubmitAsync_LookupTableThatHoldsOnlySome_LandsAllTheSame()
    {
        var deployment = await cluster.DeployAsync("half a table", shares: 5, tokens: 0);
        var table = await PlaceTableAsync(deployment, [.. deployment.Target.TableAddresses(deployment.FeedIds.Select(id => id.Tag)).Skip(1).Take(4)]);
        using var publisher = await deployment.ConnectedAsync(change: options => options.LookupTable = table.ToString());
        var batch = deployment.Batch();

        var result = await publisher.SubmitAsync(batch, Token);

        Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
        Assert.Equal(batch.Records, result.ReadBack.Select(feed => feed.Record!.Value));
    }

    [Fact]
    public async Task SubmitAsync_LookupTableShrunkAfterConnect_IsRefusedAndSaysSo()
    {
        var deployment = await cluster.DeployAsync("a table that shrinks", shares: 2, tokens: 0);
        var table = await PlaceTableAsync(deployment, [.. deployment.Target.TableAddresses(deployment.FeedIds.Select(id => id.Tag))]);
        using var publisher = await deployment.ConnectedAsync(change: options => options.LookupTable = table.ToString());
        await PlaceTableAsync(deployment, [deployment.Target.Registry]);

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("correct LookupTable", result.Detail, StringComparison.Ordinal);
    }

    private static async Task<SolanaAddress> PlaceTableAsync(LocalDeployment deployment, SolanaAddress[] addresses)
    {
        var table = SolanaAddress.WithSeed(deployment.Payer.Address, "a table", SolanaPrograms.AddressLookupTable);
        await deployment.Chain.SetAccountAsync(table, SolanaPrograms.AddressLookupTable, LookupTable.Encode(addresses), Token);
        return table;
    }

    [Fact]
    public async Task SubmitAsync_SecondBatch_ReplacesTheFirst()
    {
        var deployment = await cluster.DeployAsync("second batch", shares: 1, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(deployment.Batch(), Token)).Outcome);

        var result = await publisher.SubmitAsync(deployment.Batch(change: (_, record) => record with { Price = Price.FromE8(record.Price.E8 + 1) }), Token);

        Assert.Equal(SubmissionOutcome.Landed, result.Outcome);
        Assert.Equal(100 * Price.One + 1, result.ReadBack[0].Record!.Value.Price.E8);
    }

    [Fact]
    public async Task SubmitAsync_OlderBatchReplayed_SendsNothingAndTheNewerStands()
    {
        var deployment = await cluster.DeployAsync("replay", shares: 2, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var older = deployment.Batch();
        var newer = deployment.Batch(older.Header.Sequence + BatchSequence.Slots);
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(newer, Token)).Outcome);

        var result = await publisher.SubmitAsync(older, Token);

        Assert.Equal(SubmissionOutcome.Landed, result.Outcome);
        Assert.Empty(result.TransactionIds);
        Assert.All(result.ReadBack, feed => Assert.Equal(newer.Header.Sequence, feed.Sequence));
    }

    [Fact]
    public async Task Submit_OlderBatchSentAllTheSame_IsRefusedByTheProgramWithItsReason()
    {
        var deployment = await cluster.DeployAsync("raw replay", shares: 2, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var older = deployment.Batch();
        var newer = deployment.Batch(older.Header.Sequence + BatchSequence.Slots);
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(newer, Token)).Outcome);

        var error = await SendRawAsync(deployment, older, SubmitTransaction.SignedMessage(older));

        Assert.Equal(FeedsProgramError.NothingStored + FeedsProgramError.NotNewer, error?.CustomCode);
        Assert.Contains("NotNewer", SubmitTransaction.Describe(error!, 1), StringComparison.Ordinal);
        Assert.All(await publisher.ReadAsync(deployment.FeedIds, Token), feed => Assert.Equal(newer.Header.Sequence, feed.Sequence));
    }

    [Fact]
    public async Task SubmitAsync_RecordsOfAnotherSignature_AreRefusedByTheEd25519Program()
    {
        var deployment = await cluster.DeployAsync("tampered", shares: 2, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var good = deployment.Batch();
        var tampered = deployment.Unsigned(good.Header.Sequence, (_, record) => record with { Price = Price.FromE8(record.Price.E8 + 1) })
            .WithSignatures(good.Signatures[0]);

        var result = await publisher.SubmitAsync(tampered, Token);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("the Ed25519 program refused signature 0", result.Detail, StringComparison.Ordinal);
        Assert.Empty(result.TransactionIds);
        Assert.All(result.ReadBack, feed => Assert.Equal(0ul, feed.Sequence));
    }

    [Fact]
    public async Task Submit_TamperedRecordsUnderAGenuineSignature_AreRefusedByTheProgram()
    {
        var deployment = await cluster.DeployAsync("wrong message", shares: 2, tokens: 0);
        var good = deployment.Batch();
        var tampered = deployment.Batch(good.Header.Sequence, (_, record) => record with { Price = Price.FromE8(record.Price.E8 + 1) });
        var genuine = deployment.Unsigned(good.Header.Sequence, (_, record) => record with { Price = Price.FromE8(record.Price.E8 + 1) }).WithSignatures(good.Signatures[0]);
        Assert.NotEqual(good.Header.RecordsRoot, tampered.Header.RecordsRoot);

        var error = await SendRawAsync(deployment, genuine, SubmitTransaction.SignedMessage(good));

        Assert.Contains("WrongMessage", SubmitTransaction.Describe(error!, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_KeyThatIsNotRegistered_IsRefused()
    {
        var deployment = await cluster.DeployAsync("wrong key", shares: 1, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        using var stranger = SolanaKeypair.Generate();
        var unsigned = deployment.Unsigned();

        var result = await publisher.SubmitAsync(unsigned.WithSignatures(new BatchSignature(0, stranger.Address.ToArray(), stranger.Sign(unsigned.Message()))), Token);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("WrongKey", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_600_000, "AttestedInFuture")]
    [InlineData(-3_600_000, "AttestedTooLongAgo")]
    public async Task SubmitAsync_AttestedFarFromTheClustersTime_IsRefused(long offsetMillis, string reason)
    {
        var deployment = await cluster.DeployAsync($"attested {reason}", shares: 1, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();

        var result = await publisher.SubmitAsync(deployment.Batch((ulong)((long)deployment.SequenceNow + offsetMillis * BatchSequence.Slots)), Token);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_OneRecordOutOfItsBounds_StoresTheOthersAndSaysWhy()
    {
        var deployment = await cluster.DeployAsync("out of bounds", shares: 3, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var batch = deployment.Batch(change: (i, record) => i == 1
            ? record with { Price = Price.FromE8(2_000_000 * Price.One), Bid = default, Ask = default, Ema = default }
            : record);

        var result = await publisher.SubmitAsync(batch, Token);

        Assert.Equal(SubmissionOutcome.Diverged, result.Outcome);
        Assert.Contains($"feed {deployment.FeedIds[1]}", result.Detail, StringComparison.Ordinal);
        Assert.Contains("OutOfBounds", result.Detail, StringComparison.Ordinal);
        Assert.Equal([batch.Header.Sequence, 0ul, batch.Header.Sequence], result.ReadBack.Select(feed => feed.Sequence));
    }

    [Fact]
    public async Task SubmitAsync_EndpointHandsOutAnUnknownBlockhash_TriesAgainWithAFreshOne()
    {
        var deployment = await cluster.DeployAsync("unknown blockhash", shares: 1, tokens: 0);
        using var tamper = RpcTamper.Result("getLatestBlockhash", (call, result) =>
        {
            if (call <= 2) result!["value"]!["blockhash"] = new SolanaAddress(Enumerable.Repeat((byte)call, 32).ToArray()).ToString();
            return result;
        });
        using var publisher = await deployment.ConnectedAsync(tamper);

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
        Assert.Equal(3, tamper.Count("getLatestBlockhash"));
    }

    [Fact]
    public async Task SubmitAsync_TransactionLostUntilItsBlockhashExpired_SignsAnewAndPaysMore()
    {
        var deployment = await cluster.DeployAsync("expired", shares: 1, tokens: 0);
        var lost = new List<string>();
        var sent = new List<string>();
        using var tamper = new RpcTamper(async (method, parameters, forward) =>
        {
            if (method == "sendTransaction")
            {
                var wire = (string)parameters[0]!;
                sent.Add(wire);
                // The first transaction never reaches the cluster, however often it is sent.
                if (lost.Count == 0) lost.Add(wire);
                if (lost[0] == wire) return new JsonObject { ["jsonrpc"] = "2.0", ["result"] = SignatureOf(wire) };
            }

            var answer = await forward();
            if (method == "getBlockHeight" && sent.All(wire => wire == lost[0])) answer["result"] = (ulong)answer["result"]! + 151;
            return answer;
        });
        using var publisher = await deployment.ConnectedAsync(tamper, options => options.ResendInterval = TimeSpan.FromMilliseconds(100));

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal((SubmissionOutcome.Landed, null), (result.Outcome, result.Detail));
        Assert.Equal(2, result.TransactionIds.Distinct().Count());
        Assert.Equal([1_000ul, 2_000ul], sent.Distinct().Select(UnitPriceOf));
    }

    [Fact]
    public async Task SubmitAsync_FirstSendLost_SendsTheSameBytesAgain()
    {
        var deployment = await cluster.DeployAsync("resend", shares: 1, tokens: 0);
        var sent = new List<string>();
        using var tamper = new RpcTamper(async (method, parameters, forward) =>
        {
            if (method != "sendTransaction") return await forward();
            sent.Add((string)parameters[0]!);
            if (sent.Count == 1) throw new HttpRequestException("connection reset");
            return await forward();
        });
        using var publisher = await deployment.ConnectedAsync(tamper, options => options.ResendInterval = TimeSpan.FromMilliseconds(100));

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Landed, result.Outcome);
        Assert.Single(result.TransactionIds);
        Assert.InRange(sent.Count, 2, 20);
        Assert.Single(sent.Distinct());
    }

    [Fact]
    public async Task SubmitAsync_NeverIncluded_IsExpiredAfterItsTime()
    {
        var deployment = await cluster.DeployAsync("never included", shares: 1, tokens: 0);
        using var tamper = new RpcTamper((method, parameters, forward) => method == "sendTransaction"
            ? Task.FromResult<JsonNode>(new JsonObject { ["jsonrpc"] = "2.0", ["result"] = SignatureOf((string)parameters[0]!) })
            : forward());
        using var publisher = await deployment.ConnectedAsync(tamper, options => options.ConfirmationTimeout = TimeSpan.FromSeconds(1));

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Expired, result.Outcome);
        Assert.Contains("not landed within 1 s", result.Detail, StringComparison.Ordinal);
        Assert.Single(result.TransactionIds);
        Assert.Equal(0ul, Assert.Single(result.ReadBack).Sequence);
    }

    [Fact]
    public async Task SubmitAsync_PayerWithoutLamports_IsRefusedInWords()
    {
        var deployment = await cluster.DeployAsync("poor payer", shares: 1, tokens: 0);
        using var payer = SolanaKeypair.Generate();
        using var tamper = RpcTamper.Result("getBalance", (_, result) =>
        {
            result!["value"] = 1_000_000_000;
            return result;
        });
        using var publisher = deployment.Publisher(tamper, payer: payer);
        await publisher.ConnectAsync(deployment.FeedIds, Token);

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Refused, result.Outcome);
        Assert.Contains("fund it", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_EndpointGone_IsUnreachable()
    {
        await using var chain = await LiteSvmChain.StartAsync(cluster.Tools, "ending", cluster.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Token);
        var deployment = await cluster.DeployAsync("gone", shares: 1, tokens: 0, chain);
        using var publisher = await deployment.ConnectedAsync();
        await chain.DisposeAsync();

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Unreachable, result.Outcome);
        Assert.Contains("cannot be reached", result.Detail, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", result.Detail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ChainException>(() => publisher.ReadAsync(deployment.FeedIds, Token));
    }

    [Fact]
    public async Task SubmitAsync_ReadBackShowsAnotherRecordUnderTheSameSequence_HasDiverged()
    {
        var deployment = await cluster.DeployAsync("equivocation", shares: 1, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        var first = deployment.Batch();
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(first, Token)).Outcome);

        var result = await publisher.SubmitAsync(deployment.Batch(first.Header.Sequence, (_, record) => record with { Price = Price.FromE8(record.Price.E8 + 1) }), Token);

        Assert.Equal(SubmissionOutcome.Diverged, result.Outcome);
        Assert.Contains("another record under the same sequence", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_CallerGivesUp_Cancels()
    {
        var deployment = await cluster.DeployAsync("cancelled", shares: 1, tokens: 0);
        using var publisher = await deployment.ConnectedAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publisher.SubmitAsync(deployment.Batch(), cancelled.Token));
    }

    [Fact]
    public async Task SubmitAsync_EndpointOfAnotherClusterAfterAnOutage_IsSentNothing()
    {
        var deployment = await cluster.DeployAsync("other cluster", shares: 1, tokens: 0);
        var (down, stranger) = (false, false);
        using var tamper = new RpcTamper(async (method, _, forward) =>
        {
            if (down) throw new HttpRequestException("connection refused");
            var answer = await forward();
            if (stranger && method == "getGenesisHash") answer["result"] = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
            return answer;
        });
        using var publisher = await deployment.ConnectedAsync(tamper);
        down = true;
        Assert.Equal(SubmissionOutcome.Unreachable, (await publisher.SubmitAsync(deployment.Batch(), Token)).Outcome);
        (down, stranger) = (false, true);

        var result = await publisher.SubmitAsync(deployment.Batch(), Token);

        Assert.Equal(SubmissionOutcome.Unreachable, result.Outcome);
        Assert.Contains("genesis hash 5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d", result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, tamper.Count("sendTransaction"));
        stranger = false;
        Assert.Equal(SubmissionOutcome.Landed, (await publisher.SubmitAsync(deployment.Batch(), Token)).Outcome);
    }

    [Theory]
    [InlineData("getLatestBlockhash")]
    [InlineData("simulateTransaction")]
    [InlineData("sendTransaction")]
    [InlineData("getSignatureStatuses")]
    [InlineData("getMultipleAccounts")]
    [InlineData("getTransaction")]
    [InlineData("getRecentPrioritizationFees")]
    [InlineData("getBlockHeight")]
    public async Task SubmitAsync_EndpointAnswersNonsense_NeverThrowsAndNeverClaimsWhatItDidNotRead(string method)
    {
        var deployment = await cluster.DeployAsync($"submit nonsense {method}", shares: 1, tokens: 0);
        var broken = false;
        JsonNode? nonsense = null;
        using var tamper = RpcTamper.Result(method, (_, result) => broken ? nonsense?.DeepClone() : result);
        using var publisher = await deployment.ConnectedAsync(tamper, options =>
        {
            options.MaxRetries = 1;
            options.ConfirmationTimeout = TimeSpan.FromSeconds(1);
            options.ResendInterval = TimeSpan.FromMilliseconds(100);
        });
        // Without these the batch lands all the same: its status and the read-back tell.
        string[] dispensable = ["sendTransaction", "getTransaction", "getRecentPrioritizationFees"];
        foreach (var text in (string[])["null", "{\"context\":{\"slot\":1},\"value\":{\"err\":{}}}"])
        {
            (broken, nonsense) = (true, JsonNode.Parse(text));
            var batch = deployment.Batch();

            var result = await publisher.SubmitAsync(batch, Token);

            broken = false;
            var stored = (await publisher.ReadAsync(deployment.FeedIds, Token))[0].Sequence;
            if (dispensable.Contains(method)) Assert.Equal(SubmissionOutcome.Landed, result.Outcome);
            if (result.Outcome == SubmissionOutcome.Landed) Assert.Equal(batch.Header.Sequence, stored);
            else Assert.NotEmpty(result.Detail!);
        }
    }

    [Fact]
    public async Task SubmitAsync_NotConnected_IsTheCallersFault()
    {
        var deployment = await cluster.DeployAsync("not connected", shares: 1, tokens: 0);
        using var publisher = deployment.Publisher();

        await Assert.ThrowsAsync<InvalidOperationException>(() => publisher.SubmitAsync(deployment.Batch(), Token));
    }

    private static async Task<SolanaTransactionError?> SendRawAsync(LocalDeployment deployment, SignedBatch batch, byte[] signedMessage)
    {
        var blockhash = (await deployment.Chain.Rpc.GetLatestBlockhashAsync(Token)).Blockhash;
        var run = new BatchRun(0, MerkleTree.TopLevel(batch.Records.Count), batch.Records.Count);
        var message = SubmitTransaction.Compile(deployment.Target, deployment.Payer.Address, batch, run, signedMessage, blockhash, new ComputeBudget(200_000, 0, 262_144));
        var transaction = SolanaTransaction.Sign(message, deployment.Payer);
        await deployment.Chain.Rpc.SendTransactionAsync(transaction, Token);
        var status = (await deployment.Chain.Rpc.GetSignatureStatusesAsync([transaction.Signature], Token))[0];
        Assert.NotNull(status);
        return status.Error;
    }

    private static string SignatureOf(string wire) => SimpleBase.Base58.Bitcoin.Encode(Convert.FromBase64String(wire).AsSpan(1, 64));

    /// <summary>The operand of SetComputeUnitPrice, found by its data: length 9, opcode 3.</summary>
    private static ulong UnitPriceOf(string wire)
    {
        var bytes = Convert.FromBase64String(wire);
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 9, 3]);
        return BitConverter.ToUInt64(bytes, at + 3);
    }
}
