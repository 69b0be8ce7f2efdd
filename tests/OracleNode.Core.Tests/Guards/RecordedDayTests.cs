using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

public class RecordedDayTests
{
    private static readonly Instant PreMarketFrom = Instant.FromUtc(2013, 10, 8, 13, 20);
    private static readonly Instant Open = Instant.FromUtc(2013, 10, 8, 13, 30);
    private static readonly Instant Morning = Instant.FromUtc(2013, 10, 8, 15, 0);
    private static readonly Instant Close = Instant.FromUtc(2013, 10, 8, 20, 0);
    private static readonly SessionInfo PreMarket = new(MarketSession.PreMarket, ClosedReason.None, Open);
    private static readonly SessionInfo Regular = new(MarketSession.Regular, ClosedReason.None, Close);

    [Theory]
    [InlineData("IBM-20131008-ticks.csv.gz")]
    [InlineData("BAC-20131008-ticks.csv.gz")]
    public void Day_WithAllOrAllButOneUpstream_IsNeverHeldOnceOpen(string file)
    {
        var day = RecordedDay.Read(file, PreMarketFrom, Close);
        Assert.True(day.Observations.Count > 10_000, $"Only {day.Observations.Count} observations in {file}.");
        for (var removed = -1; removed <= RecordedDay.Prints; removed++) Replay(day, Close, removed, $"{file} without {removed}");
    }

    public static TheoryData<string, Adversary> Adversaries()
    {
        var data = new TheoryData<string, Adversary>();
        foreach (var file in new[] { "IBM-20131008-ticks.csv.gz", "BAC-20131008-ticks.csv.gz" })
            foreach (var adversary in Enum.GetValues<Adversary>())
                data.Add(file, adversary);
        return data;
    }

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Morning_WithAnyOneUpstreamAnAdversary_IsNeverHeldOnceTheOthersSpeak(string file, Adversary adversary)
    {
        var day = RecordedDay.Read(file, PreMarketFrom, Morning);
        for (var replaced = 0; replaced <= RecordedDay.Prints; replaced++) Replay(day, Morning, replaced, $"{file} with {replaced} {adversary}", new AdversarySource(adversary, replaced));
    }

    private static void Replay(RecordedDay day, Instant until, int removed, string what, AdversarySource? instead = null)
    {
        var sources = new List<Source>();
        for (var i = 0; i <= RecordedDay.Prints; i++) sources.Add(new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"));
        var fold = new FeedFold(PricingSettings.Stock, sources);
        var (next, live, degraded, awaitingOpen) = (0, 0, 0, 0);
        var (bid, ask) = (default(Price), default(Price));
        for (var now = PreMarketFrom; now < until; now += Duration.FromMilliseconds(100))
        {
            for (; next < day.Observations.Count && day.Observations[next].ReceiveTime <= now; next++)
            {
                var observation = day.Observations[next];
                if (observation.Source.Index == RecordedDay.EveryQuote && observation.Bid < observation.Ask) (bid, ask) = (observation.Bid, observation.Ask);
                if (observation.Source.Index != removed) fold.Apply(observation);
            }

            instead?.Speak(fold, now, bid, ask);
            var decision = fold.Tick(now, now < Open ? PreMarket : Regular);
            var voices = 0;
            for (var i = 0; i <= RecordedDay.Prints; i++)
            {
                if (i == removed) continue;
                if (decision.Inputs[i].Reason == InputReason.Quarantined) Assert.Fail($"{what} at {now}: the honest source {i} is in quarantine.");
                if (decision.Inputs[i].Reason is InputReason.Used or InputReason.NotPublished or InputReason.Outlier) voices++;
            }

            if (now < Open) continue;

            // Before the first print there is one honest voice against one liar: that has to hold.
            var isOpen = decision.State != FeedState.Reopening && (instead is null || voices >= 2);
            if (live + degraded == 0 && !isOpen)
            {
                awaitingOpen++;
                continue;
            }

            if (!decision.IsFresh) Assert.Fail($"{what} at {now}: {decision.State} {decision.HoldReasons} {decision.Reason}; {string.Join("; ", decision.Inputs.ToArray())}");
            if (decision.State == FeedState.Live) live++;
            else degraded++;
            AssertNear(bid, ask, decision, what);
            if (decision.ObservedAt > now || now - decision.ObservedAt > Duration.FromSeconds(90)) Assert.Fail($"{what} at {now}: observed at {decision.ObservedAt}.");
        }

        Assert.True(awaitingOpen <= 600, $"{what}: {awaitingOpen / 10} s to the first price after the open.");
        if (removed < 0) Assert.True(live > 100 * degraded, $"{what}: {live} ticks live, {degraded} degraded.");
        else if (instead is null) Assert.Equal(0, live);
    }

    /// <summary>The national best bid and offer, widened by the confidence, contains the price; five basis points are left for the latencies.</summary>
    private static void AssertNear(Price bid, Price ask, FeedDecision decision, string what)
    {
        var slack = decision.ConfidenceE8 + (decision.Price.E8 / 2_000);
        if (decision.Price.E8 < bid.E8 - slack || decision.Price.E8 > ask.E8 + slack)
            Assert.Fail($"{what} at {decision.DecidedAt}: {decision.Price.E8} with confidence {decision.ConfidenceE8} is outside {bid.E8} to {ask.E8}.");
    }
}
