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
    public void Resume_WithOneQuoteAndPrints_ReopensOnceTheGuardIsOver()
    {
        Halted().Tick(15);
        _feed.Status(1, HaltReason.None, at: 20);
        for (var i = 1; i < 3; i++) _feed.Quote(i, 0, 0, at: 21);
        _feed.Mid(0, 10_050, at: 310).Trade(1, 10_050, at: 310);
        Assert.Equal(DecisionReason.AwaitingResume, _feed.Tick(319.9).Reason);
        Assert.Equal(FeedState.Degraded, _feed.Tick(320).State);
    }

    [Fact]
    public void Halt_WhileClosed_IsShown()
    {
        var decision = Halted().Tick(12, Closed);
        Assert.Equal((FeedState.Closed, HaltReason.VolatilityPause), (decision.State, decision.HaltReason));
    }
}
