using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// NVDA's ten for one split of Monday 2024-06-10 on the market fold: three shares of three upstreams and a token of the first. Times are New York's,
/// <c>yyyy-MM-dd HH:mm</c>; prices are cents.
/// </summary>
internal sealed class SplitHarness
{
    public const string Friday = "2024-06-07 15:59";
    public const string Split = "2024-06-10";
    public const double Before = 120_888;
    public const double After = 12_037;

    public static readonly Multiplier Ten = new(OracleNode.Market.Multiplier.One.E18 * 10);

    private readonly MarketHarness _market;

    public SplitHarness(MarketHarness? market = null)
    {
        _market = market ?? new MarketHarness();
        Reading(Friday, OracleNode.Market.Multiplier.One);
        Say(Friday, Before).Tick(Friday);
    }

    public MarketFold Market => _market.Market;

    public FeedDecision Share => Market.DecisionOf(0)!;

    public FeedDecision Token => Market.DecisionOf(_market.Token)!;

    public static double At(string newYork) => (CalendarFixture.NewYork(newYork) - FoldHarness.Open).TotalSeconds;

    public static CorporateActionNotice Notice(
        EvidenceClass by, long now = 10, long old = 1, string on = Split, CorporateActionKind kind = CorporateActionKind.Split, double cash = 0, string name = "", string reference = "nvda-1", bool withdrawn = false) =>
        new(new InstrumentId(0), kind, now, old, cash > 0 ? FoldHarness.Cents(cash) : default, NodaTime.Text.LocalDatePattern.Iso.Parse(on).Value, by, name.Length == 0 ? by.ToString() : name, reference, withdrawn, "");

    public SplitHarness Say(CorporateActionNotice notice, string at = Friday)
    {
        Assert.Equal(InputOutcome.Applied, Market.Apply(MarketInput.Of(CalendarFixture.NewYork(at), notice)));
        return this;
    }

    /// <summary>Vendor and operator say so: it is proven.</summary>
    public SplitHarness Prove() => Say(Notice(EvidenceClass.Vendor)).Say(Notice(EvidenceClass.Operator));

    /// <summary>The three upstreams quote the first share.</summary>
    public SplitHarness Say(string at, double cents) => Say(at, cents, cents, cents);

    public SplitHarness Say(string at, params double[] cents)
    {
        for (var source = 0; source < cents.Length; source++)
            if (cents[source] > 0)
                _market.Quote(0, source, cents[source], At(at));
        return this;
    }

    public SplitHarness Reading(string at, Multiplier current, Multiplier next = default, string? activation = null)
    {
        Instant? due = activation is null ? null : CalendarFixture.NewYork(activation);
        Market.Apply(MarketInput.Of(CalendarFixture.NewYork(at), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(current, next, due, CalendarFixture.NewYork(at)))));
        return this;
    }

    public SplitHarness Confirm(string at, double cents, int? feed = 0)
    {
        _market.Order(OperatorAction.Confirm, At(at), feed, cents);
        return this;
    }

    public FeedDecision Tick(string at)
    {
        Market.Tick(CalendarFixture.NewYork(at), everything: true);
        return Share;
    }

    /// <summary>Fresh quotes and a tick every second for so many seconds.</summary>
    public FeedDecision Stand(string from, double cents, int seconds)
    {
        var start = At(from);
        for (var second = 0; second <= seconds; second++)
        {
            for (var source = 0; source < 3; source++) _market.Quote(0, source, cents, start + second);
            Market.Tick(FoldHarness.At(start + second), everything: true);
        }

        return Share;
    }
}
