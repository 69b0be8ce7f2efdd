using BenchmarkDotNet.Attributes;
using NodaTime;
using OracleNode.Market;
using OracleNode.Publishing;

namespace OracleNode.Updates;

/// <summary>What every snapshot asks, four times a second: do three chains say the same of 1,000 feeds, and what was signed?</summary>
public class ParityBenchmarks
{
    private const int Feeds = 1_000;
    private const int Chains = 3;

    private static readonly Instant Now = Instant.FromUnixTimeMilliseconds(SampleRecords.AttestedAtUnixMillis + 5_000);

    private readonly ParityReading[] _readings = new ParityReading[Feeds * Chains];
    private readonly SignedRecords[] _signed = new SignedRecords[Feeds];
    private readonly ParityWatch[] _watches = new ParityWatch[Feeds * Chains];
    private readonly ParityMeasurement[] _measurements = new ParityMeasurement[Chains];

    public ParityBenchmarks()
    {
        var settings = new PublishSettings([.. Enumerable.Repeat(new PublishCadence(10, Duration.FromMinutes(1)), (int)MarketSession.Closed + 1)]);
        for (var i = 0; i < Feeds; i++)
        {
            var (_, record) = SampleRecords.Create(i);
            _signed[i] = new SignedRecords();
            for (var s = 0; s < SignedRecords.DefaultCapacity; s++) _signed[i].Add(SampleRecords.Sequence + ((ulong)s * BatchSequence.Slots), record);

            // Each chain holds another of the last sequences, as it does when they need updates at different times.
            for (var c = 0; c < Chains; c++)
            {
                var sequence = SampleRecords.Sequence + ((ulong)(SignedRecords.DefaultCapacity - 1 - c) * BatchSequence.Slots);
                _readings[(i * Chains) + c] = new ParityReading { WasRead = true, Landed = new LandedRecord(record, sequence), Stored = RecordFields.All, Settings = settings };
                _watches[(i * Chains) + c] = new ParityWatch();
            }
        }
    }

    [Benchmark, Measures("Parity of 1,000 feeds on 3 chains", Units = Feeds * Chains, MaxAllocated = 0)]
    public int Observe()
    {
        var differing = 0;
        for (var i = 0; i < Feeds; i++)
        {
            var readings = _readings.AsSpan(i * Chains, Chains);
            ChainParity.Measure(readings, _signed[i], SampleRecords.Sequence, 0, Now, _measurements);
            for (var c = 0; c < Chains; c++)
            {
                if (_watches[(i * Chains) + c].Advance(_measurements[c], readings[c].Landed!.Value.Sequence, Duration.FromMinutes(1), Now).Verdict != ParityVerdict.Agrees) differing++;
            }
        }

        return differing == 0 ? differing : throw new InvalidOperationException($"{differing} differ: not the path of interest.");
    }
}
