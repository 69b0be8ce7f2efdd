using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NSec.Cryptography;
using OracleNode.Deployment;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>A real chain with the real contract: one signer, two share feeds and a token feed, shared by the tests of a class.</summary>
public sealed class LocalOracleFeeds : IAsyncLifetime, ISigner
{
    internal const ulong ChainId = 42161;
    internal const uint Epoch = 1;
    internal const byte SignerIndex = 3;
    internal const long MinPriceE8 = 1_00000000;
    internal const long MaxPriceE8 = 5_000_00000000;

    internal static readonly ulong Deployment = BatchMessage.DeploymentId("evm-tests");

    private static readonly UInt128 OneEther = 1_000_000_000_000_000_000;

    private readonly Key _key = Key.Create(SignatureAlgorithm.Ed25519);
    private readonly HttpClient _http = EvmRpcClient.CreateHttpClient();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oracle-feeds-");
    private long _lastMillis;

    internal static Feed Tsla { get; } = new("TSLA", default, "figi:BBG000N9P426@XNAS", "USD", FeedUnit.UnderlyingShare);
    internal static Feed Aapl { get; } = new("AAPL", default, "figi:BBG000B9Y5X2@XNAS", "USD", FeedUnit.UnderlyingShare);
    internal static Feed Tslax { get; } = new("TSLAx", default, "figi:BBG000N9P426@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", "USD", FeedUnit.RawToken);

    /// <summary>Registered too, for a test that stores a sequence of the future.</summary>
    internal static Feed Spy { get; } = new("SPY", default, "figi:BBG000BDTF76@ARCX", "USD", FeedUnit.UnderlyingShare);

    /// <summary>Its quote, EMA and counts are not stored.</summary>
    internal static Feed Qqq { get; } = new("QQQ", default, "figi:BBG000BSWKH7@XNAS", "USD", FeedUnit.UnderlyingShare);

    internal static FeedId[] Ids { get; } = [FeedIdentity.Compute(Tsla), FeedIdentity.Compute(Aapl), FeedIdentity.Compute(Tslax)];

    internal AnvilChain Chain { get; private set; } = null!;

    internal EvmDeployment Deployed { get; private set; } = null!;

    /// <summary>Owns the contract.</summary>
    internal EvmAccount Owner { get; private set; } = null!;

    internal NodeToolchain Tools { get; private set; } = null!;

    internal byte[] PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    internal ChainBinding Binding => new(Deployment, Epoch, SignerIndex, PublicKey);

