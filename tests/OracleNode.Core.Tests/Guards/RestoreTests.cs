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
    public void Feed_RestoredHalted_NeedsTheQuorumsQuotesFirst()
    {
        var feed = new FoldHarness(restored: Restored(10_000, state: FeedState.Held, halt: HaltReason.News));
        feed.Mid(0, 10_000, at: 1).Trade(1, 10_000, at: 1);
        Assert.Equal(DecisionReason.AwaitingResume, feed.Tick(1).Reason);
        Assert.Equal(FeedState.Degraded, feed.Mid(1, 10_000, at: 2).Tick(2).State);
    }

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
