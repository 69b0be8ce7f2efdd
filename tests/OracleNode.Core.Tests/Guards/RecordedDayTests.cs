using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

public class RecordedDayTests
{
    private static readonly Instant PreMarketFrom = Instant.FromUtc(2013, 10, 8, 13, 20);
    private static readonly Instant Open = Instant.FromUtc(2013, 10, 8, 13, 30);
    private static readonly Instant Until = Instant.FromUtc(2013, 10, 8, 15, 0);
    private static readonly SessionInfo PreMarket = new(MarketSession.PreMarket, ClosedReason.None, Open);
    private static readonly SessionInfo Regular = new(MarketSession.Regular, ClosedReason.None, Instant.FromUtc(2013, 10, 8, 20, 0));

    [Theory]
    [InlineData("IBM-20131008-ticks.csv.gz")]
    [InlineData("BAC-20131008-ticks.csv.gz")]
    public void Morning_WithAllOrAllButOneUpstream_IsNeverHeldOnceOpen(string file)
    {
        var day = RecordedDay.Read(file, PreMarketFrom, Until);
        Assert.True(day.Observations.Count > 10_000, $"Only {day.Observations.Count} observations in {file}.");
        for (var removed = -1; removed <= RecordedDay.Prints; removed++) Replay(day, removed, $"{file} without {removed}");
    }

    private static void Replay(RecordedDay day, int removed, string what)
    {
        var sources = new List<Source>();
        for (var i = 0; i <= RecordedDay.Prints; i++) sources.Add(new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"));
        var fold = new FeedFold(PricingSettings.Stock, sources);
        var (next, live, degraded, awaitingOpen) = (0, 0, 0, 0);
        var (bid, ask) = (default(Price), default(Price));
        for (var now = PreMarketFrom; now < Until; now += Duration.FromMilliseconds(100))
        {
            for (; next < day.Observations.Count && day.Observations[next].ReceiveTime <= now; next++)
            {
                var observation = day.Observations[next];
                if (observation.Source.Index == RecordedDay.EveryQuote && observation.Bid < observation.Ask) (bid, ask) = (observation.Bid, observation.Ask);
                if (observation.Source.Index != removed) fold.Apply(observation);
            }

            var decision = fold.Tick(now, now < Open ? PreMarket : Regular);
            if (now < Open) continue;
            if (live + degraded == 0 && decision.State == FeedState.Reopening)
            {
                awaitingOpen++;
                continue;
            }

            Assert.True(
                decision.IsFresh,
                $"{what} at {now}: {decision.State} {decision.HoldReasons} {decision.Reason}; {string.Join("; ", decision.Inputs.ToArray())}");
            if (decision.State == FeedState.Live) live++;
            else degraded++;
            AssertNear(bid, ask, decision, $"{what} at {now}");
            Assert.True(decision.ObservedAt <= now && now - decision.ObservedAt <= Duration.FromSeconds(90), $"{what} at {now}: observed at {decision.ObservedAt}.");
        }

        Assert.True(awaitingOpen <= 600, $"{what}: {awaitingOpen / 10} s to the first price after the open.");
        if (removed < 0) Assert.True(live > 100 * degraded, $"{what}: {live} ticks live, {degraded} degraded.");
        else Assert.Equal(0, live);
    }

    /// <summary>The national best bid and offer, widened by the confidence, contains the price; five basis points are left for the latencies.</summary>
    private static void AssertNear(Price bid, Price ask, FeedDecision decision, string what)
    {
        var slack = decision.ConfidenceE8 + (decision.Price.E8 / 2_000);
        Assert.True(
            decision.Price.E8 >= bid.E8 - slack && decision.Price.E8 <= ask.E8 + slack,
            $"{what}: {decision.Price.E8} with confidence {decision.ConfidenceE8} is outside {bid.E8} to {ask.E8}.");
    }
}
