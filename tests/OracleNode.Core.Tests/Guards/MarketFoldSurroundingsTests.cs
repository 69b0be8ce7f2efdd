using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Sessions that vendors dispute, clocks, operators, market-wide halts: what stands around the feeds of a fold.</summary>
public class MarketFoldSurroundingsTests
{
    private const int First = 0;
    private const int Second = 1;
    private const int Token = 2;
    private const int ListingSource = 3;

    private readonly MarketFold _market = Create();
    private double _at = 100;

    [Fact]
    public void OneUpstreamContradictsTheCalendar_LosesItsVoteAndNothingElse()
    {
        Live();
        Claim(0, SessionClaims.Closed);
        Tick();
        Assert.False(_market.IsSessionDisputed);
        Assert.True(_market.Contradicts(new UpstreamId(10)));
        Assert.False(_market.Contradicts(new UpstreamId(11)));
        Assert.Equal((FeedState.Degraded, GuardSignal.Good), (_market.DecisionOf(First)!.State, _market.InputsFor(First).Calendar));
        Assert.Equal(2, _market.DecisionOf(First)!.Upstreams);
    }

    [Fact]
    public void TwoUpstreamsContradictTheCalendar_SessionIsUnknownAndEveryFeedHolds()
    {
        Live();
        Claim(0, SessionClaims.Closed);
        Claim(1, SessionClaims.NotRegular);
        Tick();
        Assert.True(_market.IsSessionDisputed);
        Assert.Equal(MarketSession.Unknown, _market.Session.Session);
        foreach (var feed in new[] { First, Second })
            Assert.Equal((FeedState.Held, HoldReasons.CalendarConflict), (_market.DecisionOf(feed)!.State, _market.DecisionOf(feed)!.HoldReasons));
        Assert.Equal(GuardSignal.Bad, _market.InputsFor(First).Calendar);

        Claim(0, SessionClaims.Regular);
        Live();
        Assert.Equal((false, FeedState.Degraded), (_market.IsSessionDisputed, _market.DecisionOf(First)!.State)); // one still contradicts
    }

    [Fact]
    public void ListingMarketsSource_ContradictsTheCalendar_AloneMakesTheSessionUnknown()
    {
        Live();
        Claim(ListingSource, SessionClaims.Closed);
        Tick();
        Assert.True(_market.IsSessionDisputed);
        Assert.Equal((FeedState.Held, HoldReasons.CalendarConflict), (_market.DecisionOf(First)!.State, _market.DecisionOf(First)!.HoldReasons));
    }

    [Fact]
    public void ClaimOfAnotherTime_Applied_IsRefused() =>
        Assert.Equal(InputOutcome.Malformed, _market.Apply(MarketInput.Of(Of(0, ObservationKind.Session) with { Claims = SessionClaims.Closed, EventTime = FoldHarness.At(-600) })));

    [Theory]
    [InlineData(300, ClockState.Good, FeedState.Live)]
    [InlineData(800, ClockState.Off, FeedState.Live)]
    [InlineData(-3_000, ClockState.Wrong, FeedState.Held)]
    public void TimeServers_SayTheClock_IsJudged(int offsetMillis, ClockState expected, FeedState state)
    {
        Live();
        Ntp(offsetMillis);
        Live();
        Assert.Equal(expected, _market.Clock.State);
        Assert.Equal(state, _market.DecisionOf(First)!.State);
        Assert.Equal(expected == ClockState.Wrong, (_market.DecisionOf(First)!.HoldReasons & HoldReasons.Clock) != 0);
        Assert.Equal(expected == ClockState.Wrong ? FeedState.Held : FeedState.Live, _market.DecisionOf(Token)!.State);
    }

    [Fact]
    public void WrongClock_PulledBackHalfway_StaysWrongUntilItIsGood()
    {
        Live();
        Ntp(3_000);
        Tick();
        Assert.True(_market.IsClockWrong);
        Ntp(900);
        Tick();
        Assert.Equal((ClockState.Off, true), (_market.Clock.State, _market.IsClockWrong));
        Ntp(100);
        Live();
        Assert.Equal((ClockState.Good, false, FeedState.Live), (_market.Clock.State, _market.IsClockWrong, _market.DecisionOf(First)!.State));
    }

    [Fact]
    public void TimeServersUncertainty_SpeaksForTheNode()
    {
        Ntp(900, uncertaintyMillis: 450);
        Tick();
        Assert.Equal(ClockState.Good, _market.Clock.State);
    }

    [Fact]
    public void TwoChainsBlocksAhead_ShowThatTheNodeIsBehind()
    {
        foreach (var chain in new[] { "arbitrum", "base" })
            _market.Apply(MarketInput.Of(FoldHarness.At(_at), new ClockMeasurement(ClockReference.Chain, chain, Duration.FromSeconds(-5), Duration.FromSeconds(2))));
        Tick();
        Assert.Equal((ClockState.Wrong, ClockReference.Chain), (_market.Clock.State, _market.Clock.Reference));
    }

