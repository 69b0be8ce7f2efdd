using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using NSec.Cryptography;
using OracleNode.Chains;
using OracleNode.Guards;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Publishing;
using OracleNode.Signing;
using OracleNode.Tokens;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// The real pipeline, folds, planner and workers over scripted chains. Market time and monotonic time stand still unless a
/// test moves them. Three shares, a token of the first, three upstreams.
/// </summary>
internal sealed class PipelineHarness : IDisposable
{
    /// <summary>A Wednesday, 11:00 in New York.</summary>
    public static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 15, 0);

    public const int Tsla = 0;
    public const int Aapl = 1;
    public const int Spy = 2;
    public const int TslaToken = 3;

    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly PipelineSignal _signal = new();
    private readonly List<SourceInbox> _inboxes = [];
    private readonly List<ChainWorker> _workers = [];
    private readonly List<Task> _running = [];

    public PipelineHarness(params ScriptedChain[] chains)
        : this(chains, runsWorkers: true)
    {
    }

    /// <param name="runsWorkers">False for a test that starts the pipeline itself, which runs them.</param>
    /// <param name="readPeriod">How often a chain is read as a whole, in real time; null for the usual 30 s.</param>
    public PipelineHarness(ScriptedChain[] chains, bool runsWorkers, TimeSpan? readPeriod = null)
    {
        Source[] sources = [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))];
        var token = Share(Tsla) with { Name = "TSLAx", Identity = Share(Tsla).Identity + ";solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", Unit = FeedUnit.RawToken };
        FeedRules[] rules =
        [
            .. Enumerable.Range(0, 3).Select(i => new ShareFeedRules(Share(i), PricingSettings.Stock, sources)),
            new TokenFeedRules(token, Tsla, new TokenId(0), new TokenSettings()),
        ];
        Slots = [.. rules.Select(r => new FeedSlot(r.Feed))];
        foreach (var _ in sources) _inboxes.Add(new SourceInbox(_signal, Time, 1024));

        var cadences = Enumerable.Repeat(new PublishCadence(10, Duration.FromMinutes(1)), 6).ToArray();
        var planners = new List<ChainPlanner>();
        foreach (var chain in chains)
        {
            var worker = new ChainWorker(chain, [.. Slots.Select(s => s.Id)], _signal, Landed, Time, NullLogger<ChainWorker>.Instance, readPeriod);
            _workers.Add(worker);
            if (runsWorkers) _running.Add(worker.RunAsync(_stop.Token));
            planners.Add(new ChainPlanner(worker, [.. Slots.Select(_ => new PublishSettings(cadences))]));
        }

        Planners = planners;
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        Plan = new PipelinePlan(new MarketFold(rules, calendar), Slots, planners, 42, 1, 0, NodeSlot: 3);
        Pipeline = new OraclePipeline(
            Plan, new PipelineEnds(_inboxes, [() => Multiplier()], _workers), Signer, Clock, Time, _signal, new StatusReporter("node-1", Status, [], Signed, Landed, Time), Signed, NullLogger<OraclePipeline>.Instance);
    }

    public ManualClock Clock { get; } = new() { Now = Start };
    public FakeTimeProvider Time { get; } = new();
    public CountingSigner Signer { get; } = new();
    public NodeStatus Status { get; } = new();
    public LatencyRecorder Signed { get; } = new();
    public LatencyRecorder Landed { get; } = new();
    public FeedSlot[] Slots { get; }
    public IReadOnlyList<ChainPlanner> Planners { get; }
    public PipelinePlan Plan { get; }
    public OraclePipeline Pipeline { get; }

    /// <summary>Where the token's multiplier comes from.</summary>
    public Func<TokenReadout?> Multiplier { get; set; } = () => null;

    public CancellationToken Token => _stop.Token;

    public static Feed Share(int i) => new(new[] { "TSLA", "AAPL", "SPY" }[i], new InstrumentId(i), $"figi:BBG00000000{i}@XNAS", "USD", FeedUnit.UnderlyingShare);

    public static Price Dollars(decimal price) => Price.FromE8((long)(price * Price.One));

    /// <summary>A multiplier read this very moment, whenever it is asked for.</summary>
    public void ReadMultiplier(decimal multiplier) =>
        Multiplier = () => new TokenReadout(new MultiplierTerms(new Multiplier((UInt128)(multiplier * 1_000_000_000_000_000_000m)), default, null, Clock.Now), IsPaused: false, CodeHash: null);

    /// <summary>The same two-sided market of one cent to either side, from every upstream, now.</summary>
    public void Quote(int share, decimal mid, int upstreams = 3)
    {
        for (var i = 0; i < upstreams; i++)
        {
            _inboxes[i].Publish([new Observation
            {
                Kind = ObservationKind.Quote,
                Source = new SourceId(i),
                Upstream = new UpstreamId(i),
                Instrument = new InstrumentId(share),
                EventTime = Clock.Now,
                ReceiveTime = Clock.Now,
                Bid = Dollars(mid - 0.01m),
                Ask = Dollars(mid + 0.01m),
            }]);
        }
    }

    /// <summary>A pass in which every feed is looked at.</summary>
    public async Task PassAsync()
    {
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await Pipeline.PassAsync(Token);
    }

    /// <summary>Lets market time go on and makes a pass.</summary>
    public Task PassAsync(Duration later)
    {
        Clock.Now += later;
        return PassAsync();
    }

    /// <summary>Waits until the workers have done something; monotonic time goes on meanwhile, market time does not.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, Token);
        }
    }

    /// <summary>Until every chain has been tried once.</summary>
    public Task ConnectedAsync() => Task.WhenAll(_workers.Select(w => w.FirstAttempt)).WaitAsync(Token);

    /// <summary>Takes the batch that a chain is sent, lands it and waits until the node knows.</summary>
    public async Task<SignedBatch> LandAsync(ScriptedChain chain)
    {
        await UntilAsync(() => chain.Submissions.Reader.TryPeek(out _));
        var submission = await chain.Submissions.Reader.ReadAsync(Token);
        submission.Land();
        var at = Array.FindIndex(Slots, s => s.Id == submission.Batch.Feeds[0]);
        var worker = WorkerOf(chain);
        await UntilAsync(() =>
        {
            var feeds = new ChainFeedState[Slots.Length];
            worker.Read(feeds);
            return !feeds[at].InFlight;
        });
        return submission.Batch;
    }

    /// <summary>Takes a chain away: it stays lost while its <see cref="ScriptedChain.Failure"/> stands.</summary>
    public async Task LoseAsync(ScriptedChain chain)
    {
        chain.Failure = "connection refused";
        await CutAsync(chain);
        await UntilAsync(() => !WorkerOf(chain).Read(new ChainFeedState[Slots.Length]).Connected);
    }

    /// <summary>Ends a chain's connection once.</summary>
    public async Task CutAsync(ScriptedChain chain)
    {
        WorkerOf(chain).Submit(
            UnsignedBatch.Create(42, 1, Sequence(Start), [(Slots[0].Id, Earlier(0, 1, Duration.FromHours(1)))]).WithSignatures(new BatchSignature(0, new byte[32], new byte[64])), 0);
        (await chain.Submissions.Reader.ReadAsync(Token)).End(SubmissionOutcome.Unreachable, "the test cuts the line");
    }

    /// <summary>Places of a batch's feeds.</summary>
    public int[] Places(SignedBatch batch) => [.. batch.Feeds.Select(f => Array.FindIndex(Slots, s => s.Id == f)).Order()];

    /// <summary>A batch's record of a feed.</summary>
    public FeedRecord Record(SignedBatch batch, int feed) => batch.Records[batch.Feeds.ToList().IndexOf(Slots[feed].Id)];

    /// <summary>A record as a node signed it a while before the start.</summary>
    public FeedRecord Earlier(int feed, decimal price, Duration before) => new()
    {
        FeedTag = Slots[feed].Id.Tag,
        Price = Dollars(price),
        ConfidenceE8 = 1_000_000,
        Session = MarketSession.Regular,
        State = FeedState.Live,
        SourcesUsed = 3,
        Upstreams = 3,
        ObservedAtUnixMillis = (Start - before).ToUnixTimeMilliseconds(),
        MaxAgeSeconds = 300,
    };

    public static ulong Sequence(Instant at, int slot = 3) => ((ulong)at.ToUnixTimeMilliseconds() * 16) + (ulong)slot;

    private ChainWorker WorkerOf(ScriptedChain chain) => _workers.Single(w => w.Name == chain.Name);

    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_running).GetAwaiter().GetResult();
        Pipeline.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _signal.Dispose();
        Signer.Dispose();
        _stop.Dispose();
    }

    /// <summary>Market time as the test sets it; or what else the clock does.</summary>
    internal sealed class ManualClock : IMarketClock
    {
        private Instant _now;

        public Exception? Fault { get; set; }

        public Instant Now
        {
            get => Fault is { } fault ? throw fault : _now;
            set => _now = value;
        }
    }

    /// <summary>A real key that counts, and fails when told to.</summary>
    internal sealed class CountingSigner : ISigner, IDisposable
    {
        private readonly Key _key = Key.Create(SignatureAlgorithm.Ed25519);

        public int Signatures { get; private set; }

        public int Attempts { get; private set; }

        public Exception? Fault { get; set; }

        public ReadOnlyMemory<byte> PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

        public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            Attempts++;
            if (Fault is not null) throw Fault;
            Signatures++;
            return ValueTask.FromResult(SignatureAlgorithm.Ed25519.Sign(_key, message.Span));
        }

        public bool Verifies(SignedBatch batch)
        {
            var message = new byte[BatchMessage.Length];
            BatchMessage.Write(batch.Header, message);
            return SignatureAlgorithm.Ed25519.Verify(_key.PublicKey, message, batch.Signatures[0].Signature);
        }

        public void Dispose() => _key.Dispose();
    }
}
