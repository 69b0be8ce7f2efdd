using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Signing;
using OracleNode.Vendors;
using OracleNode.Vendors.Session;

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

    public NodeParts(NodeSettings settings, IServiceProvider services)
    {
        _settings = settings;
        _services = services;
        _time = services.GetRequiredService<TimeProvider>();
        _clock = services.GetRequiredService<IMarketClock>();
        _signal = services.GetRequiredService<PipelineSignal>();
        var calendar = services.GetRequiredService<TradingCalendar>();

        var inboxes = settings.Sources.Select(_ => new SourceInbox(_signal, _time)).ToList();
        Sessions = CreateSessions(calendar, inboxes);
        Multipliers = CreateMultipliers();
        FeedSlot[] slots = [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))];
        ChainWorker[] workers = [.. CreateWorkers(slots)];
        Plan = new PipelinePlan(
            MarketFoldFactory.Create(settings, calendar), slots, [.. workers.Select(w => new ChainPlanner(w, settings.Publishing[w.Name]))], settings.Deployment,
            settings.Options.Signing.Epoch, settings.Options.Signing.SignerIndex, settings.Options.NodeSlot, services.GetRequiredService<SettingsDigest>().Hash);
        Ends = new PipelineEnds(inboxes, [.. settings.Tokens.Select(SolanaAddress.Parse).Select(Reading)], workers);
        Reporter = new StatusReporter(
            settings.Options.Node, services.GetRequiredService<NodeStatus>(),
            [.. Sessions.Select((s, i) => new SourceReport(s, settings.Sources[i], inboxes[i]))], SignedLatency, _landedLatency, _time);
    }

    public PipelinePlan Plan { get; }

    public PipelineEnds Ends { get; }

    public StatusReporter Reporter { get; }

    public LatencyRecorder SignedLatency { get; } = new();

    public IReadOnlyList<IVendorSession> Sessions { get; }

    /// <summary>Null when there is no token feed.</summary>
    public MultiplierWatcher? Multipliers { get; }

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
        _http.Dispose();
    }

    private List<IVendorSession> CreateSessions(TradingCalendar calendar, List<SourceInbox> inboxes)
    {
        var instruments = _settings.Options.Instruments.Select((o, i) => (o.Ticker, Id: new InstrumentId(i))).ToDictionary(p => p.Ticker, p => p.Id, StringComparer.Ordinal);
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        return [.. _settings.Sources.Select((source, i) => new VendorSessionFactory(_clock, _time, inboxes[i], loggers).Create(_settings.Options.Sources[i], source, instruments, ExpectsData))];

        bool ExpectsData() => calendar.SessionAt(_clock.Now).Session is not (MarketSession.Closed or MarketSession.Unknown);
    }

    private MultiplierWatcher? CreateMultipliers()
    {
        var mints = _settings.Tokens.Select(SolanaAddress.Parse).ToList();
        if (mints.Count == 0) return null;
        var watcher = new MultiplierWatcher(_settings.Options.Multipliers, mints, _clock, _time, _services.GetRequiredService<ILogger<MultiplierWatcher>>());
        _owned.Add(watcher);
        return watcher;
    }

    private Func<MultiplierTerms?> Reading(SolanaAddress mint) => () => Multipliers!.Latest(mint)?.ToTerms();

    private List<ChainWorker> CreateWorkers(FeedSlot[] slots)
    {
        var signing = _settings.Options.Signing;
        var binding = new ChainBinding(_settings.Deployment, signing.Epoch, signing.SignerIndex, _services.GetRequiredService<ISigner>().PublicKey);
        var publishers = new List<IChainPublisher>();
        foreach (var options in _settings.Options.Chains.Evm)
        {
            publishers.Add(new EvmPublisher(options, binding, EvmAccount.Load(options), _http, _time, _services.GetRequiredService<ILogger<EvmPublisher>>()));
        }

        foreach (var options in _settings.Options.Chains.Solana)
        {
            var payer = SolanaKeypair.LoadPayer(options);
            var publisher = new SolanaPublisher(options, binding, payer, _time, _services.GetRequiredService<ILogger<SolanaPublisher>>());
            _owned.Add(publisher);
            _owned.Add(payer);
            publishers.Add(publisher);
        }

        var feeds = slots.Select(s => s.Id).ToList();
        var workers = new List<ChainWorker>();
        foreach (var publisher in publishers)
        {
            var worker = new ChainWorker(publisher, feeds, _signal, _landedLatency, _time, _services.GetRequiredService<ILogger<ChainWorker>>());
            _owned.Add(worker);
            workers.Add(worker);
        }

        return workers;
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
                inbox.Received, inbox.Dropped, health.MalformedFrames + health.RejectedEvents, health.UnknownTypes, health.Reconnects);
        }
    }
}
