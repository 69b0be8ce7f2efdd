using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class QuorumAndSessionRuleTests
{
    private readonly FoldHarness _feed = new();

    [Fact]
    public void Feed_WithAllWantedUpstreams_IsLive() => Assert.Equal(FeedState.Live, _feed.All(10_000, at: 1).Tick(1).State);

    [Fact]
    public void Feed_WithTheQuorumOnly_IsDegraded() =>
        Assert.Equal(FeedState.Degraded, _feed.Mid(0, 10_000, at: 1).Mid(2, 10_000, at: 1).Tick(1).State);

    [Fact]
    public void Feed_BelowQuorum_HoldsItsLastGoodPriceAndTime()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var decision = _feed.Quote(0, 0, 0, at: 2).Quote(1, 0, 0, at: 2).Mid(2, 10_050, at: 2).Tick(2);

        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum), (decision.State, decision.HoldReasons));
        Assert.Equal(DecisionReason.BelowQuorum, decision.Reason);
        Assert.Equal((Cents(10_000), At(1)), (decision.Price, decision.ObservedAt));
        Assert.Equal((0, 2, 0), (decision.SourcesUsed, decision.SourcesRejected, decision.Upstreams));
        Assert.Equal(InputReason.NotPublished, decision.Inputs[2].Reason);
        Assert.Equal(FeedState.Live, decision.PreviousState);
    }

    [Fact]
    public void Feed_WhoseInputsAreAllStale_HoldsAsStale()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var decision = _feed.Tick(60);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum | HoldReasons.Stale), (decision.State, decision.HoldReasons));
        Assert.Equal(DecisionReason.AllStale, decision.Reason);
    }

    [Fact]
    public void Feed_WithOneFreshAndTheRestStale_HoldsBelowQuorumOnly()
    {
        _feed.All(10_000, at: 1).Tick(1);
        Assert.Equal(HoldReasons.BelowQuorum, _feed.Mid(0, 10_000, at: 60).Tick(60).HoldReasons);
    }

    [Fact]
    public void Feed_BelowQuorumForWideSpreads_SaysSo()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var decision = _feed.Quote(0, 9_000, 11_000, at: 2).Quote(1, 9_000, 11_000, at: 2).Tick(2);
        Assert.Equal(HoldReasons.BelowQuorum | HoldReasons.Spread, decision.HoldReasons);
    }

    [Fact]
    public void Feed_ThatNeverHadAPrice_HasNone()
    {
        foreach (var session in new[] { Regular, Closed, Unknown })
        {
            var decision = new FoldHarness { Session = session }.Mid(0, 10_000, at: 1).Tick(1);
            Assert.False(decision.HasPrice);
            Assert.True(decision.Ema.IsNone);
        }
    }

    [Fact]
    public void Session_ThatOpens_IsReopeningUntilTheQuorum()
    {
        _feed.Tick(-10, PreMarket);
        var decision = _feed.Mid(0, 10_000, at: 1).Tick(1, Regular);
        Assert.Equal((FeedState.Reopening, DecisionReason.AwaitingOpen), (decision.State, decision.Reason));
        Assert.Equal(HoldReasons.None, decision.HoldReasons);
        Assert.Equal(FeedState.Degraded, _feed.Mid(1, 10_000, at: 2).Tick(2).State);

        // Once there was a quorum, its loss is a hold.
        Assert.Equal(FeedState.Held, _feed.Quote(1, 0, 0, at: 3).Tick(3).State);
    }

    [Fact]
    public void Session_ThatEndsEarlierThanItWasTold_DoesNotReopen()
    {
        _feed.All(10_000, at: 1).Tick(1);
        _feed.Quote(0, 0, 0, at: 2).Quote(1, 0, 0, at: 2);
        Assert.Equal(FeedState.Held, _feed.Tick(2, Regular with { NextChangeAt = At(3_600) }).State);
    }

    [Fact]
    public void Session_OfTheNextDay_ReopensEvenWhenNoTickSawTheNight()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var tomorrow = Regular with { NextChangeAt = Regular.NextChangeAt + Duration.FromDays(1) };
        Assert.Equal(FeedState.Reopening, _feed.Tick(86_400, tomorrow).State);
    }

    [Fact]
    public void Session_FromRegularToPostMarket_IsNoReopening()
    {
        var close = 6.5 * 3600;
        _feed.All(10_000, at: close - 1).Tick(close - 1);
        Assert.Equal(FeedState.Live, _feed.Tick(close + 68.6, PostMarket).State);
        Assert.Equal(FeedState.Held, _feed.Tick(close + 400, PostMarket).State);
    }

    [Fact]
    public void Session_FoundAtTheStart_IsNoReopening() => Assert.Equal(FeedState.Held, _feed.Mid(0, 10_000, at: 1).Tick(1).State);

    [Fact]
    public void Session_Closed_KeepsTheLastGoodPriceAndItsTime()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var decision = _feed.All(10_100, at: 2).Tick(2, Closed);

        Assert.Equal((FeedState.Closed, DecisionReason.SessionClosed), (decision.State, decision.Reason));
        Assert.Equal((MarketSession.Closed, ClosedReason.Weekend), (decision.Session, decision.ClosedReason));
        Assert.Equal((Cents(10_000), At(1)), (decision.Price, decision.ObservedAt));
        Assert.Equal(_feed.Settings.ClosedMaxAge, decision.MaxAge);
        Assert.Equal(Closed.NextChangeAt, decision.NextChangeAt);
    }

    [Fact]
    public void Session_Unknown_HoldsForTheCalendar()
    {
        _feed.All(10_000, at: 1).Tick(1);
        var decision = _feed.Tick(2, Unknown);
        Assert.Equal((FeedState.Held, HoldReasons.CalendarConflict), (decision.State, decision.HoldReasons));
        Assert.Equal(Cents(10_000), decision.Price);
    }

    [Fact]
    public void Session_WhoseClaimHasExpired_HoldsForTheCalendar()
    {
        var decision = _feed.All(10_000, at: 1).Tick(5, Regular with { NextChangeAt = At(5) });
        Assert.Equal((HoldReasons.CalendarConflict, DecisionReason.SessionExpired), (decision.HoldReasons, decision.Reason));
    }

    [Fact]
    public void Clock_BehindWhatWasPublished_Holds()
    {
        _feed.All(10_000, at: 10).Tick(10);
        var decision = _feed.Tick(9);
        Assert.Equal((FeedState.Held, HoldReasons.Clock), (decision.State, decision.HoldReasons));
        Assert.Equal(FeedState.Live, _feed.Tick(11).State);
    }

    [Fact]
    public void Overnight_WithoutAnOvernightSource_Holds()
    {
        _feed.Tick(-1, PostMarket);
        var decision = _feed.All(10_000, at: 1).Tick(1, Overnight);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum), (decision.State, decision.HoldReasons));
    }

    [Fact]
    public void Overnight_WithOneSource_IsDegraded()
    {
        var settings = PricingSettings.Stock with { Overnight = PricingSettings.Stock.Overnight with { AllowedSources = null } };
        var feed = new FoldHarness(3, settings) { Session = Overnight };
        Assert.Equal(FeedState.Degraded, feed.Mid(0, 10_000, at: 1).Tick(1).State);
        Assert.Equal(FeedState.Degraded, feed.All(10_000, at: 2).Tick(2).State);
    }

    [Fact]
    public void Decision_CarriesTheMaxAgeOfItsSession()
    {
        Assert.Equal(_feed.Settings.Regular.MaxAge, _feed.Tick(1).MaxAge);
        Assert.Equal(_feed.Settings.PostMarket.MaxAge, _feed.Tick(1, PostMarket).MaxAge);
    }
}
