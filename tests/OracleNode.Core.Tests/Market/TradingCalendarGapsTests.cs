using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

/// <summary>How long a feed is expected to go without a word from its market.</summary>
public class TradingCalendarGapsTests
{
    private static readonly MarketSession[] RegularHours = [MarketSession.Regular];
    private static readonly MarketSession[] ExtendedHours = [MarketSession.PreMarket, MarketSession.Regular, MarketSession.PostMarket];

    [Fact]
    public void LongestGap_RegularHoursOverMemorialDay_Is89AndAHalfHours()
    {
        var gap = Gap("2022-05-01", "2022-06-10", RegularHours);
        Assert.Equal(new Interval(NewYork("2022-05-27 16:00:00"), NewYork("2022-05-31 09:30:00")), gap);
        Assert.Equal(Duration.FromMinutes((89 * 60) + 30), gap!.Value.Duration);
    }

    [Fact]
    public void LongestGap_ExtendedHours_IsShorterByThem() =>
        Assert.Equal(new Interval(NewYork("2022-05-27 20:00:00"), NewYork("2022-05-31 04:00:00")), Gap("2022-05-01", "2022-06-10", ExtendedHours));

    [Fact]
    public void LongestGap_WithTheOvernightVenue_EndsOnTheHolidaysEvening() =>
        Assert.Equal(
            new Interval(NewYork("2022-05-27 20:00:00"), NewYork("2022-05-30 20:00:00")),
            Gap("2022-05-01", "2022-06-10", [.. ExtendedHours, MarketSession.Overnight]));

    [Fact]
    public void LongestGap_ClosureAnnouncedAhead_IsInIt() =>
        // Carter's day of mourning, Thursday 2025-01-09: 41.5 h in the middle of a week.
        Assert.Equal(new Interval(NewYork("2025-01-08 16:00:00"), NewYork("2025-01-10 09:30:00")), Gap("2025-01-07", "2025-01-10", RegularHours));

    [Fact]
    public void LongestGap_UnderWay_CountsFromItsStart() =>
        Assert.Equal(NewYork("2022-05-27 16:00:00"), Gap("2022-05-30", "2022-06-01", RegularHours)!.Value.Start);

    [Fact]
    public void LongestGap_BeganLater_IsAnotherPeriods() =>
        Assert.Equal(Duration.FromMinutes((17 * 60) + 30), Gap("2022-05-24", "2022-05-27", RegularHours)!.Value.Duration);

    [Fact]
    public void LongestGap_NeverObservedOrAlwaysOrOutsideTheCalendar_IsNone()
    {
        Assert.Null(UsEquities.LongestGap(UsEquities.CoveredFrom, UsEquities.CoveredUntil, _ => false));
        Assert.Null(UsEquities.LongestGap(UsEquities.CoveredFrom, UsEquities.CoveredUntil, _ => true));
        Assert.Null(UsEquities.LongestGap(UsEquities.CoveredUntil, UsEquities.CoveredUntil + Duration.FromDays(1), s => s == MarketSession.Regular));
    }

    private static Interval? Gap(string from, string until, MarketSession[] observed) =>
        UsEquities.LongestGap(NewYork(from + " 12:00:00"), NewYork(until + " 12:00:00"), s => observed.Contains(s));
}
