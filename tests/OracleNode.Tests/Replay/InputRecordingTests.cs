using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Configuration;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Replay;

public sealed class InputRecordingTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 15, 0);

    private readonly TemporaryFolder _folder = new();
    private readonly NodeSettings _settings = ReplayFixture.Settings();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LiveRun_Recorded_ReplaysToTheSameRecordAtEveryTick()
    {
        using var recording = Create();
        var live = await RunLiveAsync(recording, passes: 400);
        recording.WriteAll();

        Assert.Equal(0, recording.Lost);
        Assert.Contains(live, r => r.Record?.State == FeedState.Live);
        Assert.Contains(live, r => r.Record?.State == FeedState.Held);
        Assert.Equal(live, Replay());
    }

    [Fact]
    public async Task RecordedRun_ReplayedTwice_GivesTheSameBytes()
    {
        using var recording = Create();
        await RunLiveAsync(recording, passes: 100);
        recording.WriteAll();
        var file = Assert.Single(Files());
        var first = ReplayFixture.Write(RunFile(file));
        Assert.NotEmpty(first);
        Assert.Equal(first, ReplayFixture.Write(RunFile(file)));

        IReadOnlyList<OutputEntry> RunFile(string path)
        {
            using var stream = File.OpenRead(path);
            return ReplayRunner.Run(_settings, ReplayFixture.Calendar(), stream);
        }
    }

    [Fact]
    public void FullQueue_Recorded_LeavesAGapThatTheFileTells()
    {
        using var recording = Create(new RecordingOptions { QueueLength = 1024 });
        for (var i = 0; i < 1100; i++) recording.RecordTick(Start, true);
        recording.WriteAll();
        recording.RecordTick(Start, true);
        recording.WriteAll();

        Assert.Equal(76, recording.Lost);
        var entries = Read(Assert.Single(Files()));
        Assert.Equal(76ul, Assert.Single(entries, e => e.Type == ReplayEventType.Gap).Sequence);
        Assert.Equal(ReplayEventType.Tick, entries[^1].Type);
    }

    [Fact]
    public void GrownFile_Recorded_IsFollowedByAnotherThatCanBeReadByItself()
    {
        using var recording = Create(new RecordingOptions { MaxFileBytes = 65_536, MaxTotalBytes = 150_000 });
        recording.Record(MarketInput.Of(Start, new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Multiplier.One, default, null, Start))));
        recording.Record(MarketInput.Of(Start, new CorporateActionNotice(
            new InstrumentId(0), CorporateActionKind.Split, 3, 1, default, new LocalDate(2026, 6, 15), EvidenceClass.Vendor, "alpaca-iex", "split", false, "forward_splits")));
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 200; j++) recording.RecordTick(Start + Duration.FromMilliseconds((i * 200) + j), false);
            recording.WriteAll();
        }

        var files = Files();
        Assert.True(files.Count > 1);
        Assert.True(files.Sum(f => new FileInfo(f).Length) < 150_000 + 65_536);
        foreach (var file in files)
        {
            var entries = Read(file);
            Assert.Equal(MarketInputKind.Calendar, entries[0].Input.Kind);
            Assert.Contains(entries, e => e.Input.Kind == MarketInputKind.Multiplier);
            Assert.Contains(entries, e => e.Type == ReplayEventType.Input && e.Input.Kind == MarketInputKind.CorporateAction && e.Input.CorporateAction.Reference == "split");
        }
    }

    [Fact]
    public void DiskThatFails_Recorded_LosesEntriesAndIsTriedAgain()
    {
        var blocked = _folder.File("blocked");
        File.WriteAllText(blocked, "a file where the folder should be");
        using var recording = Create(folder: blocked);
        recording.RecordTick(Start, true);
        recording.WriteAll();
        Assert.True(recording.IsFailing);
        Assert.Equal(1, recording.Lost);

        File.Delete(blocked);
        recording.RecordTick(Start, true);
        recording.WriteAll();
        Assert.True(recording.IsFailing);
        _time.Advance(TimeSpan.FromSeconds(6));
        recording.RecordTick(Start, true);
        recording.WriteAll();
        Assert.False(recording.IsFailing);
        Assert.Equal((1, 2), (recording.Written, recording.Lost));
        Assert.Equal(2ul, Assert.Single(Read(Assert.Single(Directory.GetFiles(blocked))), e => e.Type == ReplayEventType.Gap).Sequence);
    }

    private InputRecording Create(RecordingOptions? options = null, string? folder = null)
    {
        options ??= new RecordingOptions();
        options.Folder = folder ?? _folder.File("events");
        Assert.Empty(options.Validate("Recording"));
        var json = ReplayFixture.CalendarJson();
        return new InputRecording(options, new CalendarActivation(TradingCalendar.Parse(json), json), new EventNames(_settings), _time, NullLogger<InputRecording>.Instance);
    }

    private List<string> Files() => [.. Directory.GetFiles(_folder.File("events")).Order(StringComparer.Ordinal)];

    private List<ReplayEvent> Read(string file)
    {
        using var stream = File.OpenRead(file);
        var reader = new EventReader(stream, new EventNames(_settings));
        var entries = new List<ReplayEvent>();
        while (reader.TryRead(out var entry)) entries.Add(entry);
        return entries;
    }

    private List<(Instant, string, FeedRecord? Record)> Replay()
    {
        var records = new List<(Instant, string, FeedRecord?)>();
        using var stream = File.OpenRead(Assert.Single(Files()));
        var reader = new EventReader(stream, new EventNames(_settings));
        var runner = new ReplayRunner(_settings, ReplayFixture.Calendar(), _ => { }, reader.Header);
        while (reader.TryRead(out var entry))
        {
            runner.Take(entry);
            if (entry.Type == ReplayEventType.Tick) records.AddRange(Snapshot(entry.At, runner.Feeds));
        }

        return records;
    }

    private static List<(Instant, string, FeedRecord?)> Snapshot(Instant at, ReadOnlySpan<FeedSlot> slots)
    {
        var records = new List<(Instant, string, FeedRecord?)>();
        // Not the candidate: what it says without a market is what was signed last, and that hangs on when a chain took it.
        foreach (var slot in slots) records.Add((at, slot.Feed.Name, slot.Decision is { } decision ? FeedRecordFactory.Create(decision, slot.Id) : null));
        return records;
    }

    /// <summary>The node's own pipeline over a chain that holds a record at the start and lands at once; several times nobody quotes.</summary>
    private async Task<List<(Instant, string, FeedRecord? Record)>> RunLiveAsync(InputRecording recording, int passes)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var signal = new PipelineSignal();
        using var signer = new PipelineHarness.CountingSigner();
        var clock = new PipelineHarness.ManualClock { Now = Start };
        FeedSlot[] slots = [.. _settings.Feeds.Select(f => new FeedSlot(f.Feed))];
        var chain = new LandingChain(slots[0].Id);
        var latency = new LatencyRecorder();
        using var worker = new ChainWorker(chain, [.. slots.Select(s => s.Id)], signal, latency, TimeProvider.System, NullLogger<ChainWorker>.Instance);
        var running = worker.RunAsync(stop.Token);
        await worker.FirstAttempt;
        SourceInbox[] inboxes = [.. _settings.Sources.Select(_ => new SourceInbox(signal, _time, 1024))];
        var multiplier = new MultiplierTerms(new Multiplier(Multiplier.One.E18 * 3 / 2), default, null, Start);
        using var pipeline = new OraclePipeline(
            new PipelinePlan(MarketFoldFactory.Create(_settings, ReplayFixture.Calendar()), slots, [new ChainPlanner(worker, _settings.Publishing["arbitrum"])], 42, 1, 0, 0),
            new PipelineEnds(inboxes, [() => new OracleNode.Tokens.TokenReadout(multiplier, IsPaused: false, CodeHash: null), () => null], [worker]),
            signer, clock, _time, signal, new StatusReporter("node", new NodeStatus(), [], latency, latency, _time), latency, NullLogger<OraclePipeline>.Instance, recording);

        var random = new Random(11);
        var records = new List<(Instant, string, FeedRecord?)>();
        for (var pass = 0; pass < passes; pass++)
        {
            clock.Now += Duration.FromMilliseconds(random.Next(1, 400));
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 150)));
            if (pass % 100 == 50) clock.Now += Duration.FromMinutes(2);
            if (pass % 100 == 70) multiplier = multiplier with { ReadAt = clock.Now };
            for (var i = random.Next(6); i > 0; i--)
            {
                var source = random.Next(inboxes.Length);
                var mid = (40_000 + random.Next(-5, 6)) * 1_000_000L;
                inboxes[source].Publish([new Observation
                {
                    Kind = random.Next(5) == 0 ? ObservationKind.Trade : ObservationKind.Quote,
                    Source = new SourceId(source),
                    Upstream = _settings.Sources[source].Upstream,
                    Instrument = new InstrumentId(random.Next(3)),
                    EventTime = clock.Now - Duration.FromNanoseconds(random.Next(1_000_000_000)),
                    ReceiveTime = clock.Now,
                    Bid = Price.FromE8(mid - 1_000_000),
                    Ask = Price.FromE8(mid + 1_000_000),
                    Last = Price.FromE8(mid),
                }]);
            }

            await pipeline.PassAsync(stop.Token);
            records.AddRange(Snapshot(clock.Now, slots));
        }

        await stop.CancelAsync();
        await running;
        Assert.True(signer.Signatures > 1);
        return records;
    }

    /// <summary>Holds a record of one feed, and takes whatever it is sent.</summary>
    private sealed class LandingChain(FeedId held) : IChainPublisher
    {
        public string Name => "arbitrum";

        public ChainKind Kind => ChainKind.Evm;

        public Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OnChainFeed>>([.. feeds.Select(id => id == held ? new OnChainFeed(id, "", Sequence, Earlier) : new OnChainFeed(id, "", 0, null))]);

        public Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken) => Task.FromResult(new SubmissionResult(
            SubmissionOutcome.Landed, null, [], null, [.. batch.Feeds.Select((id, i) => new OnChainFeed(id, "", batch.Header.Sequence, batch.Records[i]))]));

        private static ulong Sequence => PipelineHarness.Sequence(Start - Duration.FromSeconds(30));

        private FeedRecord Earlier => new()
        {
            FeedTag = held.Tag,
            Price = Price.FromE8(39_990_000_000),
            ConfidenceE8 = 1_000_000,
            Ema = Price.FromE8(39_990_000_000),
            Session = MarketSession.Regular,
            State = FeedState.Live,
            ObservedAtUnixMillis = (Start - Duration.FromSeconds(31)).ToUnixTimeMilliseconds(),
            MaxAgeSeconds = 300,
        };
    }
}
