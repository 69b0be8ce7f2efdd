using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NSec.Cryptography;
using OracleNode.Deployment;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>A LiteSVM cluster that the tests of a class share; each test sets up a deployment of its own on it.</summary>
public sealed class LocalCluster : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oracle-cluster-");
    private NodeToolchain? _tools;
    private LiteSvmChain? _chain;

    internal NodeToolchain Tools => _tools!;

    internal LiteSvmChain Chain => _chain!;

    internal RunningClock Clock { get; } = new(Instant.FromUtc(2026, 6, 10, 13, 30));

    public async ValueTask InitializeAsync()
    {
        _tools = await NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
        _chain = await LiteSvmChain.StartAsync(_tools, "solana", Clock, NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chain is not null) await _chain.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A record of its own for each deployment.</summary>
    internal DeploymentRecordFile RecordOf(string name, ulong deployment) =>
        DeploymentRecordFile.Open(Path.Combine(_folder.FullName, Guid.NewGuid().ToString("n") + ".json"), name, deployment);

    /// <summary>Deploys with one signer; the feeds are shares and tokens as asked.</summary>
    internal async Task<LocalDeployment> DeployAsync(string name, int shares, int tokens, LiteSvmChain? chain = null)
    {
        var deployment = BatchMessage.DeploymentId(name);
        using var signer = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        var seed = signer.Export(KeyBlobFormat.RawPrivateKey);
        var publicKey = signer.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        Feed[] feeds =
        [
            .. Enumerable.Range(0, shares).Select(i => new Feed($"S{i}", new InstrumentId(i), $"figi:BBG00000{i:0000}@XNAS", "USD", FeedUnit.UnderlyingShare)),
            .. Enumerable.Range(0, tokens).Select(i => new Feed($"S{i}x", new InstrumentId(i), $"figi:BBG00000{i:0000}@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHz{i:000}", "USD", FeedUnit.RawToken)),
        ];
        var owner = SolanaKeypair.Generate();
        var plan = new ContractPlan(deployment, [new PlannedSigner(0, publicKey)], 1, [.. feeds.Select(feed => new PlannedFeed(feed, Price.FromE8(1), Price.FromE8(1_000_000 * Price.One), feed.Name, Detailed: true))])
        {
            MaxFutureMillis = 60_000,
            MaxAttestationAgeMillis = 600_000,
        };
        var proofs = new SignerProofs(new SeedSigner(seed, publicKey), []);
        var deployed = await SolanaDeployer.DeployAsync(chain ?? Chain, owner, plan, proofs, RecordOf(name, deployment), TestContext.Current.CancellationToken);
        return new LocalDeployment(this, chain ?? Chain, owner, deployment, deployed, seed, publicKey, feeds);
    }

    internal static byte[] Sign(byte[] seed, byte[] message)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        return SignatureAlgorithm.Ed25519.Sign(key, message);
    }

    private sealed class SeedSigner(byte[] seed, byte[] publicKey) : ISigner
    {
        public ReadOnlyMemory<byte> PublicKey => publicKey;

        public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => ValueTask.FromResult(Sign(seed, message.ToArray()));
    }

    /// <summary>Market time that runs in real time from a given instant.</summary>
    internal sealed class RunningClock(Instant start) : IMarketClock
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public Instant Now => start + Duration.FromTimeSpan(Stopwatch.GetElapsedTime(_started));
    }
}

/// <summary>One deployment on the cluster, with the key that signs for it.</summary>
internal sealed record LocalDeployment(
    LocalCluster Cluster, LiteSvmChain Chain, SolanaKeypair Payer, ulong Id, SolanaDeployment Deployed, byte[] Seed, byte[] PublicKey, Feed[] Feeds)
{
    public FeedId[] FeedIds => [.. Deployed.Feeds.Select(feed => feed.Id)];

    public SubmitTarget Target => new(Deployed.Program, Deployed.Registry, Payer.Address, Id);

    public ChainBinding Binding => new(Id, Deployed.Epoch, 0, PublicKey);

    public SolanaOptions Options => new()
    {
        Name = "solana",
        RpcUrl = Chain.RpcUrl.ToString(),
        GenesisHash = Deployed.GenesisHash.ToString(),
        ProgramId = Deployed.Program.ToString(),
        Registry = Deployed.Registry.ToString(),
        StatusPollInterval = TimeSpan.FromMilliseconds(20),
        RetryDelay = TimeSpan.FromMilliseconds(10),
    };

    public SolanaPublisher Publisher(HttpMessageHandler? handler = null, Action<SolanaOptions>? change = null, ChainBinding? binding = null, SolanaKeypair? payer = null)
    {
        var options = Options;
        change?.Invoke(options);
        return new SolanaPublisher(options, binding ?? Binding, payer ?? Payer, TimeProvider.System, NullLogger<SolanaPublisher>.Instance, handler);
    }

    public async Task<SolanaPublisher> ConnectedAsync(HttpMessageHandler? handler = null, Action<SolanaOptions>? change = null)
    {
        var publisher = Publisher(handler, change);
        await publisher.ConnectAsync(FeedIds, TestContext.Current.CancellationToken);
        return publisher;
    }

    public ulong SequenceNow => (ulong)Cluster.Clock.Now.ToUnixTimeMilliseconds() * BatchSequence.Slots;

    /// <summary>A signed batch of all feeds, attested now unless told otherwise.</summary>
    public SignedBatch Batch(ulong? sequence = null, Func<int, FeedRecord, FeedRecord>? change = null)
    {
        var batch = Unsigned(sequence, change);
        return batch.WithSignatures(new BatchSignature(0, PublicKey, LocalCluster.Sign(Seed, batch.Message())));
    }

    public UnsignedBatch Unsigned(ulong? sequence = null, Func<int, FeedRecord, FeedRecord>? change = null)
    {
        var at = sequence ?? SequenceNow;
        var records = FeedIds.Select((id, i) =>
        {
            var record = Record(id, Feeds[i].IsToken, (100 + i) * Price.One, (long)(at / BatchSequence.Slots) - 250);
            return (id, change?.Invoke(i, record) ?? record);
        });
        return UnsignedBatch.Create(Id, Deployed.Epoch, at, [.. records]);
    }

    private static FeedRecord Record(FeedId id, bool token, long priceE8, long observedAt) => new()
    {
        FeedTag = id.Tag,
        Price = Price.FromE8(priceE8),
        ConfidenceE8 = 1_000_000,
        Bid = Price.FromE8(priceE8 - 500_000),
        Ask = Price.FromE8(priceE8 + 500_000),
        Ema = Price.FromE8(priceE8 - 42),
        Session = MarketSession.Regular,
        State = FeedState.Live,
        SourcesUsed = 3,
        Upstreams = 3,
        ObservedAtUnixMillis = observedAt,
        NextChangeAtUnixSeconds = observedAt / 1000 + 3_600,
        MaxAgeSeconds = 90,
        Token = token ? new TokenTerms(new Multiplier(Multiplier.One.E18 * 2), default, 0, Price.FromE8(priceE8 / 2)) : null,
    };
}