    public async ValueTask InitializeAsync()
    {
        Tools = await NodeToolchain.PrepareAsync(null, default);
        Chain = await AnvilChain.StartAsync(Tools, "local", ChainId, new WallClock(), NullLogger.Instance, default);
        Owner = await AccountAsync();
        var plan = new ContractPlan(Deployment, [new PlannedSigner(SignerIndex, PublicKey)], 1, [.. new[] { Tsla, Aapl, Tslax, Spy }.Select(Planned), Planned(Qqq) with { Detailed = false }]) { MaxFutureMillis = 5_000, MaxAttestationAgeMillis = 600_000 };
        var record = DeploymentRecordFile.Open(Path.Combine(_folder.FullName, "evm-tests.json"), "evm-tests", Deployment);
        Deployed = await EvmDeployer.DeployAsync(Chain, Owner, plan, new SignerProofs(this, []), record, NullLogger.Instance, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (Chain is not null) await Chain.DisposeAsync();
        _http.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    ReadOnlyMemory<byte> ISigner.PublicKey => PublicKey;

    ValueTask<byte[]> ISigner.SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => ValueTask.FromResult(SignatureAlgorithm.Ed25519.Sign(_key, message.Span));

    private static PlannedFeed Planned(Feed feed) => new(feed, Price.FromE8(MinPriceE8), Price.FromE8(MaxPriceE8), $"{feed.Name} / {feed.Quote}", Detailed: true);

    /// <summary>A new account with a balance: each test has its own nonces.</summary>
    internal async Task<EvmAccount> AccountAsync()
    {
        var account = EvmAccount.Create();
        await Chain.SetBalanceAsync(account.Address, 100 * OneEther, default);
        return account;
    }

    internal EvmOptions Options() => new()
    {
        Name = "local",
        RpcUrl = Chain.RpcUrl.ToString(),
        ChainId = ChainId,
        Contract = Deployed.Contract.ToString(),
        ReceiptPollInterval = TimeSpan.FromMilliseconds(20),
        ReplaceAfter = TimeSpan.FromSeconds(3),
    };

    internal EvmPublisher Publisher(EvmAccount relayer, Action<EvmOptions>? change = null, ChainBinding? binding = null)
    {
        var options = Options();
        change?.Invoke(options);
        return new EvmPublisher(options, binding ?? Binding, relayer, _http, TimeProvider.System, NullLogger<EvmPublisher>.Instance);
    }

    internal async Task<EvmPublisher> PublisherAsync(Action<EvmOptions>? change = null) => Publisher(await AccountAsync(), change);

    /// <summary>A sequence above every one given before.</summary>
    internal ulong NextSequence()
    {
        _lastMillis = Math.Max(_lastMillis + 1, SystemClock.Instance.GetCurrentInstant().ToUnixTimeMilliseconds());
        return (ulong)_lastMillis << 4;
    }

    internal SignedBatch Batch(ulong sequence, params (Feed Feed, FeedRecord Record)[] records) => Sign(Unsigned(sequence, records));

    internal static UnsignedBatch Unsigned(ulong sequence, (Feed Feed, FeedRecord Record)[] records, ulong? deployment = null, uint epoch = Epoch) =>
        UnsignedBatch.Create(deployment ?? Deployment, epoch, sequence, [.. records.Select(r => (FeedIdentity.Compute(r.Feed), r.Record))]);

    internal SignedBatch Sign(UnsignedBatch batch) =>
        batch.WithSignatures(new BatchSignature(SignerIndex, PublicKey, SignatureAlgorithm.Ed25519.Sign(_key, batch.Message())));

    internal static (Feed Feed, FeedRecord Record) Share(Feed feed, long priceE8, ulong sequence) => (feed, new FeedRecord
    {
        FeedTag = FeedIdentity.Compute(feed).Tag,
        Price = Price.FromE8(priceE8),
        ConfidenceE8 = 4_000_000,
        Bid = Price.FromE8(priceE8 - 3_000_000),
        Ask = Price.FromE8(priceE8 + 2_000_000),
        Ema = Price.FromE8(priceE8 - 100_000_000 / 3),
        Session = MarketSession.Regular,
        State = FeedState.Live,
        SourcesUsed = 5,
        SourcesRejected = 1,
        Upstreams = 3,
        ObservedAtUnixMillis = (long)(sequence >> 4) - 250,
        NextChangeAtUnixSeconds = (long)(sequence >> 4) / 1000 + 3600,
        MaxAgeSeconds = 60,
    });

    internal static (Feed Feed, FeedRecord Record) Held(Feed feed, long priceE8, ulong sequence) => (feed, Share(feed, priceE8, sequence).Record with
    {
        Bid = default,
        Ask = default,
        Ema = default,
        Session = MarketSession.Closed,
        ClosedReason = ClosedReason.Holiday,
        HaltReason = HaltReason.Regulatory,
        State = FeedState.Held,
        HoldReasons = HoldReasons.BelowQuorum | HoldReasons.Configuration,
        SourcesUsed = 0,
        Upstreams = 0,
        NextChangeAtUnixSeconds = 0,
    });

    internal static (Feed Feed, FeedRecord Record) Token(long priceE8, ulong sequence) => (Tslax, Share(Tslax, priceE8, sequence).Record with
    {
        Token = new TokenTerms(new Multiplier(1_002_003_004_005_006_007), new Multiplier(UInt128.Parse("20000000000000000000")), 1_900_000_000, Price.FromE8(priceE8 - 1_000)),
    });

    private sealed class WallClock : IMarketClock
    {
        public Instant Now => SystemClock.Instance.GetCurrentInstant();
    }
}
