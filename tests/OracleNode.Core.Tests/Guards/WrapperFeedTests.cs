using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>W = T x rate, by formulas that are known, under a cap that never becomes the rate.</summary>
public class WrapperFeedTests
{
    private const int Wrapper = 2;
    private const string Asset = "eip155:42161/erc20:0x0000000000000000000000000000000000000001";
    private const string Code = "0x00000000000000000000000000000000000000000000000000000000000000aa";

    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    /// <summary>Its snapshot is old enough for the cap to leave room.</summary>
    private readonly MarketHarness _market = Create(Dinari() with { SnapshotAt = Open - Duration.FromDays(1_461) });

    public WrapperFeedTests() => _market.All(0, 10_000, 1).Multiplier(1);

    [Fact]
    public void Wrapper_Read_IsTheTokenTimesTheRate_AndItsRecordMultipliesOut()
    {
        var decision = Read(Rate(1.0025), 2);
        Assert.Equal((FeedState.Live, Cents(10_025), At(1), new Multiplier(Rate(1.0025)), Cents(10_000)), (decision.State, decision.Price, decision.ObservedAt, decision.Multiplier, decision.Underlying));
        Assert.Equal(new MultiplierTerms(decision.Multiplier, default, null, At(2)), _market.Market.TermsOf(Wrapper));
        var record = FeedRecordFactory.Create(decision, new FeedId(new byte[32]))!.Value;
        Assert.Equal(RecordError.None, RecordCodec.Check(record));
        Assert.True(record.Token!.Value.Multiplier.TryMultiplyRoundHalfEven(record.Token.Value.Underlying, out var product));
        Assert.Equal(record.Price, product);
    }

    [Fact]
    public void Wrapper_WithAStagedMultiplier_StagesItsOwn()
    {
        var terms = new MultiplierTerms(new Multiplier(2 * One), new Multiplier(20 * One), At(3_600), At(2));
        _market.Market.Apply(MarketInput.Of(At(2), new MultiplierUpdate(new TokenId(0), terms)));
        var decision = Read(Rate(1.5), 2, Create(Dinari(snapshot: 1.5)));
        Assert.Equal(FeedState.Held, decision.State);

        var market = Create(Dinari(snapshot: 1.5));
        market.All(0, 10_000, 1);
        market.Market.Apply(MarketInput.Of(At(2), new MultiplierUpdate(new TokenId(0), terms)));
        decision = Read(Rate(1.5), 2, market);
        Assert.Equal((new Multiplier(3 * One), new Multiplier(30 * One), At(3_600), Cents(30_000)), (decision.Multiplier, decision.NextMultiplier, decision.ActivationAt, decision.Price));
    }

