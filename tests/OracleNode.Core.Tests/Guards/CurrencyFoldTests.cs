using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.DerivedHarness;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class CurrencyFoldTests
{
    private readonly DerivedHarness _it = new(token: new TokenSettings { PegCurrency = "USDC", MultiplierMaxAge = Duration.FromDays(1) });

    [Fact]
    public void Currency_OfTwoReaders_IsTheirMedian()
    {
        _it.Peg(0, 0.9998, 1).Peg(1, 1.0002, 0.5).Tick(1);
        Assert.Equal((Ratio(1), FeedState.Live, DecisionReason.Accepted, HoldReasons.None), (_it.Currency.Price, _it.Currency.State, _it.Currency.Reason, _it.Currency.HoldReasons));
        Assert.Equal((At(0.5), MarketSession.Regular, null, 2), (_it.Currency.ObservedAt, _it.Currency.Session, _it.Currency.NextChangeAt, _it.Currency.Upstreams));
        Assert.True(_it.Currency.ConfidenceE8 >= 20_000);
    }

    [Fact]
    public void Currency_OfOneReader_IsHeldHoweverCloseToOne()
    {
        _it.Peg(0, 1, 1).Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum, DecisionReason.BelowQuorum, false), (_it.Currency.State, _it.Currency.HoldReasons, _it.Currency.Reason, _it.Currency.HasPrice));
    }

    [Fact]
    public void Currency_OffItsPeg_IsPublishedAsItIsAndHoldsTheTokensThatNameIt()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 1, 1).Peg(1, 1, 1).Tick(1);
        Assert.Equal(FeedState.Live, _it.Token.State);
        _it.Quote(10_000, 2).Peg(0, 0.88, 2).Peg(1, 0.879, 2).Tick(2);
        Assert.Equal((0.8795, FeedState.Live, DecisionReason.OffPeg), (_it.Currency.Price.E8 / 1e8, _it.Currency.State, _it.Currency.Reason));
        Assert.Equal((FeedState.Held, HoldReasons.Depeg, DecisionReason.Depegged), (_it.Token.State, _it.Token.HoldReasons, _it.Token.Reason));
        Assert.Equal(FeedState.Live, _it.Share.State);
    }

    [Fact]
    public void Currency_OfReadersThatDisagree_IsHeld()
    {
        _it.Peg(0, 1, 1).Peg(1, 0.9, 1).Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.Disagreement), (_it.Currency.State, _it.Currency.HoldReasons));
    }

    [Fact]
    public void Currency_OfStaleReaders_KeepsItsTimeAndIsHeld()
    {
        _it.Peg(0, 1, 1).Peg(1, 1, 1).Tick(1).Tick(700);
        Assert.Equal((FeedState.Held, DecisionReason.AllStale, At(1), Ratio(1)), (_it.Currency.State, _it.Currency.Reason, _it.Currency.ObservedAt, _it.Currency.Price));
        Assert.True(_it.Currency.HoldReasons.HasFlag(HoldReasons.Stale));
    }

    [Fact]
    public void Reading_OfAnotherCurrencyOrFromTheFuture_IsNoVote()
    {
        _it.Peg(0, 1, 1).Peg(1, 1, 1, "USDT").Tick(1);
        Assert.Equal((FeedState.Held, InputReason.NoData), (_it.Currency.State, _it.Currency.Inputs[1].Reason));
        var source = SourceOf(8);
        _it.Market.Apply(MarketInput.Of(At(1), new PegReading(source.Id, source.Upstream, "USDC", Ratio(1), At(10))));
        _it.Tick(1);
        Assert.Equal(InputReason.Future, _it.Currency.Inputs[1].Reason);
        _it.Peg(1, 1, 1).Tick(1);
        Assert.Equal(FeedState.Live, _it.Currency.State);
    }

    [Fact]
    public void Settings_OutOfRange_AreNamed()
    {
        Assert.Contains("MinUpstreams", Assert.Single(new CurrencySettings { MinUpstreams = 1 }.Check()), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DerivedHarness(currency: new CurrencySettings { PegLimitBps = 0 }));
    }

    /// <summary>A node may read currencies and nothing else.</summary>
    [Fact]
    public void Currency_WithoutAnyInstrument_IsPublished()
    {
        var market = new MarketFold(
            [new CurrencyFeedRules(new Feed("usdc", new InstrumentId(-1), "currency:USDC", "USD", FeedUnit.CurrencyUnit), "USDC", [SourceOf(7), SourceOf(8)], new CurrencySettings())],
            CalendarFixture.UsEquities);
        foreach (var reader in new[] { 7, 8 })
            market.Apply(MarketInput.Of(At(1), new PegReading(SourceOf(reader).Id, SourceOf(reader).Upstream, "USDC", Ratio(1), At(1))));
        market.Tick(At(1), everything: true);
        Assert.Equal((FeedState.Live, Ratio(1)), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.Price));
    }

    [Fact]
    public void Currency_OffItsPegAndThenSilent_HoldsTheTokenUntilTwoReadersSayOtherwise()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 0.88, 1).Peg(1, 0.88, 1).Tick(1);
        foreach (var at in new[] { 590.0, 700, 3_600, 7_200 })
        {
            _it.Quote(10_000, at).Tick(at);
            Assert.Equal((FeedState.Held, DecisionReason.Depegged), (_it.Token.State, _it.Token.Reason));
        }

        _it.Quote(10_000, 7_201).Peg(0, 1, 7_201).Tick(7_201);
        Assert.Equal(DecisionReason.Depegged, _it.Token.Reason);
        _it.Quote(10_000, 7_202).Peg(1, 1, 7_202).Tick(7_202);
        Assert.Equal(FeedState.Live, _it.Token.State);
    }

    [Fact]
    public void Currency_OffItsPegBeforeARestart_HoldsTheTokenUntilTwoReadersSayOtherwise()
    {
        _it.Market.Restore(TokenFeed, FoldHarness.Restored(10_000, state: FeedState.Held) with { HoldReasons = HoldReasons.Depeg, Multiplier = Multiplier.One, Underlying = Cents(10_000) });
        _it.Multiplier(1, 1).Quote(10_000, 1).Tick(1);
        Assert.Equal((FeedState.Held, DecisionReason.Depegged), (_it.Token.State, _it.Token.Reason));
        _it.Quote(10_000, 2).Peg(0, 1, 2).Peg(1, 1, 2).Tick(2);
        Assert.Equal(FeedState.Live, _it.Token.State);
    }

    [Fact]
    public void Currency_OfWhichNobodyKnowsThePeg_DegradesTheTokenThatNamesIt()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 1, 1).Tick(1);
        Assert.Equal((FeedState.Degraded, DecisionReason.PegUnknown, HoldReasons.Depeg, Cents(10_000)), (_it.Token.State, _it.Token.Reason, _it.Token.HoldReasons, _it.Token.Price));
        _it.Quote(10_000, 2).Peg(1, 1, 2).Tick(2);
        Assert.Equal((FeedState.Live, HoldReasons.None), (_it.Token.State, _it.Token.HoldReasons));
        _it.Quote(10_000, 700).Tick(700);
        Assert.Equal((FeedState.Degraded, DecisionReason.PegUnknown), (_it.Token.State, _it.Token.Reason));
        Assert.Equal(FeedState.Live, _it.Share.State);
    }
}
