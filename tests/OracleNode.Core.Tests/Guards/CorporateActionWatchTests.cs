using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using static OracleNode.Guards.SplitHarness;

namespace OracleNode.Guards;

/// <summary>Witnesses and what they make together.</summary>
public class CorporateActionWatchTests
{
    private static readonly InstrumentId Share = new(0);
    private static readonly TradingCalendar Calendar = CalendarFixture.UsEquities;

    private readonly CorporateActionWatch _watch = new(new CorporateActionSettings(), 1, [new WatchedToken("solana", Share, 100), new WatchedToken("arbitrum", Share, 100)]);

    private IReadOnlyList<CorporateAction> Known => _watch.Of(Share);

    private void Read(int token, string at, Multiplier current, Multiplier next = default, string? activation = null)
    {
        Instant? due = activation is null ? null : CalendarFixture.NewYork(activation);
        _watch.Take(new TokenId(token), new MultiplierTerms(current, next, due, CalendarFixture.NewYork(at)), CalendarFixture.NewYork(at), Calendar);
    }

    private InputOutcome Take(CorporateActionNotice notice) => _watch.Take(notice, Calendar);

    [Fact]
    public void Notice_SaidTwice_IsOne()
    {
        Take(Notice(EvidenceClass.Vendor));
        Take(Notice(EvidenceClass.Vendor));
        Assert.Equal((1, false, EvidenceClasses.Vendor), (Known.Count, Known[0].IsProven, Known[0].Classes));
    }

    [Fact]
    public void Notice_SaidAnew_ReplacesWhatTheWitnessSaidBefore()
    {
        Take(Notice(EvidenceClass.Vendor, 4));
        Take(Notice(EvidenceClass.Vendor, 10, on: "2024-06-11"));
        Assert.Equal((new ShareRatio(10, 1), new LocalDate(2024, 6, 11)), (Assert.Single(Known).Ratio, Known[0].EffectiveOn));
        Take(Notice(EvidenceClass.Vendor, withdrawn: true));
        Assert.Empty(Known);
    }

    [Fact]
    public void Vendors_HoweverMany_AreOneKindOfWitness()
    {
        for (var i = 0; i < 5; i++) Take(Notice(EvidenceClass.Vendor, name: $"vendor{i}"));
        Assert.False(Assert.Single(Known).IsProven);
        Assert.False(Known[0].MayPause);
        Take(Notice(EvidenceClass.IssuerChain));
        Assert.True(Assert.Single(Known).IsProven);
    }

    [Fact]
    public void Step_Staged_IsTheIssuersWord_ForEveryTokenOnce()
    {
        Read(0, "2024-06-07 12:00", Multiplier.One);
        Read(0, "2024-06-07 12:01", Multiplier.One, Ten, "2024-06-09 20:00");
        Read(0, "2024-06-07 12:02", Multiplier.One, Ten, "2024-06-09 20:00");
        Read(1, "2024-06-07 12:02", Multiplier.One, Ten, "2024-06-10 09:30");
        var action = Assert.Single(Known);
        Assert.Equal((EvidenceClasses.IssuerChain, false, new ShareRatio(10, 1)), (action.Classes, action.IsProven, action.Ratio));
        Take(Notice(EvidenceClass.Vendor));
        Assert.Equal((true, CalendarFixture.NewYork("2024-06-09 20:00")), (Assert.Single(Known).IsProven, Known[0].OpensAt));

        // Activated: still its word. The same reading shows it as current from then on.
        Read(0, "2024-06-09 20:05", Ten);
        Read(1, "2024-06-10 09:31", Ten);
        Assert.True(Assert.Single(Known).IsProven);
    }

    /// <summary>A share of 100 that pays 2: a multiplier takes from 1.2 % (what is left after taxes, at a price a tenth higher) to 2.2 %.</summary>
    [Theory]
    [InlineData(1.019, true, "2024-06-17")]
    [InlineData(1.0140, true, "2024-06-10")] // 30 % withheld
    [InlineData(1.0121, true, "2024-06-05")]
    [InlineData(1.0119, false, "2024-06-10")]
    [InlineData(1.0220, true, "2024-06-10")]
    [InlineData(1.0221, false, "2024-06-10")]
    [InlineData(1.019, false, "2024-06-21")] // too late
    [InlineData(0.98, false, "2024-06-10")] // the other way
    [InlineData(10, false, "2024-06-10")]
    public void Step_OfADividend_IsOneOfItsSize(double multiplier, bool isOne, string on)
    {
        _watch.Note(Share, FoldHarness.Cents(10_000));
        var dividend = Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 200);
        Take(dividend);
        Read(0, "2024-06-03 12:00", Multiplier.One, new Multiplier((UInt128)(long)(multiplier * 10_000) * (Multiplier.One.E18 / 10_000)), $"{on} 09:30");
        AssertJoined(isOne);

