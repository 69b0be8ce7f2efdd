using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Deployment;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Reserves;
using OracleNode.Signing;
using OracleNode.Timekeeping;
using OracleNode.Tokens;
using OracleNode.Vendors;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.CorporateActions;
using OracleNode.Vendors.Massive;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.XStocks;
using OracleNode.Wrappers;

namespace OracleNode;

/// <summary>The parts of a node, made from its settings and wired to each other: sessions, inboxes, feeds, chains.</summary>
internal sealed class NodeParts : IDisposable
{
    private readonly HttpClient _http = EvmRpcClient.CreateHttpClient();
    private readonly List<IDisposable> _owned = [];
    private readonly IServiceProvider _services;
    private readonly NodeSettings _settings;
    private readonly TimeProvider _time;
    private readonly IMarketClock _clock;
    private readonly PipelineSignal _signal;
    private readonly LatencyRecorder _landedLatency = new();
    private readonly TokenMarketInbox _tokenMarkets = new();

    public NodeParts(NodeSettings settings, IServiceProvider services)
    {
        _settings = settings;
        _services = services;
        _time = services.GetRequiredService<TimeProvider>();
        _clock = services.GetRequiredService<IMarketClock>();
        _signal = services.GetRequiredService<PipelineSignal>();
        var running = services.GetRequiredService<RunningCalendar>();
        var calendar = running.Current.Calendar;

        // What a market of tokens says goes another way: it needs no room here.
        var inboxes = settings.Options.Sources.Select(o => new SourceInbox(_signal, _time, o.Vendor.IsTokenVenue() ? 1 : SourceInbox.DefaultCapacity)).ToList();
        Sessions = CreateSessions(running, inboxes);
        MarketStatus = CreateMarketStatus(inboxes);
        CorporateActions = CreateCorporateActions();
        Tokens = CreateTokens();
        Reserves = CreateReserves();
        Wrappers = CreateWrappers();
        FeedSlot[] slots = [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))];
        ChainWorker[] workers = [.. CreateWorkers(slots)];
        Plan = new PipelinePlan(
            MarketFoldFactory.Create(settings, calendar), slots, [.. workers.Select(w => new ChainPlanner(w, settings.Publishing[w.Name]))], settings.Deployment,
            settings.Options.Signing.Epoch, settings.Options.Signing.SignerIndex, settings.Options.NodeSlot, services.GetRequiredService<SettingsDigest>().Hash)
        {
            Registered = RegisteredBounds.Of(settings),
        };
        Ends = new PipelineEnds(inboxes, Tokens.Readings, workers) { Rare = services.GetRequiredService<RareInputQueue>(), TokenMarkets = _tokenMarkets, Codes = services.GetRequiredService<AcceptedCodes>() };
        Reporter = new StatusReporter(
            settings.Options.Node, services.GetRequiredService<NodeStatus>(),
            [.. Sessions.Select((s, i) => new SourceReport(s, settings.Sources[i], inboxes[i]))], SignedLatency, _landedLatency, _time,
            [.. services.GetRequiredService<OperatorDocuments>().Reports, .. Reserves.Reports, .. Wrappers.Reports], CorporateActions);
    }

    public PipelinePlan Plan { get; }

    public PipelineEnds Ends { get; }

    public StatusReporter Reporter { get; }

    public LatencyRecorder SignedLatency { get; } = new();

    public IReadOnlyList<IVendorSession> Sessions { get; }

    /// <summary>One per chain: those that a record is configured for check against it before they connect.</summary>
    public IReadOnlyList<IChainPublisher> Publishers { get; private set; } = [];

    /// <summary>Ids of the node's feeds, in their order.</summary>
    public IReadOnlyList<FeedId> FeedIds { get; private set; } = [];

    /// <summary>One per source that is asked for its market status.</summary>
    public IReadOnlyList<MarketStatusPoll> MarketStatus { get; }

    /// <summary>One per vendor that is asked for corporate actions.</summary>
    public IReadOnlyList<CorporateActionPoll> CorporateActions { get; }

    /// <summary>The tokens' chains.</summary>
    public TokenWatchers Tokens { get; }

    /// <summary>What backs the tokens.</summary>
    public ReserveWatcher Reserves { get; }

    /// <summary>The wrappers' rates.</summary>
    public WrapperWatcher Wrappers { get; }

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
        _http.Dispose();
    }

    /// <summary>One per chain whose block time counts; the caller disposes them.</summary>
    public IReadOnlyList<IChainClock> CreateChainClocks() => !_settings.Options.Clock.CompareWithChains ? [] :
    [
        .. _settings.Options.Chains.Evm.Select(o => new EvmChainClock(o.Name, new EvmRpcClient(new Uri(o.RpcUrl), _http, _time, o.RequestTimeout, o.MaxResponseBytes))),
        .. _settings.Options.Chains.Solana.Select(o => new SolanaChainClock(o.Name, new SolanaRpcClient(new Uri(o.RpcUrl), o.RequestTimeout, o.Commitment, _time))),
    ];

    private List<MarketStatusPoll> CreateMarketStatus(List<SourceInbox> inboxes)
    {
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        var polls = _settings.Sources.Where((_, i) => _settings.Options.Sources[i].MarketStatus)
            .Select(s => new MarketStatusPoll(
                _settings.Options.Sources[s.Id.Index], s, inboxes[s.Id.Index], _clock, _time, Random.Shared.NextDouble, loggers.CreateLogger($"OracleNode.Vendors.{s.Name}")))
            .ToList();
        _owned.AddRange(polls);
        return polls;
    }

    private List<CorporateActionPoll> CreateCorporateActions()
    {
        var places = _settings.Instruments.SelectMany((instrument, i) => instrument.Tickers.Select(t => (t.Ticker, Id: new InstrumentId(i)))).ToDictionary(p => p.Ticker, p => p.Id, StringComparer.Ordinal);
        var sources = _settings.Options.Sources.Where(o => o.CorporateActions).Select(o => new CorporateActionSource(o.Name, EvidenceClass.Vendor, ListOf(o), Places(o.Symbols), o.CorporateActionsPeriod, o.ConnectTimeout));
        var issuer = _settings.Options.XStocks;

        // Its word beside its own chain is one witness, not two.
        if (issuer.CorporateActions) sources = sources.Append(new CorporateActionSource("xstocks-api", EvidenceClass.IssuerChain, new XStocksCorporateActions(issuer.Address!), Places(issuer.Symbols), issuer.Period, issuer.Timeout));
        var (tickers, loggers) = (new ListedTickers(_settings), _services.GetRequiredService<ILoggerFactory>());
        var polls = sources.Select(s => new CorporateActionPoll(
            s, tickers, _services.GetRequiredService<RareInputQueue>(), _clock, _time, Random.Shared.NextDouble, loggers.CreateLogger($"OracleNode.Vendors.{s.Name}"))).ToList();
        _owned.AddRange(polls);
        return polls;

        Dictionary<string, InstrumentId> Places(List<SymbolOptions> symbols) => symbols.ToDictionary(s => s.WireSymbol, s => places[s.Instrument], StringComparer.Ordinal);

        static ICorporateActionList ListOf(SourceOptions options)
        {
            var url = SourceOptionsValidator.CorporateActionsUrlOf(options)!;
            return options.Vendor == VendorKind.Massive ? new MassiveCorporateActions(options, url) : new AlpacaCorporateActions(options, url);
        }
    }

    private List<IVendorSession> CreateSessions(RunningCalendar calendar, List<SourceInbox> inboxes)
    {
        var names = _settings.Instruments.SelectMany((instrument, i) => instrument.Tickers.Select((t, alias) => (t.Ticker, Id: new InstrumentId(i), Alias: (byte)alias))).ToList();
        var instruments = names.ToDictionary(p => p.Ticker, p => p.Id, StringComparer.Ordinal);
        var aliases = names.ToDictionary(p => p.Ticker, p => p.Alias, StringComparer.Ordinal);
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        var tokens = TokenNames.Of(_settings);
        return [.. _settings.Sources.Select((source, i) => Create(_settings.Options.Sources[i], source, new VendorSessionFactory(_clock, _time, inboxes[i], loggers) { Aliases = aliases }))];

        IVendorSession Create(SourceOptions options, Source source, VendorSessionFactory factory) => options.Vendor.IsTokenVenue()
            ? factory.CreateTokenVenue(options, source, tokens, _tokenMarkets)
            : factory.Create(options, source, instruments, ExpectsData);

        bool ExpectsData() => calendar.Current.Calendar.SessionAt(_clock.Now).Session is not (MarketSession.Closed or MarketSession.Unknown);
    }

    private TokenWatchers CreateTokens()
    {
        var watchers = TokenWatchers.Create(_settings.Options.Tokens, _settings.Tokens, _clock, _time, _services.GetRequiredService<ILogger<TokenWatcher>>());
        _owned.Add(watchers);
        return watchers;
    }

    private ReserveWatcher CreateReserves()
    {
        var issues = new WatchedIssues(
            _settings, _services.GetRequiredService<CustodianBooks>(), _services.GetRequiredService<DocumentEditions>(), i => Plan.Market.Actions.Of(i), _http, _time);
        _owned.Add(issues);
        return new ReserveWatcher(issues.Issues, _settings.Options.Reserves.Period, _services.GetRequiredService<RareInputQueue>(), _clock, _time, _services.GetRequiredService<ILogger<ReserveWatcher>>());
    }

    private WrapperWatcher CreateWrappers() => new(
        [.. WrapperDefinition.Of(_settings).Select(w => (w, _settings.Options.Tokens.Evm.Find(c => c.Name == w.Token.Chain)!))],
        _http, _services.GetRequiredService<RareInputQueue>(), _clock, _time, _services.GetRequiredService<ILogger<WrapperWatcher>>());

    private List<ChainWorker> CreateWorkers(FeedSlot[] slots)
    {
        var signing = _settings.Options.Signing;
        var binding = new ChainBinding(_settings.Deployment, signing.Epoch, signing.SignerIndex, _services.GetRequiredService<ISigner>().PublicKey);
        var publishers = new List<IChainPublisher>();
        var configured = _settings.Feeds.Select(f => f.Feed).ToList();
        foreach (var options in _settings.Options.Chains.Evm)
        {
            Add(
                new EvmPublisher(options, binding, EvmAccount.Load(options), _http, _time, _services.GetRequiredService<ILogger<EvmPublisher>>()),
                record => new EvmRecordCheck(options, record.Of(options.Name), configured, _http, _time));
        }

        foreach (var options in _settings.Options.Chains.Solana)
        {
            var payer = SolanaKeypair.LoadPayer(options);
            var publisher = new SolanaPublisher(options, binding, payer, _time, _services.GetRequiredService<ILogger<SolanaPublisher>>());
            _owned.Add(publisher);
            _owned.Add(payer);
            Add(publisher, record =>
            {
                var check = new SolanaRecordCheck(options, record.Of(options.Name), configured, _time);
                _owned.Add(check);
                return check;
            });
        }

        Publishers = publishers;
        FeedIds = [.. slots.Select(s => s.Id)];
        var workers = new List<ChainWorker>();
        foreach (var publisher in publishers)
        {
            var worker = new ChainWorker(publisher, FeedIds, _signal, _landedLatency, _time, _services.GetRequiredService<ILogger<ChainWorker>>());
            _owned.Add(worker);
            workers.Add(worker);
        }

        return workers;

        void Add(IChainPublisher publisher, Func<DeploymentRecord, IRecordCheck> check) =>
            publishers.Add(_settings.Record is { } record ? new CheckedPublisher(publisher, check(record)) : publisher);
    }

    /// <summary>A session and its inbox in one word.</summary>
    private sealed class SourceReport(IVendorSession session, Source source, SourceInbox inbox) : ISourceReport
    {
        public SourceSnapshot Report()
        {
            var health = session.Health;
            var fault = health.State == SessionState.Live ? health.PartialFault : health.LastFault;
            return new SourceSnapshot(
                source.Name, source.UpstreamName, health.State == SessionState.Live, health.State.ToString(), fault?.ToString(),
                health.Vendor.IsTokenVenue() ? health.Observations : inbox.Received, inbox.Dropped, health.MalformedFrames + health.RejectedEvents, health.UnknownTypes, health.Reconnects)
            {
                HasPrices = health.Vendor.HasSharePrices(),
            };
        }
    }
}
