using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.DerivedHarness;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class IndicationFoldTests
{
    private const double Saturday = FridayClose + 43_200;

    private readonly DerivedHarness _it = new();

    /// <summary>An hour to the Friday close, with tokens two percent above the share.</summary>
    private DerivedHarness Friday(double share = 10_000, double token = 10_200, int markets = 2) => Friday(_it, share, token, markets);

    private static DerivedHarness Friday(DerivedHarness it, double share = 10_000, double token = 10_200, int markets = 2) =>
        it.Multiplier(1, FridayClose - 3_600).Watch(share, token, FridayClose - 3_600, FridayClose - 1, markets);

    /// <summary>The markets stand somewhere for a while, once a minute.</summary>
    private static DerivedHarness Stand(DerivedHarness it, double token, double from, double to, int markets = 2)
    {
        for (var at = from; at <= to; at += 60) it.TradeAll(token, at, markets).Tick(at);
        return it;
    }

    [Fact]
    public void Indication_WhileTheMarketIsOpen_IsTheOfficialPrice()
    {
        _it.Multiplier(1, 0).Quote(10_000, 1).TradeAll(12_000, 1).Tick(1);
        var (share, indication) = (_it.Share, _it.Indication);
        Assert.Equal((FeedState.Live, DecisionReason.OfficialPrice, HoldReasons.None), (indication.State, indication.Reason, indication.HoldReasons));
        Assert.Equal((share.Price, share.ConfidenceE8, share.Bid, share.Ask, share.ObservedAt), (indication.Price, indication.ConfidenceE8, indication.Bid, indication.Ask, indication.ObservedAt));
        Assert.Equal((Multiplier.One, true, share.Price, share.ObservedAt), (indication.Multiplier, indication.NextMultiplier.IsNone, indication.Underlying, indication.ActivationAt));
        Assert.Equal(3, indication.Inputs.Length);
    }

    [Fact]
    public void Indication_WhileItIsClosed_MovesByWhatTheMarketsMovedFromTheirUsualPremium()
    {
        Friday();
        var anchorAt = _it.Share.ObservedAt;
        Stand(_it, 10_200, FridayClose + 60, Saturday);
        Assert.InRange(_it.Indication.Price.E8, Cents(9_999.9).E8, Cents(10_000.1).E8);

        // Two percent down, of which seven tenths are believed.
        Stand(_it, 10_200 * 0.98, Saturday + 60, Saturday + 7_200);
        var indication = _it.Indication;
        Assert.InRange(indication.Price.E8, Cents(9_859.5).E8, Cents(9_860.5).E8);
        Assert.Equal((FeedState.Degraded, DecisionReason.Indicated, HoldReasons.None, MarketSession.Closed, ClosedReason.Weekend),
            (indication.State, indication.Reason, indication.HoldReasons, indication.Session, indication.ClosedReason));
        Assert.Equal((Multiplier.One, true, Cents(10_000), anchorAt), (indication.Multiplier, indication.NextMultiplier.IsNone, indication.Underlying, indication.ActivationAt));
        Assert.Equal((At(Saturday + 7_200), 2, 2), (indication.ObservedAt, indication.SourcesUsed, indication.Upstreams));
        Assert.Equal((true, true), (indication.Bid.IsNone, indication.Ask.IsNone));
        Assert.Equal(2, indication.Inputs.ToArray().Count(i => i.IsUsed && i.Value > Cents(9_799) && i.Value < Cents(9_801)));
        Assert.Equal((FeedState.Closed, Cents(10_000)), (_it.Share.State, _it.Share.Price));
    }

    [Fact]
    public void Confidence_WhileItIsClosed_GrowsWithTheAnchorsAge()
    {
        Friday();
        Stand(_it, 10_200, FridayClose + 60, FridayClose + 600);
        var early = _it.Indication.ConfidenceE8;
        Assert.True(early >= Cents(100).E8, "one percent at least");
        Stand(_it, 10_200, Saturday, Saturday + 600);
        Assert.InRange(_it.Indication.ConfidenceE8 - early, Cents(58).E8, Cents(62).E8);
    }

    [Theory]
    [InlineData(0.5, 9_500)]
    [InlineData(100, 10_250)]
    public void Indication_OfMarketsBeyondTheCap_IsTheCapAndSaysSo(double factor, double expected)
    {
        Friday();
        Stand(_it, 10_200 * factor, FridayClose + 60, FridayClose + 14_400);
        Assert.InRange(_it.Indication.Price.E8, Cents(expected - 0.1).E8, Cents(expected + 0.1).E8);
        Assert.Equal((FeedState.Degraded, DecisionReason.IndicationCapped), (_it.Indication.State, _it.Indication.Reason));
        Assert.True(_it.Indication.ConfidenceE8 > Cents(1_000).E8, "the confidence reaches toward what the markets say");
    }

    [Fact]
    public void Indication_OfMarketsPushedForAMinute_MovesLittleAndComesBack()
    {
        Friday();
        Stand(_it, 10_200, FridayClose + 60, Saturday);
        for (var at = Saturday + 1; at <= Saturday + 60; at++) _it.TradeAll(20_400, at).Tick(at);
        Assert.InRange(_it.Indication.Price.E8, Cents(10_020).E8, Cents(10_030).E8);
        Stand(_it, 10_200, Saturday + 120, Saturday + 3_600);
        Assert.InRange(_it.Indication.Price.E8, Cents(9_999.5).E8, Cents(10_000.5).E8);
    }

    [Fact]
    public void Indication_OfOneMarket_IsClosedWithTheLastIndication()
    {
        Friday();
        Stand(_it, 10_200 * 0.98, FridayClose + 60, FridayClose + 7_200);
        var (price, observedAt) = (_it.Indication.Price, _it.Indication.ObservedAt);
        Stand(_it, 20_000, FridayClose + 7_800, FridayClose + 9_000, markets: 1);
        Assert.Equal((FeedState.Closed, DecisionReason.NothingIndicates, HoldReasons.None), (_it.Indication.State, _it.Indication.Reason, _it.Indication.HoldReasons));
        Assert.Equal((price, observedAt, 0), (_it.Indication.Price, _it.Indication.ObservedAt, _it.Indication.SourcesUsed));

        // The other is back: it goes on from there, and not from where the one has pushed it.
        Stand(_it, 10_200 * 0.98, FridayClose + 9_060, FridayClose + 9_060);
        Assert.Equal(FeedState.Degraded, _it.Indication.State);
        Assert.InRange(_it.Indication.Price.E8 - price.E8, -Cents(0.1).E8, Cents(0.1).E8);
    }

    [Fact]
    public void Indication_OfMarketsThatDisagree_IsClosed()
    {
        Friday();
        _it.Trade(0, 10_200, FridayClose + 60).Trade(1, 10_700, FridayClose + 60).Tick(FridayClose + 60);
        Assert.Equal((FeedState.Closed, DecisionReason.NothingIndicates, Cents(10_000)), (_it.Indication.State, _it.Indication.Reason, _it.Indication.Price));
    }

    [Fact]
    public void Indication_OfMarketsThatNobodyWatched_IsTheAnchor()
    {
        _it.Multiplier(1, FridayClose - 60);
        for (var at = FridayClose - 60; at < FridayClose; at += 10) _it.Quote(10_000, at).Tick(at);
        Stand(_it, 12_000, FridayClose + 60, FridayClose + 1_200);
        Assert.Equal((FeedState.Closed, DecisionReason.NothingIndicates, Cents(10_000)), (_it.Indication.State, _it.Indication.Reason, _it.Indication.Price));
        Assert.Equal(2, _it.Indication.Inputs.ToArray().Count(i => i.Reason == InputReason.NotLearned));
    }

    [Fact]
    public void Indication_OfAMarketWithAPremiumOfItsOwn_IsMeasuredAgainstThat()
    {
        // One market is always five per mille above the other: when it is alone with a third one, nothing has moved.
        _it.Multiplier(1, FridayClose - 3_600);
        for (var at = FridayClose - 3_600; at < FridayClose; at += 10) _it.Quote(10_000, at).Trade(0, 10_050, at).Trade(1, 10_000, at).Trade(2, 10_000, at).Tick(at);
        for (var at = FridayClose + 600; at < FridayClose + 7_200; at += 60) _it.Trade(0, 10_050, at).Trade(1, 10_000, at).Tick(at);
        Assert.Equal(FeedState.Degraded, _it.Indication.State);
        Assert.InRange(_it.Indication.Price.E8, Cents(9_999.9).E8, Cents(10_000.1).E8);
    }

    [Fact]
    public void Indication_OfAPausedShare_IsPaused()
    {
        Friday();
        Stand(_it, 10_200, FridayClose + 60, FridayClose + 600);
        _it.Market.Apply(MarketInput.Of(At(FridayClose + 600), new OperatorCommand(OperatorAction.Pause, MarketHarness.Id(0), default, null, "alice", "a test")));
        Stand(_it, 9_000, FridayClose + 660, FridayClose + 1_200);
        Assert.Equal((FeedState.Paused, DecisionReason.BasisHeld), (_it.Indication.State, _it.Indication.Reason));
        Assert.InRange(_it.Indication.Price.E8, Cents(9_999.9).E8, Cents(10_000.1).E8);
    }

    [Fact]
    public void Indication_WhenTheMarketOpens_WaitsForTheOfficialPriceAndIsItThen()
    {
        Friday();
        var monday = (7 * 86_400) - (5.5 * 3_600);
        Stand(_it, 9_996, monday - 7_200, monday - 60);
        var last = _it.Indication.Price;
        _it.Multiplier(1, monday);
        _it.Tick(monday + 1);
        Assert.Equal((MarketSession.PreMarket, false), (_it.Share.Session, _it.Share.IsFresh));
        Assert.Equal((last, _it.Share.State), (_it.Indication.Price, _it.Indication.State));
        for (var at = monday + 2; at < monday + 60; at++) _it.Quote(9_700, at).Tick(at);
        Assert.Equal((_it.Share.Price, DecisionReason.OfficialPrice, _it.Share.State), (_it.Indication.Price, _it.Indication.Reason, _it.Indication.State));
        Assert.Equal(Cents(9_700), _it.Indication.Price);
    }

    [Fact]
    public void Indication_RestoredInTheMiddleOfAWeekend_GoesOnFromThere()
    {
        Friday();
        Stand(_it, 10_200 * 0.98, FridayClose + 60, Saturday);
        var before = _it.Indication.Price;

        var again = new DerivedHarness();
        foreach (var feed in new[] { ShareFeed, TokenFeed, PremiumFeed, IndicationFeed })
        {
            var d = _it.Market.DecisionOf(feed)!;
            again.Market.Restore(feed, new RestoredFeed(d.Price, d.ConfidenceE8, d.Bid, d.Ask, d.Ema, d.ObservedAt, d.State, d.HaltReason)
            {
                Multiplier = d.Multiplier,
                Underlying = d.Underlying,
                ActivationAt = d.ActivationAt,
            });
        }

        again.Tick(Saturday + 1);
        Assert.Equal((before, FeedState.Closed, Cents(10_000)), (again.Indication.Price, again.Indication.State, again.Indication.Underlying));
        again.Multiplier(1, Saturday + 60);
        Stand(again, 10_200 * 0.98, Saturday + 60, Saturday + 120);
        Assert.Equal(FeedState.Degraded, again.Indication.State);
        Assert.InRange(again.Indication.Price.E8 - before.E8, -Cents(1).E8, Cents(1).E8);
        Assert.True(again.Indication.ObservedAt > _it.Indication.ObservedAt);
    }

    [Fact]
    public void Settings_OutOfRange_AreNamed()
    {
        var problems = new IndicationSettings { MinMarkets = 1, WeightBps = 0, MaxFallBps = 5_001, MaxRiseBps = -1, DriftWindow = Duration.Zero }.Check();
        Assert.Equal(5, problems.Count);
        Assert.Throws<ArgumentException>(() => new DerivedHarness(indication: new IndicationSettings { MinMarkets = 1 }));
    }
}
