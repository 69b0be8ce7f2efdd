using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Regular session of a stock: limit 300 bps, confirmation 3 s, evidence tier 2,000 bps.</summary>
public class JumpRuleTests
{
    [Fact]
    public void SmallSteps_ThatAddUpBeyondTheTier_NeedEvidence()
    {
        var feed = new FoldHarness();
        var (price, decision) = (10_000.0, feed.All(10_000, at: 1).Tick(1));
        for (var second = 2; second <= 600; second++) decision = feed.All(price *= 1.002, second).Tick(second);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence, HoldReasons.Jump), (decision.State, decision.Reason, decision.HoldReasons));
        Assert.True(decision.Price < Cents(21_500));

        // What an operator confirms starts anew from there.
        decision = feed.All(price, 601).Inputs(new GuardInputs { ConfirmedPrice = Cents(price) }).Tick(601);
        Assert.Equal((FeedState.Live, Cents(price)), (decision.State, decision.Price));
        feed.Inputs(default);
        for (var second = 602; second <= 640; second++) decision = feed.All(price *= 1.002, second).Tick(second);
        Assert.Equal(FeedState.Live, decision.State);
    }

    [Theory]
    [InlineData(-9)]
    [InlineData(8)]
    public void SmallSteps_BelowTheTier_ArePublished(int tenths)
    {
        var feed = new FoldHarness();
        var decision = feed.All(10_000, at: 1).Tick(1);
        for (var second = 2; second <= 1_801; second++) decision = feed.All(10_000 + (tenths * 1_000.0 * second / 1_801), second).Tick(second);
        Assert.Equal((FeedState.Live, Cents(10_000 + (tenths * 1_000))), (decision.State, decision.Price));
    }

    private readonly FoldHarness _feed = new();

    public JumpRuleTests() => _feed.All(10_000, at: 1).Tick(1);

    [Theory]
    [InlineData(10_300)]
    [InlineData(9_700)]
    public void Price_AtTheLimit_IsNoJump(double mid) => Assert.Equal(FeedState.Live, _feed.All(mid, at: 2).Tick(2).State);

    [Theory]
    [InlineData(10_301)]
    [InlineData(9_699)]
    public void Price_BeyondTheLimit_HoldsUntilConfirmed(double mid)
    {
        var decision = _feed.All(mid, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.Jump, DecisionReason.JumpUnconfirmed), (decision.State, decision.HoldReasons, decision.Reason));
        Assert.Equal((Cents(10_000), At(1)), (decision.Price, decision.ObservedAt));
        Assert.Equal(FeedState.Held, _feed.TickThrough(2, 4.9).State);

        decision = _feed.Tick(5);
        Assert.Equal((FeedState.Live, DecisionReason.JumpConfirmed, Cents(mid)), (decision.State, decision.Reason, decision.Price));
        Assert.Equal(At(2), decision.ObservedAt);
        Assert.Equal(DecisionReason.Accepted, _feed.Tick(5.1).Reason);
    }

    [Fact]
    public void Jump_ThatMovesOnTheSameWay_ConfirmsInTheSameTime()
    {
        // A gap of 4 %, then eight basis points per second further down, from upstreams that quote ten times a second.
        for (var tenth = 0; tenth < 30; tenth++)
        {
            var at = 2 + (tenth / 10.0);
            Assert.Equal(FeedState.Held, _feed.All(9_600 - (8 * tenth / 10.0), at).Tick(at).State);
        }

        var decision = _feed.All(9_576, at: 5).Tick(5);
        Assert.Equal((FeedState.Live, Cents(9_576)), (decision.State, decision.Price));
    }

    [Fact]
    public void Crash_InSmallSteps_IsPublishedAllTheWay()
    {
        for (var second = 0; second < 100; second++)
        {
            var decision = _feed.All(10_000 - (8 * second), at: 2 + second).Tick(2 + second);
            Assert.Equal((FeedState.Live, Cents(10_000 - (8 * second))), (decision.State, decision.Price));
        }
    }

    [Fact]
    public void Jump_ThatFallsBackInside_StartsOver()
    {
        _feed.All(10_500, at: 2).TickThrough(2, 4.5);
        Assert.Equal(FeedState.Live, _feed.All(10_050, at: 4.5).Tick(4.5).State);
        _feed.All(10_500, at: 4.6).Tick(4.6);
        Assert.Equal(FeedState.Held, _feed.TickThrough(4.6, 7.5).State);
        Assert.Equal(FeedState.Live, _feed.Tick(7.6).State);
    }

    [Fact]
    public void Jump_ThatChangesSide_StartsOver()
    {
        _feed.All(10_500, at: 2).TickThrough(2, 4.5);
        _feed.All(9_500, at: 4.6).Tick(4.6);
        Assert.Equal(FeedState.Held, _feed.TickThrough(4.6, 7.5).State);
        Assert.Equal(FeedState.Live, _feed.Tick(7.6).State);
    }

    [Fact]
    public void Jump_ConfirmedByEachForItself_CountsFromTheLaterOfTheQuorum()
    {
        _feed.Mid(0, 10_500, at: 2).Tick(2);
        _feed.Mid(1, 10_500, at: 4).Mid(2, 10_000, at: 4).Tick(4);
        Assert.Equal(FeedState.Held, _feed.TickThrough(4, 6.9).State);
        Assert.Equal(Cents(10_500), _feed.Tick(7).Price);
    }

    [Fact]
    public void Jump_OfAnUpstreamThatLosesItsVote_StartsOverForIt()
    {
        _feed.Quote(2, 0, 0, at: 1.5).Mid(0, 10_500, at: 2).Mid(1, 10_500, at: 2).Tick(2);
        _feed.Quote(1, 0, 0, at: 3).Tick(3);
        Assert.Equal(FeedState.Held, _feed.Mid(1, 10_500, at: 4).Tick(4).State);
        Assert.Equal(FeedState.Held, _feed.TickThrough(4, 6.9).State);
        Assert.Equal(FeedState.Degraded, _feed.Tick(7).State);
    }

    [Fact]
    public void Jump_OfOneUpstream_NeverMovesThePrice()
    {
        _feed.Mid(0, 20_000, at: 2);
        for (var at = 2.0; at < 40; at++) Assert.Equal(Cents(10_000), _feed.Tick(at).Price);
    }

    [Fact]
    public void Jump_WithAnOutlierForItsSecondWitness_Holds()
    {
        _feed.Mid(0, 10_290, at: 2).Mid(1, 10_301, at: 2).Mid(2, 12_000, at: 2);
        Assert.Equal((FeedState.Held, HoldReasons.Jump), (_feed.TickThrough(2, 20).State, _feed.Tick(20).HoldReasons));
        Assert.Equal(FeedState.Degraded, _feed.Mid(0, 10_301, at: 21).TickThrough(20, 24).State);
    }

    [Fact]
    public void Jump_BelowQuorum_NeverConfirms()
    {
        _feed.Quote(1, 0, 0, at: 2).Quote(2, 0, 0, at: 2).Mid(0, 10_500, at: 2);
        Assert.Equal(HoldReasons.BelowQuorum, _feed.TickThrough(2, 20).HoldReasons);
    }

    [Fact]
    public void Jump_WithTheUpstreamsDisagreeing_Holds()
    {
        _feed.Quote(2, 0, 0, at: 2).Mid(0, 10_500, at: 2).Mid(1, 10_600, at: 2);
        var decision = _feed.TickThrough(2, 20);
        Assert.Equal(FeedState.Held, decision.State);
        Assert.True(decision.HoldReasons.HasFlag(HoldReasons.Disagreement));
    }

    [Fact]
    public void Jump_BeyondTheEvidenceTier_IsNeverConfirmedByTime()
    {
        _feed.All(12_001, at: 2);
        var decision = _feed.TickThrough(2, 30);
        Assert.Equal((FeedState.Held, HoldReasons.Jump, DecisionReason.JumpNeedsEvidence), (decision.State, decision.HoldReasons, decision.Reason));
        Assert.Equal(Cents(10_000), decision.Price);
    }

    [Fact]
    public void Split_TenToOne_IsNotTakenForAPrice()
    {
        _feed.All(1_000, at: 2);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.TickThrough(2, 30).Reason);
    }

    [Fact]
    public void Jump_OvernightOfALoneSource_HoldsUntilASecondUpstreamAgrees()
    {
        var settings = PricingSettings.Stock with { Overnight = PricingSettings.Stock.Overnight with { AllowedSources = null } };
        var feed = new FoldHarness(3, settings) { Session = Overnight };
        feed.Mid(0, 10_000, at: 1).Tick(1);
        Assert.Equal(FeedState.Held, feed.Mid(0, 10_600, at: 2).TickThrough(2, 100).State);
        Assert.Equal(FeedState.Held, feed.Mid(0, 10_600, at: 100).Mid(1, 10_600, at: 100).TickThrough(100, 159.9).State);
        Assert.Equal(DecisionReason.JumpConfirmed, feed.Tick(160.1).Reason);
    }

    [Fact]
    public void Jump_AgainstTheRestoredPrice_IsGuarded()
    {
        var feed = new FoldHarness(restored: Restored(10_000));
        Assert.Equal(HoldReasons.Jump, feed.All(10_400, at: 1).Tick(1).HoldReasons);
        Assert.Equal(Cents(10_400), feed.TickThrough(1, 4).Price);
    }

    [Fact]
    public void Jump_StandingFromBeforeAHalt_IsNoConfirmation()
    {
        _feed.All(10_500, at: 2).TickThrough(2, 4);
        _feed.Status(0, HaltReason.News, at: 4).Status(1, HaltReason.News, at: 4).Tick(4);
        _feed.Status(0, HaltReason.None, at: 10).All(10_500, at: 10.5);
        Assert.Equal(HoldReasons.Jump, _feed.Tick(10.5).HoldReasons);
        Assert.Equal(FeedState.Live, _feed.TickThrough(10.5, 13.5).State);
    }

    [Fact]
    public void Jump_WhenTheClockStepsBack_StartsOver()
    {
        _feed.All(10_500, at: 4).Tick(6);
        _feed.Tick(4.5);
        Assert.Equal(FeedState.Held, _feed.Tick(7.4).State);
        Assert.Equal(FeedState.Live, _feed.Tick(7.5).State);
    }

    [Fact]
    public void Jump_LimitOfAnEtf_IsHalf()
    {
        var feed = new FoldHarness(3, PricingSettings.Etf).All(10_000, at: 1);
        feed.Tick(1);
        Assert.Equal(HoldReasons.Jump, feed.All(10_151, at: 2).Tick(2).HoldReasons);
    }
}
