using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>What backs a token, as a feed of its own, and what a breach does: to the token, never to the share.</summary>
public class ReserveFeedTests
{
    private const int Ratio = 2;

    private readonly MarketHarness _market = Create();

    public ReserveFeedTests() => _market.All(0, 10_000, 1).Multiplier(1);

    [Theory]
    [InlineData(1_000_000, 1_000_000, 1_00000000)]
    [InlineData(999_999, 1_000_000, 99999900)]
    [InlineData(2, 3, 66666666)]
    [InlineData(1, 1_000_000_000, 0_00000000 + 0)]
    [InlineData(1_500_000, 1_000_000, 1_50000000)]
    public void Ratio_Read_IsPublishedAsItIs(ulong backing, ulong issued, long expectedE8)
    {
        var decision = Read(backing, issued, measured: 0, at: 2);
        if (expectedE8 == 0)
        {
            Assert.Equal((FeedState.Held, DecisionReason.ReserveShort, HoldReasons.Reserve, false), (decision.State, decision.Reason, decision.HoldReasons, decision.HasPrice));
            return;
        }

        Assert.Equal((FeedState.Live, Price.FromE8(expectedE8), At(0), HoldReasons.None), (decision.State, decision.Price, decision.ObservedAt, decision.HoldReasons));
        Assert.Equal(RecordError.None, RecordCodec.Check(FeedRecordFactory.Create(decision, new FeedId(new byte[32]))!.Value));
    }

    [Fact]
    public void Ratio_Published_HasItsAmountsInTheEvidence()
    {
        _market.Tick(2, Ratio);
        Assert.Null(_market.Market.DecisionOf(Ratio)!.Reserve);
        var decision = Read(999_999, 1_000_000, measured: 0, at: 3);
        Assert.True(EvidenceCodec.TryDecode(EvidenceCodec.Encode(7, decision, null, default, new byte[32]), out var evidence));
        var one = Multiplier.One.E18;
        Assert.Equal(new ReserveAmounts(999_999 * one, 1_000_000 * one, At(0)), evidence.Reserve);
        Assert.Equal(decision.Price.E8, (long)(evidence.Reserve!.Value.BackingE18 * 100_000_000 / evidence.Reserve.Value.IssuedE18));
        Assert.True(EvidenceCodec.TryDecode(EvidenceCodec.Encode(7, _market.Market.DecisionOf(1)!, null, default, new byte[32]), out var ofToken));
        Assert.Null(ofToken.Reserve);
    }

    [Fact]
    public void Ratio_AtTheWeekend_IsOfThisMoment()
    {
        var saturday = Duration.FromDays(5).TotalSeconds;
        var decision = Read(9, 10, measured: saturday - 3_600, at: saturday);
        Assert.Equal((FeedState.Live, MarketSession.Closed, At(saturday - 3_600)), (decision.State, decision.Session, decision.ObservedAt));
        Assert.Equal(FeedState.Closed, _market.Market.DecisionOf(0)!.State);
    }

