using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Clock;
using OracleNode.Configuration;
using OracleNode.Deployment;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Redis;
using OracleNode.Updates;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Finazon;
using OracleNode.VendorServers.Halts;
using OracleNode.VendorServers.Massive;
using OracleNode.VendorServers.XStocks;

namespace OracleNode.Run;

/// <summary>
/// Everything a node needs, on one machine, and the node itself as it runs in production: its own configuration file,
/// its own key files, real sockets. Disposing ends all of it and nothing else.
/// </summary>
internal sealed class Devnet : IAsyncDisposable
{
    /// <summary>Deployment that the local contracts are set up for.</summary>
    public const string Deployment = "devnet";

    // First in, last out.
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("oraclenode-devnet-").FullName;
    private readonly Action<string> _report;
    private readonly ILoggerFactory _loggers;

    private Devnet(Action<string> report, ILoggerFactory loggers)
    {
        _report = report;
        _loggers = loggers;
    }

    public required DevnetOptions Options { get; init; }
    public ScaledMarketClock Clock { get; private set; } = null!;
    public MarketTimeline Timeline { get; private set; } = null!;
    public EmbeddedRedis Redis { get; private set; } = null!;
    public VendorSet Vendors { get; private set; } = null!;
    public MassiveServer Massive => Vendors.Massive;
    public AlpacaServer Alpaca => Vendors.Alpaca;
    public FinazonServer Finazon => Vendors.Finazon;
    public NasdaqTraderServer NasdaqTrader { get; private set; } = null!;
    public NyseServer Nyse { get; private set; } = null!;
    public XStocksServer XStocks { get; private set; } = null!;
    public AnvilChain Arbitrum { get; private set; } = null!;
    public AnvilChain Base { get; private set; } = null!;
    public LiteSvmChain Solana { get; private set; } = null!;
    public DevnetKeys Keys { get; private set; } = null!;
    public IReadOnlyList<(AnvilChain Chain, EvmDeployment Deployed)> Evm { get; private set; } = [];
    public SolanaDeployment SolanaDeployed { get; private set; } = null!;

    /// <summary>The pool that a premium looks at; null without derived feeds.</summary>
    public DevnetPool? Pool { get; private set; }

    /// <summary>What Chainlink's network says on Arbitrum; null without derived feeds.</summary>
    public DevnetAggregators? Aggregators { get; private set; }

    /// <summary>The vault on Arbitrum; null without derived feeds.</summary>
    public DevnetWrapper? Wrapper { get; private set; }

    /// <summary>What is registered on every chain, in that order.</summary>
    public IReadOnlyList<Feed> Feeds { get; private set; } = [];

    /// <summary>The configuration file the node runs on.</summary>
    public string ConfigurationPath => Path.Combine(_folder, "appsettings.json");

    /// <summary>The record of what was deployed, which the node checks the chains against.</summary>
    public string RecordPath => Path.Combine(_folder, Deployment + ".json");

    /// <summary>The node; null until <see cref="StartNodeAsync"/>.</summary>
    public WebApplication? Node { get; private set; }

    /// <summary>What the node knows of itself; null before its first pass.</summary>
    public NodeSnapshot? Snapshot => Node?.Services.GetRequiredService<NodeStatus>().Latest;

