using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class GuardInputsTests
{
    private static readonly Price Low = Cents(9_500), High = Cents(10_500);

    private readonly FoldHarness _feed = new();

    public GuardInputsTests() => _feed.All(10_000, at: 1).Tick(1);

    private void Holds(GuardInputs inputs, FeedState state, HoldReasons holds, DecisionReason reason)
    {
        var decision = _feed.Inputs(inputs).All(10_010, at: 2).Tick(2);
        Assert.Equal((state, holds, reason, Cents(10_000)), (decision.State, decision.HoldReasons, decision.Reason, decision.Price));
        Assert.Equal(FeedState.Live, _feed.Inputs(default).Tick(3).State);
    }

    [Fact]
    public void Inputs_NotKnown_AskForNothing() => Assert.Equal(FeedState.Live, _feed.Inputs(default).Tick(2).State);

    [Fact]
    public void Operator_Hold_HoldsForAsLongAsItIsAsked()
    {
        var decision = _feed.Inputs(new GuardInputs { Operator = OperatorOrder.Hold }).All(10_010, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.Operator, DecisionReason.OperatorHold, Cents(10_000)), (decision.State, decision.HoldReasons, decision.Reason, decision.Price));
        Assert.Equal(FeedState.Held, _feed.All(10_010, at: 3).Tick(3).State);
    }

    [Fact]
    public void Clock_Bad_Holds() => Holds(new GuardInputs { Clock = GuardSignal.Bad }, FeedState.Held, HoldReasons.Clock, DecisionReason.ClockUntrusted);

    [Fact]
    public void Calendar_Bad_Holds() =>
        Holds(new GuardInputs { Calendar = GuardSignal.Bad }, FeedState.Held, HoldReasons.CalendarConflict, DecisionReason.CalendarConflict);

    [Fact]
    public void CorporateAction_Window_Pauses() =>
        Holds(new GuardInputs { Action = new PendingAction { OpensAt = At(1.5) } }, FeedState.Paused, HoldReasons.CorporateAction, DecisionReason.ActionNeedsEvidence);

    [Fact]
    public void Band_ThatExcludesThePrice_Holds() =>
        Holds(new GuardInputs { BandLow = Cents(9_000), BandHigh = Cents(10_009) }, FeedState.Held, HoldReasons.Bounds, DecisionReason.OutsideBand);

    [Fact]
    public void Inputs_Changed_MakeTheFoldDirty()
    {
        Assert.False(_feed.Fold.IsDirty);
        Assert.False(_feed.Inputs(default).Fold.IsDirty);
        Assert.True(_feed.Inputs(new GuardInputs { Operator = OperatorOrder.Hold }).Fold.IsDirty);
    }

    [Fact]
    public void Operator_Pause_StaysUntilResume()
    {
        _feed.Inputs(new GuardInputs { Operator = OperatorOrder.Pause });
        Assert.Equal((FeedState.Paused, HoldReasons.Operator, DecisionReason.OperatorPause), (_feed.Tick(2).State, _feed.Tick(2).HoldReasons, _feed.Tick(2).Reason));
        Assert.Equal(FeedState.Paused, _feed.Inputs(default).All(10_000, at: 3).Tick(3).State);
        Assert.Equal(FeedState.Paused, _feed.Tick(3, Closed with { NextChangeAt = At(3.5) }).State);
        Assert.Equal(FeedState.Paused, _feed.Inputs(new GuardInputs { Operator = OperatorOrder.Hold }).Tick(4, Regular).State);
        Assert.NotEqual(FeedState.Paused, _feed.Inputs(new GuardInputs { Operator = OperatorOrder.Resume }).All(10_000, at: 5).Tick(5).State);
    }

    [Theory]
    [InlineData(HoldReasons.None)]
    [InlineData(HoldReasons.Operator)]
    [InlineData(HoldReasons.Operator | HoldReasons.CorporateAction)]
    public void Pause_FoundOnChain_IsLiftedByTheOperator(HoldReasons holds)
    {
        var feed = new FoldHarness(restored: Restored(10_000, state: FeedState.Paused) with { HoldReasons = holds }).All(10_000, at: 1);
        Assert.Equal((FeedState.Paused, DecisionReason.StoppedOnChain), (feed.Tick(1).State, feed.Tick(1).Reason));
        Assert.Equal(FeedState.Live, feed.Inputs(new GuardInputs { Operator = OperatorOrder.Resume }).Tick(2).State);
        Assert.Equal(FeedState.Live, feed.Inputs(default).Tick(3).State);
    }

    [Fact]
    public void Pause_ForACorporateActionFoundOnChain_IsJudgedAnew()
    {
        var restored = Restored(10_000, state: FeedState.Paused) with { HoldReasons = HoldReasons.CorporateAction };
        Assert.Equal(FeedState.Live, new FoldHarness(restored: restored).All(10_000, at: 1).Tick(1).State);
    }

    [Fact]
    public void Retired_IsNeverResumed()
    {
        var feed = new FoldHarness(restored: Restored(10_000, state: FeedState.Retired)).All(10_000, at: 1);
        foreach (var order in new[] { OperatorOrder.Resume, OperatorOrder.Pause, OperatorOrder.Resume, OperatorOrder.None })
            Assert.Equal(FeedState.Retired, feed.Inputs(new GuardInputs { Operator = order }).Tick(2).State);
    }

    [Fact]
    public void Band_BeforeTheOpeningPrint_SaysNothing()
    {
        var feed = new FoldHarness();
        feed.Tick(-1, PreMarket);
        feed.Inputs(new GuardInputs { BandLow = Low, BandHigh = High }).All(9_000, at: 1);
        Assert.Equal(FeedState.Live, feed.Tick(1, Regular).State);
        Assert.Equal(DecisionReason.OutsideBand, feed.Trade(0, 9_000, at: 2, ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible).Tick(2).Reason);
        Assert.Equal(FeedState.Live, feed.Tick(3, PostMarket with { NextChangeAt = null }).State);
    }

    [Theory]
    [InlineData(9_500, FeedState.Live)]
    [InlineData(9_499, FeedState.Held)]
    [InlineData(10_500, FeedState.Live)]
    [InlineData(10_501, FeedState.Held)]
    public void Band_Edge_IsInside(double mid, FeedState expected) =>
        Assert.Equal(expected, new FoldHarness().Inputs(new GuardInputs { BandLow = Low, BandHigh = High }).All(mid, at: 1).Tick(1).State);

    [Theory]
    [InlineData(9_501, DecisionReason.Accepted)]
    [InlineData(9_500, DecisionReason.AtBound)]
    [InlineData(9_499, DecisionReason.OutsideBounds)]
    [InlineData(10_499, DecisionReason.Accepted)]
    [InlineData(10_500, DecisionReason.AtBound)]
    [InlineData(10_501, DecisionReason.OutsideBounds)]
    public void Bounds_AreNeverClampedTo(double mid, DecisionReason expected)
    {
        var feed = new FoldHarness(3, PricingSettings.Stock with { MinPrice = Low, MaxPrice = High });
        var decision = feed.All(mid, at: 1).Tick(1);
        Assert.Equal((expected, expected == DecisionReason.Accepted), (decision.Reason, decision.HasPrice));
    }

    [Fact]
    public void Bounds_TheWrongWayRound_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new FoldHarness(3, PricingSettings.Stock with { MinPrice = High, MaxPrice = Low }));

    [Fact]
    public void Activation_FirstPriceFarFromTheChains_HoldsUntilConfirmedOrOld()
    {
        // Within a quarter of an hour no market makes 12 % out of nothing; a wrong formula does.
        var feed = new FoldHarness(restored: Restored(10_000, at: 0)).All(11_200, at: 1);
        Assert.Equal((HoldReasons.Configuration, DecisionReason.ActivationDeviates), (feed.TickThrough(1, 10).HoldReasons, feed.Tick(10).Reason));
        Assert.Equal(Cents(11_200), feed.Inputs(new GuardInputs { ConfirmedPrice = Cents(11_200) }).Tick(11).Price);

        feed = new FoldHarness(restored: Restored(10_000, at: 0));
        for (var second = 890; second < 901; second++) Assert.Equal(FeedState.Held, feed.All(11_200, second).Tick(second).State);
        Assert.Equal(FeedState.Live, feed.All(11_200, 901).Tick(901).State);
    }

    [Fact]
    public void Activation_IsOverWithTheFirstPrice()
    {
        var feed = new FoldHarness(restored: Restored(10_000, at: 0)).All(10_000, at: 1);
        Assert.Equal(FeedState.Live, feed.Tick(1).State);
        Assert.Equal(Cents(11_200), feed.All(11_200, at: 2).TickThrough(2, 6).Price);
    }

    [Fact]
    public void Transitions_EveryHold_HasAnEntryAndAnExit()
    {
        Assert.True(_feed.Fold.Transitions.TryTake(out var first));
        Assert.Equal((FeedState.Unknown, FeedState.Live), (first.From, first.To));
        Assert.False(_feed.Fold.Transitions.TryTake(out _));
        _feed.Quote(0, 0, 0, at: 2).Quote(1, 0, 0, at: 2).Tick(2);
        _feed.Tick(3);
        _feed.Inputs(new GuardInputs { Operator = OperatorOrder.Hold }).Tick(4);
        _feed.Inputs(default).All(10_000, at: 5).Tick(5);
        _feed.All(10_000, at: 6).Tick(6);

        Assert.True(_feed.Fold.Transitions.TryTake(out var entry));
        Assert.Equal(new FeedTransition(At(2), FeedState.Live, FeedState.Held, HoldReasons.BelowQuorum, HoldReasons.None, DecisionReason.BelowQuorum, HaltReason.None), entry);
        Assert.True(_feed.Fold.Transitions.TryTake(out var change));
        Assert.Equal((FeedState.Held, HoldReasons.Operator, HoldReasons.BelowQuorum, HaltReason.Operator), (change.To, change.Entered, change.Left, change.HaltReason));
        Assert.True(_feed.Fold.Transitions.TryTake(out var exit));
        Assert.Equal(new FeedTransition(At(5), FeedState.Held, FeedState.Reopening, HoldReasons.None, HoldReasons.Operator, DecisionReason.AwaitingResume, HaltReason.None), exit);
        Assert.True(_feed.Fold.Transitions.TryTake(out var live));
        Assert.Equal(new FeedTransition(At(6), FeedState.Reopening, FeedState.Live, HoldReasons.None, HoldReasons.None, DecisionReason.Accepted, HaltReason.None), live);
        Assert.Equal((0, 0), (_feed.Fold.Transitions.Count, _feed.Fold.Transitions.Dropped));
    }

    [Fact]
    public void Transitions_NobodyDrains_LoseTheOldestAndCountIt()
    {
        for (var second = 2; second < 22; second++) _feed.Inputs(new GuardInputs { Operator = second % 2 == 0 ? OperatorOrder.Hold : OperatorOrder.None }).All(10_000, second).Tick(second);
        Assert.Equal((TransitionLog.Capacity, 5), (_feed.Fold.Transitions.Count, _feed.Fold.Transitions.Dropped));
        Assert.True(_feed.Fold.Transitions.TryTake(out var oldest));
        Assert.Equal(At(6), oldest.At);
    }

    [Fact]
    public void OperatorsHalt_Ended_IsAHaltThatEndsWithTheQuorumsQuotes()
    {
        var feed = new FoldHarness();
        Assert.Equal(HaltReason.None, feed.All(10_000, at: 1).Tick(1).HaltReason);
        var halted = feed.Inputs(new GuardInputs { Operator = OperatorOrder.Hold }).All(10_001, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, HaltReason.Operator, DecisionReason.OperatorHold), (halted.State, halted.HaltReason, halted.Reason));
        var resumed = feed.Inputs(default).Tick(3);
        Assert.Equal((FeedState.Reopening, HaltReason.None, DecisionReason.AwaitingResume), (resumed.State, resumed.HaltReason, resumed.Reason));
        Assert.Equal(FeedState.Live, feed.All(10_002, at: 4).Tick(4).State);
    }

    [Fact]
    public void OperatorsHalt_OverAMarketsHalt_LeavesThatOneStanding()
    {
        var feed = new FoldHarness(listingMarket: 0);
        feed.All(10_000, at: 1).Tick(1);
        feed.Status(0, HaltReason.News, at: 2).Inputs(new GuardInputs { Operator = OperatorOrder.Hold });
        Assert.Equal(HaltReason.Operator, feed.Tick(2).HaltReason);
        Assert.Equal((HaltReason.News, DecisionReason.Halted), (feed.Inputs(default).Tick(3).HaltReason, feed.Tick(3).Reason));
    }
}
