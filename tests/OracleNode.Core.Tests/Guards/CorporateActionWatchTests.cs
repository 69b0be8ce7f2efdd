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
