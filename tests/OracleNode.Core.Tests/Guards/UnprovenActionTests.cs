using OracleNode.Market;
using static OracleNode.Guards.SplitHarness;

namespace OracleNode.Guards;

/// <summary>
/// A split that nobody, or only one kind of witness, tells of: whatever opens the market at the new price, it is not published, and no token is made from it.
/// </summary>
public class UnprovenActionTests
{
    private const int ListingMarket = 2;

    private readonly MarketHarness _market = new(listingMarket: ListingMarket);
    private readonly SplitHarness _nvda;

    public UnprovenActionTests() => _nvda = new SplitHarness(_market);

    [Theory]
    [InlineData(EvidenceClass.None)]
    [InlineData(EvidenceClass.Vendor)]
    public void TenForOne_WithTheOpeningCrossAlone_IsHeldUntilTheEnd(EvidenceClass told)
    {
        if (told != EvidenceClass.None) _nvda.Say(Notice(told));
        _nvda.Reading("2024-06-10 09:29", Multiplier.One).Stand("2024-06-10 09:29", After, 20);
        AssertHeld(told);
        for (var source = 0; source < 3; source++) Cross(source, "2024-06-10 09:30", After);
        _nvda.Stand("2024-06-10 09:30", After, 300);
        AssertHeld(told);
    }

