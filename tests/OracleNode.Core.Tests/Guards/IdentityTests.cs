using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;
using static OracleNode.Guards.SplitHarness;

namespace OracleNode.Guards;

/// <summary>A ticker is an alias with dates; an instrument is there from its listing to its end.</summary>
public class IdentityTests
{
    private static readonly TickerAlias Old = new("FB", null, new LocalDate(2024, 6, 10));
    private static readonly TickerAlias New = new("META", new LocalDate(2024, 6, 11), null);

    private readonly Source[] _sources = [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))];

    private MarketFold Fold(params TickerAlias[] tickers) =>
        new([new ShareFeedRules(MarketHarness.Share(0), PricingSettings.Stock, _sources) { Tickers = tickers }], CalendarFixture.UsEquities);

    private static FeedDecision Tick(MarketFold fold, string at)
    {
        fold.Tick(CalendarFixture.NewYork(at), everything: true);
        return fold.DecisionOf(0)!;
    }

    private static void Quote(MarketFold fold, string at, double cents, byte alias, params int[] sources)
    {
        foreach (var source in sources.Length == 0 ? [0, 1, 2] : sources)
            fold.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Quote, 0, source, At(at)) with { Bid = Cents(cents - 1), Ask = Cents(cents + 1), Alias = alias }));
    }

    [Fact]
    public void Ticker_OutsideItsDates_IsOfSomethingElse()
    {
        var fold = Fold(New, Old);
        Quote(fold, "2024-06-10 10:00", 20_000, alias: 1);
        Assert.Equal((FeedState.Live, Cents(20_000)), (Tick(fold, "2024-06-10 10:00").State, fold.DecisionOf(0)!.Price));

        // A fund under the same letters, from all of them.
        Quote(fold, "2024-06-10 10:00:10", 1_250, alias: 0);
        Assert.Equal(InputReason.TickerNotValid, fold.OutcomeOf(0));
        Assert.Equal((FeedState.Live, Cents(20_000)), (Tick(fold, "2024-06-10 10:00:10").State, fold.DecisionOf(0)!.Price));

        // The other way after the change, which is at the trade date's beginning.
        Quote(fold, "2024-06-10 19:59:59", 20_010, alias: 1);
        Assert.Equal(InputReason.Used, fold.OutcomeOf(0));
        Quote(fold, "2024-06-10 20:00", 20_010, alias: 1);
        Assert.Equal(InputReason.TickerNotValid, fold.OutcomeOf(0));
        Quote(fold, "2024-06-11 10:00", 20_020, alias: 0);
        Assert.Equal((FeedState.Live, Cents(20_020)), (Tick(fold, "2024-06-11 10:00").State, fold.DecisionOf(0)!.Price));
        Quote(fold, "2024-06-11 10:00:10", 20_020, alias: 7);
        Assert.Equal(InputReason.TickerNotValid, fold.OutcomeOf(0));
    }

    private static void Halt(MarketFold fold, string at, HaltReason reason, byte alias, params int[] sources)
    {
        foreach (var source in sources) fold.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Status, 0, source, At(at)) with { Halt = reason, Alias = alias }));
    }

    [Fact]
    public void Halt_UnderATickerOutsideItsDates_IsOfSomethingElse()
    {
        var fold = Fold(New, Old);
        Quote(fold, "2024-06-11 10:00", 20_000, alias: 0);
        Halt(fold, "2024-06-11 10:00", HaltReason.News, alias: 1, 0, 1, 2);
        Assert.Equal(InputReason.TickerNotValid, fold.OutcomeOf(0));
        Assert.Equal((FeedState.Live, HaltReason.None), (Tick(fold, "2024-06-11 10:00:01").State, fold.DecisionOf(0)!.HaltReason));

        Halt(fold, "2024-06-11 10:00:02", HaltReason.News, alias: 0, 0, 1);
        Assert.Equal((FeedState.Held, HaltReason.News), (Tick(fold, "2024-06-11 10:00:02").State, fold.DecisionOf(0)!.HaltReason));

        // Nor does the other's resumption resume it.
        Halt(fold, "2024-06-11 10:00:03", HaltReason.None, alias: 1, 0, 1, 2);
        Assert.Equal(HaltReason.News, Tick(fold, "2024-06-11 10:00:03").HaltReason);
    }

    [Fact]
    public void Breaker_UnderAnyTicker_IsOfEveryInstrument()
    {
        // The first ticker of the configuration is not valid any more.
        var fold = Fold(Old, New);
        Quote(fold, "2024-06-11 10:00", 20_000, alias: 1);
        Assert.Equal(FeedState.Live, Tick(fold, "2024-06-11 10:00").State);
        foreach (var source in new[] { 0, 1 })
            fold.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Status, 0, source, At("2024-06-11 10:00:01")) with { Instrument = InstrumentId.Every, Halt = HaltReason.MarketWide1 }));
        Assert.Equal((FeedState.Held, HaltReason.MarketWide1), (Tick(fold, "2024-06-11 10:00:01").State, fold.DecisionOf(0)!.HaltReason));
    }

    [Fact]
    public void Band_UnderATickerOutsideItsDates_IsOfSomethingElse()
    {
        var fold = Fold(New, Old);
        Quote(fold, "2024-06-11 10:00", 20_000, alias: 0);
        Tick(fold, "2024-06-11 10:00");
        foreach (var alias in new byte[] { 1, 0 })
        {
            foreach (var source in new[] { 0, 1 })
                fold.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Band, 0, source, At("2024-06-11 10:00:01")) with { Bid = Cents(1_000), Ask = Cents(1_200), Alias = alias }));
            Tick(fold, "2024-06-11 10:00:02");
            Assert.Equal(InputReason.TickerNotValid, fold.OutcomeOf(0));
            Assert.Equal(alias == 1 ? (default, default) : (Cents(1_000), Cents(1_200)), fold.BandOf(new InstrumentId(0)));
        }
    }

    [Fact]
    public void Instrument_ThatNoTickerNames_IsHeld()
    {
        var fold = Fold(Old);
        Quote(fold, "2024-06-10 19:30", 20_000, alias: 0);
        Assert.Equal(FeedState.Live, Tick(fold, "2024-06-10 19:30").State);
        Quote(fold, "2024-06-11 10:00", 20_000, alias: 0);
        var held = Tick(fold, "2024-06-11 10:00");
        Assert.Equal((FeedState.Held, HoldReasons.Identity, DecisionReason.TickerInvalid, Cents(20_000)), (held.State, held.HoldReasons, held.Reason, held.Price));
    }

    [Fact]
    public void FirstPrice_OfAListing_NeedsTheAuction()
    {
        var fold = Fold(New);
        Quote(fold, "2024-06-10 15:00", 2_500, alias: 0);
        Assert.Equal((DecisionReason.TickerInvalid, false), (Tick(fold, "2024-06-10 15:00").Reason, fold.DecisionOf(0)!.HasPrice));
        Quote(fold, "2024-06-11 09:31", 13_500, alias: 0);
        Assert.Equal((FeedState.Held, HoldReasons.Identity, DecisionReason.AwaitingListing), (Tick(fold, "2024-06-11 09:31").State, fold.DecisionOf(0)!.HoldReasons, fold.DecisionOf(0)!.Reason));

        // The cross comes late, at another price; alone it is none.
        for (var source = 0; source < 2; source++)
            fold.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Trade, 0, source, At("2024-06-11 11:40")) with { Last = Cents(15_000), LastSize = 100, Conditions = ConditionFlags.OpeningPrint }));
        Quote(fold, "2024-06-11 11:40", 13_500, alias: 0, 1, 2);
        Assert.False(Tick(fold, "2024-06-11 11:40").HasPrice);
        Quote(fold, "2024-06-11 11:40:05", 15_010, alias: 0);
        Assert.Equal((FeedState.Live, Cents(15_010)), (Tick(fold, "2024-06-11 11:40:05").State, fold.DecisionOf(0)!.Price));
        Quote(fold, "2024-06-11 11:40:10", 15_020, alias: 0);
        Assert.Equal((FeedState.Live, Cents(15_020)), (Tick(fold, "2024-06-11 11:40:10").State, fold.DecisionOf(0)!.Price));
    }

    [Fact]
    public void FirstPrice_OfWhatWasListedLongAgo_NeedsNone()
    {
        var fold = Fold(New);
        Quote(fold, "2024-06-20 10:00", 13_500, alias: 0);
        Assert.Equal(FeedState.Live, Tick(fold, "2024-06-20 10:00").State);
    }

    [Fact]
    public void Listing_ThatIsKnown_HasNoRoundsBefore()
    {
        var fold = Fold();
        foreach (var by in new[] { EvidenceClass.Vendor, EvidenceClass.Operator })
            fold.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-05 10:00"), Notice(by, 0, 0, kind: CorporateActionKind.Listing)));
        Quote(fold, "2024-06-07 10:00", 13_500, alias: 0);
        Assert.Equal((DecisionReason.AwaitingListing, false), (Tick(fold, "2024-06-07 10:00").Reason, fold.DecisionOf(0)!.HasPrice));
    }

    [Fact]
    public void Delisting_HoldsFromItsDate_AndOneVendorAloneDoesNot()
    {
        var fold = Fold();
        Quote(fold, "2024-06-07 15:00", 13_500, alias: 0);
        Tick(fold, "2024-06-07 15:00");
        fold.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-07 15:01"), Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.Delisting)));
        Quote(fold, "2024-06-10 10:00", 13_500, alias: 0);
        Assert.Equal(FeedState.Live, Tick(fold, "2024-06-10 10:00").State);
        fold.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 10:01"), Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.Delisting)));
        Quote(fold, "2024-06-10 10:01", 13_500, alias: 0);
        var held = Tick(fold, "2024-06-10 10:01");
        Assert.Equal((FeedState.Held, HoldReasons.Identity, DecisionReason.Delisted), (held.State, held.HoldReasons, held.Reason));
        fold.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 10:02"), new OperatorCommand(OperatorAction.Retire, MarketHarness.Id(0), default, null, "alice", "delisted")));
        Assert.Equal(FeedState.Retired, Tick(fold, "2024-06-10 10:02").State);
    }
}
