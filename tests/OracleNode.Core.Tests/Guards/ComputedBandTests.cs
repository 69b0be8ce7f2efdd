using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The price band that the node computes: what may set its reference, what holds, and that it never holds for ever.</summary>
public class ComputedBandTests
{
    private const int Sources = 4;
    private const double Open = 40_000;

    /// <summary>A limit state of 15 s and a pause of five minutes.</summary>
    private const int Longest = 315;

    private MarketFold _market = Create();
    private double _at = 100;

    [Fact]
    public void OpeningPrint_OfOneVendorFarFromAll_IsNoReference()
    {
        Second(Open);
        Print(0, 2 * Open);
        Second(Open);
        Assert.Equal(default, Band);

        Opened();
        Print(0, 2 * Open, id: 77);
        for (var i = 0; i < 600; i++) Assert.Equal(FeedState.Live, Second(Open).State);
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band);
    }

    [Fact]
    public void OpeningPrint_NearWhatAllAgreeOn_IsTheReference()
    {
        Second(Open);
        Print(0, Open + 100);
        Second(Open);
        Assert.Equal((FoldHarness.Cents(38_095), FoldHarness.Cents(42_105)), Band);
    }

    [Fact]
    public void OpeningPrint_OfTwoUpstreamsAlike_IsTheReferenceBeforeThereIsAPrice()
    {
        Print(0, Open);
        Print(1, Open);
        Tick();
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band);
    }

    [Fact]
    public void OpeningPrint_OfTheListingMarket_StandsAlone()
    {
        _market = Create(listingMarket: 2);
        Print(2, Open);
        Tick();
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band);
    }

    [Theory]
    [InlineData(ConditionFlags.TestData)]
    [InlineData(ConditionFlags.CarriedForward)]
    [InlineData(ConditionFlags.Suspicious)]
    [InlineData(ConditionFlags.UnknownCode)]
    [InlineData(ConditionFlags.OddLot)]
    public void OpeningPrint_ThatIsNoAuctions_IsNoReference(ConditionFlags conditions)
    {
        Second(Open);
        for (var s = 0; s < Sources; s++) Print(s, Open, conditions: ConditionFlags.OpeningPrint | conditions);
        Second(Open);
        Assert.Equal(default, Band);
    }

    [Theory]
    [InlineData(90)] // of the future
    [InlineData(-3_600)] // of hours ago
    public void OpeningPrint_OfAnotherTime_IsNoReference(double ahead)
    {
        Second(Open);
        for (var s = 0; s < Sources; s++) Print(s, Open, ahead: ahead);
        Second(Open);
        Assert.Equal(default, Band);
    }

    [Fact]
    public void OpeningPrint_OfASourceThatIsNotBelieved_IsNoReference()
    {
        for (var s = 0; s < Sources; s++) _market.Suspend(new SourceId(s), InputReason.EqualAcrossSymbols, FoldHarness.At(1_000));
        for (var s = 0; s < Sources; s++) Print(s, Open);
        Tick();
        Assert.Equal(default, Band);
    }

    [Fact]
    public void OpeningPrint_Cancelled_IsTheReferenceNoMore()
    {
        for (var s = 0; s < 2; s++) Print(s, 2 * Open, ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible, id: 77);
        Tick();
        Assert.Equal(FoldHarness.Cents(76_000), Band.Low);
        Assert.Equal(DecisionReason.OutsideBand, Second(Open).Reason);
        for (var s = 0; s < 2; s++) Cancel(s, 2 * Open, id: 77);
        Second(Open);
        Assert.Equal(FeedState.Live, Second(Open).State);
        Assert.Equal(default, Band);
    }

    [Fact]
    public void OfficialOpen_SaidAgainAfterTheShareMoved_IsNoNewAuction()
    {
        Opened();
        for (var i = 0; i <= 3_000; i++) Assert.Equal(FeedState.Live, Second(Open + int.Min(i, 2_400)).State); // 6 % in forty minutes
        for (var s = 0; s < Sources; s++) Print(s, Open, conditions: ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible);
        for (var i = 0; i < 600; i++) Assert.Equal(FeedState.Live, Second(Open + 2_400).State);
    }

    [Fact]
    public void Vendors_AwayWhileTheMarketMoved_AreNotHeldByWhatWasBefore()
    {
        Opened();
        _at += 600;
        Second(Open * 1.06);
        var held = 0;
        while (Second(Open * 1.06).State == FeedState.Held) Assert.True(++held <= Longest, $"still held after {held} s");
        for (var i = 0; i < 3_600; i++) Assert.Equal(FeedState.Live, Second(Open * 1.06).State);
        Assert.Equal((FoldHarness.Cents(40_280), FoldHarness.Cents(44_520)), Band);
    }

    [Fact]
    public void AgreedPrice_OutsideForALimitStateAndAPauseWithoutAHalt_ShowsThatTheBandIsWrong()
    {
        Opened();
        var held = 0;
        FeedDecision decision;
        while ((decision = Second(Open * 1.06)).State == FeedState.Held)
        {
            Assert.Equal(DecisionReason.OutsideBand, decision.Reason);
            Assert.True(++held <= Longest, $"still held after {held} s");
        }

        Assert.Equal((FeedState.Live, DecisionReason.BandLapsed, Longest - 1), (decision.State, decision.Reason, held));
        Assert.Equal(DecisionReason.Accepted, Second(Open * 1.06).Reason);
        Assert.Equal(default, Band);
        for (var i = 0; i < 299; i++) Assert.Equal(FeedState.Live, Second(Open * 1.06).State);
        Assert.Equal((FoldHarness.Cents(40_280), FoldHarness.Cents(44_520)), Band);
        Assert.Equal(DecisionReason.OutsideBand, Second(Open).Reason);
    }

    [Fact]
    public void AgreedPrice_OutsideAndBack_LeavesTheBandStanding()
    {
        Opened();
        for (var i = 0; i < 300; i++) Assert.Equal(FeedState.Held, Second(Open * 1.06).State);
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Of(Second(Open)));
        Assert.Equal(DecisionReason.OutsideBand, Second(Open * 1.06).Reason);
    }

    [Fact]
    public void OutsideTheBand_AHaltIsSaid_TheBandStartsAnewWithTheReopening()
    {
        Opened();
        for (var i = 0; i < 10; i++) Second(Open * 1.06);
        Status(0, HaltReason.VolatilityPause);
        Status(1, HaltReason.VolatilityPause);
        for (var i = 0; i < 600; i++) Assert.Equal(DecisionReason.Halted, Second(Open * 1.06).Reason);
        Status(0, HaltReason.None);
        Status(1, HaltReason.None);
        _at += 0.1;
        Print(0, Open * 1.08, ConditionFlags.ReopeningPrint);
        Print(1, Open * 1.08, ConditionFlags.ReopeningPrint);
        Second(Open * 1.08);
        Assert.Equal((FoldHarness.Cents(41_040), FoldHarness.Cents(45_360)), Band);
        for (var i = 0; i < 60; i++) Second(Open * 1.08);
        Assert.Equal(FeedState.Live, Second(Open * 1.08).State);
    }

    [Fact]
    public void ReopeningPrint_WithoutAHalt_IsNoAuction()
    {
        Opened();
        for (var s = 0; s < 2; s++) Print(s, Open * 1.2, ConditionFlags.ReopeningPrint);
        for (var i = 0; i < 60; i++) Assert.Equal(FeedState.Live, Second(Open).State);
    }

    [Fact]
    public void OneVendorBeyondTheBand_HoweverLong_NeverGetsOut()
    {
        Opened();
        for (var i = 0; i < 900; i++)
        {
            _at++;
            Quote(0, Open * 1.2);
            for (var s = 1; s < Sources; s++) Quote(s, Open);
            Tick();
            Assert.Equal((true, FoldHarness.Cents(Open)), (_market.DecisionOf(0)!.IsFresh, _market.DecisionOf(0)!.Price));
        }
    }

    [Fact]
    public void FiveMinutesOfAgreement_WithoutAnAuction_AreTheReference()
    {
        for (var i = 0; i < 300; i++)
        {
            Second(Open);
            Assert.Equal(default, Band);
        }

        Second(Open);
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band);
    }

    [Fact]
    public void TiersShare_GoesByTheOfficialCloseOfTheDayBefore()
    {
        // 295 at the close, 310 at the open: 20 %, as for a share of at most three dollars.
        _at = -60;
        Second(295);
        Print(0, 295, ConditionFlags.ClosingPrint);
        Second(295);
        _at = 1;
        for (var i = 0; i < 10; i++) Second(310);
        for (var s = 0; s < Sources; s++) Print(s, 310);
        Second(310);
        Assert.Equal((FoldHarness.Cents(248), FoldHarness.Cents(372)), Band);
    }

    [Fact]
    public void Leverage_OfTheProduct_WidensTheBand()
    {
        _market = Create(leveragePercent: 300);
        Opened();
        Assert.Equal((FoldHarness.Cents(34_000), FoldHarness.Cents(46_000)), Band);
    }

    private static MarketFold Create(int? listingMarket = null, int leveragePercent = 100)
    {
        Source[] all = [.. Enumerable.Range(0, Sources).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}") { IsListingMarket = i == listingMarket })];
        return new MarketFold([new ShareFeedRules(MarketHarness.Share(0), PricingSettings.Stock, all) { Luld = LuldTier.Tier1, LuldLeveragePercent = leveragePercent }], CalendarFixture.UsEquities);
    }

    private (Price Low, Price High) Band => (_market.ComputedBandOf(0).Low, _market.ComputedBandOf(0).High);

    private static (FeedState, DecisionReason) Of(FeedDecision decision) => (decision.State, decision.Reason);

    /// <summary>Every upstream says the auction's print, and quotes around it for a minute.</summary>
    private void Opened()
    {
        Second(Open);
        for (var s = 0; s < Sources; s++) Print(s, Open);
        for (var i = 0; i < 60; i++) Second(Open);
        Assert.Equal(FeedState.Live, Second(Open).State);
    }

    private FeedDecision Second(double mid)
    {
        _at++;
        for (var s = 0; s < Sources; s++) Quote(s, mid);
        return Tick();
    }

    private FeedDecision Tick()
    {
        _market.Tick(FoldHarness.At(_at), everything: true);
        return _market.DecisionOf(0)!;
    }

    private void Quote(int source, double mid) =>
        Say(source, ObservationKind.Quote, o => o with { Bid = FoldHarness.Cents(mid - 1), Ask = FoldHarness.Cents(mid + 1) });

    private void Print(int source, double price, ConditionFlags conditions = ConditionFlags.OpeningPrint, ulong id = 0, double ahead = 0) => Say(source, ObservationKind.Trade, o => o with
    {
        EventTime = FoldHarness.At(_at + ahead),
        Last = FoldHarness.Cents(price),
        LastSize = 100,
        Conditions = conditions,
        TradeId = id,
    });

    private void Cancel(int source, double price, ulong id) => Say(source, ObservationKind.Cancel, o => o with { Last = FoldHarness.Cents(price), TradeId = id });

    private void Status(int source, HaltReason halt) => Say(source, ObservationKind.Status, o => o with { Halt = halt });

    private void Say(int source, ObservationKind kind, Func<Observation, Observation> what) =>
        _market.Apply(MarketInput.Of(what(MarketHarness.Say(kind, 0, source, _at))));
}
