using System.Globalization;
using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

/// <summary>The shipped data file against the exchange's rules, and against its published dates where they were published.</summary>
public class UsEquitiesCalendarTests
{
    [Fact]
    public void File_EveryDay2010To2028_FollowsTheRules()
    {
        Assert.Equal((new LocalDate(2010, 1, 1), new LocalDate(2028, 12, 31)), (UsEquities.ValidFrom, UsEquities.ValidUntil));
        for (var date = UsEquities.ValidFrom; date <= UsEquities.ValidUntil; date = date.PlusDays(1))
        {
            Assert.True(ExchangeRules.Of(date) == KindOf(date), $"{date:yyyy-MM-dd}: {KindOf(date)}, by rule {ExchangeRules.Of(date)}");
        }
    }

    // NYSE Group's announcements of November 2024 and December 2025; 2024 as traded.
    [Theory]
    [InlineData(2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24")]
    [InlineData(2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24")]
    [InlineData(2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24")]
    [InlineData(2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26")]
    [InlineData(2028, "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24")]
    public void File_AnnouncedYear_HasTheAnnouncedDates(int year, string closures, string earlyCloses)
    {
        Assert.Equal(closures, DatesOf(year, DayKind.Holiday, DayKind.Unscheduled));
        Assert.Equal(earlyCloses, DatesOf(year, DayKind.EarlyClose));
    }

    [Theory]
    [InlineData(2010, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26")]
    [InlineData(2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26", "11-25")]
    [InlineData(2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25", "07-03 11-23 12-24")]
    [InlineData(2013, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24")]
    [InlineData(2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25", "07-03 11-23 12-24")]
    [InlineData(2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26")]
    [InlineData(2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25")]
    public void File_PastYear_HasTheDatesAsTraded(int year, string closures, string earlyCloses) =>
        File_AnnouncedYear_HasTheAnnouncedDates(year, closures, earlyCloses);

    private static DayKind KindOf(LocalDate date)
    {
        var noon = UsEquities.SessionAt(At(date, 12));
        return (noon.Session, noon.ClosedReason) switch
        {
            (MarketSession.Closed, ClosedReason.Weekend) => DayKind.Weekend,
            (MarketSession.Closed, ClosedReason.Holiday) => DayKind.Holiday,
            (MarketSession.Closed, ClosedReason.Unscheduled) => DayKind.Unscheduled,
            _ => UsEquities.SessionAt(At(date, 14)).Session == MarketSession.Regular ? DayKind.Full : DayKind.EarlyClose,
        };
    }

    private static string DatesOf(int year, params DayKind[] kinds)
    {
        var dates = new List<string>();
        for (var date = new LocalDate(year, 1, 1); date.Year == year; date = date.PlusDays(1))
        {
            if (kinds.Contains(KindOf(date))) dates.Add(date.ToString("MM-dd", CultureInfo.InvariantCulture));
        }

        return string.Join(' ', dates);
    }

    private static Instant At(LocalDate date, int hour) => date.At(new LocalTime(hour, 0)).InZoneStrictly(NewYorkZone).ToInstant();
}