    [Fact]
    public void SlowVendorsAtNight_WithFewMessages_MakeNoHealthyNodeUnready()
    {
        for (var i = 0; i < 10; i++)
        {
            _at += 5;
            for (var source = 0; source < 3; source++)
                _market.Apply(MarketInput.Of(Quote(First, source, 40_000) with { EventTime = FoldHarness.At(_at - 3) }));
            Tick();
            Assert.Equal(ClockState.Unknown, _market.Clock.State);
        }
    }

    [Fact]
    public void OneVendorsStampsFromTheFuture_SayNothingOfTheNodesClock()
    {
        for (var i = 0; i < 40; i++)
        {
            _at += 0.2;
            _market.Apply(MarketInput.Of(Quote(First, 0, 40_000) with { EventTime = FoldHarness.At(_at + 90) }));
            _market.Apply(MarketInput.Of(Quote(First, 1, 40_000)));
            _market.Apply(MarketInput.Of(Quote(First, 2, 40_000)));
            Tick();
        }

        Assert.False(_market.IsClockWrong);
    }

    [Fact]
    public void OperatorPausesOneFeed_PausesItAlone_UntilTheTimeGiven()
    {
        Live();
        Command(OperatorAction.Pause, First, until: _at + 5);
        Live();
        Assert.Equal((FeedState.Paused, HoldReasons.Operator), (_market.DecisionOf(First)!.State, _market.DecisionOf(First)!.HoldReasons));
        Assert.Equal(FeedState.Live, _market.DecisionOf(Second)!.State);
        Assert.Equal(OperatorOrder.Pause, _market.InputsFor(First).Operator);

        _at += 10;
        Live();
        Assert.Equal((FeedState.Live, OperatorOrder.Resume), (_market.DecisionOf(First)!.State, _market.InputsFor(First).Operator));
    }

    [Fact]
    public void OperatorPausesEverything_AndResumesOne()
    {
        Live();
        Command(OperatorAction.Pause, null);
        Command(OperatorAction.Resume, Second);
        Live();
        Assert.Equal((FeedState.Paused, FeedState.Live), (_market.DecisionOf(First)!.State, _market.DecisionOf(Second)!.State));
        Assert.Equal(OperatorOrder.Pause, _market.InputsFor(Token).Operator);
    }

    [Fact]
    public void OperatorConfirms_ThePriceStandsForItsTimeOnly()
    {
        Command(OperatorAction.Confirm, First, until: 160, price: FoldHarness.Cents(4_000));
        Tick();
        Assert.Equal(FoldHarness.Cents(4_000), _market.InputsFor(First).ConfirmedPrice);
        _at = 160;
        Tick();
        Assert.True(_market.InputsFor(First).ConfirmedPrice.IsNone);
    }

    [Fact]
    public void OperatorRetires_NothingBringsItBack()
    {
        Command(OperatorAction.Retire, First);
        Command(OperatorAction.Resume, First);
        Tick();
        Assert.Equal(OperatorOrder.Retire, _market.InputsFor(First).Operator);
    }

    [Fact]
    public void MarketWideBreaker_SaidOfOneInstrumentByItsListingMarket_HaltsTheOthersByTwoWitnesses()
    {
        Live();
        Status(ListingSource, First, HaltReason.MarketWide1);
        Tick();
        Assert.Equal(HaltReason.MarketWide1, _market.DecisionOf(First)!.HaltReason);
        Assert.Equal(HaltReason.None, _market.DecisionOf(Second)!.HaltReason);

        Status(0, First, HaltReason.MarketWide1);
        Tick();
        Assert.Equal(HaltReason.MarketWide1, _market.DecisionOf(Second)!.HaltReason);
    }

    [Fact]
    public void MarketWideBreakerOfEveryInstrument_Ends_AndLeavesAnInstrumentsOwnHalt()
    {
        Live();
        foreach (var source in new[] { 0, 1 }) Status(source, Second, HaltReason.News);
        foreach (var source in new[] { 0, 1 }) Status(source, null, HaltReason.MarketWide2);
        Live();
        Assert.Equal((HaltReason.MarketWide2, HaltReason.MarketWide2), (_market.DecisionOf(First)!.HaltReason, _market.DecisionOf(Second)!.HaltReason));

        foreach (var source in new[] { 0, 1 }) Status(source, null, HaltReason.None);
        Live();
        Assert.Equal((HaltReason.None, HaltReason.News), (_market.DecisionOf(First)!.HaltReason, _market.DecisionOf(Second)!.HaltReason));
    }

    [Fact]
    public void VenueOutage_Said_HaltsNothing()
    {
        Live();
        foreach (var source in new[] { 0, 1, ListingSource }) Status(source, First, HaltReason.Venue);
        Live();
        Assert.Equal((FeedState.Live, HaltReason.None), (_market.DecisionOf(First)!.State, _market.DecisionOf(First)!.HaltReason));
    }

