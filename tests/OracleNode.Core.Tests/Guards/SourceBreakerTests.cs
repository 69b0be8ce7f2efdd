using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Five times wrong over at least five seconds, and a quarter of the time, quarantine; ten good words over thirty seconds end it.</summary>
public class SourceBreakerTests
{
    private readonly FoldHarness _feed = new();

    /// <summary>Source 0 says one thing, the others 10,000, once a second.</summary>
    private FeedDecision Say(double mid, int from, int to)
    {
        FeedDecision decision = null!;
        for (var second = from; second <= to; second++) decision = _feed.Mid(0, mid, second).Mid(1, 10_000, second).Mid(2, 10_000, second).Tick(second);
        return decision;
    }

    private static (InputReason, int) Outcome(FeedDecision decision) => (decision.Inputs[0].Reason, decision.QuarantinedSources);

    [Fact]
    public void Source_WrongAgainAndAgain_IsQuarantinedAndReturnsOnProbation()
    {
        Assert.Equal(0, Say(10_100, 1, 5).QuarantinedSources);
        Assert.Equal((InputReason.Outlier, 1), Outcome(Say(10_100, 6, 6)));
        Assert.Equal((InputReason.Quarantined, 1), (Say(10_100, 7, 7).Inputs[0].Reason, Say(10_100, 8, 8).QuarantinedSources));
        Assert.Equal(RedundancyLevel.AtQuorum, Say(10_000, 9, 38).Redundancy);
        Assert.Equal(1, _feed.Tick(38).QuarantinedSources);
        Say(10_000, 39, 39);
        var decision = Say(10_000, 40, 40);
        Assert.Equal((InputReason.Used, 0, FeedState.Live), (decision.Inputs[0].Reason, decision.QuarantinedSources, decision.State));
        Assert.Equal(RedundancyLevel.Full, decision.Redundancy);
    }

    [Fact]
    public void Probation_WithABadWord_StartsOver()
    {
        Say(10_100, 1, 7);
        Say(10_000, 8, 30);
        Say(10_100, 31, 31);
        Assert.Equal(1, Say(10_000, 32, 61).QuarantinedSources);
        Assert.Equal(0, Say(10_000, 62, 63).QuarantinedSources);
    }

    [Fact]
    public void Confidence_WhileAVoteIsTaken_ReachesToTheFarthestWord()
    {
        var feed = new FoldHarness(5);
        FeedDecision decision = null!;
        for (var second = 1; second <= 8; second++)
            decision = feed.Mid(0, 9_990, second).Mid(1, 9_998, second).Mid(2, 10_000, second).Mid(3, 10_002, second).Mid(4, second < 8 ? 20_000 : 20_001, second).Tick(second);
        Assert.Equal((InputReason.Quarantined, Cents(9_999)), (decision.Inputs[4].Reason, decision.Price));
        Assert.Equal(Cents(9_999 - 9_989).E8, decision.ConfidenceE8);

        // Where it has fallen silent nothing of it can come back.
        for (var second = 9; second <= 60; second++) decision = feed.Mid(0, 9_990, second).Mid(1, 9_998, second).Mid(2, 10_000, second).Mid(3, 10_002, second).Tick(second);
        Assert.True(decision.ConfidenceE8 < Cents(10).E8);
    }

    [Fact]
    public void Source_OffButNotFarther_ThanTwoUpstreamsMayBe_IsNotQuarantined()
    {
        var decision = Say(10_045, 1, 60);
        Assert.Equal((InputReason.Outlier, 0), (decision.Inputs[0].Reason, decision.QuarantinedSources));
    }

    [Fact]
    public void Source_WrongForAMomentHoweverOften_IsNotQuarantined()
    {
        for (var tenth = 10; tenth < 55; tenth++) _feed.Mid(0, 10_100, tenth / 10.0).Mid(1, 10_000, tenth / 10.0).Mid(2, 10_000, tenth / 10.0).Tick(tenth / 10.0);
        Assert.Equal(0, Say(10_000, 6, 30).QuarantinedSources);
    }

    [Fact]
    public void Source_SilentWithAnOldWrongWord_IsNotStruckForItAgain()
    {
        _feed.Mid(0, 10_100, 1);
        for (var second = 1; second < 40; second++) _feed.Mid(1, 10_000, second).Mid(2, 10_000, second).Tick(second);
        Assert.Equal((InputReason.Outlier, 0), (_feed.VerdictAt(0, 40), _feed.Tick(40).QuarantinedSources));
    }

    [Fact]
    public void TwoUpstreams_ThatContradictEachOther_AreNeitherQuarantined()
    {
        var feed = new FoldHarness(2);
        for (var second = 1; second < 120; second++)
        {
            var decision = feed.Mid(0, 10_000, second).Mid(1, 10_200, second).Tick(second);
            Assert.Equal((FeedState.Held, 0), (decision.State, decision.QuarantinedSources));
        }
    }

    [Fact]
    public void TwoCamps_OfEqualSize_AreNotQuarantined()
    {
        var feed = new FoldHarness(4);
        for (var second = 1; second < 120; second++)
            Assert.Equal(0, feed.Mid(0, 10_000, second).Mid(1, 10_000, second).Mid(2, 10_200, second).Mid(3, 10_200, second).Tick(second).QuarantinedSources);
    }