    /// <summary>Starts everything but the node.</summary>
    /// <param name="report">Receives each step as it is taken.</param>
    /// <exception cref="ChainException">A tool is missing, or a chain did not start or take a contract.</exception>
    /// <exception cref="MarketDataException">The recorded data cannot be read.</exception>
    public static async Task<Devnet> StartAsync(DevnetOptions options, Action<string> report, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var devnet = new Devnet(report, loggers) { Options = options };
        try
        {
            await devnet.StartAsync(cancellationToken);
            return devnet;
        }
        catch
        {
            await devnet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node on <see cref="ConfigurationPath"/>, as <c>run --config</c> would.</summary>
    public async Task StartNodeAsync(CancellationToken cancellationToken)
    {
        _report("starting the node");
        Node = NodeHost.Build(ConfigurationFile.Read(ConfigurationPath), Clock, logging => logging.Services.AddSingleton(_loggers));
        await Node.StartAsync(cancellationToken);
    }

    /// <summary>Stops the node; everything else runs on.</summary>
    public async Task StopNodeAsync()
    {
        if (Node is not { } node) return;
        Node = null;
        await node.StopAsync();
        await node.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopNodeAsync();
        while (_started.TryPop(out var part)) await part.DisposeAsync();
        Redis?.Dispose();
        Keys?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var tools = await NodeToolchain.PrepareAsync(_report, cancellationToken);
        Timeline = Options.Data.Count > 0
            ? new RecordedTicks(Options.Data)
            : new GeneratedDay(new GeneratedDayOptions { Seed = Options.Seed, From = Earlier(Options.From, Period.FromMinutes(10)) });
        Clock = new ScaledMarketClock(Timeline.At(Options.From), Options.Speed, TimeProvider.System);
        Keys = new DevnetKeys(_folder);

        _report("starting Redis (Garnet)");
        Redis = EmbeddedRedis.Start();

        await StartVendorsAsync(cancellationToken);
        await StartChainsAsync(tools, cancellationToken);
        await WriteConfigurationAsync(cancellationToken);

        // Until here market time stood still: setting up costs the day nothing, however slow the machine is.
        Clock.Start();
        _report(string.Create(CultureInfo.InvariantCulture, $"market time is {Timeline.Date:uuuu-MM-dd} {Options.From:HH:mm:ss} New York, {Options.Speed} market seconds per second"));
    }

    private async Task StartVendorsAsync(CancellationToken cancellationToken)
    {
        var tokens = DevnetFeeds.TokensOf(Timeline);
        Vendors = Own(new VendorSet(Timeline, Clock, new VendorSetOptions
        {
            Views = new VendorViewOptions { Seed = Options.Seed },
            KrakenPairs = DevnetFeeds.KrakenPairsOf(tokens),
            BybitPairs = DevnetFeeds.BybitPairsOf(tokens),
            BitstampPairs = Options.HasDerivedFeeds ? DevnetFeeds.BitstampPairsOf(tokens) : [],
        }));
        await Vendors.StartAsync(cancellationToken);
        foreach (var server in Vendors.All) _report($"vendor server {server.Name} at {server.Url}");
        NasdaqTrader = Own(new NasdaqTraderServer());
        Nyse = Own(new NyseServer());
        XStocks = Own(new XStocksServer());
        await XStocks.StartAsync(cancellationToken);
        _report($"public API of the xStocks' issuer at {XStocks.Url}");
        foreach (HaltListServer server in new HaltListServer[] { NasdaqTrader, Nyse })
        {
            await server.StartAsync(cancellationToken);
            _report($"list of halts {server.Name} at {server.Url}");
        }
    }

    private async Task StartChainsAsync(NodeToolchain tools, CancellationToken cancellationToken)
    {
        var logger = _loggers.CreateLogger<Devnet>();
        Arbitrum = Own(await AnvilChain.StartAsync(tools, "arbitrum", 42161, Clock, logger, cancellationToken));
        _report($"chain arbitrum (anvil, chain id 42161) at {Arbitrum.RpcUrl}");
        Base = Own(await AnvilChain.StartAsync(tools, "base", 8453, Clock, logger, cancellationToken));
        _report($"chain base (anvil, chain id 8453) at {Base.RpcUrl}");
        Solana = Own(await LiteSvmChain.StartAsync(tools, "solana", Clock, logger, cancellationToken));
        _report($"chain solana (LiteSVM) at {Solana.RpcUrl}");

        foreach (var token in DevnetFeeds.EvmTokensOf(Timeline)) await PlaceTokenAsync(token, cancellationToken);
        if (HasDerivedFeeds) await PlaceOnArbitrumAsync(logger, cancellationToken);
        Feeds = MakeFeeds();

        var deployment = BatchMessage.DeploymentId(Deployment);
        var plan = new ContractPlan(deployment, [new PlannedSigner(0, Keys.Signer.PublicKey.ToArray())], 1, [.. Feeds.Select(f => new PlannedFeed(f, MinPrice, MaxPrice, FeedLabels.DescriptionOf(f), Detailed: true))])
        {
            // Blocks are stamped in whole seconds, and a fast replay is some behind.
            MaxFutureMillis = 60_000,
            MaxAttestationAgeMillis = 600_000,
        };
        var proofs = new SignerProofs(Keys.Signer, []);
        var record = DeploymentRecordFile.Open(RecordPath, Deployment, deployment);
        var evm = new List<(AnvilChain, EvmDeployment)>();
        foreach (var chain in new[] { Arbitrum, Base })
        {
            await chain.SetBalanceAsync(Keys.Relayer.Address, RelayerBalanceWei, cancellationToken);
            var deployed = await EvmDeployer.DeployAsync(chain, Keys.Relayer, plan, proofs, record, logger, cancellationToken);
            evm.Add((chain, deployed));
            _report($"OracleFeeds on {chain.Name} at {deployed.Contract}: {deployed.Feeds.Count} feeds, {deployed.GasUsed:N0} gas for all of it");
        }

        Evm = evm;
        foreach (var token in DevnetFeeds.TokensOf(Timeline))
        {
            await SolanaDeployer.PlaceMintAsync(Solana, DevnetFeeds.MintOf(token), cancellationToken);
            _report($"mint {token.Name} on solana: multiplier {token.Multiplier.ToString(CultureInfo.InvariantCulture)}");
        }

        if (HasDerivedFeeds)
        {
            Pool = Own(new DevnetPool(Solana, FirstToken, Timeline, Clock, Options.Seed, logger));
            await Pool.StartAsync(cancellationToken);
            _report($"pool of {FirstToken.Name} against USDC on solana at {Pool.Address}");
        }

        SolanaDeployed = await SolanaDeployer.DeployAsync(Solana, Keys.Payer, plan, proofs, record, cancellationToken);
        _report($"oracle feeds program on solana at {SolanaDeployed.Program}: {SolanaDeployed.Feeds.Count} feeds");
    }

    private async Task PlaceTokenAsync(DevnetEvmToken token, CancellationToken cancellationToken)
    {
        var chain = token.ChainId == Arbitrum.ChainId ? Arbitrum : Base;
        var contracts = new TokenContracts(chain.Rpc);
        var address = token.Standard == Tokens.TokenStandard.Backed
            ? await contracts.DeployBackedAsync(token.MultiplierE18, cancellationToken)
            : await contracts.DeployScaledAsync(token.MultiplierE18, cancellationToken);
        if (address != DevnetEvmToken.Address) throw new ChainException($"{token.Name} stands at {address} on {chain.Name}, not at {DevnetEvmToken.Address}: something was created before it");
        _report($"token {token.Name} ({token.Standard}) on {chain.Name} at {address}: multiplier {new Multiplier(token.MultiplierE18)}");
    }

    /// <summary>What derived feeds read there: a vault over the first chain's token, and what Chainlink's network says of currencies.</summary>
    private async Task PlaceOnArbitrumAsync(ILogger logger, CancellationToken cancellationToken)
    {
        var contracts = new TokenContracts(Arbitrum.Rpc);
        if (DevnetFeeds.EvmTokensOf(Timeline).FirstOrDefault(t => t.ChainId == Arbitrum.ChainId && t.Standard == Tokens.TokenStandard.Backed) is { } wrapped)
        {
            Wrapper = new DevnetWrapper(wrapped, await contracts.DeployBackedWrapperAsync(DevnetEvmToken.Address, cancellationToken), Clock.Now);
            _report($"wrapper {Wrapper.FeedName} of {wrapped.Name} on {Arbitrum.Name} at {Wrapper.Contract}");
        }

        Aggregators = Own(new DevnetAggregators(Arbitrum, Clock, Options.Seed, logger));
        await Aggregators.StartAsync(cancellationToken);
        foreach (var (currency, address) in Aggregators.Addresses) _report($"aggregator {currency} / USD on {Arbitrum.Name} at {address}");
    }

    private static UInt128 RelayerBalanceWei { get; } = (UInt128)1_000 * 1_000_000_000_000_000_000;

    // Wide, since recorded data may be of anything; a deployment for real money sets them by feed.
    private static Price MinPrice { get; } = Price.FromE8(Price.One / 100);

    private static Price MaxPrice { get; } = Price.FromE8(1_000_000 * Price.One);

    private List<Feed> MakeFeeds()
    {
        var instruments = DevnetFeeds.InstrumentsOf(Timeline);
        var shares = instruments.Select((i, at) => new Feed(i.Ticker, new InstrumentId(at), $"figi:{i.Figi}@{i.Mic}", "USD", FeedUnit.UnderlyingShare)).ToList();
        var tokens = DevnetFeeds.TokensOf(Timeline).Select(t => (t.Name, t.Underlying, t.Asset)).Concat(DevnetFeeds.EvmTokensOf(Timeline).Select(t => (t.Name, t.Underlying, t.Asset))).Select(t =>
        {
            var share = shares.Single(s => s.Name == t.Underlying);
            return share with { Name = t.Name, Identity = $"{share.Identity};{t.Asset}", Unit = FeedUnit.RawToken };
        });
        List<Feed> feeds = [.. shares, .. tokens];
        feeds.AddRange(DerivedFeeds().Select(d => d.Of(feeds)).ToList());
        return feeds;
    }

    /// <summary>True when tokens are there whose markets, reserves and wrappers feeds are made from.</summary>
    private bool HasDerivedFeeds => Options.HasDerivedFeeds && DevnetFeeds.TokensOf(Timeline).Count > 0;

    private DevnetToken FirstToken => DevnetFeeds.TokensOf(Timeline)[0];

    /// <summary>One of every kind there is, in the order in which one is made from the other.</summary>
    private List<IDerivedFeed> DerivedFeeds()
    {
        if (!HasDerivedFeeds) return [];
        var token = FirstToken;
        var premium = new DevnetPremium(token.Name, [DevnetNodeConfiguration.Kraken, DevnetNodeConfiguration.Bybit, DevnetPool.SourceName]);
        return
        [
            .. Wrapper is { } wrapper ? new IDerivedFeed[] { wrapper } : [],
            new DevnetReserve(token, _folder, Keys),
            .. DevnetFeeds.Currencies.Select(c => new DevnetCurrency(c, [DevnetNodeConfiguration.Kraken, DevnetNodeConfiguration.Bitstamp, DevnetAggregators.SourceName])),
            premium,
            new DevnetQuotedToken(token.Name, "USDC"),
            new DevnetIndication(token.Underlying, premium.FeedName),
        ];
    }

    private async Task WriteConfigurationAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, value) in DevnetNodeConfiguration.Secrets) Environment.SetEnvironmentVariable(name, value);
        var configuration = DevnetNodeConfiguration.Create(
            Deployment, RecordPath, Keys, DevnetFeeds.InstrumentsOf(Timeline), DevnetFeeds.TokensOf(Timeline), DevnetFeeds.EvmTokensOf(Timeline),
            Massive.Url, Alpaca.Url, Finazon.Url, NasdaqTrader.Url, Nyse.Url, XStocks.Url, Vendors.Kraken?.Url, Vendors.Bybit?.Url, Vendors.Bybit?.ListingUrl, Vendors.Bitstamp?.Url, Redis.Configuration, Evm, Solana, SolanaDeployed.Epoch, Options.Speed);
        var node = configuration["OracleNode"]!.AsObject();
        Pool?.AddTo(node);
        Aggregators?.AddTo(node);
        foreach (var derived in DerivedFeeds())
        {
            if (derived is DevnetReserve reserve)
            {
                reserve.Attest(Deployment, Clock.Now);
                _report($"custodian's statement on {reserve.Token.Name}, signed; feed {reserve.FeedName}");
            }

            derived.AddTo(node, Options.Speed);
        }

        await File.WriteAllTextAsync(ConfigurationPath, configuration.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), cancellationToken);
        _report($"configuration of the node: {ConfigurationPath}");
    }

    private static LocalTime Earlier(LocalTime time, Period by) => time.TickOfDay < by.ToDuration().BclCompatibleTicks ? LocalTime.Midnight : time - by;

    private T Own<T>(T part) where T : IAsyncDisposable
    {
        _started.Push(part);
        return part;
    }
}
