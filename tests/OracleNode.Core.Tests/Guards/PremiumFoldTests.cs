using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.DerivedHarness;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class PremiumFoldTests
{
    private readonly DerivedHarness _it = new DerivedHarness().Multiplier(1, 0);

    [Fact]
    public void Premium_OfTwoMarkets_IsTheirMedianOverTheToken()
    {
        _it.Quote(10_000, 1).Trade(0, 10_200, 1).Trade(1, 10_300, 0.5).Tick(1);
        var premium = _it.Premium;
        Assert.Equal(1.025, premium.Price.E8 / 1e8, 6);
        Assert.Equal((FeedState.Live, HoldReasons.None, DecisionReason.Accepted), (premium.State, premium.HoldReasons, premium.Reason));
        Assert.Equal((2, 2, MarketSession.Regular, At(0.5)), (premium.SourcesUsed, premium.Upstreams, premium.Session, premium.ObservedAt));
        Assert.True(premium.Bid < premium.Price && premium.Price < premium.Ask);
        Assert.True(premium.ConfidenceE8 >= 500_000, "the confidence reaches either market");
        Assert.Equal(2, premium.Inputs.ToArray().Count(i => i.Reason == InputReason.Used));
        Assert.True(premium.Multiplier.IsNone, "a ratio has a share's record");
    }

    [Fact]
    public void Premium_WithAMultiplier_IsMeasuredInTheTokensOwnUnit()
    {
        // One raw token stands for two shares; one market quotes raw ones, the other displayed ones, of which a raw one is two.
        _it.Multiplier(2, 0).Quote(10_000, 1).Trade(0, 20_000, 1).Trade(1, 10_000, 1, q => q with { Unit = FeedUnit.UiToken }).Tick(1);
        Assert.Equal(1.0, _it.Premium.Price.E8 / 1e8, 6);
        Assert.Equal(2, _it.Premium.SourcesUsed);
    }

    [Fact]
    public void Premium_OfDisplayedTokensWithoutAMultiplier_HasNoVote()
    {
        _it.Quote(10_000, 1).Trade(0, 10_000, 1).Trade(1, 10_000, 1, q => q with { Unit = FeedUnit.UiToken }).Tick(1);
        Assert.Equal(2, _it.Premium.SourcesUsed);
        _it.Market.Apply(MarketInput.Of(At(2), new MultiplierUpdate(new TokenId(0), null)));
        _it.Tick(2);
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum), (_it.Premium.State, _it.Premium.Reason));
        Assert.Equal(InputReason.NoMultiplier, _it.Premium.Inputs[1].Reason);
    }

    [Theory]
    [InlineData(1_003_269_000_000_000_000, true)]
    [InlineData(1_003_269_900_000_000_000, true)]
    [InlineData(1_003_268_100_000_000_000, true)]
    [InlineData(1_003_271_000_000_000_000, false)]
    [InlineData(1_000_000_000_000_000_000, false)]
    [InlineData(100_326_900_000_000_000, false)]
    public void Quote_OfAVenueThatStatesAMultiplier_VotesWhileItIsTheChains(long statedE18, bool votes)
    {
        DerivedHarness Say(double at, Multiplier stated) => _it.Quote(10_000, at).Trade(0, 10_033, at).Trade(1, 10_033, at).Trade(2, 10_033, at, q => q with { StatedMultiplier = stated });
        _it.Multiplier(1.003269, 0);
        Say(1, new Multiplier((ulong)statedE18)).Tick(1);
        Assert.Equal(votes ? InputReason.Used : InputReason.OtherMultiplier, _it.Premium.Inputs[2].Reason);
        Assert.Equal((votes ? 3 : 2, votes ? 0 : 1), (_it.Premium.SourcesUsed, _it.Premium.SourcesRejected));

        // The same word comes to vote, or ceases to, with the chain's step alone.
        _it.Market.Apply(MarketInput.Of(At(2), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(new Multiplier((ulong)statedE18), default, null, At(2)))));
        _it.Tick(2);
        Assert.NotEqual(InputReason.OtherMultiplier, _it.Premium.Inputs[2].Reason);
    }

    [Fact]
    public void Quote_OfAVenueThatStatesNone_IsComparedWithNothing()
    {
        _it.Multiplier(10, 0).Quote(10_000, 1).Trade(0, 100_000, 1).Trade(1, 100_000, 1).Tick(1);
        Assert.Equal(2, _it.Premium.SourcesUsed);
    }

    [Fact]
    public void Premium_InAnotherCurrency_TakesItsRateOrHasNoVote()
    {
        DerivedHarness Say(double at) => _it.Quote(10_000, at).Trade(0, 9_000, at).Trade(1, 10_000, at, q => q with { Currency = "USDC" });
        Say(1).Tick(1);
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum, HoldReasons.BelowQuorum), (_it.Premium.State, _it.Premium.Reason, _it.Premium.HoldReasons));
        Assert.Equal(InputReason.NoCrossRate, _it.Premium.Inputs[1].Reason);
        Assert.False(_it.Premium.HasPrice);

        _it.Peg(0, 0.9, 1).Tick(1);
        Assert.Equal(InputReason.NoCrossRate, _it.Premium.Inputs[1].Reason);

        Say(2).Peg(0, 0.9, 2).Peg(1, 0.9, 1.5).Tick(2);
        Assert.Equal(0.9, _it.Premium.Price.E8 / 1e8, 6);
        Assert.Equal((FeedState.Live, At(1.5)), (_it.Premium.State, _it.Premium.ObservedAt));

        // Eleven minutes later nobody knows what the currency is worth.
        Say(700).Tick(700);
        Assert.Equal(InputReason.NoCrossRate, _it.Premium.Inputs[1].Reason);
        Assert.Equal(FeedState.Held, _it.Premium.State);
    }

    [Fact]
    public void Premium_InACurrencyWithoutAFeed_HasNoVote()
    {
        _it.Quote(10_000, 1).Trade(0, 10_000, 1).Trade(1, 10_000, 1, q => q with { Currency = "USDT" }).Tick(1);
        Assert.Equal(InputReason.NoCrossRate, _it.Premium.Inputs[1].Reason);
    }

    public static TheoryData<string, int> Refusals => new()
    {
        { "stale", (int)InputReason.Stale },
        { "wide", (int)InputReason.SpreadTooWide },
        { "thin bid", (int)InputReason.TooThin },
        { "thin ask", (int)InputReason.TooThin },
        { "not trading", (int)InputReason.NotTrading },
        { "no bid", (int)InputReason.Withdrawn },
        { "crossed", (int)InputReason.Crossed },
        { "future", (int)InputReason.Future },
        { "wrapper", (int)InputReason.Malformed },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Quote_ThatIsNotFit_HasNoVoteAndSaysWhy(string what, int reason)
    {
        _it.Quote(10_000, 400).Trade(0, 10_000, 400).Trade(1, 10_000, 400, Spoil, received: 400).Tick(400);
        Assert.Equal((InputReason)reason, _it.Premium.Inputs[1].Reason);
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum), (_it.Premium.State, _it.Premium.Reason));
        Assert.Equal(1, _it.Premium.SourcesRejected);

        // A good word brings the vote back.
        _it.Quote(10_000, 401).Trade(0, 10_000, 401).Trade(1, 10_000, 401).Tick(401);
        Assert.Equal(FeedState.Live, _it.Premium.State);

        TokenMarketQuote Spoil(TokenMarketQuote q) => what switch
        {
            "stale" => q with { EventTime = At(50) },
            "wide" => q with { Bid = Cents(9_800), Ask = Cents(10_200) },
            "thin bid" => q with { BidDepthE8 = 9 * Price.One },
            "thin ask" => q with { AskDepthE8 = 9 * Price.One },
            "not trading" => q with { IsTrading = false },
            "no bid" => q with { Bid = default },
            "crossed" => q with { Bid = q.Ask, Ask = q.Bid },
            "future" => q with { EventTime = At(403) },
            _ => q with { Unit = FeedUnit.WrapperShare },
        };
    }

    [Fact]
    public void Quote_OlderThanAKnownOne_ChangesNothing()
    {
        _it.Quote(10_000, 5).TradeAll(10_000, 5).Trade(1, 20_000, 4, received: 5).Tick(5);
        Assert.Equal(1.0, _it.Premium.Price.E8 / 1e8, 6);
    }

    [Fact]
    public void Quote_OfAnUnknownSourceOrAnotherUpstreamsName_IsNotHeard()
    {
        _it.Quote(10_000, 1).Trade(0, 10_000, 1)
            .Trade(1, 10_000, 1, q => q with { Source = new SourceId(99) })
            .Trade(1, 10_000, 1, q => q with { Upstream = new UpstreamId(3) })
            .Tick(1);
        Assert.Equal(InputReason.NoData, _it.Premium.Inputs[1].Reason);
        Assert.Equal(InputOutcome.UnknownToken, _it.Market.Apply(MarketInput.Of(At(1), new TokenMarketQuote(
            new SourceId(3), new UpstreamId(3), new TokenId(7), "USD", FeedUnit.RawToken, Cents(1), Cents(2), default, 1, 1, true, At(1)))));
    }

    [Fact]
    public void Markets_ThatDisagree_HoldAndNoneIsBelieved()
    {
        _it.Quote(10_000, 1).Trade(0, 10_000, 1).Trade(1, 40_000, 1).Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.Disagreement, DecisionReason.MiddlesDisagree), (_it.Premium.State, _it.Premium.HoldReasons, _it.Premium.Reason));
    }

    [Fact]
    public void Markets_OfWhichOneIsFarOff_LeaveItBehind()
    {
        _it.Quote(10_000, 1).Trade(0, 10_000, 1).Trade(1, 10_100, 1).Trade(2, 40_000, 1).Tick(1);
        Assert.Equal(1.01, _it.Premium.Price.E8 / 1e8, 6);
        Assert.Equal((2, 1, InputReason.Outlier), (_it.Premium.SourcesUsed, _it.Premium.SourcesRejected, _it.Premium.Inputs[2].Reason));
    }

    [Fact]
    public void Premium_BeyondItsBounds_IsHeldAndNeverClamped()
    {
        var it = new DerivedHarness(new PremiumSettings { MaxRatio = Ratio(5) }).Multiplier(1, 0).Quote(10_000, 1).TradeAll(50_001, 1).Tick(1);
        Assert.Equal((FeedState.Held, HoldReasons.Bounds, DecisionReason.OutsideBounds), (it.Premium.State, it.Premium.HoldReasons, it.Premium.Reason));
        Assert.False(it.Premium.HasPrice);
    }

    [Fact]
    public void Premium_WhileTheShareIsClosed_IsDegradedInTheSharesSession()
    {
        _it.Multiplier(1, FridayClose - 5).Watch(10_000, 10_000, FridayClose - 60, FridayClose - 1);
        var saturday = FridayClose + 86_400;
        _it.Multiplier(1, saturday).TradeAll(40_000, saturday).Tick(saturday);
        Assert.Equal((FeedState.Closed, MarketSession.Closed), (_it.Token.State, _it.Token.Session));
        Assert.Equal((FeedState.Degraded, DecisionReason.BasisStands, HoldReasons.None), (_it.Premium.State, _it.Premium.Reason, _it.Premium.HoldReasons));
        Assert.Equal((MarketSession.Closed, ClosedReason.Weekend, At(saturday)), (_it.Premium.Session, _it.Premium.ClosedReason, _it.Premium.ObservedAt));
        Assert.Equal(4.0, _it.Premium.Price.E8 / 1e8, 6);

        // A hundredfold is said as well; the share and the token never hear of it.
        var (share, token) = (_it.Share.Price, _it.Token.Price);
        _it.TradeAll(1_000_000, saturday + 60).Tick(saturday + 60);
        Assert.Equal(100.0, _it.Premium.Price.E8 / 1e8, 6);
        Assert.Equal((share, token, FeedState.Closed), (_it.Share.Price, _it.Token.Price, _it.Token.State));
    }

    [Fact]
    public void Premium_WithoutMarketsWhileTheShareIsClosed_IsClosedAndQuiet()
    {
        _it.Multiplier(1, FridayClose - 5).Watch(10_000, 10_100, FridayClose - 60, FridayClose - 1);
        var last = _it.Premium.Price;
        _it.Tick(FridayClose + 3_600);
        Assert.Equal((FeedState.Closed, HoldReasons.None, DecisionReason.AllStale, last), (_it.Premium.State, _it.Premium.HoldReasons, _it.Premium.Reason, _it.Premium.Price));
    }

    [Fact]
    public void Premium_OfAPausedToken_IsHeld()
    {
        _it.Quote(10_000, 1).TradeAll(10_000, 1).Tick(1);
        _it.Market.Apply(MarketInput.Of(At(1), new OperatorCommand(OperatorAction.Pause, MarketHarness.Id(0), default, null, "alice", "a test")));
        _it.Quote(10_000, 2).TradeAll(10_500, 2).Tick(2);
        Assert.Equal(FeedState.Paused, _it.Token.State);
        Assert.Equal((FeedState.Held, DecisionReason.BasisHeld, HoldReasons.Operator), (_it.Premium.State, _it.Premium.Reason, _it.Premium.HoldReasons));
        Assert.Equal((Ratio(1), 0), (_it.Premium.Price, _it.Premium.SourcesUsed));
    }

    [Fact]
    public void Premium_PausedByAnOperator_StaysPausedUntilResumed()
    {
        var id = FeedIdentity.Compute(_it.Market.RulesOf(PremiumFeed).Feed);
        _it.Quote(10_000, 1).TradeAll(10_000, 1).Tick(1);
        _it.Market.Apply(MarketInput.Of(At(1), new OperatorCommand(OperatorAction.Pause, id, default, null, "alice", "a test")));
        _it.Quote(10_000, 2).TradeAll(10_000, 2).Tick(2);
        Assert.Equal((FeedState.Paused, DecisionReason.OperatorPause, FeedState.Live), (_it.Premium.State, _it.Premium.Reason, _it.Token.State));
        _it.Market.Apply(MarketInput.Of(At(3), new OperatorCommand(OperatorAction.Resume, id, default, null, "alice", "a test")));
        _it.Quote(10_000, 3).TradeAll(10_000, 3).Tick(3);
        Assert.Equal(FeedState.Live, _it.Premium.State);
    }

    [Fact]
    public void ObservedAt_NeverGoesBackAndALateMarketIsNotLockedOut()
    {
        // One market is always twenty seconds late.
        var last = At(-1);
        var both = 0;
        for (var at = 30.0; at < 330; at++)
        {
            _it.Quote(10_000, at).Trade(0, 10_000, at).Trade(1, 10_000, at - 20, received: at).Tick(at);
            Assert.True(_it.Premium.ObservedAt >= last);
            last = _it.Premium.ObservedAt;
            if (_it.Premium.State != FeedState.Live) continue;
            both++;
            Assert.True(_it.Premium.ObservedAt <= At(at - 20));
        }

        Assert.True(both > 200, $"both voted at {both} of 300 ticks");
    }

    [Fact]
    public void Average_IsLearnedOnlyWhileTheShareIsPriced()
    {
        _it.Multiplier(1, FridayClose - 5).Watch(10_000, 10_200, FridayClose - 3_600, FridayClose - 1);
        var learned = _it.Premium.Ema;
        Assert.Equal(1.02, learned.E8 / 1e8, 4);
        for (var at = FridayClose + 60; at < FridayClose + 7_200; at += 60) _it.TradeAll(30_000, at).Tick(at);
        Assert.Equal((Ratio(3), learned), (_it.Premium.Price, _it.Premium.Ema));
    }

    [Fact]
    public void Settings_OutOfRange_AreNamed()
    {
        var problems = new PremiumSettings { QuoteFreshness = Duration.Zero, MaxSpreadBps = 0, MinMarkets = 3, WantedMarkets = 2, OutlierLimitBps = 0, MinRatio = Ratio(2), MaxRatio = Ratio(1) }.Check();
        Assert.Equal(5, problems.Count);
        Assert.All(new[] { "QuoteFreshness", "MaxSpreadBps", "WantedMarkets", "OutlierLimitBps", "MinRatio" }, name => Assert.Contains(problems, p => p.Contains(name, StringComparison.Ordinal)));
        Assert.Throws<ArgumentException>(() => new DerivedHarness(new PremiumSettings { MaxSpreadBps = 0 }));
    }
}