    [Fact]
    public void Wrapper_OfNoRate_PublishesNothing()
    {
        var decision = _market.Tick(2, Wrapper);
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateMissing, HoldReasons.Stale, false), (decision.State, decision.Reason, decision.HoldReasons, decision.HasPrice));
    }

    [Fact]
    public void Wrapper_WhoseRateIsGone_HoldsAndComesBack()
    {
        Read(One, 2);
        Assert.Equal(DecisionReason.WrapperRateMissing, Read(0, 3).Reason);
        Assert.Equal(FeedState.Live, Read(One, 4).State);
        Assert.Equal(FeedState.Live, Keep(604).State);
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateStale), (Keep(605).State, _market.Market.DecisionOf(Wrapper)!.Reason));
    }

    [Fact]
    public void Wrapper_WhoseRateMakesAStep_HoldsUntilItIsBackOrConfirmed()
    {
        Read(One, 2);
        Assert.Equal(FeedState.Live, Read(Rate(1.01), 3).State);
        var decision = Read(Rate(1.0202), 4);
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateStep, HoldReasons.Jump, Cents(10_100)), (decision.State, decision.Reason, decision.HoldReasons, decision.Price));
        Assert.Equal(FeedState.Live, Read(Rate(1.01), 5).State);
        Assert.Equal(DecisionReason.WrapperRateStep, Read(Rate(1.0202), 6).Reason);

        Confirm(10_500, 7);
        Assert.Equal(DecisionReason.WrapperRateStep, Keep(7).Reason);
        Confirm(10_200, 8);
        Assert.Equal((FeedState.Live, Cents(10_202)), (Keep(8).State, _market.Market.DecisionOf(Wrapper)!.Price));
    }

    /// <summary>The cap is a guard and never a price: D-14.</summary>
    [Fact]
    public void Wrapper_AboveItsCap_HoldsAndIsNeverCutToIt_WhoeverConfirms()
    {
        var market = Create(Dinari(snapshot: 1.1919, step: 0, growth: 0));
        market.All(0, 10_000, 1).Multiplier(1);
        var decision = Read(Rate(1.2285), 2, market);
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateCapped, HoldReasons.Bounds, false), (decision.State, decision.Reason, decision.HoldReasons, decision.HasPrice));
        market.Market.Apply(MarketInput.Of(At(3), new OperatorCommand(OperatorAction.Confirm, FeedIdentity.Compute(WrapperShare), Cents(12_285), At(100), "alice", "")));
        Assert.Equal(DecisionReason.WrapperRateCapped, market.Tick(3, Wrapper).Reason);
        Assert.Equal(FeedState.Live, Read(Rate(1.1919), 4, market).State);
    }

    [Fact]
    public void Cap_GrowsWithTime_AndLetsOneStepThrough()
    {
        var settings = Dinari(snapshot: 1, step: 100, growth: 500);
        Assert.Equal(Rate(1.01), settings.CapE18(Open));
        Assert.Equal(Rate(1.06), settings.CapE18(Open + Duration.FromDays(365.25)));
        Assert.Equal(Rate(1.01), settings.CapE18(Open - Duration.FromDays(400)));
        Assert.Equal(Rate(6.01), settings.CapE18(Open + Duration.FromDays(400_000)));
    }

    [Fact]
    public void Wrapper_WhoseRateFalls_Holds_UnlessItMay()
    {
        Read(Rate(1.01), 2);
        Assert.Equal((FeedState.Live, true), (Read(Rate(1.01) - 1, 3).State, true));
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateFell, HoldReasons.Jump), (Read(Rate(1.009), 4).State, _market.Market.DecisionOf(Wrapper)!.Reason, _market.Market.DecisionOf(Wrapper)!.HoldReasons));

        var market = Create(Dinari() with { MayFall = true });
        market.All(0, 10_000, 1).Multiplier(1);
        Read(Rate(1.01), 2, market);
        Assert.Equal(FeedState.Live, Read(Rate(1.001), 3, market).State);
        Assert.Equal(DecisionReason.WrapperRateFell, Read(Rate(0.99), 4, market).Reason);
    }

    [Fact]
    public void Wrapper_BelowItsSnapshot_HoldsFromTheFirstReading() =>
        Assert.Equal(DecisionReason.WrapperRateFell, Read(Rate(0.999), 2).Reason);

    [Fact]
    public void Wrapper_WhoseCodeChanges_Holds()
    {
        Read(One, 2);
        var decision = Read(One, 3, code: "0xbb");
        Assert.Equal((FeedState.Held, DecisionReason.WrapperCodeChanged, HoldReasons.Identity), (decision.State, decision.Reason, decision.HoldReasons));
        Assert.Equal(FeedState.Live, Read(One, 4).State);
    }

    [Fact]
    public void Wrapper_OfOtherCodeThanConfigured_NeverCounts()
    {
        var market = Create(Dinari() with { CodeHash = Code });
        market.All(0, 10_000, 1).Multiplier(1);
        Assert.Equal((DecisionReason.WrapperCodeChanged, false), (Read(One, 2, market, "0xbb").Reason, market.Market.DecisionOf(Wrapper)!.HasPrice));
        Assert.Equal(FeedState.Live, Read(One, 3, market, Code).State);
    }

    [Theory]
    [InlineData(WrapperFormula.BackedWrapped)]
    [InlineData(WrapperFormula.Identity)]
    public void Wrapper_ThatShouldBeOneToOne_HoldsWhenItIsNot(WrapperFormula formula)
    {
        var market = Create(Dinari() with { Formula = formula });
        market.All(0, 10_000, 1).Multiplier(1);
        Assert.Equal((FeedState.Live, Cents(10_000)), (Read(One - 1, 2, market).State, market.Market.DecisionOf(Wrapper)!.Price));
        Assert.Equal((FeedState.Held, DecisionReason.WrapperFormulaBroken), (Read(One + 10_000_000, 3, market).State, market.Market.DecisionOf(Wrapper)!.Reason));
    }

    [Fact]
    public void Wrapper_OfATokenThatHolds_HoldsForTheSameReason()
    {
        Read(One, 2);
        _market.Market.Apply(MarketInput.Of(At(3), new ReserveReading(new TokenId(0), 1, 2, At(3))));
        var decision = _market.Tick(3, Wrapper);
        Assert.Equal((FeedState.Held, DecisionReason.ReserveShort, HoldReasons.Reserve, Cents(10_000)), (decision.State, decision.Reason, decision.HoldReasons, decision.Price));
    }

    [Fact]
    public void Wrapper_PausedByTheOperator_StopsAlone()
    {
        Read(One, 2);
        _market.Market.Apply(MarketInput.Of(At(3), new OperatorCommand(OperatorAction.Pause, FeedIdentity.Compute(WrapperShare), default, null, "alice", "")));
        Assert.Equal((FeedState.Paused, FeedState.Live), (_market.Tick(3, Wrapper).State, _market.Market.DecisionOf(_market.Token)!.State));
    }

    [Fact]
    public void Wrapper_RestoredFromTheChains_NeverGoesBack()
    {
        var market = Create(Dinari());
        market.Market.Restore(Wrapper, Restored(10_000, at: 10) with { Multiplier = Multiplier.One, Underlying = Cents(10_000) });
        market.All(0, 9_990, 9).Multiplier(9);
        var decision = Read(One, 12, market);
        Assert.Equal((FeedState.Held, DecisionReason.UnderlyingOlder, Cents(10_000), At(10)), (decision.State, decision.Reason, decision.Price, decision.ObservedAt));
        market.All(0, 9_990, 13).Multiplier(13);
        Assert.Equal((FeedState.Live, Cents(9_990)), (Read(One, 13, market).State, market.Market.DecisionOf(Wrapper)!.Price));
    }

    /// <summary>A start is no way around the rule for steps: the rate of the last price is in the records.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1.0023)]
    [InlineData(9.75)]
    public void Wrapper_WhoseRateMadeAStepOverARestart_HoldsUntilItIsConfirmed(double multiplier)
    {
        var token = new Multiplier(Rate(multiplier));
        Assert.True(token.TryCompoundRoundHalfEven(new Multiplier(Rate(1.01)), out var whole));
        var market = Create(Dinari() with { SnapshotAt = Open - Duration.FromDays(1_461) });
        market.Market.Restore(market.Token, Restored(10_000 * multiplier) with { Multiplier = token, Underlying = Cents(10_000) });
        market.Market.Restore(Wrapper, Restored(10_100 * multiplier) with { Multiplier = whole, Underlying = Cents(10_000) });
        market.All(0, 10_000, 1);
        market.Market.Apply(MarketInput.Of(At(1), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(token, default, null, At(1)))));
        Assert.Equal((FeedState.Held, DecisionReason.WrapperRateStep), (Read(Rate(1.0202), 2, market).State, market.Market.DecisionOf(Wrapper)!.Reason));
        Assert.Equal(FeedState.Live, Read(Rate(1.02), 3, market).State);
    }

    [Theory]
    [InlineData(0, 100, 500)]
    [InlineData(1, -1, 500)]
    [InlineData(1, 1_001, 500)]
    [InlineData(1, 100, 10_001)]
    [InlineData(400_000, 100, 500)]
    public void Settings_OutOfRange_AreRefused(double snapshot, int step, int growth) =>
        Assert.Throws<ArgumentException>(() => Create(Dinari() with { SnapshotRate = new Multiplier(Rate(snapshot)), MaxStepBps = step, MaxYearlyGrowthBps = growth }));

    [Fact]
    public void Settings_WithoutAFormula_AreRefused() =>
        Assert.Contains(nameof(WrapperSettings.Formula), Assert.Throws<ArgumentException>(() => Create(Dinari() with { Formula = WrapperFormula.None })).Message);

    public sealed record Script(int Seed);

    public static class Scripts
    {
        public static Arbitrary<Script> Any() => (from seed in Gen.Choose(0, int.MaxValue - 1) select new Script(seed)).ToArbitrary();
    }

    /// <summary>Whatever rates are read: what is published multiplies out exactly, its rate is one that was read, under the cap, never a step and never less than before.</summary>
    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 200)]
    public void Wrapper_WhateverRatesAreRead_PublishesNoneThatIsBeyondItsRules(Script script)
    {
        var random = new Random(script.Seed);
        var settings = Dinari() with { SnapshotAt = Open - Duration.FromDays(script.Seed % 1_500) };
        var market = Create(settings);
        var token = new Multiplier((UInt128)random.NextInt64(500_000_000_000_000_000, 9_000_000_000_000_000_000));
        UInt128 counted = 0;
        var (rate, readAt) = (One, 0.0);
        for (var step = 1; step < 80; step++)
        {
            market.All(0, 10_000 + random.Next(-20, 20), step);
            market.Market.Apply(MarketInput.Of(At(step), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(token, default, null, At(step)))));
            if (random.Next(2) == 0)
            {
                var read = random.Next(8) == 0 ? (UInt128)random.NextInt64() * (ulong)random.NextInt64() : rate + ((UInt128)random.Next(0, 12_000) * 1_000_000_000_000);
                if (random.Next(12) == 0) read = rate - ((UInt128)random.Next(0, 12_000) * 1_000_000_000_000);
                var at = step - random.Next(-1, 3);
                market.Market.Apply(MarketInput.Of(At(step), new WrapperRateReading(Asset, read, Code, At(at))));
                if (at <= step && at >= readAt) (rate, readAt) = (random.Next(3) == 0 ? read : rate, at);
                if (rate == 0 || rate > 2 * One) rate = One;
            }

            var decision = market.Tick(step, Wrapper);
            if (!decision.IsFresh) continue;
            Assert.True(market.Market.DecisionOf(market.Token)!.IsFresh);
            Assert.True(decision.Multiplier.TryMultiplyRoundHalfEven(decision.Underlying, out var product));
            Assert.Equal(product, decision.Price);
            var used = RateOf(decision.Multiplier, token);
            Assert.True(used <= settings.CapE18(At(step)) + 20, $"{used} above the cap");
            Assert.True(counted == 0 || used <= counted + (counted / 100) + 20, $"{used} after {counted}");
            Assert.True(used + 2_000_000 >= counted, $"{used} after {counted}");
            counted = used;
        }
    }

    private static UInt128 RateOf(Multiplier whole, Multiplier token) => (UInt128)(System.Numerics.BigInteger.Parse(whole.E18.ToString(null, null)) * 1_000_000_000_000_000_000 / System.Numerics.BigInteger.Parse(token.E18.ToString(null, null)));

    private static Feed WrapperShare => MarketHarness.Share(0) with { Name = "wrapper", Unit = FeedUnit.WrapperShare };

    private static UInt128 Rate(double rate) => (UInt128)(decimal.Round((decimal)rate, 12) * 1_000_000_000_000m) * 1_000_000;

    private static WrapperSettings Dinari(double snapshot = 1, int step = 100, int growth = 500) => new()
    {
        Formula = WrapperFormula.DinariWrapped,
        SnapshotRate = new Multiplier(Rate(snapshot)),
        SnapshotAt = Open,
        MaxStepBps = step,
        MaxYearlyGrowthBps = growth,
    };

    private static MarketHarness Create(WrapperSettings settings) => new(shares: 1, derived: [new WrapperFeedRules(WrapperShare, 1, Asset, settings)]);

    private FeedDecision Read(UInt128 rate, double at, MarketHarness? market = null, string code = Code)
    {
        market ??= _market;
        market.Market.Apply(MarketInput.Of(At(at), new WrapperRateReading(Asset, rate, code, At(at))));
        return market.Tick(at, Wrapper);
    }

    private FeedDecision Keep(double at) => _market.All(0, 10_000, at).Multiplier(at).Tick(at, Wrapper);

    private void Confirm(double cents, double at) =>
        _market.Market.Apply(MarketInput.Of(At(at), new OperatorCommand(OperatorAction.Confirm, FeedIdentity.Compute(WrapperShare), Cents(cents), At(at + 100), "alice", "")));
}