    [Fact]
    public void TenForOne_WithTheIssuersWordAlone_IsHeldUntilTheEnd()
    {
        _nvda.Reading("2024-06-10 04:00", Ten).Stand("2024-06-10 04:00", After, 60);
        Cross(ListingMarket, "2024-06-10 09:30", After);
        _nvda.Reading("2024-06-10 09:29", Ten).Stand("2024-06-10 09:30", After, 60);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence, FoldHarness.Cents(Before)), (_nvda.Share.State, _nvda.Share.Reason, _nvda.Share.Price));
        Assert.Equal((FeedState.Paused, FoldHarness.Cents(Before)), (_nvda.Token.State, _nvda.Token.Price));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    [InlineData(21, 20)]
    [InlineData(1, 2)]
    public void SmallSplit_BeforeTheOpening_WithOneVendorsWord_IsHeldAndSaysWhy(int now, int old)
    {
        _nvda.Say(Notice(EvidenceClass.Vendor, now, old)).Reading("2024-06-10 04:00", Multiplier.One).Stand("2024-06-10 04:01", Before * old / now * 0.99, 120);
        AssertHeld(EvidenceClass.Vendor);
    }

    [Fact]
    public void SmallSplit_WhoseSecondWitnessComesLater_IsPublished()
    {
        _nvda.Say(Notice(EvidenceClass.Vendor, 3, 2)).Stand("2024-06-10 04:01", Before * 2 / 3, 60);
        _nvda.Say(Notice(EvidenceClass.Operator, 3, 2), "2024-06-10 04:03").Stand("2024-06-10 04:03", Before * 2 / 3, 20);
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), (_nvda.Share.State, _nvda.Market.DecisionOf(0)!.LastAction.OpensAt is null ? DecisionReason.None : DecisionReason.ActionAccepted));
    }

    [Theory]
    [InlineData(0.80)] // not what a 2:1 makes
    [InlineData(0.97)]
    public void OtherMove_WhileOneVendorTellsOfASplit_IsPublished(double move)
    {
        _nvda.Say(Notice(EvidenceClass.Vendor, 2)).Stand("2024-06-10 04:01", Before * move, 60);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(Before * move)), (_nvda.Share.State, _nvda.Share.Price));
    }

    [Fact]
    public void Dividend_ThatOneVendorTellsOf_HoldsNothing()
    {
        _nvda.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 6_000)).Stand("2024-06-10 04:01", Before - 6_600, 60);
        Assert.Equal(FeedState.Live, _nvda.Share.State);
    }

    /// <summary>150 dollars for 1.50, and a token's step of another dividend: neither makes the other true.</summary>
    [Fact]
    public void Dividend_OfTheWrongSize_IsNotProvenByAnotherStep()
    {
        _nvda.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 15_000)).Reading("2024-06-07 16:30", new Multiplier(Multiplier.One.E18 / 1_000 * 1_011));
        Assert.All(_nvda.Market.Actions.Of(new InstrumentId(0)), action => Assert.False(action.IsProven));
        _nvda.Reading("2024-06-10 09:30", new Multiplier(Multiplier.One.E18 / 1_000 * 1_011)).Stand("2024-06-10 09:31", Before, 60);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(Before)), (_nvda.Share.State, _nvda.Share.Price));
    }

    /// <summary>The operator is the second witness: the token waits for its multiplier, as after any split.</summary>
    [Fact]
    public void Split_ThatOneVendorTellsOfAndAnOperatorConfirms_IsTakenOver()
    {
        _nvda.Say(Notice(EvidenceClass.Vendor)).Reading("2024-06-10 09:29", Multiplier.One).Stand("2024-06-10 09:29", After, 10);
        _nvda.Confirm("2024-06-10 09:30", After).Stand("2024-06-10 09:30", After, 20);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(After)), (_nvda.Share.State, _nvda.Share.Price));
        Assert.Equal((FeedState.Paused, DecisionReason.ActionAwaitsMultiplier, FoldHarness.Cents(Before)), (_nvda.Token.State, _nvda.Token.Reason, _nvda.Token.Price));
        _nvda.Reading("2024-06-10 09:32", Ten).Stand("2024-06-10 09:32", After, 5);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(After * 10)), (_nvda.Token.State, _nvda.Token.Price));

        // It stays what it was: the same word suspects nothing any more.
        _nvda.Stand("2024-06-10 09:33", After * 1.02, 5);
        Assert.Equal(FeedState.Live, _nvda.Share.State);
    }

    /// <summary>Who followed the fall before the opening has its reference on the same trade date, between whose prices no split lies.</summary>
    [Fact]
    public void Crash_OfTheSameTradeDate_NeedsTheListingMarketsPrintAlone()
    {
        _nvda.Stand("2024-06-10 09:29", Before * 0.9, 30);
        Cross(ListingMarket, "2024-06-10 09:30", Before * 0.45);
        _nvda.Stand("2024-06-10 09:30", Before * 0.45, 40);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(Before * 0.45)), (_nvda.Share.State, _nvda.Share.Price));
    }

    [Theory]
    [InlineData(0.45, true)] // between 2:1 and 5:2
    [InlineData(0.58, true)] // between 3:2 and 2:1
    [InlineData(0.5, false)]
    [InlineData(0.66, false)]
    [InlineData(0.1, false)]
    public void Crash_OverNight_NeedsAnOperatorWhereItMayBeASplit(double move, bool isPublished)
    {
        Cross(ListingMarket, "2024-06-10 09:30", Before * move);
        _nvda.Stand("2024-06-10 09:30", Before * move, 60);
        Assert.Equal(isPublished ? FeedState.Live : FeedState.Held, _nvda.Share.State);
        _nvda.Confirm("2024-06-10 09:32", Before * move).Stand("2024-06-10 09:32", Before * move, 20);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(Before * move)), (_nvda.Share.State, _nvda.Share.Price));
    }

    [Theory]
    [InlineData(new[] { ListingMarket }, true)]
    [InlineData(new[] { 0, 1 }, true)]
    [InlineData(new[] { 0 }, false)]
    public void OpeningPrint_OfTheListingMarketOrOfTwo_IsEvidence(int[] sources, bool isEvidence)
    {
        foreach (var source in sources) Cross(source, "2024-06-10 09:30", Before * 0.45);
        _nvda.Stand("2024-06-10 09:30", Before * 0.45, 60);
        Assert.Equal(isEvidence ? FeedState.Live : FeedState.Held, _nvda.Share.State);
    }

    private void Cross(int source, string at, double cents) => _market.Apply(MarketHarness.Say(ObservationKind.Trade, 0, source, At(at)) with
    {
        Last = FoldHarness.Cents(cents),
        LastSize = 100_000,
        Conditions = ConditionFlags.OpeningPrint,
    });

    private void AssertHeld(EvidenceClass told)
    {
        var flags = told == EvidenceClass.None ? HoldReasons.Jump : HoldReasons.Jump | HoldReasons.CorporateAction;
        Assert.Equal(
            (FeedState.Held, DecisionReason.JumpNeedsEvidence, flags, FoldHarness.Cents(Before)),
            (_nvda.Share.State, _nvda.Share.Reason, _nvda.Share.HoldReasons & flags, _nvda.Share.Price));
        Assert.Equal((FeedState.Held, FoldHarness.Cents(Before)), (_nvda.Token.State, _nvda.Token.Price));
    }
}