        // In the other order.
        var other = new CorporateActionWatch(new CorporateActionSettings(), 1, [new WatchedToken("solana", Share, 100)]);
        other.Note(Share, FoldHarness.Cents(10_000));
        other.Take(new TokenId(0), new MultiplierTerms(Multiplier.One, new Multiplier((UInt128)(long)(multiplier * 10_000) * (Multiplier.One.E18 / 10_000)), CalendarFixture.NewYork($"{on} 09:30"), CalendarFixture.NewYork("2024-06-03 12:00")), CalendarFixture.NewYork("2024-06-03 12:00"), Calendar);
        other.Take(dividend, Calendar);
        Assert.Equal(Known, other.Of(Share));
    }

    [Fact]
    public void Step_OfADividend_WithoutAPriceOfTheShare_ProvesNothing()
    {
        Take(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 200));
        Read(0, "2024-06-10 12:00", Multiplier.One, new Multiplier(Multiplier.One.E18 / 100 * 102), "2024-06-10 12:30");
        AssertJoined(false);
    }

    [Fact]
    public void Step_ReadAgainAtAnotherPrice_ChangesNothing()
    {
        Read(0, "2024-06-07 12:01", Multiplier.One, Ten, "2024-06-09 20:00");
        var version = _watch.Version;
        _watch.Note(Share, FoldHarness.Cents(10_000));
        Read(0, "2024-06-07 12:02", Multiplier.One, Ten, "2024-06-09 20:00");
        Assert.Equal(version, _watch.Version);
    }

    [Fact]
    public void Others_WithoutAName_AreNotThereforeTheSame()
    {
        Take(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.Other));
        Take(Notice(EvidenceClass.IssuerChain, 0, 0, kind: CorporateActionKind.Other));
        AssertJoined(false);
    }

    [Fact]
    public void Merger_WhoseCashOneWitnessTells_IsOne()
    {
        Take(Notice(EvidenceClass.IssuerChain, 0, 0, kind: CorporateActionKind.Merger, on: "2024-06-09"));
        Take(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.Merger, cash: 13_000));
        var merger = Assert.Single(Known);
        Assert.Equal((true, FoldHarness.Cents(13_000)), (merger.IsProven, merger.Cash));
    }

    [Theory]
    [InlineData(13_000, 13_100, true)]
    [InlineData(13_000, 13_140, false)]
    [InlineData(150, 15_000, false)]
    public void Cash_OfTwoWitnesses_IsTheSameToOnePercent(double one, double other, bool isOne)
    {
        Take(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: one));
        Take(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: other));
        AssertJoined(isOne);
    }

    [Property(MaxTest = 300)]
    public void Agreement_IsTheSameWhicheverIsAsked(int seed)
    {
        var random = new Random(seed);
        var (one, other) = (Any(random), Any(random));
        Assert.Equal(one.Agrees(other), other.Agrees(one));
    }

    private static ActionWitness Any(Random random)
    {
        var kind = (CorporateActionKind)random.Next(10);
        var ratio = kind == CorporateActionKind.CashDividend ? new ShareRatio(1, 1) : random.Next(3) switch { 0 => default, 1 => new ShareRatio(10, 1), _ => ShareRatio.Of(1_000 + random.Next(300), 1_000) };
        var (cash, beside) = (random.Next(3) == 0 ? default : FoldHarness.Cents(random.Next(1, 4_000)), random.Next(4) == 0 ? default : FoldHarness.Cents(10_000));
        return new ActionWitness(EvidenceClass.Vendor, "x", "y", kind, ratio, cash, new LocalDate(2024, 6, 10).PlusDays(random.Next(12))) { Beside = beside };
    }

    private void AssertJoined(bool isOne)
    {
        Assert.Equal(isOne ? 1 : 2, Known.Count);
        Assert.All(Known, action => Assert.Equal(isOne, action.IsProven));
    }

    [Fact]
    public void Step_Overridden_IsGone()
    {
        Read(0, "2024-06-07 12:01", Multiplier.One, Ten, "2024-06-09 20:00");
        Read(0, "2024-06-07 12:02", Multiplier.One, new Multiplier(Multiplier.One.E18 * 4), "2024-06-09 20:00");
        Assert.Equal(new ShareRatio(4, 1), Assert.Single(Known).Ratio);
        Read(0, "2024-06-07 12:03", Multiplier.One, new Multiplier(Multiplier.One.E18 * 4), "2024-06-10 20:00");
        Assert.Equal(new LocalDate(2024, 6, 11), Assert.Single(Known).EffectiveOn);
        Read(0, "2024-06-07 12:04", Multiplier.One);
        Assert.Empty(Known);
    }

    [Fact]
    public void Step_PhantomOfThePast_IsNone()
    {
        // What a token shows after its activation: the same value twice, and a time that has passed.
        Read(0, "2024-06-07 12:01", Ten, Ten, "2024-05-01 09:30");
        Read(0, "2024-06-07 12:02", Ten, Ten, "2024-05-01 09:30");
        Assert.Empty(Known);
    }

    [Fact]
    public void Step_ThatIsSmall_TellsOfNoAction()
    {
        Read(0, "2024-06-07 12:01", Multiplier.One, new Multiplier(1_005_000_000_000_000_000), "2024-06-07 12:10");
        Assert.Empty(Known);
    }

    [Theory]
    [InlineData(CorporateActionKind.Split, 0, 0)]
    [InlineData(CorporateActionKind.Split, 10, 0)]
    [InlineData(CorporateActionKind.Split, 1_000_000, 1)]
    [InlineData(CorporateActionKind.Split, -2, 1)]
    [InlineData(CorporateActionKind.CashDividend, 0, 0)]
    [InlineData(CorporateActionKind.None, 10, 1)]
    [InlineData((CorporateActionKind)99, 10, 1)]
    public void Notice_ThatSaysNothing_IsRefused(CorporateActionKind kind, long now, long old)
    {
        Assert.Equal(InputOutcome.Malformed, Take(Notice(EvidenceClass.Vendor, now, old, kind: kind)));
        Assert.Empty(Known);
    }

    [Fact]
    public void Notice_OfNobody_OrOfAnotherInstrument_IsRefused()
    {
        Assert.Equal(InputOutcome.Malformed, Take(Notice(EvidenceClass.None, name: "x")));
        Assert.Equal(InputOutcome.Malformed, Take(Notice((EvidenceClass)9, name: "x")));
        Assert.Equal(InputOutcome.UnknownInstrument, Take(Notice(EvidenceClass.Vendor) with { Instrument = new InstrumentId(7) }));
        Assert.Equal(InputOutcome.UnknownInstrument, Take(Notice(EvidenceClass.Vendor) with { Instrument = InstrumentId.Every }));
    }

    [Fact]
    public void Witnesses_WithoutEnd_AreBounded()
    {
        for (var i = 0; i < 1_000; i++) Take(Notice(EvidenceClass.Vendor, reference: $"r{i}", on: $"2024-{(i % 12) + 1:D2}-10"));
        Assert.True(Known.Count <= CorporateActionWatch.MaxWitnesses);
    }

    [Property(MaxTest = 200)]
    public void Order_OfWhatIsSaid_DoesNotMatter(int seed)
    {
        var random = new Random(seed);
        CorporateActionNotice[] notices =
        [
            Notice(EvidenceClass.Vendor), Notice(EvidenceClass.Vendor, on: "2024-06-11", name: "late"), Notice(EvidenceClass.Operator), Notice(EvidenceClass.IssuerChain, on: "2024-06-09"),
            Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 10, reference: "d"), Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.SpinOff, reference: "s"),
        ];
        var other = new CorporateActionWatch(new CorporateActionSettings(), 1, []);
        foreach (var notice in notices) Take(notice);
        random.Shuffle(notices);
        foreach (var notice in notices) other.Take(notice, Calendar);
        Assert.Equal(Known, other.Of(Share));
    }
}
