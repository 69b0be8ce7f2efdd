using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class QuoteRuleTests
{
    private readonly FoldHarness _feed = new();

    [Fact]
    public void Quote_TwoSided_VotesItsMid()
    {
        var decision = _feed.Quote(0, 9_998, 10_002, at: 1).Quote(1, 9_999, 10_001, at: 1).Quote(2, 10_000, 10_010, at: 1).Tick(2);

        Assert.Equal(FeedState.Live, decision.State);
        Assert.Equal(DecisionReason.Accepted, decision.Reason);
        Assert.Equal(Cents(10_000), decision.Price);
        Assert.Equal(InputReason.Used, decision.Inputs[2].Reason);
        Assert.Equal(Cents(10_005), decision.Inputs[2].Value);
        Assert.Equal(Cents(10_010), decision.Inputs[2].Ask);
        Assert.Equal((3, 0, 3), (decision.SourcesUsed, decision.SourcesRejected, decision.Upstreams));
    }

    [Fact]
    public void Quote_WithAnOddSpread_VotesItsMidRoundedDown()
    {
        var settings = PricingSettings.Stock with { Regular = PricingSettings.Stock.Regular with { Quorum = 1 } };
        var feed = new FoldHarness(1, settings);
        var odd = new Observation
        {
            Kind = ObservationKind.Quote,
            Source = new SourceId(0),
            Upstream = new UpstreamId(10),
            Instrument = default,
            EventTime = At(1),
            ReceiveTime = At(1),
            Bid = Price.FromE8(10_000_000_000),
            Ask = Price.FromE8(10_000_000_003),
        };
        Assert.Equal(10_000_000_001, feed.Apply(odd).Tick(2).Price.E8);
    }

    [Fact]
    public void Quote_Locked_Votes()
    {
        var decision = _feed.All(10_000, at: 1).Quote(0, 10_003, 10_003, at: 2).Tick(2);
        Assert.Equal(InputReason.Used, decision.Inputs[0].Reason);
        Assert.Equal(Cents(10_003), decision.Inputs[0].Value);
    }

    [Fact]
    public void Quote_Crossed_IsRefusedAndTheLastGoodOneStands()
    {
        var decision = _feed.All(10_000, at: 1).Quote(0, 10_020, 10_019, at: 2).Tick(2);

        Assert.Equal(InputReason.Used, decision.Inputs[0].Reason);
        Assert.Equal(Cents(10_000), decision.Inputs[0].Value);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.Crossed));
    }

    [Fact]
    public void Quote_CrossedUntilTheLastGoodOneIsStale_IsReportedAsCrossed()
    {
        _feed.All(10_000, at: 1).Quote(0, 10_020, 10_019, at: 50).Mid(1, 10_000, at: 50).Mid(2, 10_000, at: 50);
        Assert.Equal(InputReason.Crossed, _feed.VerdictAt(0, 50));
        Assert.Equal(1, _feed.Tick(50).SourcesRejected);
    }

    [Theory]
    [InlineData(0, 10_001)]
    [InlineData(9_999, 0)]
    [InlineData(0, 0)]
    public void Quote_ZeroOrOneSided_WithdrawsAtOnce(double bid, double ask)
    {
        var decision = _feed.All(10_000, at: 1).Quote(0, bid, ask, at: 2).Tick(2);

        Assert.Equal(InputReason.Withdrawn, decision.Inputs[0].Reason);
        Assert.Equal(FeedState.Degraded, decision.State);
        Assert.Equal(2, decision.Upstreams);
    }

    [Fact]
    public void Quote_OlderThanAWithdrawal_DoesNotBringTheQuoteBack()
    {
        _feed.All(10_000, at: 1).Quote(0, 0, 10_001, at: 3).Quote(0, 9_999, 10_001, at: 2, received: 3);
        Assert.Equal(FeedState.Degraded, _feed.Tick(3).State);
        Assert.Equal(InputReason.Withdrawn, _feed.VerdictAt(0, 3));
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.OutOfOrder));
    }

    [Fact]
    public void Quote_OlderThanTheLast_NeverReplacesIt()
    {
        var decision = _feed.All(10_000, at: 5).Mid(0, 9_990, at: 4).Tick(6);
        Assert.Equal(Cents(10_000), decision.Inputs[0].Value);
    }

    [Fact]
    public void Quote_OfTheSameMoment_ReplacesTheOneBefore()
    {
        var decision = _feed.All(10_000, at: 5).Mid(0, 9_990, at: 5).Tick(6);
        Assert.Equal(Cents(9_990), decision.Inputs[0].Value);
    }

    [Theory]
    [InlineData(9_950, 10_050, InputReason.Used)] // 100 bps exactly
    [InlineData(9_949, 10_051, InputReason.SpreadTooWide)]
    public void Quote_WithASpreadAboveTheCap_DoesNotVoteButIsReported(double bid, double ask, InputReason expected)
    {
        var decision = _feed.All(10_000, at: 1).Quote(0, bid, ask, at: 2).Tick(2);
        Assert.Equal(expected, decision.Inputs[0].Reason);
        Assert.Equal(Cents(bid), decision.Inputs[0].Bid);
    }

    [Theory]
    [InlineData(46, InputReason.Used)]
    [InlineData(46.1, InputReason.Stale)]
    public void Quote_AtItsFreshnessLimit_VotesAndBeyondDoesNot(double now, InputReason expected)
    {
        _feed.Mid(0, 10_000, at: 1).Mid(1, 10_000, at: 40).Mid(2, 10_000, at: 40);
        Assert.Equal(expected, _feed.VerdictAt(0, now));
    }

    [Fact]
    public void Quote_FromTheFuture_IsRefusedBeyondTwoSeconds()
    {
        _feed.All(10_000, at: 1).Quote(0, 9_989, 9_991, at: 12.1, received: 10).Quote(1, 9_989, 9_991, at: 12, received: 10);

        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.Future));
        Assert.Equal(Cents(10_000), _feed.Tick(10).Inputs[0].Value);
        Assert.Equal(Cents(9_990), _feed.Tick(10).Inputs[1].Value);
    }

    [Fact]
    public void Quote_AheadOfTheNodesClockAtTheTick_DoesNotVote() =>
        Assert.Equal(InputReason.Future, _feed.All(10_000, at: 10).VerdictAt(0, 7.9));

    [Theory]
    [InlineData(ConditionFlags.UnknownCode)]
    [InlineData(ConditionFlags.Suspicious)]
    [InlineData(ConditionFlags.NotLastEligible)]
    public void Quote_BarredByItsConditions_IsRefusedAndTheLastGoodOneStands(ConditionFlags conditions)
    {
        var decision = _feed.All(10_000, at: 1).Quote(0, 10_009, 10_011, at: 2, conditions).Tick(2);
        Assert.Equal(Cents(10_000), decision.Inputs[0].Value);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.NotEligible));
    }

    [Fact]
    public void Quote_OfABillionDollarsAndMore_IsRefused()
    {
        _feed.Quote(0, 100_000_000_001, 100_000_000_002, at: 1);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.Malformed));
        Assert.Equal(InputReason.Malformed, _feed.VerdictAt(0, 1));
    }
}
