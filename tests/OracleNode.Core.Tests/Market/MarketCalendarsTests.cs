using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

/// <summary>The calendars of the markets, apart and together.</summary>
public class MarketCalendarsTests
{
    [Fact]
    public void Combine_NightOfATradingDay_IsTheVenues()
    {
        Assert.Equal(MarketSession.Closed, Listed.SessionAt(NewYork("2026-03-04 22:00")).Session);
        Assert.Equal(MarketSession.Overnight, UsEquities.SessionAt(NewYork("2026-03-04 22:00")).Session);
        Assert.Equal(NewYork("2026-03-05 04:00"), UsEquities.NextChangeAfter(NewYork("2026-03-04 22:00")));
    }

    [Fact]
    public void Combine_VenueRestsOnAnEvening_IsClosedUntilPreMarket()
    {
        var resting = TradingCalendar.Parse(Encoding.UTF8.GetBytes(Edited(root => root["unscheduledClosures"]!.AsObject()["2026-03-05"] = "maintenance")));
        var calendar = TradingCalendar.Combine(Listed, resting);
        Assert.Equal(new SessionInfo(MarketSession.Closed, ClosedReason.SessionGap, NewYork("2026-03-05 04:00")), calendar.SessionAt(NewYork("2026-03-04 22:00")));
        Assert.Equal(MarketSession.PreMarket, calendar.SessionAt(NewYork("2026-03-05 04:00")).Session);
        Assert.Equal(MarketSession.Overnight, calendar.SessionAt(NewYork("2026-03-05 20:00")).Session);
    }

    [Fact]
    public void Combine_OnlyWhereBothReach_IsKnown()
    {
        var shorter = TradingCalendar.Parse(Encoding.UTF8.GetBytes(Edited(root =>
        {
            root["validFrom"] = "2026-01-01";
            foreach (var day in root["holidays"]!.AsObject().Select(p => p.Key).Where(d => string.CompareOrdinal(d, "2026-01-01") < 0).ToList())
                root["holidays"]!.AsObject().Remove(day);
            root["unscheduledClosures"] = new JsonObject();
        })));
        var calendar = TradingCalendar.Combine(Listed, shorter);
        Assert.Equal(MarketSession.Unknown, calendar.SessionAt(NewYork("2025-12-30 10:00")).Session);
        Assert.Equal(MarketSession.Regular, calendar.SessionAt(NewYork("2026-01-02 10:00")).Session);
    }

    [Fact]
    public void Parse_FileOfTwoMarkets_IsTheirCombination()
    {
        var both = $$"""{"listed":{{Encoding.UTF8.GetString(Json)}},"overnight":{{Edited(_ => { })}}}""";
        var calendar = TradingCalendar.Parse(Encoding.UTF8.GetBytes(both));
        Assert.Equal(UsEquities.Version, calendar.Version);
        Assert.Empty(CalendarSuccession.Differences(UsEquities, calendar));
    }

    [Fact]
    public void Combine_CalendarsOfOtherMarkets_AreRefusedByName()
    {
        Assert.Contains("us-overnight", Assert.Throws<CalendarException>(() => TradingCalendar.Combine(Overnight, Listed)).Message, StringComparison.Ordinal);
        Assert.Contains("always-open", Assert.Throws<CalendarException>(() => TradingCalendar.Combine(Listed, AlwaysOpen)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AlwaysOpen_AnyMoment_IsOpen()
    {
        foreach (var text in new[] { "2026-03-07 12:00", "2026-03-08 20:00", "2026-12-25 03:00", "2026-11-01 01:30" })
        {
            var at = text == "2026-11-01 01:30" ? Utc("2026-11-01T05:30:00Z") : NewYork(text);
            Assert.Equal(new SessionInfo(MarketSession.Regular, ClosedReason.None, AlwaysOpen.CoveredUntil), AlwaysOpen.SessionAt(at));
        }
    }

    [Theory]
    [InlineData("2026-03-04 19:59", "2026-03-04")]
    [InlineData("2026-03-04 20:00", "2026-03-05")] // the evening belongs to the day it leads into
    [InlineData("2026-03-05 03:59", "2026-03-05")]
    [InlineData("2026-03-08 21:00", "2026-03-09")] // Sunday evening after the clocks changed
    public void TradeDateOf_EveningAndNight_IsThatOfTheNextDay(string newYork, string expected) =>
        Assert.Equal(NodaTime.Text.LocalDatePattern.Iso.Parse(expected).Value, UsEquities.TradeDateOf(NewYork(newYork)));

    [Theory]
    [InlineData("market", "\"nyse\"", "us-overnight")]
    [InlineData("weekend", "[\"Someday\"]", "Someday")]
    [InlineData("weekend", "[\"Monday\",\"Tuesday\",\"Wednesday\",\"Thursday\",\"Friday\",\"Saturday\",\"Sunday\"]", "at most six")]
    [InlineData("weekend", "[\"Monday\",\"Monday\"]", "once")]
    [InlineData("changes", "{\"tomorrow\":\"why\"}", "yyyy-MM-dd")]
    [InlineData("changes", "{\"2026-03-05/2026-03-04\":\"why\"}", "2026-03-05/2026-03-04")]
    [InlineData("changes", "{\"2026-03-05\":\"\"}", "reason")]
    public void Parse_WrongOptionalKey_SaysWhatWouldBeRight(string key, string value, string right)
    {
        var json = Edited(root => root[key] = JsonNode.Parse(value));
        Assert.Contains(right, Assert.Throws<CalendarException>(() => TradingCalendar.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    private static string Edited(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-overnight.json")))!;
        change(root);
        return root.ToJsonString();
    }
}
