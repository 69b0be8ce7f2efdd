using NodaTime;
using NSec.Cryptography;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Relayers;
using OracleNode.Run;
using OracleNode.Updates;

namespace OracleNode;

/// <summary>
/// What every chain refuses, sent to each as anybody could send it. That the senders work is shown by <see cref="Batch_SignedAndFresh_IsTakenByEveryChain"/>,
/// which differs from the refused ones in nothing but what they are refused for.
/// </summary>
[Collection(GeneratedDay.Name)]
public sealed class BatchRefusalTests(QuietSystem quiet) : IClassFixture<QuietSystem>
{
    private static readonly string[] Sent = ["TSLA", "SPYx"];

    private Devnet Devnet => quiet.System.Devnet;

    private ulong Now => TestBatches.SequenceAt(Devnet.Clock.Now);

    [Fact]
    public async Task Batch_SignedAndFresh_IsTakenByEveryChain()
    {
        var batch = await TestBatches.SignAsync(Devnet, Now, await RecordsAsync());
        foreach (var relayer in quiet.Relayers) Assert.Equal(new Verdict(true, ""), await relayer.SendAsync(batch));
        for (var i = 0; i < batch.Records.Count; i++)
        {
            var expected = SolanaReader.Decode(batch.Header.Sequence, batch.EncodedRecords[i]);
            Assert.All(await quiet.HeldAsync(batch.Feeds[i]), held => Assert.Equal(expected, held));
        }
    }

    [Fact]
    public async Task OlderBatchOfTheNode_SentAgain_IsRefusedByEveryChain()
    {
        // As it lies in the history of a chain, for anyone to take.
        var envelopes = await quiet.System.EvmReaders[0].EnvelopesAsync();
        var held = await AllHeldAsync();
        var captured = envelopes.Select(bytes =>
        {
            Assert.Equal(EnvelopeError.None, DecodedEnvelope.TryDecode(bytes, out var decoded));
            return (Bytes: bytes, Batch: Rebuild(decoded!));
        }).Last(e => e.Batch.Feeds.All(id => held[id].All(r => r.Sequence > e.Batch.Header.Sequence)));

        foreach (var relayer in quiet.Relayers)
        {
            // Solana's packets carry no batch of every feed: a part of it under the same signature, as any relayer would send it.
            var verdict = relayer switch
            {
                EvmRelayer evm => await evm.SendAsync(captured.Bytes),
                SolanaRelayer solana => await solana.SendRunAsync(captured.Batch, 0, int.Min(1, MerkleTree.TopLevel(captured.Batch.Records.Count))),
                _ => await relayer.SendAsync(captured.Batch),
            };
            RequireRefused(relayer, verdict, "NotNewer", "NotNewer");
        }

        Assert.Equal(Flat(held), Flat(await AllHeldAsync()));
    }

    [Fact]
    public Task OlderSequence_SignedAgainWithAnotherPrice_IsRefusedByEveryChain() => RefusedAsync(
        async () =>
        {
            var oldest = (await AllHeldAsync()).Values.Min(held => held.Min(r => r.Sequence));
            return await TestBatches.SignAsync(Devnet, oldest - 1, await RecordsAsync(r => r with { Price = Price.FromE8(r.Price.E8 + 1), ObservedAtUnixMillis = (long)((oldest - 1) >> 4) }));
        },
        "NotNewer", "NotNewer");

    [Fact]
    public Task ObservationThatGoesBack_UnderANewerSequence_IsRefusedByEveryChain() => RefusedAsync(
        async () => await TestBatches.SignAsync(Devnet, Now, await RecordsAsync(r => r with { ObservedAtUnixMillis = 1 })),
        "ObservedBackwards", "ObservedBack");

    [Fact]
    public Task Attestation_AnHourAhead_IsRefusedByEveryChain() => RefusedAsync(
        async () => await TestBatches.SignAsync(Devnet, TestBatches.SequenceAt(quiet.System.In(Duration.FromHours(1))), await RecordsAsync()),
        "AttestedInFuture", "AttestedInFuture");

    [Fact]
    public Task Attestation_AnHourOld_IsRefusedByEveryChain() => RefusedAsync(
        async () => await TestBatches.SignAsync(Devnet, TestBatches.SequenceAt(quiet.System.In(-Duration.FromHours(1))), await RecordsAsync(r => r with { ObservedAtUnixMillis = 1 })),
        "AttestedTooOld", "AttestedTooLongAgo");

    [Fact]
    public Task BatchOfAnotherDeployment_IsRefusedByEveryChain() => RefusedAsync(
        async () => await TestBatches.SignAsync(Devnet, Now, await RecordsAsync(), "staging"),
        "WrongDeployment", "WrongDeployment");