    [Fact]
    public void Ratio_OfNothing_PublishesNothing()
    {
        var decision = _market.Tick(2, Ratio);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveMissing, HoldReasons.Stale, false), (decision.State, decision.Reason, decision.HoldReasons, decision.HasPrice));
    }

    [Fact]
    public void Ratio_MeasuredLongAgo_HoldsTheLastOne()
    {
        Assert.Equal(FeedState.Live, Read(1, 1, measured: 0, at: 2).State);
        var late = Duration.FromDays(2).TotalSeconds;
        Assert.Equal(FeedState.Live, _market.Tick(late, Ratio).State);
        var decision = _market.Tick(late + 1, Ratio);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveStale, HoldReasons.Stale, At(0)), (decision.State, decision.Reason, decision.HoldReasons, decision.ObservedAt));
        Assert.Equal(FeedState.Live, Read(1, 1, measured: late, at: late + 2).State);
    }

    [Fact]
    public void Ratio_ThatCanNoLongerBeTold_Holds()
    {
        Read(1, 1, measured: 0, at: 2);
        var decision = Read(0, 0, measured: 0, at: 3);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveMissing, HoldReasons.Stale), (decision.State, decision.Reason, decision.HoldReasons));
    }

    [Fact]
    public void Ratio_OlderThanTheLast_ChangesNothing()
    {
        Read(1, 1, measured: 1, at: 2);
        Assert.Equal((Price.FromE8(Price.One), At(1)), (Read(1, 2, measured: 0, at: 3).Price, _market.Market.DecisionOf(Ratio)!.ObservedAt));
        Assert.Equal(Price.FromE8(Price.One / 2), Read(1, 2, measured: 1, at: 4).Price);
    }

    [Fact]
    public void Ratio_OfTheFuture_ChangesNothing()
    {
        Read(1, 1, measured: 1, at: 2);
        Assert.Equal(Price.FromE8(Price.One), Read(1, 2, measured: 30, at: 3).Price);
        Assert.Equal(Price.FromE8(Price.One), _market.Tick(40, Ratio).Price);
    }

    [Fact]
    public void Ratio_OfOtherUnits_IsHeldAndNotCut()
    {
        Read(1, 1, measured: 0, at: 2);
        var decision = Read(2, 1, measured: 1, at: 3);
        Assert.Equal((FeedState.Held, DecisionReason.OutsideBounds, HoldReasons.Bounds, Price.FromE8(Price.One)), (decision.State, decision.Reason, decision.HoldReasons, decision.Price));
    }

    [Fact]
    public void Ratio_OnAWrongClock_Holds()
    {
        Read(1, 1, measured: 1, at: 2);
        Assert.Equal(DecisionReason.ClockBehind, _market.Tick(0.5, Ratio).Reason);
    }

    [Fact]
    public void Ratio_RestoredFromTheChains_NeverGoesBack()
    {
        var market = Create();
        market.Market.Restore(Ratio, new RestoredFeed(Price.FromE8(Price.One), 0, default, default, default, At(10), FeedState.Live, HaltReason.None));
        market.All(0, 10_000, 20);
        Put(market, 1, 2, measured: 5, at: 20);
        var decision = market.Tick(20, Ratio);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveStale, Price.FromE8(Price.One), At(10)), (decision.State, decision.Reason, decision.Price, decision.ObservedAt));
        Put(market, 1, 2, measured: 11, at: 21);
        Assert.Equal((FeedState.Live, Price.FromE8(Price.One / 2)), (market.Tick(21, Ratio).State, market.Market.DecisionOf(Ratio)!.Price));
    }

    [Theory]
    [InlineData(OperatorAction.Pause, FeedState.Paused, DecisionReason.OperatorPause)]
    [InlineData(OperatorAction.Halt, FeedState.Held, DecisionReason.OperatorHold)]
    [InlineData(OperatorAction.Retire, FeedState.Retired, DecisionReason.OperatorRetired)]
    public void Ratio_StoppedByTheOperator_Stops(OperatorAction action, FeedState state, DecisionReason reason)
    {
        Read(1, 1, measured: 0, at: 2);
        _market.Order(action, 3, share: null);
        var decision = _market.Tick(3, Ratio);
        Assert.Equal((state, reason), (decision.State, decision.Reason));
    }

    [Theory]
    [InlineData(10_001, FeedState.Live, HoldReasons.None, DecisionReason.Accepted)]
    [InlineData(10_000, FeedState.Live, HoldReasons.None, DecisionReason.Accepted)]
    [InlineData(9_999, FeedState.Degraded, HoldReasons.Reserve, DecisionReason.ReserveThin)]
    [InlineData(9_900, FeedState.Degraded, HoldReasons.Reserve, DecisionReason.ReserveThin)]
    [InlineData(9_899, FeedState.Held, HoldReasons.Reserve, DecisionReason.ReserveShort)]
    [InlineData(0, FeedState.Held, HoldReasons.Reserve, DecisionReason.ReserveShort)]
    public void Token_BetweenItsLimits_IsDegraded_AndBelowHeld(int bps, FeedState state, HoldReasons holds, DecisionReason reason)
    {
        var market = Create(new TokenSettings { MinReserveRatioBps = 9_900, DegradeReserveRatioBps = 10_000 });
        market.All(0, 10_000, 1).Multiplier(1).Tick(1);
        Put(market, (ulong)bps, 10_000, measured: 0, at: 2);
        market.All(0, 10_010, 2);
        var decision = market.Tick(2, market.Token);
        Assert.Equal((state, holds, reason), (decision.State, decision.HoldReasons, decision.Reason));
        Assert.Equal(Cents(state == FeedState.Held ? 10_000 : 10_010), decision.Price);
    }

    [Fact]
    public void Shortfall_FollowedBySilence_Stands()
    {
        Read(1, 2, measured: 0, at: 2);
        Assert.Equal(DecisionReason.ReserveShort, _market.Market.DecisionOf(_market.Token)!.Reason);
        Read(0, 0, measured: 0, at: 3);
        Assert.Equal(DecisionReason.ReserveShort, _market.Market.DecisionOf(_market.Token)!.Reason);

        var late = Duration.FromDays(3).TotalSeconds;
        _market.All(0, 10_000, late).Multiplier(late);
        Assert.Equal(DecisionReason.ReserveShort, _market.Tick(late, _market.Token).Reason);
        Read(1, 1, measured: late, at: late + 1);
        Assert.Equal(FeedState.Live, _market.Market.DecisionOf(_market.Token)!.State);
    }

    [Fact]
    public void Coverage_FollowedBySilence_TellsNothing()
    {
        Read(1, 1, measured: 0, at: 2);
        Read(0, 0, measured: 0, at: 3);
        Assert.Equal(FeedState.Live, _market.Market.DecisionOf(_market.Token)!.State);
    }

    public sealed record Script(int Seed);

    public static class Scripts
    {
        public static Arbitrary<Script> Any() => (from seed in Gen.Choose(0, int.MaxValue - 1) select new Script(seed)).ToArbitrary();
    }

    /// <summary>Whatever is said of reserves, the share decides as if nothing had been said; the token is never better than its reserves; the ratio is exact.</summary>
    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 150)]
    public void Reserves_WhateverTheyAre_NeverTouchTheShare(Script script)
    {
        var random = new Random(script.Seed);
        var settings = new TokenSettings { MinReserveRatioBps = 9_000, DegradeReserveRatioBps = 10_000 };
        var (with, without) = (Create(settings), Create(settings));
        var newest = double.MinValue;
        (UInt128 Backing, UInt128 Issued)? known = null;
        for (var step = 1; step < 60; step++)
        {
            var mid = 10_000 + random.Next(-20, 20);
            foreach (var market in new[] { with, without }) market.All(0, mid, step).Multiplier(step);
            if (random.Next(3) == 0)
            {
                var (backing, issued) = ((UInt128)random.NextInt64() * (ulong)random.Next(1, 1_000), (UInt128)random.NextInt64() * (ulong)random.Next(0, 1_000));
                var measured = step - random.Next(-2, 5);
                with.Market.Apply(MarketInput.Of(At(step), new ReserveReading(new TokenId(0), backing, issued, At(measured))));
                if (measured <= step && measured >= newest) (newest, known) = (measured, issued == 0 ? null : (backing, issued));
            }

            var (share, plain) = (with.Tick(step), without.Tick(step));
            Assert.Equal(
                (plain.State, plain.Price, plain.ConfidenceE8, plain.Bid, plain.Ask, plain.Ema, plain.ObservedAt, plain.HoldReasons, plain.Reason),
                (share.State, share.Price, share.ConfidenceE8, share.Bid, share.Ask, share.Ema, share.ObservedAt, share.HoldReasons, share.Reason));
            var (token, ratio) = (with.Market.DecisionOf(with.Token)!, with.Market.DecisionOf(Ratio)!);
            if (known is { } reserve)
            {
                var isShort = reserve.Backing * 10 < reserve.Issued * 9;
                var isThin = reserve.Backing < reserve.Issued;
                Assert.Equal(isShort ? FeedState.Held : isThin ? FeedState.Degraded : FeedState.Live, token.State);
                if (ratio.IsFresh) Assert.Equal((UInt128)(ulong)ratio.Price.E8, reserve.Backing * 100_000_000 / reserve.Issued);
            }

            Assert.Equal(ratio.IsFresh, ratio.HoldReasons == HoldReasons.None && ratio.SourcesUsed == 1);
            if (ratio.HasPrice) Assert.True(ratio.ObservedAt <= At(step) && ratio.Price.E8 < 2 * Price.One);
        }
    }

    [Theory]
    [InlineData(FeedState.Held, HoldReasons.Reserve)]
    [InlineData(FeedState.Live, HoldReasons.None)]
    public void Token_AfterARestart_IsHeldUntilAReading(FeedState state, HoldReasons holds)
    {
        var market = new MarketHarness(shares: 1, hasReserves: true);
        market.Market.Restore(1, Restored(9_000, state: state) with { HoldReasons = holds, Multiplier = Multiplier.One, Underlying = Cents(9_000) });
        market.All(0, 10_000, 1).Multiplier(1);
        var token = market.Tick(1, 1);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveMissing, HoldReasons.Reserve, Cents(9_000)), (token.State, token.Reason, token.HoldReasons, token.Price));
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(0)!.State);

        // That nothing can be told is no reading, and one that tells of a shortfall is.
        market.Market.Apply(MarketInput.Of(At(2), new ReserveReading(new TokenId(0), 0, 0, At(1))));
        Assert.Equal(DecisionReason.ReserveMissing, market.Tick(2, 1).Reason);
        Put(market, 99, 100, measured: 2, at: 3);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveShort), (market.Tick(3, 1).State, market.Market.DecisionOf(1)!.Reason));
        Put(market, 100, 100, measured: 3, at: 4);
        Assert.Equal((FeedState.Live, Cents(10_000)), (market.Tick(4, 1).State, market.Market.DecisionOf(1)!.Price));

        // Once read, silence holds nothing.
        market.Market.Apply(MarketInput.Of(At(5), new ReserveReading(new TokenId(0), 0, 0, At(3))));
        Assert.Equal(FeedState.Live, market.Tick(5, 1).State);
    }

    [Fact]
    public void Token_WithoutAReserveRule_WaitsForNone()
    {
        Assert.Equal(FeedState.Live, _market.Tick(2, 1).State);
        Assert.False(_market.Market.InputsFor(1).IsReserveAwaited);
    }

    private static MarketHarness Create(TokenSettings? token = null) => new(
        shares: 1, token: token,
        derived: [new ReserveFeedRules(MarketHarness.Share(0) with { Name = "ratio", Unit = FeedUnit.ReserveRatio }, 0, new TokenId(0), new ReserveSettings())]);

    private FeedDecision Read(ulong backing, ulong issued, double measured, double at)
    {
        Put(_market, backing, issued, measured, at);
        return _market.Tick(at, Ratio);
    }

    private static void Put(MarketHarness market, ulong backing, ulong issued, double measured, double at)
    {
        var scale = (UInt128)1_000_000_000_000_000_000;
        market.Market.Apply(MarketInput.Of(At(at), new ReserveReading(new TokenId(0), backing * scale, issued * scale, At(measured))));
    }
}