    [Theory]
    [InlineData(InputReason.Crossed)]
    [InlineData(InputReason.Future)]
    [InlineData(InputReason.UnitError)]
    [InlineData(InputReason.Malformed)]
    public void Source_ThatKeepsSendingFaults_IsQuarantinedAlsoAlone(InputReason fault)
    {
        var feed = new FoldHarness(2);
        for (var second = 1; second <= 7; second++)
        {
            feed.Mid(1, 10_000, second);
            _ = fault switch
            {
                InputReason.Crossed => feed.Quote(0, 10_001, 9_999, second),
                InputReason.Future => feed.Quote(0, 9_999, 10_001, second + 90, received: second),
                InputReason.UnitError => feed.Quote(0, 9_999, 10_001, second + 4e7, received: second),
                _ => feed.Quote(0, 100_000_000_001, 100_000_000_002, second),
            };
            feed.Tick(second);
        }

        Assert.Equal(7, feed.Fold.RefusedCount(fault));
        Assert.Equal(1, feed.Tick(7).QuarantinedSources);
        Assert.Equal(InputReason.Quarantined, feed.Mid(0, 10_000, 8).VerdictAt(0, 8));
        for (var second = 9; second < 40; second++) feed.Mid(0, 10_000, second).Mid(1, 10_000, second).Tick(second);
        Assert.Equal(FeedState.Degraded, feed.Tick(40).State);
    }

    [Fact]
    public void FewerThanHalf_WhileTheRestAreSilent_QuarantineNobody()
    {
        // Two of five lie and agree; of the honest three only one speaks.
        var feed = new FoldHarness(5);
        for (var second = 1; second < 60; second++)
            Assert.Equal(0, feed.Mid(0, 10_100, second).Mid(1, 10_100, second).Mid(4, 10_000, second).Tick(second).QuarantinedSources);
    }

    [Fact]
    public void StatusWords_NeitherExcuseNorEndAQuarantine()
    {
        Say(10_100, 1, 7);
        for (var second = 8; second < 60; second++) _feed.Status(0, HaltReason.None, second).Mid(1, 10_100, second).Mid(2, 10_100, second).Tick(second);
        Assert.Equal(1, _feed.Tick(60).QuarantinedSources);
    }

    [Fact]
    public void Source_ThatCrossesNowAndThenOnAFastTape_IsNotQuarantined()
    {
        for (var tenth = 10; tenth < 600; tenth++)
        {
            var at = tenth / 10.0;
            _feed.All(10_000, at);
            if (tenth % 5 == 0) _feed.Quote(0, 10_002, 10_001, at).Quote(0, 10_002, 10_001, at);
            Assert.Equal(0, _feed.Tick(at).QuarantinedSources);
        }
    }

    [Fact]
    public void Time_ThatGoesBackOnce_IsIgnoredWithoutAlarm()
    {
        Say(10_000, 1, 20);
        _feed.Mid(0, 9_000, 5);
        var decision = Say(10_000, 21, 21);
        Assert.Equal((0, InputReason.Used, FeedState.Live), (decision.QuarantinedSources, decision.Inputs[0].Reason, decision.State));
    }

    [Fact]
    public void Time_ThatStaysBack_IsQuarantined()
    {
        Say(10_000, 1, 20);
        for (var second = 21; second < 60; second++)
        {
            for (var i = 0; i < 6; i++) _feed.Mid(0, 10_000, second - 15 - i);
            _feed.Mid(1, 10_000, second).Mid(2, 10_000, second).Tick(second);
            if (_feed.Tick(second).QuarantinedSources == 1) return;
        }

        Assert.Fail("Never quarantined.");
    }

    [Fact]
    public void Quarantine_NeverLowersTheQuorum()
    {
        Say(10_100, 1, 8);
        _feed.Quote(2, 0, 0, 9).Mid(0, 10_000, 9).Mid(1, 10_000, 9);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum, RedundancyLevel.Lost), (_feed.Tick(9).State, _feed.Tick(9).HoldReasons, _feed.Tick(9).Redundancy));
    }

    [Fact]
    public void Quarantined_AmongTwoThatDisagree_ReturnsByAgreeingWithOne()
    {
        Say(10_100, 1, 8);
        for (var second = 9; second < 60; second++) _feed.Mid(0, 10_000, second).Mid(1, 10_000, second).Mid(2, 10_300, second).Tick(second);
        var decision = _feed.Tick(60);
        Assert.Equal((FeedState.Degraded, InputReason.Used, Cents(10_000)), (decision.State, decision.Inputs[0].Reason, decision.Price));
    }

    [Theory]
    [InlineData(3, RedundancyLevel.Full)]
    [InlineData(2, RedundancyLevel.AtQuorum)]
    [InlineData(1, RedundancyLevel.Lost)]
    public void Redundancy_SaysHowManyMayStillGo(int voices, RedundancyLevel expected)
    {
        for (var i = 0; i < voices; i++) _feed.Mid(i, 10_000, 1);
        Assert.Equal(expected, _feed.Tick(1).Redundancy);
    }

    [Fact]
    public void Redundancy_WithMoreThanWantedAndOneGone_IsReduced()
    {
        var feed = new FoldHarness(5);
        for (var i = 0; i < 4; i++) feed.Mid(i, 10_000, 1);
        Assert.Equal(RedundancyLevel.Reduced, feed.Tick(1).Redundancy);
        Assert.Equal(RedundancyLevel.None, feed.Tick(2, Closed).Redundancy);
    }
}