    [Fact]
    public void Band_OfTheListingMarket_WinsOverTheComputedOne_AndAHaltClearsBoth()
    {
        Live();
        Assert.Equal(default, Band(First));
        _market.Apply(MarketInput.Of(Quote(First, 0, 40_000) with { Kind = ObservationKind.Trade, Conditions = ConditionFlags.OpeningPrint }));
        Live();
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band(First));

        var band = Of(0, ObservationKind.Band) with { Bid = FoldHarness.Cents(37_000), Ask = FoldHarness.Cents(43_000) };
        _market.Apply(MarketInput.Of(band));
        Tick();
        Assert.Equal((FoldHarness.Cents(38_000), FoldHarness.Cents(42_000)), Band(First)); // one vendor's word is none

        _market.Apply(MarketInput.Of(Of(ListingSource, ObservationKind.Band) with { Bid = band.Bid, Ask = band.Ask }));
        Tick();
        Assert.Equal((FoldHarness.Cents(37_000), FoldHarness.Cents(43_000)), Band(First));
        Assert.Equal(default, Band(Second));

        Status(ListingSource, First, HaltReason.VolatilityPause);
        Tick();
        Tick();
        Assert.Equal(default, Band(First));
    }

    [Fact]
    public void CalendarTakesForce_TheSessionFollowsAtTheNextTick()
    {
        Live();
        _market.Apply(MarketInput.Of(FoldHarness.At(_at), new CalendarActivation(CalendarFixture.AlwaysOpen, default)));
        Tick();
        Assert.Equal(CalendarFixture.AlwaysOpen.Version, _market.Calendar.Version);
        Assert.Equal(CalendarFixture.AlwaysOpen.SessionAt(FoldHarness.At(_at)), _market.Session);
    }

    private static MarketFold Create() => new(
        [
            new ShareFeedRules(Share(First), PricingSettings.Stock, Sources(listing: true)) { Luld = LuldTier.Tier1 },
            new ShareFeedRules(Share(Second), PricingSettings.Stock, Sources(listing: false)),
            new TokenFeedRules(Share(First) with { Name = "token", Unit = FeedUnit.RawToken }, First, new TokenId(0), new TokenSettings()),
        ],
        CalendarFixture.UsEquities);

    private static Feed Share(int i) => new(i == 0 ? "first" : "second", new InstrumentId(i), $"figi:BBG00000000{i}@XNAS", "USD", FeedUnit.UnderlyingShare);

    private static List<Source> Sources(bool listing) =>
        [.. Enumerable.Range(0, 4).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(10 + i), $"upstream{i}") { IsListingMarket = listing && i == ListingSource })];

    private Observation Of(int source, ObservationKind kind) => new()
    {
        Kind = kind,
        Source = new SourceId(source),
        Upstream = new UpstreamId(10 + source),
        Instrument = new InstrumentId(First),
        EventTime = FoldHarness.At(_at),
        ReceiveTime = FoldHarness.At(_at),
    };

    private Observation Quote(int instrument, int source, int cents) => Of(source, ObservationKind.Quote) with
    {
        Instrument = new InstrumentId(instrument),
        Bid = FoldHarness.Cents(cents - 1),
        Ask = FoldHarness.Cents(cents + 1),
        Last = FoldHarness.Cents(cents),
    };

    /// <summary>A second later every source quotes both shares.</summary>
    private void Live()
    {
        _at++;
        _market.Apply(MarketInput.Of(FoldHarness.At(_at), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Multiplier.One, default, null, FoldHarness.At(_at)))));
        for (var source = 0; source < 3; source++)
            foreach (var instrument in new[] { First, Second })
                _market.Apply(MarketInput.Of(Quote(instrument, source, 40_000)));
        Tick();
    }

    private void Tick() => _market.Tick(FoldHarness.At(_at), everything: true);

    private void Claim(int source, SessionClaims claims) =>
        Assert.Equal(InputOutcome.Applied, _market.Apply(MarketInput.Of(Of(source, ObservationKind.Session) with { Instrument = InstrumentId.Every, Claims = claims })));

    private void Status(int source, int? instrument, HaltReason reason) => _market.Apply(MarketInput.Of(
        Of(source, ObservationKind.Status) with { Instrument = instrument is { } i ? new InstrumentId(i) : InstrumentId.Every, Halt = reason }));

    private void Ntp(int offsetMillis, int uncertaintyMillis = 0) => _market.Apply(MarketInput.Of(
        FoldHarness.At(_at), new ClockMeasurement(ClockReference.Ntp, "ntp", Duration.FromMilliseconds(offsetMillis), Duration.FromMilliseconds(uncertaintyMillis))));

    private (Price Low, Price High) Band(int feed) => (_market.InputsFor(feed).BandLow, _market.InputsFor(feed).BandHigh);

    private void Command(OperatorAction action, int? feed, double? until = null, Price price = default) => _market.Apply(MarketInput.Of(
        FoldHarness.At(_at),
        new OperatorCommand(action, feed is { } f ? FeedIdentity.Compute(Share(f)) : null, price, until is { } at ? FoldHarness.At(at) : null, "alice", "")));
}
