using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class TradeRuleTests
{
    private readonly FoldHarness _feed = new();

    public TradeRuleTests() => _feed.Mid(1, 10_000, at: 1).Mid(2, 10_000, at: 1);

    [Fact]
    public void Trade_OfAnUpstreamWithoutQuote_Votes()
    {
        var decision = _feed.Trade(0, 10_003, at: 1).Tick(2);
        Assert.Equal(FeedState.Live, decision.State);
        Assert.Equal((InputReason.Used, ObservationKind.Trade), (decision.Inputs[0].Reason, decision.Inputs[0].Kind));
        Assert.Equal(Cents(10_003), decision.Inputs[0].Value);
    }

    [Fact]
    public void Trade_NewerThanAFreshQuote_DoesNotVote()
    {
        var decision = _feed.Mid(0, 10_000, at: 1).Trade(0, 10_003, at: 2).Tick(2);
        Assert.Equal(Cents(10_000), decision.Inputs[0].Value);
    }

    [Fact]
    public void Trade_VotesOnceTheQuoteIsWithdrawn()
    {
        var decision = _feed.Mid(0, 10_000, at: 1).Trade(0, 10_003, at: 2).Quote(0, 0, 0, at: 3).Tick(3);
        Assert.Equal(Cents(10_003), decision.Inputs[0].Value);
        Assert.True(decision.Inputs[0].IsUsed);
    }

    [Fact]
    public void Trade_VotesOnceTheQuoteIsTooWide()
    {
        var decision = _feed.Trade(0, 10_003, at: 2).Quote(0, 9_000, 11_000, at: 3).Tick(3);
        Assert.Equal(Cents(10_003), decision.Inputs[0].Value);
        Assert.True(decision.Inputs[0].IsUsed);
    }

    [Fact]
    public void Trade_SaidAgainAsSuspicious_NoLongerVotes()
    {
        _feed.Trade(0, 10_003, at: 1).Tick(2);
        var decision = _feed.Trade(0, 10_003, at: 3, ConditionFlags.Suspicious | ConditionFlags.NotLastEligible).Tick(3);
        Assert.False(decision.Inputs[0].IsUsed);
        Assert.Equal(2, decision.Upstreams);
    }

    [Fact]
    public void SuspiciousTrade_OfAnotherPrice_LeavesTheVote()
    {
        var decision = _feed.Trade(0, 10_003, at: 1).Trade(0, 12_000, at: 2, ConditionFlags.Suspicious).Tick(2);
        Assert.True(decision.Inputs[0].IsUsed);
    }

    [Fact]
    public void SuspiciousTrade_OlderThanTheLastPrint_LeavesTheVote()
    {
        var decision = _feed.Trade(0, 10_003, at: 2).Trade(0, 10_003, at: 1, ConditionFlags.Suspicious).Tick(2);
        Assert.True(decision.Inputs[0].IsUsed);
    }

    [Theory]
    [InlineData(91, InputReason.Used)]
    [InlineData(91.1, InputReason.Stale)]
    public void Trade_AtItsFreshnessLimit_VotesAndBeyondDoesNot(double now, InputReason expected)
    {
        _feed.Trade(0, 10_000, at: 1).Mid(1, 10_000, at: 80).Mid(2, 10_000, at: 80);
        Assert.Equal(expected, _feed.VerdictAt(0, now));
    }

    [Fact]
    public void Trade_ReportedLate_IsStaleByItsEventTime()
    {
        _feed.Trade(0, 9_900, at: 10, received: 700).Mid(1, 10_000, at: 700).Mid(2, 10_000, at: 700);
        Assert.Equal(InputReason.Stale, _feed.VerdictAt(0, 700));
    }

    [Theory]
    [InlineData(ConditionFlags.NotLastEligible)]
    [InlineData(ConditionFlags.OddLot)]
    [InlineData(ConditionFlags.OutOfSequence)]
    [InlineData(ConditionFlags.AveragePrice)]
    [InlineData(ConditionFlags.DerivativelyPriced)]
    [InlineData(ConditionFlags.Suspicious)]
    [InlineData(ConditionFlags.UnknownCode)]
    [InlineData(ConditionFlags.OddLot | ConditionFlags.ExtendedHours)]
    public void Trade_BarredByItsConditions_NeverVotes(ConditionFlags conditions)
    {
        _feed.Trade(0, 10_000, at: 1, conditions);
        foreach (var session in new[] { PreMarket, Regular, PostMarket })
        {
            // Each session on its own clock is not needed: the claim only has to be valid now.
            var decision = _feed.Tick(1, session with { NextChangeAt = At(9_999) });
            Assert.Equal(InputReason.NotEligible, decision.Inputs[0].Reason);
        }
    }

    [Theory]
    [InlineData(MarketSession.PreMarket, InputReason.Used)]
    [InlineData(MarketSession.Regular, InputReason.NoData)]
    [InlineData(MarketSession.PostMarket, InputReason.Used)]
    public void Trade_FormT_VotesOutsideTheRegularSessionOnly(MarketSession session, InputReason expected)
    {
        _feed.Trade(0, 10_000, at: 1, ConditionFlags.ExtendedHours);
        Assert.Equal(expected, _feed.Tick(1, new SessionInfo(session, ClosedReason.None, null)).Inputs[0].Reason);
    }

    [Fact]
    public void Trade_LateFormTInTheRegularSession_DoesNotHideTheRegularOne()
    {
        var decision = _feed.Trade(0, 10_001, at: 1).Trade(0, 9_950, at: 2, ConditionFlags.ExtendedHours).Tick(2);
        Assert.Equal(Cents(10_001), decision.Inputs[0].Value);
    }

    [Fact]
    public void Trade_AfterTheClose_IsTheNewestOfRegularAndFormT()
    {
        _feed.Trade(0, 10_001, at: 1).Trade(0, 9_990, at: 2, ConditionFlags.ExtendedHours);
        Assert.Equal(Cents(9_990), _feed.Tick(2, PostMarket).Inputs[0].Value);
        _feed.Trade(0, 10_002, at: 3);
        Assert.Equal(Cents(10_002), _feed.Tick(3, PostMarket).Inputs[0].Value);
    }

    [Theory]
    [InlineData(MarketSession.Regular, InputReason.Used)]
    [InlineData(MarketSession.PreMarket, InputReason.NoData)]
    public void Trade_OfAVendorWithoutConditions_VotesInTheRegularSessionOnly(MarketSession session, InputReason expected)
    {
        _feed.Trade(0, 10_000, at: 1, ConditionFlags.ConditionsAbsent);
        Assert.Equal(expected, _feed.Tick(1, new SessionInfo(session, ClosedReason.None, null)).Inputs[0].Reason);
    }

    [Fact]
    public void Trade_OlderThanTheLast_NeverReplacesIt()
    {
        var decision = _feed.Trade(0, 10_001, at: 3).Trade(0, 9_990, at: 2).Tick(3);
        Assert.Equal(Cents(10_001), decision.Inputs[0].Value);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.OutOfOrder));
    }

    [Fact]
    public void Trade_WithoutPrice_IsRefused()
    {
        _feed.Trade(0, 0, at: 1);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.Malformed));
    }
}
