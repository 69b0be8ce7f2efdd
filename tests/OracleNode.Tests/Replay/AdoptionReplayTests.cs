using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>What is taken over from another node in the middle of a run is an entry of the log like any other.</summary>
public sealed class AdoptionReplayTests : IDisposable
{
    private static readonly Instant Close = Instant.FromUtc(2026, 6, 11, 0, 0);

    private readonly TemporaryFolder _folder = new();
    private readonly NodeSettings _settings = ReplayFixture.Settings();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AdoptedRecord_Replayed_GivesTheSameRecordsAtEveryTick()
    {
        var (live, file) = RunLive();
        Assert.Contains(live, r => r is { } record && record.ObservedAtUnixMillis == (Close - Duration.FromSeconds(3)).ToUnixTimeMilliseconds());

        using var stream = File.OpenRead(file);
        var reader = new EventReader(stream, new EventNames(_settings));
        var replayed = new List<FeedRecord?>();
        var runner = new ReplayRunner(_settings, ReplayFixture.Calendar(), _ => { }, reader.Header);
        while (reader.TryRead(out var entry))
        {
            runner.Take(entry);
            if (entry.Type == ReplayEventType.Tick) replayed.AddRange(Records(runner.Feeds));
        }

        Assert.Equal(live, replayed);
        Assert.Equal(Replay(file), Replay(file));
    }

    private byte[] Replay(string file)
    {
        using var stream = File.OpenRead(file);
        return ReplayFixture.Write(ReplayRunner.Run(_settings, ReplayFixture.Calendar(), stream));
    }

    /// <summary>A fold over chains that land at once, from shortly before the close; after it another node's newer records stand on them.</summary>
    private (List<FeedRecord?> Records, string File) RunLive()
    {
        var json = ReplayFixture.CalendarJson();
        using var recording = new InputRecording(
            new RecordingOptions { Folder = _folder.File("events") }, new CalendarActivation(TradingCalendar.Parse(json), json), new EventNames(_settings), new FakeTimeProvider(), NullLogger<InputRecording>.Instance);
        FeedSlot[] slots = [.. _settings.Feeds.Select(f => new FeedSlot(f.Feed))];
        SimulatedChain[] chains = [.. _settings.Options.Chains.Evm.Select(c => new SimulatedChain(c.Name, ChainKind.Evm, [.. slots.Select(s => s.Id)]))];
        var fold = new OracleFold(
            new PipelinePlan(MarketFoldFactory.Create(_settings, ReplayFixture.Calendar()), slots, [.. chains.Select(c => new ChainPlanner(c, _settings.Publishing[c.Name]))], 42, 1, 0, 0), new SilentReport(), recording);
        Assert.True(fold.TryRestore(Close - Duration.FromSeconds(20), isPatient: false, out _));
        var records = new List<FeedRecord?>();
        for (var tenth = -150; tenth < 300; tenth++)
        {
            var now = Close + Duration.FromMilliseconds(100 * tenth);
            if (tenth is < -100 and > -140) Quote(fold, now);
            if (tenth == 100)
            {
                for (var i = 0; i < slots.Length; i++)
                {
                    if (slots[i].Candidate is not { } ours) continue;
                    foreach (var chain in chains)
                        chain.Hold(i, ours with { Price = Price.FromE8(40_100_000_000), Bid = default, Ask = default, ObservedAtUnixMillis = (Close - Duration.FromSeconds(3)).ToUnixTimeMilliseconds() }, PipelineHarness.Sequence(now, 1));
                }
            }

            fold.Tick(now, everything: tenth % 3 != 0);
            records.AddRange(Records(fold.Slots));
            if (!fold.Plan(now) || fold.Make(now).Batch is not { } batch) continue;
            fold.NoteSigned();
            for (var i = 0; i < batch.Feeds.Count; i++)
                for (var c = 0; c < chains.Length; c++)
                    if (fold.Needs(c))
                        chains[c].Store(Array.FindIndex(slots, s => s.Id == batch.Feeds[i]), batch.Records[i], batch.Header.Sequence);
        }

        recording.WriteAll();
        return (records, Assert.Single(Directory.GetFiles(_folder.File("events"))));
    }

    private void Quote(OracleFold fold, Instant now)
    {
        for (var source = 0; source < 3; source++)
        {
            fold.Apply(MarketInput.Of(new Observation
            {
                Kind = ObservationKind.Quote,
                Source = new SourceId(source),
                Upstream = _settings.Sources[source].Upstream,
                Instrument = new InstrumentId(0),
                EventTime = now,
                ReceiveTime = now,
                Bid = Price.FromE8(39_999_000_000),
                Ask = Price.FromE8(40_001_000_000),
            }), 0);
        }
    }

    private static List<FeedRecord?> Records(ReadOnlySpan<FeedSlot> slots)
    {
        var records = new List<FeedRecord?>();
        foreach (var slot in slots) records.Add(slot.Decision is { } decision ? FeedRecordFactory.Create(decision, slot.Id) : null);
        return records;
    }
}
