using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class HaltRuleTests
{
    private readonly FoldHarness _feed = new();

    public HaltRuleTests() => _feed.All(10_000, at: 1).Tick(1);

    private FoldHarness Halted() =>
        _feed.Status(0, HaltReason.VolatilityPause, at: 10).Status(1, HaltReason.VolatilityPause, at: 10.5);

    [Fact]
    public void Halt_SaidByOneUpstream_HaltsNothing()
    {
        var decision = _feed.Status(0, HaltReason.News, at: 2).Tick(2);
        Assert.Equal((FeedState.Live, HaltReason.None), (decision.State, decision.HaltReason));
    }

    [Fact]
    public void Halt_SaidTwiceByOneUpstream_HaltsNothing()
    {
        var feed = new FoldHarness(upstreams: 2, resellers: 1);
        var decision = feed.All(10_000, at: 1).Status(0, HaltReason.News, at: 2).Status(2, HaltReason.News, at: 2).Tick(2);
        Assert.Equal(FeedState.Degraded, decision.State);
    }

    [Fact]
    public void Halt_SaidByTwoUpstreams_HoldsWithItsReason()
    {
        var decision = Halted().All(9_000, at: 11).Tick(11);
        Assert.Equal((FeedState.Held, HoldReasons.None, HaltReason.VolatilityPause), (decision.State, decision.HoldReasons, decision.HaltReason));
        Assert.Equal((Cents(10_000), At(1)), (decision.Price, decision.ObservedAt));
        Assert.Equal(InputReason.NotPublished, decision.Inputs[0].Reason);
    }

    [Fact]
    public void Halt_WithDifferentReasons_TakesTheOneMostGiven()
    {
        _feed.Status(0, HaltReason.Other, at: 2).Status(1, HaltReason.News, at: 2);
        Assert.Equal(HaltReason.News, _feed.Tick(2).HaltReason);
        Assert.Equal(HaltReason.Other, _feed.Status(2, HaltReason.Other, at: 3).Tick(3).HaltReason);
    }

    [Fact]
    public void Halt_OlderThanTheUpstreamsLastWord_IsRefused()
    {
        _feed.Status(0, HaltReason.News, at: 2).Status(1, HaltReason.None, at: 5).Status(1, HaltReason.News, at: 4);
        Assert.Equal(HaltReason.None, _feed.Tick(5).HaltReason);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.OutOfOrder));
    }

    [Fact]
    public void Halt_WithAnUnknownCode_IsRefused()
    {
        _feed.Status(0, (HaltReason)77, at: 2);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.Malformed));
    }

    [Fact]
    public void Resume_WithoutNewQuotes_IsReopening()
    {
        Halted().All(9_900, at: 15).Tick(15);
        var decision = _feed.Status(1, HaltReason.None, at: 20).Tick(20);
        Assert.Equal((FeedState.Reopening, DecisionReason.AwaitingResume, HaltReason.None), (decision.State, decision.Reason, decision.HaltReason));
        Assert.Equal(Cents(10_000), decision.Price);
        Assert.Equal(InputReason.BeforeResume, decision.Inputs[0].Reason);
    }

    [Fact]
    public void Resume_WithTheQuorumsQuotes_IsPricedFromThemAlone()
    {
        Halted().All(9_900, at: 15).Tick(15);
        _feed.Status(1, HaltReason.None, at: 20).Mid(0, 10_050, at: 21);
        Assert.Equal(FeedState.Reopening, _feed.Tick(21).State);
        var decision = _feed.Mid(1, 10_060, at: 22).Tick(22);
        Assert.Equal((FeedState.Degraded, Cents(10_055), 2), (decision.State, decision.Price, decision.Upstreams));
        Assert.Equal(At(21), decision.ObservedAt);
    }

    [Fact]
    public void Resume_WithPrintsOnly_StaysReopening()
    {
        Halted().Tick(15);
        _feed.Status(1, HaltReason.None, at: 20).Mid(0, 10_050, at: 21);
        for (var i = 1; i < 3; i++) _feed.Quote(i, 0, 0, at: 21).Trade(i, 10_050, at: 21.5);
        Assert.Equal(FeedState.Reopening, _feed.Tick(22).State);
        Assert.Equal(FeedState.Live, _feed.Mid(1, 10_050, at: 23).Tick(23).State);
    }

    [Fact]
    public void Resume_OfAQuoteOfTheSameMoment_IsNotNewer()
    {
        Halted().Status(1, HaltReason.None, at: 20).All(10_050, at: 20);
        Assert.Equal(FeedState.Reopening, _feed.Tick(20).State);
    }

    [Fact]
    public void Halt_BetweenTwoTicks_IsNotOverlooked()
    {
        Halted().Status(0, HaltReason.None, at: 10.8);
        Assert.Equal(FeedState.Reopening, _feed.Tick(11).State);
    }

    [Fact]
    public void Resume_PendingWhenAnotherSessionOpens_NeedsOnlyWhatTheOpeningNeeds()
    {
        Halted().Tick(15);
        _feed.Status(1, HaltReason.None, at: 20).Tick(20, Closed with { NextChangeAt = At(30) });
        for (var i = 0; i < 2; i++) _feed.Quote(i, 0, 0, at: 31).Trade(i, 10_050, at: 31);
        Assert.Equal(DecisionReason.AwaitingOpen, _feed.Tick(31, PreMarket with { NextChangeAt = At(99) }).Reason);
        Assert.Equal(FeedState.Live, _feed.Tick(60).State);
    }

    [Fact]
    public void Resume_WithOneQuoteAndPrints_StaysReopening()
    {
        OneQuotes(at: 310);
        Assert.Equal(DecisionReason.AwaitingResume, _feed.Tick(310).Reason);
        Assert.Equal(DecisionReason.AwaitingResume, _feed.Mid(0, 10_050, at: 1_000).Trade(1, 10_050, at: 1_000).Tick(1_000).Reason);
        Assert.Equal(FeedState.Degraded, _feed.Mid(0, 10_050, at: 1_001).Mid(1, 10_050, at: 1_001).Tick(1_001).State);
    }

    [Fact]
    public void Resume_WithAReopeningPrint_ReopensOnceTheGuardIsOver()
    {
        OneQuotes(at: 310);
        _feed.Trade(1, 10_050, at: 310.5, ConditionFlags.ReopeningPrint);
        Assert.Equal(DecisionReason.AwaitingResume, _feed.Tick(319.9).Reason);
        Assert.Equal(FeedState.Degraded, _feed.Tick(320).State);
    }

    [Theory]
    [InlineData(10_500, 310)] // nobody else knows of it
    [InlineData(10_050, 19)] // of before the resume
    public void Resume_WithAReopeningPrintOfSomethingElse_StaysReopening(double price, double at)
    {
        OneQuotes(at: 319);
        _feed.Trade(1, price, at, ConditionFlags.ReopeningPrint | ConditionFlags.NotLastEligible);
        Assert.Equal(DecisionReason.AwaitingResume, _feed.Tick(320).Reason);
    }

    /// <summary>Resumed at 20; from then on one upstream quotes and another prints.</summary>
    private void OneQuotes(double at)
    {
        Halted().Tick(15);
        _feed.Status(1, HaltReason.None, at: 20);
        for (var i = 1; i < 3; i++) _feed.Quote(i, 0, 0, at: 21);
        _feed.Mid(0, 10_050, at).Trade(1, 10_050, at);
    }

    [Fact]
    public void Halt_WhileClosed_IsShown()
    {
        var decision = Halted().Tick(12, Closed);
        Assert.Equal((FeedState.Closed, HaltReason.VolatilityPause), (decision.State, decision.HaltReason));
    }

    [Fact]
    public void Halt_SaidByTheListingMarketAlone_Holds()
    {
        var feed = new FoldHarness(listingMarket: 2);
        var decision = feed.All(10_000, at: 1).Status(2, HaltReason.News, at: 2).Tick(2);
        Assert.Equal((FeedState.Held, DecisionReason.Halted, HaltReason.News), (decision.State, decision.Reason, decision.HaltReason));
    }

    [Fact]
    public void Halt_ListingMarketGivesAnotherReasonThanTwoVendors_ItsOwnCounts()
    {
        var feed = new FoldHarness(listingMarket: 2);
        feed.Status(0, HaltReason.Other, at: 2).Status(1, HaltReason.Other, at: 2).Status(2, HaltReason.Regulatory, at: 2);
        Assert.Equal(HaltReason.Regulatory, feed.Tick(2).HaltReason);
    }

    [Fact]
    public void Halt_OfOneVenue_HaltsNothing()
    {
        var feed = new FoldHarness(listingMarket: 2);
        feed.All(10_000, at: 1);
        for (var i = 0; i < 3; i++) feed.Status(i, HaltReason.Venue, at: 2);
        var decision = feed.Tick(2);
        Assert.Equal((FeedState.Live, HaltReason.None), (decision.State, decision.HaltReason));
    }

    [Fact]
    public void Halt_OfTheOnlyVenueOfTheSession_HoldsUntilItResumes()
    {
        var feed = AtNight();
        feed.Mid(0, 10_000, at: 1).Tick(1);
        var halted = feed.Status(0, HaltReason.Venue, at: 2).Mid(0, 10_050, at: 3).Tick(3);
        Assert.Equal((FeedState.Held, DecisionReason.Halted, HaltReason.Venue), (halted.State, halted.Reason, halted.HaltReason));
        Assert.Equal(Cents(10_000), halted.Price);
        Assert.Equal(FeedState.Reopening, feed.Status(0, HaltReason.None, at: 60).Tick(60).State);
        Assert.Equal(FeedState.Degraded, feed.Mid(0, 10_050, at: 61).Tick(61).State);
    }

    [Fact]
    public void Halt_OfTheOnlyVenueOfTheSession_EndsWithAnotherSession()
    {
        var feed = AtNight();
        feed.Mid(0, 10_000, at: 1).Tick(1);
        Assert.Equal(FeedState.Held, feed.Status(0, HaltReason.Venue, at: 2).Tick(3).State);
        feed.Session = Regular;
        Assert.Equal(FeedState.Live, feed.Mid(1, 10_000, at: 10).Mid(2, 10_000, at: 10).Tick(10).State);
    }

    [Fact]
    public void Halt_OfTheOnlyVenueOfTheSession_EndsWithItsPrints()
    {
        var feed = AtNight();
        feed.Mid(0, 10_000, at: 1).Tick(1);
        Assert.Equal(HaltReason.Venue, feed.Status(0, HaltReason.Venue, at: 2).Trade(0, 10_000, at: 11, ConditionFlags.ExtendedHours).Tick(11).HaltReason);
        Assert.Equal(HaltReason.None, feed.Trade(0, 10_000, at: 13, ConditionFlags.ExtendedHours).Tick(13).HaltReason);
    }

    private static FoldHarness AtNight() =>
        new(3, PricingSettings.Stock with { Overnight = PricingSettings.Stock.Overnight with { AllowedSources = [new SourceId(0)] } }) { Session = Overnight };

    [Fact]
    public void Resume_SaidByTheListingMarketAlone_EndsWhatOthersForgot()
    {
        var feed = new FoldHarness(listingMarket: 2);
        feed.All(10_000, at: 1).Tick(1);
        for (var i = 0; i < 3; i++) feed.Status(i, HaltReason.VolatilityPause, at: 10);
        Assert.Equal(FeedState.Held, feed.Tick(11).State);
        var decision = feed.Status(2, HaltReason.None, at: 310).Tick(310);
        Assert.Equal((FeedState.Reopening, HaltReason.None), (decision.State, decision.HaltReason));
    }

    [Fact]
    public void Resume_LostByEveryVendor_IsFoundByPrintsOfTwoUpstreams()
    {
        Halted().Tick(11);
        _feed.Trade(0, 10_050, at: 400).All(10_050, at: 400.5);
        Assert.Equal((FeedState.Held, HaltReason.VolatilityPause), (_feed.Tick(401).State, _feed.Tick(401).HaltReason));
        var decision = _feed.Trade(1, 10_050, at: 402).Tick(402);
        Assert.Equal((FeedState.Live, HaltReason.None, Cents(10_050)), (decision.State, decision.HaltReason, decision.Price));
    }

    [Fact]
    public void Resume_LostByTheListingMarket_IsFoundByPrintsOfTwoUpstreams()
    {
        var feed = new FoldHarness(listingMarket: 2);
        feed.All(10_000, at: 1).Status(2, HaltReason.News, at: 10).Tick(11);
        feed.Trade(0, 10_000, at: 500).Trade(1, 10_000, at: 500);
        Assert.Equal(HaltReason.None, feed.Tick(501).HaltReason);
    }

    [Theory]
    [InlineData(20)] // reported late
    [InlineData(9)]
    public void Halt_PrintsFromBeforeIt_DoNotEndIt(double at)
    {
        Halted().Trade(0, 10_050, at).Trade(1, 10_050, at);
        Assert.Equal(HaltReason.VolatilityPause, _feed.Tick(21).HaltReason);
    }

    [Theory]
    [InlineData(ConditionFlags.ExtendedHours)]
    [InlineData(ConditionFlags.OddLot)]
    [InlineData(ConditionFlags.OutOfSequence)]
    [InlineData(ConditionFlags.AveragePrice)]
    public void Halt_PrintsThatNeedNoTrading_DoNotEndIt(ConditionFlags conditions)
    {
        Halted();
        for (var i = 0; i < 3; i++) _feed.Trade(i, 10_050, at: 400, conditions);
        Assert.Equal(HaltReason.VolatilityPause, _feed.Tick(401).HaltReason);
    }

    [Fact]
    public void Halt_AgainAfterPrintsEndedIt_HoldsAgain()
    {
        Halted().Trade(0, 10_050, at: 400).Trade(1, 10_050, at: 400).Tick(401);
        _feed.Status(0, HaltReason.News, at: 410).Status(1, HaltReason.News, at: 410);
        Assert.Equal(HaltReason.News, _feed.Tick(411).HaltReason);
    }
}
