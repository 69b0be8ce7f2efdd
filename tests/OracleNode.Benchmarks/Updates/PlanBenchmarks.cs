using BenchmarkDotNet.Attributes;
using NodaTime;
using OracleNode.Market;
using OracleNode.Publishing;

namespace OracleNode.Updates;

/// <summary>What every pass asks for every chain: is any of 1,000 feeds worth a transaction?</summary>
public class PlanBenchmarks
{
    private const int Feeds = 1_000;

    private static readonly Instant Now = Instant.FromUnixTimeMilliseconds(SampleRecords.AttestedAtUnixMillis + 5_000);

    private readonly PublishInput[] _inputs = new PublishInput[Feeds];
    private readonly PublishDecision[] _decisions = new PublishDecision[Feeds];

    public PlanBenchmarks()
    {
        var settings = new PublishSettings([.. Enumerable.Repeat(new PublishCadence(10, Duration.FromMinutes(1)), (int)MarketSession.Closed + 1)]);
        for (var i = 0; i < Feeds; i++)
        {
            var (_, record) = SampleRecords.Create(i);
            _inputs[i] = new PublishInput { Candidate = record, Landed = new LandedRecord(record, SampleRecords.Sequence), InFlight = false, Settings = settings };
        }
    }

    [Benchmark, Measures("Plan one chain of 1,000 feeds, none due", Units = Feeds, MaxAllocated = 0)]
    public int Plan()
    {
        var due = PublishPolicy.PlanBatch(_inputs, Now, _decisions);
        return due == 0 ? due : throw new InvalidOperationException($"{due} feeds are due: not the path of interest.");
    }
}
