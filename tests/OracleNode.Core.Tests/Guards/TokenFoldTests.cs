using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class TokenFoldTests
{
    private readonly FoldHarness _share = new();
    private readonly TokenFold _token = new(new TokenSettings());

    private static Multiplier E18(long millionths) => new((UInt128)millionths * 1_000_000_000_000);

    private static MultiplierTerms Reading(Multiplier current, double readAt = 0) => new(current, default, null, At(readAt));

    private FeedDecision Tick(double at, MultiplierTerms? reading) => _token.Tick(_share.Tick(at), reading, At(at));

    [Fact]
    public void Token_WithAMultiplier_IsTheSharePriceTimesIt()
    {
        var decision = _share.All(10_000, at: 1).Tick(1);
        var token = _token.Tick(decision, Reading(E18(1_500_000)), At(1));

        Assert.Equal((Cents(15_000), Cents(14_998.5), Cents(15_001.5), Cents(15_000)), (token.Price, token.Bid, token.Ask, token.Ema));
        Assert.Equal(1_500_000, token.ConfidenceE8);
        Assert.Equal((FeedState.Live, HoldReasons.None, DecisionReason.Accepted), (token.State, token.HoldReasons, token.Reason));
        Assert.Equal((MarketSession.Regular, At(1), Regular.NextChangeAt), (token.Session, token.ObservedAt, token.NextChangeAt));
        Assert.Equal((3, 0, 3), (token.SourcesUsed, token.SourcesRejected, token.Upstreams));
        Assert.Equal((E18(1_500_000), Cents(10_000)), (token.Multiplier, token.Underlying));
        Assert.Equal((true, null), (token.NextMultiplier.IsNone, token.ActivationAt));
        Assert.Equal(3, token.Inputs.Length);
        Assert.Equal(decision.MaxAge, token.MaxAge);
    }

    [Fact]
    public void Token_OfAnInexactProduct_RoundsBidDownAskAndConfidenceUp()
    {
        // One third: 33.33..., 33.3266..., 33.34.
        var token = _token.Tick(_share.All(10_000, at: 1).Tick(1), Reading(new Multiplier(333_333_333_333_333_333)), At(1));
        Assert.Equal((3_333_333_333, 3_332_999_999, 3_333_666_667), (token.Price.E8, token.Bid.E8, token.Ask.E8));
        Assert.Equal(333_334, token.ConfidenceE8);
    }

    [Fact]
    public void Token_WithoutAnyMultiplier_HasNoPrice()
    {
        var token = _token.Tick(_share.All(10_000, at: 1).Tick(1), null, At(1));
        Assert.False(token.HasPrice);
        Assert.Equal((FeedState.Held, HoldReasons.Stale, DecisionReason.MultiplierMissing), (token.State, token.HoldReasons, token.Reason));
    }

    [Fact]
    public void Token_OfAShareWithoutPrice_HasNoPrice()
    {
        var token = Tick(1, Reading(Multiplier.One));
        Assert.False(token.HasPrice);
        Assert.Equal(DecisionReason.UnderlyingMissing, token.Reason);
    }

    [Fact]
    public void Token_WhoseMultiplierIsTooOld_HoldsItsOwnLastPrice()
    {
        _share.All(10_000, at: 1);
        Tick(1, Reading(Multiplier.One));
        _share.All(10_010, at: 600);
        Assert.Equal(FeedState.Live, Tick(600, Reading(Multiplier.One)).State);
        _share.All(10_020, at: 601);
        var token = Tick(601, Reading(Multiplier.One));
        Assert.Equal((FeedState.Held, HoldReasons.Stale, DecisionReason.MultiplierStale), (token.State, token.HoldReasons, token.Reason));
        Assert.Equal((Cents(10_010), At(600), 0, 0), (token.Price, token.ObservedAt, token.SourcesUsed, token.Upstreams));
        Assert.Equal(Cents(10_020), Tick(601, Reading(Multiplier.One, readAt: 601)).Price);
    }

    [Fact]
    public void Token_OfAHeldShare_IsHeldForTheSameReason()
    {
        _share.All(10_000, at: 1);
        Tick(1, Reading(Multiplier.One));
        var token = Tick(60, Reading(Multiplier.One));
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum | HoldReasons.Stale, DecisionReason.AllStale), (token.State, token.HoldReasons, token.Reason));
        Assert.Equal((Cents(10_000), At(1)), (token.Price, token.ObservedAt));
    }

    [Fact]
    public void Multiplier_SmallStep_AppliesAtOnceAlsoWhileClosed()
    {
        _share.All(10_000, at: 1);
        Tick(1, Reading(Multiplier.One));
        _share.Session = Closed;
        var token = Tick(2, Reading(new Multiplier(1_000_566_080_061_092_436)));
        Assert.Equal((FeedState.Closed, 10_005_660_801), (token.State, token.Price.E8));
        Assert.Equal(At(1), token.ObservedAt);
    }

    [Fact]
    public void Multiplier_Staged_TakesOverAtItsActivationWithoutAnEvent()
    {
        _share.All(10_000, at: 1);
        var staged = new MultiplierTerms(Multiplier.One, E18(1_001_000), At(5), At(1));
        var before = Tick(4.9, staged);
        Assert.Equal((Cents(10_000), E18(1_001_000), At(5)), (before.Price, before.NextMultiplier, before.ActivationAt));
        var after = Tick(5, staged);
        Assert.Equal((Cents(10_010), E18(1_001_000), true, null), (after.Price, after.Multiplier, after.NextMultiplier.IsNone, after.ActivationAt));
    }

    [Fact]
    public void Multiplier_StagedButTheSame_IsNotStaged()
    {
        _share.All(10_000, at: 1);
        var token = Tick(1, new MultiplierTerms(Multiplier.One, Multiplier.One, At(50), At(1)));
        Assert.True(token.NextMultiplier.IsNone);
        Assert.Null(token.ActivationAt);
    }

    [Fact]
    public void Multiplier_TenToOneBeforeTheSharePriceFollows_Pauses()
    {
        _share.All(10_000, at: 1);
        Tick(1, Reading(Multiplier.One));
        foreach (var session in new[] { Regular, Closed })
        {
            _share.Session = session;
            var token = Tick(2, Reading(E18(10_000_000)));
            Assert.Equal((FeedState.Paused, HoldReasons.CorporateAction, DecisionReason.MultiplierStep), (token.State, token.HoldReasons, token.Reason));
            Assert.Equal((Cents(10_000), Multiplier.One), (token.Price, token.Multiplier));
        }
    }

    [Fact]
    public void Multiplier_StepThatAFreshSharePriceHasFollowed_IsPublished()
    {
        // The share now trades at 97.5 % of what it did, the multiplier is up by 2.5 %.
        _share.All(10_000, at: 1);
        Tick(1, Reading(Multiplier.One));
        _share.All(9_750, at: 2);
        Assert.Equal(Cents(9_993.75), Tick(2, Reading(E18(1_025_000))).Price);
    }

    [Fact]
    public void Product_ThatIsNoPrice_Holds()
    {
        _share.All(10_000, at: 1);
        Assert.Equal(HoldReasons.Bounds, Tick(1, Reading(new Multiplier(1))).HoldReasons);
        Assert.Equal(HoldReasons.Bounds, Tick(1, Reading(new Multiplier(UInt128.MaxValue))).HoldReasons);
    }

    [Fact]
    public void Token_Restored_HoldsItsLastPriceUntilThereIsAMultiplier()
    {
        _token.Restore(Restored(20_000) with { Multiplier = E18(2_000_000), Underlying = Cents(10_000) });
        var token = _token.Tick(_share.All(10_100, at: 1).Tick(1), null, At(1));
        Assert.Equal((FeedState.Held, Cents(20_000), At(-60)), (token.State, token.Price, token.ObservedAt));
        Assert.Equal((E18(2_000_000), Cents(10_000)), (token.Multiplier, token.Underlying));
        Assert.Equal(Cents(20_200), Tick(1, Reading(E18(2_000_000))).Price);
    }

    [Fact]
    public void Token_RestoredNewerThanItsShare_DoesNotGoBack()
    {
        _token.Restore(Restored(20_000, at: -10) with { Multiplier = E18(2_000_000), Underlying = Cents(10_000) });
        var share = new FoldHarness(restored: Restored(9_900, at: -60));
        var token = _token.Tick(share.Tick(1, Closed), Reading(E18(2_000_000)), At(1));
        Assert.Equal((FeedState.Held, DecisionReason.UnderlyingOlder, Cents(20_000), At(-10)), (token.State, token.Reason, token.Price, token.ObservedAt));
    }

    [Fact]
    public void Token_OfAPausedShare_IsPaused()
    {
        var share = new FoldHarness(restored: Restored(10_000, state: FeedState.Paused));
        Assert.Equal(FeedState.Paused, _token.Tick(share.Tick(1), Reading(Multiplier.One), At(1)).State);
        Assert.Equal(FeedState.Paused, _token.Tick(share.Tick(1), null, At(1)).State);
    }

    [Fact]
    public void Token_RestoredAfterATick_IsAMistake()
    {
        Tick(1, null);
        Assert.Throws<InvalidOperationException>(() => _token.Restore(Restored(10_000)));
    }

    [Fact]
    public void Settings_OutOfRange_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new TokenFold(new TokenSettings { MultiplierStepBps = 0 }));
}
