using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Guards;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Publishing;
using OracleNode.Updates;
using OracleNode.Vendors;

namespace OracleNode.Pipeline;

/// <summary>
/// The node between its sockets: three vendors' bytes, the parsers, inboxes and pipeline of the node, its signer, and three
/// chains in this process. The loop is the node's own, with a look at the clock and the counters around every pass.
/// </summary>
internal sealed class PipelineRig : IDisposable
{
    public const int Feeds = 1_000;

    private readonly TemporarySigner _key = new();
    private readonly StampingSigner _signer;
    private readonly PipelineSignal _signal = new();
    private readonly NodeStatus _status = new();
    private readonly InstantChain[] _chains = [new("arbitrum", ChainKind.Evm), new("base", ChainKind.Evm), new("solana", ChainKind.Solana)];
    private readonly ChainWorker[] _workers;
    private readonly OraclePipeline _pipeline;
    private readonly PageFeeder _pages;
    private readonly long[] _taken;

    public PipelineRig()
    {
        var time = TimeProvider.System;
        var market = new SimulatedMarket(Feeds, time);
        Source[] sources =
        [
            new(new SourceId(0), "massive", new UpstreamId(0), VendorUpstreams.NasdaqBasic),
            new(new SourceId(1), "alpaca", new UpstreamId(1), VendorUpstreams.Iex),
            new(new SourceId(2), "finazon", new UpstreamId(2), VendorUpstreams.Sip),
        ];
        var inboxes = sources.Select(_ => new SourceInbox(_signal, time)).ToArray();
        _pages = new PageFeeder(sources[2], inboxes[2], market);
        Feeders = [StreamFeeder.Massive(sources[0], inboxes[0], market), StreamFeeder.Alpaca(sources[1], inboxes[1], market), _pages];
        _taken = new long[Feeders.Count];

        FeedRules[] rules = [.. Enumerable.Range(0, Feeds).Select(i => new ShareFeedRules(SimulatedMarket.FeedOf(i), PricingSettings.Stock, sources))];
        FeedSlot[] slots = [.. rules.Select(r => new FeedSlot(r.Feed))];
        var ids = slots.Select(s => s.Id).ToArray();
        var landed = new LatencyRecorder();
        var signed = new LatencyRecorder();
        _workers = [.. _chains.Select(c => new ChainWorker(c, ids, _signal, landed, time, NullLogger<ChainWorker>.Instance))];
        // As the node does unless told otherwise: 10 bps and a minute in regular hours.
        var publish = new PublishSettings([.. Enumerable.Repeat(new PublishCadence(10, Duration.FromMinutes(1)), (int)MarketSession.Closed + 1)]);
        var planners = _workers.Select(w => new ChainPlanner(w, [.. Enumerable.Repeat(publish, Feeds)])).ToArray();
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        var plan = new PipelinePlan(new MarketFold(rules, calendar), slots, planners, BatchMessage.DeploymentId("benchmarks"), 1, 0, 0);
        _signer = new StampingSigner(_key.Signer, time);
        _pipeline = new OraclePipeline(
            plan, new PipelineEnds(inboxes, [], _workers), _signer, market, time, _signal, new StatusReporter("benchmarks", _status, [], signed, landed, time), signed, NullLogger<OraclePipeline>.Instance);
    }

    public IReadOnlyList<VendorFeeder> Feeders { get; }



    public long Signatures => _signer.Signatures;

    public long Dropped => Feeders.Sum(f => f.Inbox.Dropped);

    public long Received => Feeders.Sum(f => f.Inbox.Received);

    /// <summary>The latest snapshot the node would show.</summary>
    public NodeSnapshot? Latest => _status.Latest;

    /// <summary>Observations of a source that passes have taken.</summary>
    public long Taken(int source) => Volatile.Read(ref _taken[source]);

    /// <summary>Runs feeders and pipeline until told to stop.</summary>
    /// <param name="paces">Observations per second of each feeder; 0 for as fast as can be.</param>
    /// <param name="measure">Called after every pass; it ends the run by answering false.</param>
    public async Task RunAsync(IReadOnlyList<double> paces, Func<FeederThread[], Pass, bool> measure)
    {
        using var stop = new CancellationTokenSource();
        var workers = _workers.Select(w => Task.Run(() => w.RunAsync(stop.Token))).ToArray();
        foreach (var worker in _workers) await worker.FirstAttempt;

        FeederThread[] threads = [.. Feeders.Select((f, i) => new FeederThread(f, paces[i], () => Taken(i)))];
        foreach (var thread in threads) thread.Start();
        try
        {
            await Task.Run(() => LoopAsync(threads, measure));
        }
        finally
        {
            foreach (var thread in threads) thread.Stop();
            await stop.CancelAsync();
            await Task.WhenAll(workers);
            foreach (var feeder in Feeders) feeder.Inbox.Drain();
        }
    }

    /// <summary>Runs the chains beside what feeds and passes by itself.</summary>
    public async Task TakeTurnsAsync(Action turns)
    {
        using var stop = new CancellationTokenSource();
        var workers = _workers.Select(w => Task.Run(() => w.RunAsync(stop.Token))).ToArray();
        foreach (var worker in _workers) await worker.FirstAttempt;
        try
        {
            await Task.Run(turns);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(workers);
        }
    }

    /// <summary>One pass over what has arrived, and what it cost.</summary>
    public Pass PassOnce()
    {
        var signatures = _signer.Signatures;
        var reported = _status.Latest;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var startedAt = Stopwatch.GetTimestamp();
        var pass = _pipeline.PassAsync(CancellationToken.None);
        var endedAt = Stopwatch.GetTimestamp();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (!pass.IsCompletedSuccessfully) throw new InvalidOperationException("A pass waited or failed: what it allocated cannot be told.", pass.AsTask().Exception);
        return new Pass(startedAt, endedAt, _signer.Signatures != signatures ? _signer.SignedAt : 0, allocated, _status.Latest != reported);
    }

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
        _pipeline.Dispose();
        _pages.Dispose();
        _signal.Dispose();
        _key.Dispose();
    }

    private async Task LoopAsync(FeederThread[] threads, Func<FeederThread[], Pass, bool> measure)
    {
        var taken = new long[Feeders.Count];
        while (true)
        {
            await _signal.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            // What is counted before the pass begins is surely among what it takes; what comes meanwhile counts as the next one's.
            for (var i = 0; i < taken.Length; i++) taken[i] = Feeders[i].Inbox.Received;
            var pass = PassOnce();
            for (var i = 0; i < taken.Length; i++) Volatile.Write(ref _taken[i], taken[i]);
            if (!measure(threads, pass)) return;
        }
    }
}

/// <summary>One pass of the pipeline.</summary>
/// <param name="StartedAt">Monotonic.</param>
/// <param name="EndedAt">Monotonic; everything that came before is priced.</param>
/// <param name="SignedAt">Monotonic; 0 when nothing was signed.</param>
/// <param name="Allocated">Bytes that its thread allocated.</param>
/// <param name="Reported">It made a snapshot for the health keys.</param>
internal readonly record struct Pass(long StartedAt, long EndedAt, long SignedAt, long Allocated, bool Reported);
