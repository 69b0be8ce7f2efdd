using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class PriceRuleTests
{
    private static FoldHarness Mids(params double[] mids)
    {
        var feed = new FoldHarness(mids.Length);
        for (var i = 0; i < mids.Length; i++) feed.Mid(i, mids[i], at: 1);
        return feed;
    }

    [Theory]
    [InlineData(10_002, new double[] { 10_000, 10_002, 10_009 })]
    [InlineData(10_002, new double[] { 10_009, 10_002, 10_000 })]
    [InlineData(10_002, new double[] { 10_000, 10_001, 10_003, 10_009 })]
    [InlineData(10_003, new double[] { 10_000, 10_001, 10_003, 10_009, 10_010 })]
    public void Price_IsTheMedianOfTheUpstreams(double expected, double[] mids) => Assert.Equal(Cents(expected), Mids(mids).Tick(1).Price);

    [Fact]
    public void Price_OfAnEvenNumber_IsTheMidpointRoundedDown()
    {
        var feed = new FoldHarness(2);
        for (var i = 0; i < 2; i++)
        {
            feed.Apply(new Observation
            {
                Kind = ObservationKind.Trade,
                Source = new SourceId(i),
                Upstream = new UpstreamId(10 + i),
                Instrument = default,
                EventTime = At(1),
                ReceiveTime = At(1),
                Last = Price.FromE8(10_000_000_000 + (3 * i)),
            });
        }

        Assert.Equal(10_000_000_001, feed.Tick(1).Price.E8);
    }

    [Fact]
    public void BidAndAsk_AreTheMedianSidesRoundedOutwards()
    {
        var decision = new FoldHarness(2).Quote(0, 9_999, 10_001, at: 1).Quote(1, 10_000, 10_004, at: 1).Tick(1);
        Assert.Equal((Cents(9_999.5), Cents(10_002.5)), (decision.Bid, decision.Ask));
    }

    [Fact]
    public void BidAndAsk_OfPrintsAlone_AreNone()
    {
        var decision = new FoldHarness(2).Trade(0, 10_000, at: 1).Trade(1, 10_000, at: 1).Tick(1);
        Assert.Equal(FeedState.Degraded, decision.State);
        Assert.True(decision.Bid.IsNone && decision.Ask.IsNone);
    }

    [Fact]
    public void Upstreams_TwoWithinTheTolerance_ArePriced() => Assert.Equal(FeedState.Degraded, Mids(9_975, 10_025).Tick(1).State); // 50 bps

    [Fact]
    public void Upstreams_TwoBeyondTheTolerance_AreNeverAveraged()
    {
        var feed = Mids(10_000, 10_000);
        feed.Tick(1);
        var decision = feed.Mid(0, 10_051, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.Disagreement), (decision.State, decision.HoldReasons));
        Assert.Equal((Cents(10_000), At(1)), (decision.Price, decision.ObservedAt));
    }

    [Fact]
    public void Upstreams_InTwoCampsOfEqualSize_AreNeverAveraged()
    {
        var decision = Mids(10_000, 10_000, 10_500, 10_500).Tick(1);
        Assert.Equal(FeedState.Held, decision.State);
        Assert.True(decision.HoldReasons.HasFlag(HoldReasons.Disagreement));
    }

    [Fact]
    public void Outlier_AmongThree_IsRejectedAndLeavesTheFeedDegraded()
    {
        var decision = Mids(10_000, 10_002, 10_500).Tick(1);
        Assert.Equal((FeedState.Degraded, Cents(10_002)), (decision.State, decision.Price));
        Assert.Equal(InputReason.Outlier, decision.Inputs[2].Reason);
        Assert.Equal((2, 1, 2), (decision.SourcesUsed, decision.SourcesRejected, decision.Upstreams));
    }

    [Theory]
    [InlineData(10_020, 3)] // the floor: 20 bps
    [InlineData(10_021, 2)]
    public void Outlier_WithinTheFloor_IsNone(double third, int upstreams) =>
        Assert.Equal(upstreams, Mids(10_000, 10_000, third).Tick(1).Upstreams);

    [Theory]
    [InlineData(502, 3)] // two increments of a cent are 40 bps of five dollars
    [InlineData(502.1, 2)]
    public void Outlier_WithinTwoPriceIncrements_IsNone(double third, int upstreams)
    {
        var feed = new FoldHarness(3).Quote(0, 500, 500, at: 1).Quote(1, 500, 500, at: 1).Quote(2, third, third, at: 1);
        Assert.Equal(upstreams, feed.Tick(1).Upstreams);
    }

    [Theory]
    [InlineData(10_044.4, 3)] // 3 x 1.4826 x 10 cents
    [InlineData(10_044.5, 2)]
    public void Outlier_IsJudgedByTheMedianAbsoluteDeviation(double third, int upstreams) =>
        Assert.Equal(upstreams, Mids(9_990, 10_000, third).Tick(1).Upstreams);

    [Theory]
    [InlineData(10_100, 3)] // the ceiling: 100 bps, however wide the others lie
    [InlineData(10_100.1, 2)]
    public void Outlier_BeyondTheCeiling_IsRejected(double third, int upstreams)
    {
        var feed = Mids(9_950, 10_000, third);
        Assert.Equal(upstreams, feed.Tick(1).Upstreams);
    }

    [Fact]
    public void Outliers_ThatLeaveNoQuorum_Hold()
    {
        var decision = Mids(9_800, 10_000, 10_200).Tick(1);
        Assert.Equal((HoldReasons.Disagreement, DecisionReason.OutliersBreakQuorum), (decision.HoldReasons, decision.Reason));
    }

    [Fact]
    public void Confidence_WithAllUpstreams_ReachesTheQuartilesOfThePooledWords()
    {
        // Pooled: 9997 9998 9999 9999 10000 10000 10001 10001 10002; outward quartiles 9999 and 10001. Leaving one out shifts by 0.5.
        var decision = new FoldHarness().Quote(0, 9_997, 9_999, at: 1).Quote(1, 9_999, 10_001, at: 1).Quote(2, 10_000, 10_002, at: 1).Tick(1);
        Assert.Equal((FeedState.Live, Cents(10_000)), (decision.State, decision.Price));
        Assert.Equal(1_000_000, decision.ConfidenceE8);
    }

    [Fact]
    public void Confidence_WithFewerThanWanted_ReachesTheFarthestWord()
    {
        var decision = new FoldHarness().Quote(0, 9_990, 10_010, at: 1).Quote(1, 9_999, 10_001, at: 1).Tick(1);
        Assert.Equal((FeedState.Degraded, 10_000_000), (decision.State, decision.ConfidenceE8));
    }

    [Fact]
    public void Confidence_IsAtLeastTheShiftOfLeavingOneOut()
    {
        // Leaving the first out would make it 10004.
        var decision = new FoldHarness().Quote(0, 10_000, 10_000, at: 1).Quote(1, 10_000, 10_000, at: 1).Quote(2, 10_008, 10_008, at: 1).Tick(1);
        Assert.Equal((Cents(10_000), 8_000_000), (decision.Price, decision.ConfidenceE8));
        var five = new FoldHarness(5);
        foreach (var (source, mid) in new[] { (0, 10_000.0), (1, 10_000), (2, 10_000), (3, 10_010), (4, 10_010) }) five.Quote(source, mid, mid, at: 1);
        Assert.Equal(10_000_000, five.Tick(1).ConfidenceE8);
    }

    [Fact]
    public void Confidence_OfLockedAndEqualQuotes_IsHalfAnIncrement()
    {
        var feed = new FoldHarness();
        for (var i = 0; i < 3; i++) feed.Quote(i, 10_000, 10_000, at: 1);
        Assert.Equal(500_000, feed.Tick(1).ConfidenceE8);
        for (var i = 0; i < 3; i++) feed.Quote(i, 50, 50, at: 2);
        var fresh = new FoldHarness();
        for (var i = 0; i < 3; i++) fresh.Quote(i, 50, 50, at: 2);
        Assert.Equal(5_000, fresh.Tick(2).ConfidenceE8);
    }

    [Fact]
    public void Confidence_OfPrints_AllowsAnIncrementToEitherSide() =>
        Assert.Equal(1_000_000, new FoldHarness(2).Trade(0, 10_000, at: 1).Trade(1, 10_000, at: 1).Tick(1).ConfidenceE8);

    [Fact]
    public void Confidence_AboveItsCap_Holds()
    {
        var settings = PricingSettings.Stock with { Regular = PricingSettings.Stock.Regular with { ConfidenceCapBps = 10 } };
        var feed = new FoldHarness(3, settings).Quote(0, 9_990, 10_010, at: 1).Quote(1, 9_990, 10_010, at: 1);
        Assert.Equal(FeedState.Degraded, feed.Tick(1).State);
        var decision = feed.Quote(0, 9_989, 10_011, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.Confidence), (decision.State, decision.HoldReasons));
        Assert.Equal(At(1), decision.ObservedAt);
    }

    [Fact]
    public void Price_TooFarFromItsBidForTheRecord_Holds()
    {
        var settings = PricingSettings.Stock with { Regular = PricingSettings.Stock.Regular with { SpreadCapBps = 10_000, ConfidenceCapBps = 10_000 } };
        var decision = new FoldHarness(2, settings).Quote(0, 90e9, 96e9, at: 1).Quote(1, 90e9, 96e9, at: 1).Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.Bounds), (decision.State, decision.HoldReasons));
    }
}
