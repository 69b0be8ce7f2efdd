using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;
using static OracleNode.Guards.SplitHarness;

namespace OracleNode.Guards;

/// <summary>A split, a dividend or a spin-off, and what a share's feed makes of it.</summary>
public class CorporateActionTests
{
    private readonly SplitHarness _feed = new();

    private (FeedState, DecisionReason) Now => (_feed.Share.State, _feed.Share.Reason);

    [Fact]
    public void Share_BeforeTheTradeDate_GoesOn()
    {
        _feed.Prove();
        _feed.Say("2024-06-07 16:30", Before).Tick("2024-06-07 16:30");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
        _feed.Tick("2024-06-08 12:00");
        Assert.Equal((FeedState.Closed, DecisionReason.SessionClosed), Now);
        _feed.Tick("2024-06-09 19:59:59");
        Assert.Equal(FeedState.Closed, _feed.Share.State);
    }

    [Fact]
    public void Share_FromTheTradeDateOn_IsPausedUntilTheMarketHasMadeTheStep()
    {
        _feed.Prove();
        _feed.Tick("2024-06-09 20:00");
        Assert.Equal((FeedState.Paused, DecisionReason.ActionAwaitsMarket), Now);
        Assert.Equal(HoldReasons.CorporateAction, _feed.Share.HoldReasons & HoldReasons.CorporateAction);
        Assert.Equal(Cents(Before), _feed.Share.Price);

        _feed.Say("2024-06-10 04:01", After).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
        Assert.Equal(Cents(After), _feed.Share.Price);
        Assert.Equal(new ShareRatio(10, 1), _feed.Share.LastAction.Ratio);

        // The average is of the new shares: a tenth of what it was, and no jump from it.
        Assert.InRange(_feed.Share.Ema.E8, Cents(12_080).E8, Cents(12_090).E8);
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), (_feed.Stand("2024-06-10 04:02", After + 5, 2).State, _feed.Share.Reason));
    }

    [Fact]
    public void Rebase_IsDoneOnce()
    {
        _feed.Prove();
        _feed.Say("2024-06-10 04:01", After).Tick("2024-06-10 04:01");

        // Said again by everybody, and by one more.
        _feed.Prove().Say(Notice(EvidenceClass.Vendor, name: "another", reference: "x"));
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), (_feed.Stand("2024-06-10 04:02", After, 20).State, _feed.Share.Reason));
        Assert.InRange(_feed.Share.Ema.E8, Cents(12_030).E8, Cents(12_090).E8);
        _feed.Stand("2024-06-10 04:03", After / 10, 60);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence), Now);
    }

    [Fact]
    public void Sources_AdjustedOneAfterTheOther_ReleaseWithTheQuorum()
    {
        _feed.Prove();

        // One at midnight, one at the open, one a day late.
        _feed.Say("2024-06-10 04:01", 12_090, Before, Before).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Paused, Cents(Before)), (_feed.Share.State, _feed.Share.Price));
        _feed.Say("2024-06-10 09:30:05", 12_037, 12_038, Before).Tick("2024-06-10 09:30:05");
        Assert.Equal((FeedState.Degraded, DecisionReason.ActionAccepted), Now);
        Assert.Equal(InputReason.BeforeAction, _feed.Share.Inputs[2].Reason);
        _feed.Say("2024-06-10 09:31", 12_040, 12_041, Before).Tick("2024-06-10 09:31");
        Assert.Equal((FeedState.Degraded, InputReason.BeforeAction), (_feed.Share.State, _feed.Share.Inputs[2].Reason));
        _feed.Say("2024-06-11 09:31", 12_060, 12_061, 12_060).Tick("2024-06-11 09:31");
        Assert.Equal(FeedState.Live, _feed.Share.State);
    }

    [Fact]
    public void Sources_HalfOfThemLate_DoNotContradict()
    {
        var feed = new SplitHarness(new MarketHarness(sources: 4));
        feed.Say(Friday, Before, Before, Before, Before).Tick(Friday);
        feed.Prove();
        feed.Say("2024-06-10 09:30:05", 12_037, 12_038, Before, Before).Tick("2024-06-10 09:30:05");
        Assert.Equal(FeedState.Degraded, feed.Share.State);
        feed.Say("2024-06-10 09:31", 12_040, 12_041, Before, Before).Tick("2024-06-10 09:31");
        Assert.Equal(FeedState.Degraded, feed.Share.State);
    }

    [Theory]
    [InlineData(EvidenceClass.Vendor)]
    [InlineData(EvidenceClass.IssuerChain)]
    public void Witness_OfOneKind_StopsNothingAndExplainsNothing(EvidenceClass by)
    {
        _feed.Say(Notice(by)).Say(Notice(by, name: "another of the kind"));
        _feed.Tick("2024-06-09 21:00");
        Assert.NotEqual(FeedState.Paused, _feed.Share.State);
        _feed.Stand("2024-06-10 09:30", After, 60);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence, HoldReasons.Jump), (_feed.Share.State, _feed.Share.Reason, _feed.Share.HoldReasons & HoldReasons.Jump));
        Assert.Equal(Cents(Before), _feed.Share.Price);
    }

    [Fact]
    public void Operator_Alone_PausesAndReleasesByConfirming()
    {
        _feed.Say(Notice(EvidenceClass.Operator));
        _feed.Stand("2024-06-10 09:30", After, 60);
        Assert.Equal((FeedState.Paused, DecisionReason.ActionNeedsEvidence), Now);
        _feed.Confirm("2024-06-10 09:32", After);
        _feed.Say("2024-06-10 09:32", After).Tick("2024-06-10 09:32");
        Assert.Equal((FeedState.Live, DecisionReason.ActionConfirmed), Now);
    }

    [Fact]
    public void Evidence_ThatBecomesWholeLate_ReleasesAPriceThatIsHeldForIt()
    {
        _feed.Say(Notice(EvidenceClass.Vendor));
        _feed.Stand("2024-06-10 09:30", After, 60);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.Share.Reason);
        _feed.Say(Notice(EvidenceClass.Operator), "2024-06-10 09:32");
        _feed.Say("2024-06-10 09:32", After).Tick("2024-06-10 09:32");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
    }

    [Fact]
    public void Evidence_AfterPricesOfTheTradeDateWerePublished_PausesNothingAndExplainsTheJump()
    {
        _feed.Say("2024-06-10 04:01", Before).Tick("2024-06-10 04:01");
        Assert.Equal(FeedState.Live, _feed.Share.State);
        _feed.Prove();
        _feed.Say("2024-06-10 04:02", Before).Tick("2024-06-10 04:02");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
        _feed.Say("2024-06-10 04:03", After).Tick("2024-06-10 04:03");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
        Assert.Equal(FeedState.Live, _feed.Stand("2024-06-10 04:04", After, 20).State);
    }

    [Fact]
    public void Notice_OfThePast_DoesNothing()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, on: "2024-05-10")).Say(Notice(EvidenceClass.Operator, on: "2024-05-10"));
        _feed.Say("2024-06-07 16:00", Before).Tick("2024-06-07 16:00");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
        _feed.Stand("2024-06-10 09:30", After, 60);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.Share.Reason);
    }

    [Fact]
    public void Notice_Withdrawn_EndsTheWindow()
    {
        _feed.Prove();
        Assert.Equal(FeedState.Paused, _feed.Tick("2024-06-09 20:01").State);
        _feed.Say(Notice(EvidenceClass.Operator, withdrawn: true), "2024-06-09 20:02");
        _feed.Say("2024-06-10 04:01", Before).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
    }

    [Theory]
    [InlineData(14_750, true)] // 120.888 x 1.2214 = 147.65
    [InlineData(14_780, false)]
    [InlineData(9_905, true)] // / 1.2214 = 98.97
    [InlineData(9_890, false)]
    [InlineData(120_888, false)]
    public void Price_OfAfter_IsWithinTheLimits(double cents, bool expected)
    {
        _feed.Prove();
        _feed.Stand("2024-06-10 09:30", cents, 20);
        Assert.Equal(expected ? (FeedState.Live, Cents(cents)) : (FeedState.Paused, Cents(Before)), (_feed.Share.State, _feed.Share.Price));
        if (!expected) Assert.Equal(DecisionReason.ActionPriceDeviates, _feed.Share.Reason);
    }

    [Fact]
    public void Price_ThatDeviates_IsReleasedByTheOperator()
    {
        _feed.Prove();
        _feed.Stand("2024-06-10 09:30", 9_000, 20);
        Assert.Equal((FeedState.Paused, DecisionReason.ActionPriceDeviates), Now);
        _feed.Confirm("2024-06-10 09:31", 9_000);
        _feed.Stand("2024-06-10 09:31", 9_000, 10);
        Assert.Equal((FeedState.Live, Cents(9_000)), (_feed.Share.State, _feed.Share.Price));
    }

    [Fact]
    public void ReverseSplit_OfTwentyToOne_IsTheSame()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, 1, 20)).Say(Notice(EvidenceClass.Operator, 1, 20));
        Assert.Equal(FeedState.Paused, _feed.Tick("2024-06-10 04:00").State);
        _feed.Say("2024-06-10 04:01", Before * 20).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
    }

    [Fact]
    public void Witnesses_OfDifferentRatios_ProveNothing()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, 4)).Say(Notice(EvidenceClass.IssuerChain, 10));
        _feed.Stand("2024-06-10 09:30", After, 60);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence), Now);
    }

    [Fact]
    public void Dividend_OfLessThanTheThreshold_IsAnOrdinaryMove()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 1_200)).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: 1_200));
        Assert.NotEqual(FeedState.Paused, _feed.Tick("2024-06-09 20:01").State);
        _feed.Say("2024-06-10 04:01", Before - 1_200).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
    }

    [Fact]
    public void Dividend_ThatIsLarge_IsAConfirmedStep()
    {
        // 8 % in cash, and the market two per cent lower besides.
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671)).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671));
        Assert.Equal(FeedState.Paused, _feed.Tick("2024-06-09 20:01").State);
        _feed.Say("2024-06-10 04:01", 108_990).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted, Cents(108_990)), (_feed.Share.State, _feed.Share.Reason, _feed.Share.Price));
        Assert.Equal(new ShareRatio(1, 1), _feed.Share.LastAction.Ratio);
    }

    [Fact]
    public void Dividend_WithAMoveBeyondTheJumpLimit_WaitsUntilItStands()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671)).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671));
        _feed.Say("2024-06-10 09:30:01", 104_000).Tick("2024-06-10 09:30:01");
        Assert.Equal((FeedState.Paused, DecisionReason.ActionAwaitsMarket), Now);
        Assert.Equal((FeedState.Live, Cents(104_000)), (_feed.Stand("2024-06-10 09:30:02", 104_000, 5).State, _feed.Share.Price));
    }

    [Fact]
    public void SpinOff_WithoutARatio_NeedsAnOperatorsPrice()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.SpinOff)).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.SpinOff));
        _feed.Stand("2024-06-10 09:30", 99_000, 30);
        Assert.Equal((FeedState.Paused, DecisionReason.ActionWithoutRatio), Now);
        _feed.Confirm("2024-06-10 09:31", 105_000);
        _feed.Stand("2024-06-10 09:31", 99_000, 5);
        Assert.Equal((FeedState.Paused, DecisionReason.ActionWithoutRatio), Now);
        _feed.Confirm("2024-06-10 09:32", 99_100);
        _feed.Stand("2024-06-10 09:32", 99_000, 5);
        Assert.Equal((FeedState.Live, Cents(99_000)), (_feed.Share.State, _feed.Share.Price));
    }

    [Fact]
    public void SplitAndDividend_OfOneDate_AreTakenTogether()
    {
        _feed.Prove();
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 5_000, reference: "d")).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: 5_000, reference: "d"));
        _feed.Tick("2024-06-10 04:00");
        _feed.Say("2024-06-10 04:01", 11_600).Tick("2024-06-10 04:01");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
    }

    [Fact]
    public void Bounds_OfTheFeed_AreRescaledWithTheSplit()
    {
        var pricing = PricingSettings.Stock with { MinPrice = Cents(50_000), MaxPrice = Cents(200_000) };
        var feed = new SplitHarness(new MarketHarness(pricing: pricing)).Prove();
        feed.Say("2024-06-10 04:01", After).Tick("2024-06-10 04:01");
        Assert.Equal(FeedState.Live, feed.Share.State);
        feed.Stand("2024-06-10 04:02", After, 5);
        Assert.Equal(FeedState.Live, feed.Share.State);
    }

    [Fact]
    public void Related_OfTheShareThatSplit_GoOn()
    {
        var related = new Dictionary<int, RelatedFeed[]> { [0] = [new RelatedFeed(1, 200)], [1] = [new RelatedFeed(0, 200)] };
        var harness = new MarketHarness(related: related);
        var feed = new SplitHarness(harness);
        harness.All(1, 50_000, At(Friday));
        feed.Stand(Friday, Before, 2);
        feed.Prove();
        harness.All(1, 50_000, At("2024-06-10 09:30:30"));
        feed.Say("2024-06-10 09:30:30", After).Tick("2024-06-10 09:30:30");
        Assert.Equal(FeedState.Live, feed.Share.State);
        for (var second = 31; second < 50; second++)
        {
            harness.All(1, 50_010, At($"2024-06-10 09:30:{second}"));
            feed.Say($"2024-06-10 09:30:{second}", After + 1).Tick($"2024-06-10 09:30:{second}");
            Assert.Equal((FeedState.Live, FeedState.Live), (feed.Share.State, feed.Market.DecisionOf(1)!.State));
        }
    }

    [Fact]
    public void Restart_InsideTheWindow_GoesOn()
    {
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(Before, At(Friday), FeedState.Paused) with { HoldReasons = HoldReasons.CorporateAction });
        harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:00"), Notice(EvidenceClass.Vendor)));
        harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:00"), Notice(EvidenceClass.Operator)));
        Assert.Equal(FeedState.Paused, harness.Tick(At("2024-06-10 09:01")).State);
        harness.All(0, After, At("2024-06-10 09:31"));
        var released = harness.Tick(At("2024-06-10 09:31"));
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), (released.State, released.Reason));
    }

    [Fact]
    public void Restart_AfterTheStep_DoesNotMakeItAgain()
    {
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(After, At("2024-06-10 09:45")));
        harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:46"), Notice(EvidenceClass.Vendor)));
        harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:46"), Notice(EvidenceClass.Operator)));
        harness.All(0, After, At("2024-06-10 09:46"));
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), (harness.Tick(At("2024-06-10 09:46")).State, harness.Tick(At("2024-06-10 09:46")).Reason));
    }
}