    [Fact]
    public Task BatchSignedByAnotherKey_IsRefusedByEveryChain() => RefusedAsync(
        async () =>
        {
            using var key = Key.Create(SignatureAlgorithm.Ed25519);
            var unsigned = UnsignedBatch.Create(BatchMessage.DeploymentId(Devnet.Deployment), Devnet.SolanaDeployed.Epoch, Now, await RecordsAsync());
            return unsigned.WithSignatures(new BatchSignature(0, key.PublicKey.Export(KeyBlobFormat.RawPublicKey), SignatureAlgorithm.Ed25519.Sign(key, unsigned.Message())));
        },
        "BadSignature", "WrongKey");

    [Fact]
    public async Task TamperedPrice_UnderTheSameSignature_IsRefusedByEveryChain()
    {
        var batch = await TestBatches.SignAsync(Devnet, Now, await RecordsAsync());
        await RefusedAsync(() => Task.FromResult(batch), "BadSignature", "WrongMessage", envelope => TestBatches.WithChangedPrice(envelope, batch));
    }

    [Fact]
    public async Task TamperedPrice_WithTheSignatureClaimedForIt_IsRefusedBySolana()
    {
        // The program is told the message that fits the changed record; then the Ed25519 program itself does not find it signed.
        var records = await RecordsAsync();
        var batch = await TestBatches.SignAsync(Devnet, Now, records);
        records[0] = (records[0].Id, records[0].Record with { Price = Price.FromE8(records[0].Record.Price.E8 + 1) });
        var changed = UnsignedBatch.Create(batch.Header.Deployment, batch.Header.Epoch, batch.Header.Sequence, records).WithSignatures([.. batch.Signatures]);
        var before = Flat(await AllHeldAsync());

        var verdict = await quiet.Relayers.OfType<SolanaRelayer>().Single().SendAsync(changed);

        Assert.False(verdict.Stored);
        Assert.Equal(before, Flat(await AllHeldAsync()));
    }

    private async Task RefusedAsync(Func<Task<SignedBatch>> make, string evmReason, string solanaReason, Func<byte[], byte[]>? spoil = null)
    {
        var before = Flat(await AllHeldAsync());
        var batch = await make();
        foreach (var relayer in quiet.Relayers) RequireRefused(relayer, await relayer.SendAsync(batch, spoil), evmReason, solanaReason);
        Assert.Equal(before, Flat(await AllHeldAsync()));
    }

    private static void RequireRefused(IRelayer relayer, Verdict verdict, string evmReason, string solanaReason)
    {
        Assert.False(verdict.Stored, $"{relayer.Name} took it");
        Assert.Contains(relayer is EvmRelayer ? evmReason : solanaReason, verdict.Reason, StringComparison.Ordinal);
    }

    /// <summary>Records that every chain would take now: what the chains hold, with the newest observation of the three.</summary>
    private async Task<List<(FeedId Id, FeedRecord Record)>> RecordsAsync(Func<FeedRecord, FeedRecord>? change = null)
    {
        var records = new List<(FeedId, FeedRecord)>();
        foreach (var name in Sent)
        {
            var id = quiet.Feeds.Single(f => f.Name == name).Id;
            var record = TestBatches.ToRecord(id, (await quiet.HeldAsync(id)).MaxBy(r => r.ObservedAtMillis)!);
            records.Add((id, change?.Invoke(record) ?? record));
        }

        return records;
    }

    private async Task<Dictionary<FeedId, IReadOnlyList<PublishedRecord>>> AllHeldAsync()
    {
        var held = new Dictionary<FeedId, IReadOnlyList<PublishedRecord>>();
        foreach (var (_, id) in quiet.Feeds) held.Add(id, await quiet.HeldAsync(id));
        return held;
    }

    private static List<PublishedRecord> Flat(Dictionary<FeedId, IReadOnlyList<PublishedRecord>> held) => [.. held.Values.SelectMany(r => r)];

    /// <summary>The same batch from its envelope: same header, same signature.</summary>
    private SignedBatch Rebuild(DecodedEnvelope decoded)
    {
        var unsigned = UnsignedBatch.Create(
            decoded.Header.Deployment, decoded.Header.Epoch, decoded.Header.Sequence,
            [.. decoded.Records.Select(r => (quiet.Feeds.Single(f => f.Id.Tag == r.FeedTag).Id, r))], decoded.Header.EvidenceRoot);
        Assert.Equal(decoded.Header, unsigned.Header);
        var (index, signature) = Assert.Single(decoded.Signatures);
        return unsigned.WithSignatures(new BatchSignature(index, Devnet.Keys.Signer.PublicKey.ToArray(), signature));
    }
}
