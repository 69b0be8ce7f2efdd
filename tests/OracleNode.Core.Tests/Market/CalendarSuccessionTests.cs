using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

public class CalendarSuccessionTests
{
    private static readonly Instant Now = NewYork("2024-12-30 10:00");

    /// <summary>The shipped edition without the day of mourning, as it was before 30 December 2024.</summary>
    private static readonly TradingCalendar BeforeCarter = Edited(root => root["unscheduledClosures"]!.AsObject().Remove("2025-01-09"), version: "before");

    [Fact]
    public void Refusal_ClosureAnnouncedWithItsReason_IsNone() =>
        Assert.Null(CalendarSuccession.Refusal(BeforeCarter, Edited(Explain("2025-01-09")), Now));

    [Fact]
    public void Refusal_ClosureWithoutAReason_NamesTheDate()
    {
        var refusal = CalendarSuccession.Refusal(BeforeCarter, Edited(root => root["version"] = "next"), Now);
        Assert.Contains("2025-01-09", refusal, StringComparison.Ordinal);
        Assert.Contains("changes", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_HolidayLostBySlip_NamesTheDate()
    {
        var refusal = CalendarSuccession.Refusal(Listed, Edited(root => root["holidays"]!.AsObject().Remove("2026-12-25")), NewYork("2026-11-26 10:00"));
        Assert.Contains("2026-12-25", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-07/..", true)] // from the new table's first date on
    [InlineData("2026-12-07", false)] // that date alone leaves every later one unexplained
    public void Refusal_NewSessionTable_NeedsAReasonFromItsFirstDateOn(string explained, bool accepted)
    {
        var next = Edited(root =>
        {
            var table = root["sessions"]![0]!.DeepClone();
            table["from"] = "2026-12-07";
            table["fullDay"]![0]!["start"] = "02:00";
            root["sessions"]!.AsArray().Add(table);
            Explain(explained)(root);
        });
        Assert.Equal(accepted, CalendarSuccession.Refusal(Listed, next, NewYork("2026-11-26 10:00")) is null);
    }

    [Fact]
    public void Refusal_OtherContentUnderTheSameVersion_SaysSo()
    {
        var refusal = CalendarSuccession.Refusal(Listed, Edited(root => root["changes"] = JsonNode.Parse("{}"), version: null), NewYork("2026-11-26 10:00"));
        Assert.Contains("version", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_ShorterThanTheRunningOne_SaysSo()
    {
        var refusal = CalendarSuccession.Refusal(Listed, Edited(root =>
        {
            root["validUntil"] = "2026-12-31";
            foreach (var list in new[] { "holidays", "earlyCloses" })
                foreach (var day in root[list]!.AsObject().Select(p => p.Key).Where(d => string.CompareOrdinal(d, "2026-12-31") > 0).ToList())
                    root[list]!.AsObject().Remove(day);
        }), NewYork("2026-11-26 10:00"));
        Assert.Contains("2026-12-31", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_AnotherMarket_SaysSo() =>
        Assert.Contains("us-overnight", CalendarSuccession.Refusal(Listed, Overnight, Now), StringComparison.Ordinal);

    [Fact]
    public void Differences_SameCalendar_AreNone() => Assert.Empty(CalendarSuccession.Differences(UsEquities, UsEquities));

    [Fact]
    public void Differences_ClosedFriday_AreThatDateAlone() =>
        Assert.Equal([new LocalDate(2026, 12, 25)], CalendarSuccession.Differences(Listed, Edited(root => root["holidays"]!.AsObject().Remove("2026-12-25"))));

    private static Action<JsonNode> Explain(string dates) => root => root["changes"] = new JsonObject { [dates] = "announced" };

    private static TradingCalendar Edited(Action<JsonNode> change, string? version = "next")
    {
        var root = JsonNode.Parse(Json)!;
        if (version is not null) root["version"] = version;
        change(root);
        return TradingCalendar.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }
}
