using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Days on which feeds were wrong, with their numbers. Prices in cents.</summary>
public class IncidentTests
{
    [Fact] // NYSE, 3 June 2024: BRK.A, last 627,400, prints 185.10 on one tape that many vendors repeat; the trades are busted later.
    public void Print_OfOneTapeThatAllRepeat_IsOneVoteAndIsRetracted()
    {
        var feed = new FoldHarness(upstreams: 2, resellers: 2, restored: Restored(62_740_000, at: 0));
        foreach (var source in new[] { 0, 2 }) feed.Trade(source, 18_510, at: 10, id: 7);
        var decision = feed.TickThrough(10, 60);
        Assert.Equal((FeedState.Held, Cents(62_740_000)), (decision.State, decision.Price));

        // Both tapes repeat it: still nothing but evidence would publish a fall of 99.97 %.
        foreach (var source in new[] { 1, 3 }) feed.Trade(source, 18_510, at: 61, id: 7);
        Assert.Equal((DecisionReason.JumpNeedsEvidence, Cents(62_740_000)), (feed.TickThrough(61, 90).Reason, feed.Tick(90).Price));
        for (var source = 0; source < 4; source++) feed.Retract(source, 18_510, at: 100, id: 7);
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum), (feed.Tick(100).State, feed.Tick(100).Reason));
        feed.All(62_800_000, at: 101);
        Assert.Equal(Cents(62_800_000), feed.Tick(101).Price);
    }

    [Theory] // 6 May 2010: ACN from 40 dollars to one cent, AAPL at 100,000; stub quotes on both sides.
    [InlineData(4_000, 1)]
    [InlineData(24_600, 10_000_000)]
    public void Prints_AtStubQuotes_AreNeverPublished(double last, double print)
    {
        var feed = new FoldHarness(restored: Restored(last, at: 0));
        for (var second = 1; second < 30; second++)
        {
            for (var i = 0; i < 3; i++) feed.Quote(i, 1, 10_000_000, second).Trade(i, print, second);
            Assert.Equal(Cents(last), feed.Tick(second).Price);
        }
    }

    [Fact] // Pyth BTC, 20 September 2021: nine at 41,000 to 43,500, one at 0, one of another exponent.
    public void TwoOfEleven_AtNothing_LeaveThePriceAmongTheNine()
    {
        var feed = new FoldHarness(11);
        for (var i = 0; i < 9; i++) feed.Mid(i, 4_222_000 + (1_000 * i), at: 1);
        feed.Quote(9, 0, 0, at: 1).Trade(10, 0.04, at: 1);
        var decision = feed.Tick(1);
        Assert.Equal((FeedState.Live, Cents(4_225_500)), (decision.State, decision.Price));
        Assert.Equal((InputReason.Withdrawn, InputReason.AwayFromMarket), (decision.Inputs[9].Reason, decision.Inputs[10].Reason));
    }

    [Fact] // Synthetix sKRW, 25 June 2019: of three sources one was silent for long, one of the two others said a thousand times the price.
    public void TwoSources_AThousandfoldApart_HoldAndTheLossBeforeIsSeen()
    {
        var feed = new FoldHarness().All(8_600, at: 1);
        feed.Tick(1);
        for (var second = 2; second < 60; second++) feed.Mid(0, 8_600, second).Mid(1, 8_600, second).Tick(second);
        Assert.Equal((FeedState.Degraded, RedundancyLevel.AtQuorum), (feed.Tick(59.5).State, feed.Tick(59.5).Redundancy));
        var decision = feed.Mid(1, 8_600_000, at: 60).TickThrough(60, 90);
        Assert.Equal((FeedState.Held, HoldReasons.Disagreement, Cents(8_600)), (decision.State, decision.HoldReasons & HoldReasons.Disagreement, decision.Price));
    }

    [Fact] // Nasdaq, 3 July 2017: test data at 123.47 on everything, at most vendors at once.
    public void TestPrices_AtMostVendors_TakeTheirVotesOnEveryFeed()
    {
        double[] closes = [14_350, 95_366, 6_817];
        var feeds = closes.Select(close => new FoldHarness(restored: Restored(close, at: 0))).ToArray();
        var watch = new EqualPriceWatch(sources: 3, instruments: 3, new EqualPriceSettings());
        for (var i = 0; i < closes.Length; i++) watch.Seed(new InstrumentId(i), Cents(closes[i]));
        for (var instrument = 0; instrument < closes.Length; instrument++)
        {
            for (var source = 0; source < 2; source++)
            {
                feeds[instrument].Trade(source, 12_347, at: 1);
                watch.Observe(new InstrumentId(instrument), new SourceId(source), Cents(12_347).E8, At(1));
            }

            feeds[instrument].Mid(2, closes[instrument], at: 1);
            watch.Observe(new InstrumentId(instrument), new SourceId(2), Cents(closes[instrument]).E8, At(1));
        }

        for (var instrument = 0; instrument < closes.Length; instrument++)
        {
            for (var source = 0; source < 3; source++)
                if (watch.IsSuspect(new SourceId(source), At(1)))
                    feeds[instrument].Fold.Suspend(new SourceId(source), InputReason.EqualAcrossSymbols, watch.SuspectUntil(new SourceId(source)));
            var decision = feeds[instrument].TickThrough(1, 60);
            Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum, Cents(closes[instrument])), (decision.State, decision.Reason, decision.Price));
            Assert.Equal(InputReason.EqualAcrossSymbols, decision.Inputs[0].Reason);
        }
    }

    [Fact] // Venus and LUNA, 12 May 2022: a feed that clamped stood at its floor of 0.107 while the market was at 0.01.
    public void Price_BelowItsFloor_HoldsWithTheReasonAndIsNotClamped()
    {
        var settings = PricingSettings.Stock with { MinPrice = Cents(10.7) };
        var feed = new FoldHarness(3, settings);
        for (var i = 0; i < 3; i++) feed.Quote(i, 12, 12, at: 1);
        feed.Tick(1);
        for (var i = 0; i < 3; i++) feed.Quote(i, 10.7, 10.7, at: 2);
        Assert.Equal((DecisionReason.AtBound, HoldReasons.Bounds | HoldReasons.Jump, At(1)), (feed.Tick(2).Reason, feed.Tick(2).HoldReasons, feed.Tick(2).ObservedAt));
        for (var i = 0; i < 3; i++) feed.Quote(i, 10.6, 10.6, at: 3);
        Assert.Equal((DecisionReason.OutsideBounds, Cents(12)), (feed.Tick(3).Reason, feed.Tick(3).Price));
    }
}
