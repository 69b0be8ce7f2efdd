using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Guards;

/// <summary>
/// A fold that tells its shares only what has changed around them decides as one that tells each of them everything at every tick. The second one is the same fold
/// with tickers that have always been valid: of those shares more is known than their surroundings, so nothing is left out.
/// </summary>
public class MarketFoldTellingProperties
{
    private const int Shares = 3;
    private const int Sources = 3;

    private static readonly TickerAlias[] Always = [new("S", new LocalDate(2011, 1, 3), null)];

    public static class Seeds
    {
        public static Arbitrary<int> Any() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Seeds)], MaxTest = 150)]
    public void Tick_ToldWhatChanged_DecidesAsToldEverything(int seed)
    {
        var random = new Random(seed);
        var (brief, full) = (Create([]), Create(Always));

        // Half of the runs begin a minute before the opening, and some of those of the others end with the session.
        var at = random.Next(3) switch { 0 => -60.0, 1 => 100.0, _ => (6.5 * 3600) - 60 };
        var mids = new[] { 40_000.0, 3_000, 90_000 };
        for (var step = 0; step < 400; step++)
        {
            at += random.Next(12) == 0 ? random.NextDouble() * 20 : random.NextDouble() * 0.3;
            if (random.Next(40) == 0) mids[random.Next(Shares)] *= random.Next(2) == 0 ? 1.2 : 0.85;
            for (var words = random.Next(6); words > 0; words--) Both(Word(random, mids, at));
            if (random.Next(25) == 0) Both(Rare(random, at));
            var everything = random.Next(4) == 0;
            brief.Tick(FoldHarness.At(at), everything);
            full.Tick(FoldHarness.At(at), everything);
            for (var feed = 0; feed <= Shares; feed++) AssertSame(brief, full, feed);
        }

        void Both(MarketInput input)
        {
            Assert.Equal(full.Apply(input), brief.Apply(input));
        }
    }

    private static MarketFold Create(TickerAlias[] tickers)
    {
        Source[] sources = [.. Enumerable.Range(0, Sources).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}") { IsListingMarket = i == 2 })];
        return new MarketFold(
            [
                .. Enumerable.Range(0, Shares).Select(i => new ShareFeedRules(MarketHarness.Share(i), PricingSettings.Stock, sources) { Tickers = tickers, Luld = (LuldTier)i }),
                new TokenFeedRules(MarketHarness.Share(0) with { Name = "token", Unit = FeedUnit.RawToken }, 0, new TokenId(0), new TokenSettings()),
            ],
            CalendarFixture.UsEquities);
    }

    private static MarketInput Word(Random random, double[] mids, double at)
    {
        var (share, source) = (random.Next(Shares), random.Next(Sources));
        var mid = mids[share] * (1 + ((random.NextDouble() - 0.5) * 0.002));
        return MarketInput.Of(random.Next(30) switch
        {
            0 => MarketHarness.Say(ObservationKind.Band, share, source, at) with { Bid = FoldHarness.Cents(Math.Round(mid * 0.95)), Ask = FoldHarness.Cents(Math.Round(mid * 1.05)) },
            1 => MarketHarness.Say(ObservationKind.Trade, share, source, at) with { Last = FoldHarness.Cents(Math.Round(mid)), Conditions = ConditionFlags.OpeningPrint },
            2 => MarketHarness.Say(ObservationKind.Status, share, source, at) with { Halt = random.Next(2) == 0 ? HaltReason.VolatilityPause : HaltReason.None },
            < 8 => MarketHarness.Say(ObservationKind.Trade, share, source, at) with { Last = FoldHarness.Cents(Math.Round(mid)) },
            _ => MarketHarness.Say(ObservationKind.Quote, share, source, at) with { Bid = FoldHarness.Cents(Math.Round(mid - 1)), Ask = FoldHarness.Cents(Math.Round(mid + 1)) },
        });
    }

    private static MarketInput Rare(Random random, double at)
    {
        var now = FoldHarness.At(at);
        switch (random.Next(4))
        {
            case 0:
                var claims = random.Next(2) == 0 ? SessionClaims.Regular : SessionClaims.Closed;
                return MarketInput.Of(MarketHarness.Say(ObservationKind.Session, 0, random.Next(Sources), at) with { Claims = claims });
            case 1:
                return MarketInput.Of(now, new ClockMeasurement(ClockReference.Ntp, "ntp", Duration.FromMilliseconds(random.Next(4) == 0 ? 3_000 : 10), Duration.Zero));
            case 2:
                return MarketInput.Of(now, new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Multiplier.One, default, null, now)));
            default:
                var action = (OperatorAction)random.Next(1, 5);
                return MarketInput.Of(now, new OperatorCommand(
                    action, random.Next(4) == 0 ? null : MarketHarness.Id(random.Next(Shares)), action == OperatorAction.Confirm ? FoldHarness.Cents(48_000) : default,
                    random.Next(5) == 0 ? null : now + Duration.FromSeconds(random.Next(1, 8)), "alice", "a test"));
        }
    }

    private static void AssertSame(MarketFold brief, MarketFold full, int feed)
    {
        Assert.Equal(full.HasDecided(feed), brief.HasDecided(feed));
        Assert.Equal(full.FaultOf(feed) is null, brief.FaultOf(feed) is null);
        var (expected, actual) = (full.DecisionOf(feed), brief.DecisionOf(feed));
        if (expected is null || actual is null)
        {
            Assert.Equal(expected, actual);
            return;
        }

        Assert.Equal(EvidenceOf(expected), EvidenceOf(actual));
        Assert.Equal(FeedRecordFactory.Create(expected, MarketHarness.Id(0)), FeedRecordFactory.Create(actual, MarketHarness.Id(0)));
        Assert.Equal(expected.Redundancy, actual.Redundancy);
        Assert.Equal(full.InputsFor(feed), brief.InputsFor(feed));
    }

    private static byte[] EvidenceOf(FeedDecision decision) => EvidenceCodec.Encode(1, decision, null, default, new byte[Hash32.Length]);
}
