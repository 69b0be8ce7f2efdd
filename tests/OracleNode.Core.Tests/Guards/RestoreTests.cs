using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class RestoreTests
{
    [Fact]
    public void Feed_Restored_HoldsItsLastPriceUntilAGoodOne()
    {
        var feed = new FoldHarness(restored: Restored(10_000, at: -60));
        var decision = feed.Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum), (decision.State, decision.HoldReasons));
        Assert.True(decision.HasPrice);
        Assert.Equal((Cents(10_000), Cents(10_000), At(-60)), (decision.Price, decision.Ema, decision.ObservedAt));
        Assert.Equal((Cents(9_999), Cents(10_001), 500_000), (decision.Bid, decision.Ask, decision.ConfidenceE8));
        Assert.Equal(FeedState.Live, feed.All(10_010, at: 2).Tick(2).State);
    }

    [Fact]
    public void Feed_RestoredWhileClosed_IsClosedWithItsLastPrice()
    {
        var decision = new FoldHarness(restored: Restored(10_000)).Tick(1, Closed);
        Assert.Equal((FeedState.Closed, Cents(10_000), At(-60)), (decision.State, decision.Price, decision.ObservedAt));
    }

    [Fact]
    public void Feed_RestoredFromTheFuture_HoldsForTheClock()
    {
        var feed = new FoldHarness(restored: Restored(10_000, at: 100));
        Assert.Equal(HoldReasons.Clock, feed.All(10_000, at: 1).Tick(1).HoldReasons);
        Assert.Equal(FeedState.Live, feed.All(10_000, at: 100).Tick(100).State);
    }

    [Fact]
    public void Feed_RestoredHalted_IsHaltedForItsReason()
    {
        var feed = RestoredHalted();
        for (var second = 1; second < 60; second++)
        {
            var decision = feed.All(10_000, second).Tick(second);
            Assert.Equal((FeedState.Held, DecisionReason.Halted, HaltReason.News), (decision.State, decision.Reason, decision.HaltReason));
            Assert.Equal((Cents(10_000), At(-60)), (decision.Price, decision.ObservedAt));
        }
    }

    [Fact]
    public void Feed_RestoredHalted_EndsWithTheListingMarketsWord()
    {
        var feed = RestoredHalted(listingMarket: 2).Status(2, HaltReason.None, at: -90);
        Assert.Equal(HaltReason.News, feed.Tick(1).HaltReason); // that is of an earlier halt
        feed.Status(2, HaltReason.None, at: 2).Mid(0, 10_000, at: 3).Trade(1, 10_000, at: 3);
        Assert.Equal((DecisionReason.AwaitingResume, HaltReason.None), (feed.Tick(3).Reason, feed.Tick(3).HaltReason));
        Assert.Equal(FeedState.Degraded, feed.Mid(1, 10_000, at: 4).Tick(4).State);
    }

    [Fact]
    public void Feed_RestoredHalted_EndsWithTheWordOfTwoUpstreams()
    {
        var feed = RestoredHalted().Status(0, HaltReason.None, at: 2).Status(0, HaltReason.None, at: 3);
        Assert.Equal(HaltReason.News, feed.All(10_000, at: 3).Tick(3).HaltReason); // one vendor alone opens nothing
        Assert.Equal(DecisionReason.AwaitingResume, feed.Status(1, HaltReason.None, at: 4).Tick(4).Reason);
        Assert.Equal(FeedState.Live, feed.All(10_000, at: 5).Tick(5).State);
    }

    [Fact]
    public void Feed_RestoredHalted_EndsWithPrintsOfTwoUpstreamsFromAfterTheStart()
    {
        var feed = RestoredHalted().Trade(0, 10_000, at: -30).Trade(1, 10_000, at: -30);
        Assert.Equal(DecisionReason.Halted, feed.Tick(1).Reason);
        feed.Trade(0, 10_000, at: 12);
        Assert.Equal(DecisionReason.Halted, feed.All(10_000, at: 12).Tick(12).Reason);
        Assert.Equal(FeedState.Live, feed.Trade(1, 10_000, at: 12).All(10_000, at: 13).Tick(13).State);
    }

    [Fact]
    public void Feed_RestoredHalted_SaidAgain_EndsWithThoseWhoSaidIt()
    {
        var feed = RestoredHalted().Status(0, HaltReason.News, at: 1).Status(1, HaltReason.News, at: 1);
        Assert.Equal(HaltReason.News, feed.Tick(1).HaltReason);
        Assert.Equal(HaltReason.None, feed.Status(1, HaltReason.None, at: 9).Tick(9).HaltReason);
    }

    [Fact]
    public void Feed_RestoredInAnOperatorsHalt_IsTheOperatorsToHaltAnew()
    {
        var feed = new FoldHarness(restored: Restored(10_000, state: FeedState.Held, halt: HaltReason.Operator));
        feed.Mid(0, 10_000, at: 1).Trade(1, 10_000, at: 1);
        Assert.Equal(DecisionReason.AwaitingResume, feed.Tick(1).Reason);
        Assert.Equal(FeedState.Degraded, feed.Mid(1, 10_000, at: 2).Tick(2).State);
    }

    [Fact]
    public void Feed_RestoredWhileTheOnlyVenueOfTheNightWasOut_EndsWithItsPrints()
    {
        var night = PricingSettings.Stock with { Overnight = PricingSettings.Stock.Overnight with { AllowedSources = [new SourceId(0)] } };
        var feed = new FoldHarness(3, night, restored: Restored(10_000, state: FeedState.Held, halt: HaltReason.Venue)) { Session = Overnight };
        Assert.Equal((DecisionReason.Halted, HaltReason.Venue), (feed.Mid(0, 10_000, at: 1).Tick(1).Reason, feed.Tick(1).HaltReason));
        Assert.Equal(HaltReason.None, feed.Trade(0, 10_000, at: 12, ConditionFlags.ExtendedHours).Tick(12).HaltReason);
    }

    [Fact]
    public void Feed_RestoredWhileTheOnlyVenueOfTheNightWasOut_IsNotHaltedByDay() =>
        Assert.Equal((FeedState.Live, HaltReason.None), HaltOf(new FoldHarness(restored: Restored(10_000, state: FeedState.Held, halt: HaltReason.Venue)).All(10_000, at: 1).Tick(1)));

    private static (FeedState, HaltReason) HaltOf(FeedDecision decision) => (decision.State, decision.HaltReason);

    private static FoldHarness RestoredHalted(int? listingMarket = null) =>
        new(restored: Restored(10_000, state: FeedState.Held, halt: HaltReason.News), listingMarket: listingMarket);

    [Theory]
    [InlineData(FeedState.Paused, HoldReasons.Operator)]
    [InlineData(FeedState.Retired, HoldReasons.None)]
    public void Feed_RestoredStopped_StaysStopped(FeedState state, HoldReasons holds)
    {
        var decision = new FoldHarness(restored: Restored(10_000, state: state)).All(10_000, at: 1).Tick(1);
        Assert.Equal((state, holds, DecisionReason.StoppedOnChain), (decision.State, decision.HoldReasons, decision.Reason));
        Assert.Equal(At(-60), decision.ObservedAt);
    }

    [Fact]
    public void Feed_RestoredWithoutAPrice_NeverHadOne() => Assert.False(new FoldHarness(restored: default(RestoredFeed)).Tick(1).HasPrice);

    [Fact]
    public void Feed_RestoredWithoutAnAverage_SeedsItWithTheFirstPrice()
    {
        var feed = new FoldHarness(restored: Restored(10_000) with { Ema = default });
        Assert.True(feed.Tick(1).Ema.IsNone);
        Assert.Equal(Cents(10_010), feed.All(10_010, at: 2).Tick(2).Ema);
    }

    [Fact]
    public void Feed_ThatIsClosed_AdoptsANewerPriceAndNoOlderOne()
    {
        var feed = new FoldHarness(restored: Restored(10_000));
        Assert.False(feed.Fold.TryAdopt(Restored(10_100, at: -30)));
        feed.Tick(1, Closed);
        Assert.False(feed.Fold.TryAdopt(Restored(10_100, at: -60)));
        Assert.False(feed.Fold.TryAdopt(default));
        Assert.True(feed.Fold.TryAdopt(Restored(10_100, at: -30)));
        var decision = feed.Tick(2, Closed);
        Assert.Equal((FeedState.Closed, Cents(10_100), At(-30), Cents(10_100)), (decision.State, decision.Price, decision.ObservedAt, decision.Ema));

        // It is what the next price is compared with.
        Assert.Equal(Cents(10_110), feed.All(10_110, at: 3).Tick(3, Regular).Price);
    }

    [Fact]
    public void Feed_ThatIsFresh_AdoptsNothing()
    {
        var feed = new FoldHarness();
        Assert.True(feed.All(10_000, at: 1).Tick(1).IsFresh);
        Assert.False(feed.Fold.TryAdopt(Restored(10_100, at: 2)));
    }

    [Theory]
    [InlineData(OperatorOrder.None, FeedState.Paused)]
    [InlineData(OperatorOrder.Resume, FeedState.Closed)]
    public void Feed_ThatAdoptsAPause_KeepsItUnlessItsOwnOperatorHasSpoken(OperatorOrder order, FeedState expected)
    {
        var feed = new FoldHarness(restored: Restored(10_000)).Inputs(new GuardInputs { Operator = order });
        feed.Tick(1, Closed);
        Assert.True(feed.Fold.TryAdopt(Restored(10_100, at: -30, state: FeedState.Paused)));
        Assert.Equal(expected, feed.Tick(2, Closed).State);
    }

    [Fact]
    public void Feed_RestoredAfterATick_IsAMistake()
    {
        var feed = new FoldHarness();
        feed.Tick(1);
        Assert.Throws<InvalidOperationException>(() => feed.Fold.Restore(Restored(10_000)));
    }
}
