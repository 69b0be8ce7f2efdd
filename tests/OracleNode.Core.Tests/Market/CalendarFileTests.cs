using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

public class CalendarFileTests
{
    private const string Full =
        """[{"session":"Overnight","start":"20:00","end":"04:00"},{"session":"PreMarket","start":"04:00","end":"09:30"},{"session":"Regular","start":"09:30","end":"16:00"},{"session":"PostMarket","start":"16:00","end":"20:00"}]""";

    private const string Early =
        """[{"session":"Regular","start":"09:30","end":"13:00"}]""";

    private const string Valid =
        """{"version":"t","validFrom":"2026-03-01","validUntil":"2026-03-31","tradeDateStart":"20:00","sessions":[{"from":"2026-01-01","fullDay":"""
        + Full + ""","earlyCloseDay":""" + Early + """}],"holidays":{"2026-03-10":"A holiday"},"unscheduledClosures":{},"earlyCloses":{"2026-03-12":"A short day"}}""";

    [Fact]
    public void Parse_ValidFile_KeepsVersionAndDates()
    {
        var calendar = Parse(Valid);
        Assert.Equal(("t", new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31)), (calendar.Version, calendar.ValidFrom, calendar.ValidUntil));
    }

    [Fact]
    public void Parse_SessionTableFromALaterDate_HoldsFromThen()
    {
        // Round-the-clock trading with an hour's pause, as filed: the trade date still begins at 20:00.
        const string Night = """[{"session":"Overnight","start":"21:00","end":"04:00"},{"session":"PreMarket","start":"04:00","end":"09:30"},{"session":"Regular","start":"09:30","end":"16:00"},{"session":"PostMarket","start":"16:00","end":"20:00"}]""";
        var calendar = Parse(Edit(root => root["sessions"]!.AsArray().Add(JsonNode.Parse(
            "{\"from\":\"2026-03-17\",\"fullDay\":" + Night + ",\"earlyCloseDay\":" + Early + "}"))));

        Assert.Equal(MarketSession.Overnight, calendar.SessionAt(NewYork("2026-03-15 20:30")).Session);
        Assert.Equal(Closed(ClosedReason.SessionGap), Key(calendar, "2026-03-16 20:30"));
        Assert.Equal(MarketSession.Overnight, calendar.SessionAt(NewYork("2026-03-16 21:00")).Session);
        Assert.Equal(NewYork("2026-03-16 21:00"), calendar.NextChangeAfter(NewYork("2026-03-16 20:00")));
        Assert.Equal(Closed(ClosedReason.Weekend), Key(calendar, "2026-03-22 20:30"));
        Assert.Equal(NewYork("2026-03-22 21:00"), calendar.NextChangeAfter(NewYork("2026-03-20 20:00")));
    }

    [Fact]
    public void Parse_GapsInTheTable_AreClosed()
    {
        var calendar = Parse(Valid);
        Assert.Equal(Closed(ClosedReason.SessionGap), Key(calendar, "2026-03-12 09:00"));
        Assert.Equal(Closed(ClosedReason.EarlyClose), Key(calendar, "2026-03-12 13:00"));
        Assert.Equal(MarketSession.Overnight, calendar.SessionAt(NewYork("2026-03-12 20:00")).Session);
    }

    [Fact]
    public void Parse_AdjacentEqualSessions_MakeNoChange()
    {
        var calendar = Parse(Valid.Replace(
            """{"session":"Overnight","start":"20:00","end":"04:00"}""",
            """{"session":"Overnight","start":"20:00","end":"00:00"},{"session":"Overnight","start":"00:00","end":"04:00"}""",
            StringComparison.Ordinal));
        Assert.Equal(NewYork("2026-03-04 04:00"), calendar.NextChangeAfter(NewYork("2026-03-03 20:00")));
    }

    [Theory]
    [InlineData("version", "\"\"", "version", "text that is not empty")]
    [InlineData("version", "3", "version", "3")]
    [InlineData("validFrom", "\"2026-02-30\"", "validFrom", "2026-02-30")]
    [InlineData("validUntil", "\"2026-02-01\"", "validUntil", "2026-02-01")]
    [InlineData("validUntil", "\"2199-01-01\"", "validUntil", "100 years")]
    [InlineData("tradeDateStart", "\"8 pm\"", "tradeDateStart", "HH:mm")]
    [InlineData("sessions", "[]", "sessions", "at least one")]
    [InlineData("sessions", "{}", "sessions", "a list")]
    [InlineData("holidays", "[]", "holidays", "an object")]
    [InlineData("holidays", """{"2026-03-07":"Saturday"}""", "holidays.2026-03-07", "a weekday")]
    [InlineData("holidays", """{"2027-03-08":"late"}""", "holidays.2027-03-08", "2026-03-31")]
    [InlineData("holidays", """{"2026-03-12":"twice"}""", "earlyCloses.2026-03-12", "also in holidays")]
    [InlineData("holidays", """{"2026-03-10":"a","2026-03-10":"b"}""", "holidays.2026-03-10", "also in holidays")]
    [InlineData("holidays", """{"2026-03-10":""}""", "holidays.2026-03-10", "name")]
    [InlineData("holidays", """{"10.3.2026":"a"}""", "holidays.10.3.2026", "yyyy-MM-dd")]
    public void Parse_WrongValue_NamesKeyValueAndWhatIsRight(string key, string json, string place, string right)
    {
        var text = Valid;
        var old = "\"" + key + "\":" + RawValue(key);
        Assert.Contains(old, text, StringComparison.Ordinal);
        var message = Refused(text.Replace(old, "\"" + key + "\":" + json, StringComparison.Ordinal));
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(right, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"from\":\"2026-01-01\"", "\"from\":\"2026-03-02\"", "sessions[0].from")]
    [InlineData("\"session\":\"Overnight\"", "\"session\":\"Night\"", "sessions[0].fullDay[0].session")]
    [InlineData("\"session\":\"Overnight\"", "\"session\":\"Closed\"", "sessions[0].fullDay[0].session")]
    [InlineData("\"start\":\"16:00\"", "\"start\":\"15:59\"", "sessions[0].fullDay[3].start")]
    [InlineData("\"end\":\"16:00\"", "\"end\":\"09:30\"", "sessions[0].fullDay[2].end")]
    [InlineData("\"end\":\"16:00\"", "\"end\":\"24:00\"", "sessions[0].fullDay[2].end")]
    [InlineData("\"version\":\"t\"", "\"version\":\"t\",\"hollidays\":{}", "hollidays")]
    [InlineData("\"version\":\"t\"", "\"version\":\"t\",\"version\":\"u\"", "each key once")]
    [InlineData("\"version\":\"t\",", "", "no version")]
    [InlineData("\"start\":\"16:00\",", "", "no start")]
    public void Parse_WrongStructure_NamesThePlace(string old, string replacement, string expected) =>
        Assert.Contains(expected, Refused(Valid.Replace(old, replacement, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void Parse_TablesNotAscending_NamesTheLater()
    {
        var doubled = Edit(root => root["sessions"]!.AsArray().Add(root["sessions"]![0]!.DeepClone()));
        Assert.Contains("sessions[1].from", Refused(doubled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"version\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("[[[[[[[[[[[[[[]]]]]]]]]]]]]]")]
    public void Parse_NotACalendar_IsRefused(string json) => Refused(json);

    [Fact]
    public void Parse_BrokenJson_NamesTheLine() => Assert.Contains("Line 3", Refused("{\n\"version\": \"t\",\n!\n}"), StringComparison.Ordinal);

    [Property(MaxTest = 1000)]
    public void Parse_DamagedFile_IsACalendarOrTheDocumentedError(DoNotSize<int> place, byte replacement, bool cut)
    {
        var bytes = Encoding.UTF8.GetBytes(Valid);
        var index = (place.Item & int.MaxValue) % bytes.Length;
        bytes[index] = replacement;
        ParseOrRefuse(cut ? bytes.AsSpan(0, index) : bytes);
    }

    [Property(MaxTest = 100)]
    public void Parse_DamagedShippedFile_IsACalendarOrTheDocumentedError(DoNotSize<int> place, byte replacement)
    {
        var bytes = Json.ToArray();
        bytes[(place.Item & int.MaxValue) % bytes.Length] = replacement;
        ParseOrRefuse(bytes);
    }

    private static void ParseOrRefuse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Assert.NotNull(TradingCalendar.Parse(bytes));
        }
        catch (CalendarException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static string RawValue(string key) => key switch
    {
        "sessions" => "[{\"from\":\"2026-01-01\",\"fullDay\":" + Full + ",\"earlyCloseDay\":" + Early + "}]",
        "holidays" => """{"2026-03-10":"A holiday"}""",
        _ => JsonNode.Parse(Valid)![key]!.ToJsonString(),
    };

    private static string Edit(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(Valid)!;
        change(root);
        return root.ToJsonString();
    }

    private static string Refused(string json) => Assert.Throws<CalendarException>(() => Parse(json)).Message;

    private static TradingCalendar Parse(string json) => TradingCalendar.Parse(Encoding.UTF8.GetBytes(json));

    private static (MarketSession Session, ClosedReason Reason) Closed(ClosedReason reason) => (MarketSession.Closed, reason);

    private static (MarketSession Session, ClosedReason Reason) Key(TradingCalendar calendar, string newYork)
    {
        var info = calendar.SessionAt(NewYork(newYork));
        return (info.Session, info.ClosedReason);
    }
}
