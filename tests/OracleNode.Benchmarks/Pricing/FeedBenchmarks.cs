using BenchmarkDotNet.Attributes;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Pricing;

/// <summary>One feed with seven sources of seven upstreams: the most votes that a median of seven can have.</summary>
public class FeedBenchmarks
{
    private const int Sources = 7;

    private static readonly Instant Open = Instant.FromUtc(2024, 6, 3, 13, 30);
    private static readonly SessionInfo Regular = new(MarketSession.Regular, ClosedReason.None, Open + Duration.FromHours(6.5));
    private static readonly Duration Step = Duration.FromMilliseconds(1);

    private readonly FeedFold _fold = new(
        PricingSettings.Stock, [.. Enumerable.Range(0, Sources).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))]);

    private Instant _now = Open;
    private int _round;

    public FeedBenchmarks() => SevenSources();

    [Benchmark, Measures("Price one feed, 7 quotes and a tick", MaxAllocated = 0)]
    public FeedDecision SevenSources()
    {
        _now += Step;
        _round++;
        for (var source = 0; source < Sources; source++) Quote(source);
        return Tick();
    }

    [Benchmark, Measures("Price one feed, 1 quote of 7 and a tick", MaxAllocated = 0)]
    public FeedDecision OneOfSeven()
    {
        _now += Step;
        _round++;
        Quote(_round % Sources);
        return Tick();
    }

    private FeedDecision Tick()
    {
        var decision = _fold.Tick(_now, Regular);
        return decision is { State: FeedState.Live, Upstreams: Sources } ? decision : throw new InvalidOperationException($"The feed is {decision.State} with {decision.Upstreams} upstreams: not the path of interest.");
    }

    private void Quote(int source)
    {
        var mid = 10_000_000_000 + (_round % 50 * 100_000) + (source * 500_000);
        _fold.Apply(new Observation
        {
            Kind = ObservationKind.Quote,
            Source = new SourceId(source),
            Upstream = new UpstreamId(source),
            Instrument = default,
            EventTime = _now,
            ReceiveTime = _now,
            Bid = Price.FromE8(mid - 1_000_000),
            Ask = Price.FromE8(mid + 1_000_000),
        });
    }
}
