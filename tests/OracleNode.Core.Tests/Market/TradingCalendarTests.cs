using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

public class TradingCalendarTests
{
    [Theory]
    [InlineData("2026-03-04 00:00", MarketSession.Overnight)]
    [InlineData("2026-03-04 03:59:59", MarketSession.Overnight)]
    [InlineData("2026-03-04 04:00", MarketSession.PreMarket)]
    [InlineData("2026-03-04 09:29:59", MarketSession.PreMarket)]
    [InlineData("2026-03-04 09:30", MarketSession.Regular)]
    [InlineData("2026-03-04 15:59:59", MarketSession.Regular)]
    [InlineData("2026-03-04 16:00", MarketSession.PostMarket)]
    [InlineData("2026-03-04 19:59:59", MarketSession.PostMarket)]
    [InlineData("2026-03-04 20:00", MarketSession.Overnight)]
    [InlineData("2013-10-08 09:30", MarketSession.Regular)]
    public void SessionAt_TradingDay_FollowsTheClock(string newYork, MarketSession expected)
    {
        var info = UsEquities.SessionAt(NewYork(newYork));
        Assert.Equal((expected, ClosedReason.None), (info.Session, info.ClosedReason));
    }

    [Theory]
    [InlineData("2026-03-06 19:59:59", MarketSession.PostMarket, ClosedReason.None)]
    [InlineData("2026-03-06 20:00", MarketSession.Closed, ClosedReason.Weekend)]
    [InlineData("2026-03-07 12:00", MarketSession.Closed, ClosedReason.Weekend)]
    [InlineData("2026-03-08 19:59:59", MarketSession.Closed, ClosedReason.Weekend)]
    [InlineData("2026-03-08 20:00", MarketSession.Overnight, ClosedReason.None)]
    public void SessionAt_Weekend_IsClosedFromFridayToSundayEvening(string newYork, MarketSession session, ClosedReason reason) =>
        AssertSession(newYork, session, reason);

    [Theory]
    [InlineData("2025-06-18 20:00", MarketSession.Closed, ClosedReason.Holiday)] // evening before Juneteenth, a Thursday
    [InlineData("2025-06-19 12:00", MarketSession.Closed, ClosedReason.Holiday)]
    [InlineData("2025-06-19 19:59:59", MarketSession.Closed, ClosedReason.Holiday)]
    [InlineData("2025-06-19 20:00", MarketSession.Overnight, ClosedReason.None)] // its evening leads into Friday
    [InlineData("2026-01-18 20:00", MarketSession.Closed, ClosedReason.Holiday)] // Sunday before a Monday holiday
    [InlineData("2026-01-18 19:59", MarketSession.Closed, ClosedReason.Weekend)]
    [InlineData("2026-01-19 20:00", MarketSession.Overnight, ClosedReason.None)]
    [InlineData("2026-04-02 20:00", MarketSession.Closed, ClosedReason.Holiday)] // Thursday before Good Friday
    [InlineData("2026-04-03 20:00", MarketSession.Closed, ClosedReason.Weekend)]
    public void SessionAt_AroundAHoliday_OvernightBelongsToTheDayItLeadsInto(string newYork, MarketSession session, ClosedReason reason) =>
        AssertSession(newYork, session, reason);

    [Theory]
    [InlineData("2025-11-27 20:00", MarketSession.Overnight, ClosedReason.None)] // Thanksgiving evening
    [InlineData("2025-11-28 12:59:59", MarketSession.Regular, ClosedReason.None)]
    [InlineData("2025-11-28 13:00", MarketSession.PostMarket, ClosedReason.None)]
    [InlineData("2025-11-28 16:59:59", MarketSession.PostMarket, ClosedReason.None)]
    [InlineData("2025-11-28 17:00", MarketSession.Closed, ClosedReason.EarlyClose)]
    [InlineData("2025-11-28 19:59:59", MarketSession.Closed, ClosedReason.EarlyClose)]
    [InlineData("2025-11-28 20:00", MarketSession.Closed, ClosedReason.Weekend)]
    [InlineData("2025-12-24 18:00", MarketSession.Closed, ClosedReason.EarlyClose)]
    [InlineData("2025-12-25 12:00", MarketSession.Closed, ClosedReason.Holiday)]
    [InlineData("2013-07-03 13:00", MarketSession.PostMarket, ClosedReason.None)]
    [InlineData("2010-07-02 13:00", MarketSession.Regular, ClosedReason.None)]
    public void SessionAt_EarlyCloseDay_EndsRegularAt13AndPostAt17(string newYork, MarketSession session, ClosedReason reason) =>
        AssertSession(newYork, session, reason);

    [Theory]
    [InlineData("2012-10-29 11:00")]
    [InlineData("2012-10-30 11:00")]
    [InlineData("2018-12-05 11:00")]
    [InlineData("2025-01-09 11:00")]
    public void SessionAt_ClosureThatNoRuleForetells_IsUnscheduled(string newYork) =>
        AssertSession(newYork, MarketSession.Closed, ClosedReason.Unscheduled);

    [Theory]
    [InlineData("2026-03-06T14:30:00Z")]
    [InlineData("2026-03-09T13:30:00Z")]
    [InlineData("2026-10-30T13:30:00Z")]
    [InlineData("2026-11-02T14:30:00Z")]
    public void SessionAt_RegularOpenAroundClockChanges_FollowsNewYork(string utc)
    {
        var open = Utc(utc);
        Assert.Equal(MarketSession.PreMarket, UsEquities.SessionAt(open - Duration.FromNanoseconds(1)).Session);
        Assert.Equal(MarketSession.Regular, UsEquities.SessionAt(open).Session);
        Assert.Equal(open, UsEquities.NextChangeAfter(open - Duration.FromMinutes(1)));
    }

    [Theory]
    [InlineData("2026-03-06 12:00", "2026-03-06 16:00")]
    [InlineData("2026-03-06 16:00", "2026-03-06 20:00")]
    [InlineData("2026-03-06 21:00", "2026-03-08 20:00")] // across the change to summer time
    [InlineData("2025-11-28 17:00", "2025-11-30 20:00")] // early close and weekend: one closed stretch
    [InlineData("2025-12-24 17:00", "2025-12-25 20:00")] // early close and holiday
    [InlineData("2026-04-02 20:00", "2026-04-05 20:00")] // holiday and weekend
    [InlineData("2012-10-28 12:00", "2012-10-30 20:00")] // weekend and two unscheduled days
    [InlineData("2026-03-04 00:00", "2026-03-04 04:00")] // midnight changes nothing
    public void NextChangeAfter_ClosedStretch_IsTheNextSessionWhateverTheReasons(string at, string expected) =>
        Assert.Equal(NewYork(expected), UsEquities.NextChangeAfter(NewYork(at)));

    [Fact]
    public void SessionAt_OutsideValidity_IsUnknownWithoutNextChange()
    {
        var first = UsEquities.CoveredFrom;
        var end = UsEquities.CoveredUntil;
        Assert.Equal((NewYork("2009-12-31 20:00"), NewYork("2028-12-31 20:00")), (first, end));

        foreach (var outside in new[] { Instant.MinValue, first - Duration.FromNanoseconds(1), end, end + Duration.FromDays(1), Instant.MaxValue })
        {
            Assert.Equal(new SessionInfo(MarketSession.Unknown, ClosedReason.None, null), UsEquities.SessionAt(outside));
            Assert.Null(UsEquities.NextChangeAfter(outside));
        }

        Assert.Equal(ClosedReason.Holiday, UsEquities.SessionAt(first).ClosedReason);
        Assert.Equal(end, UsEquities.NextChangeAfter(end - Duration.FromNanoseconds(1)));
    }

    [Fact]
    public void SessionAt_ManyInstants_AllocatesNothing()
    {
        var at = NewYork("2026-03-04 12:00");
        var open = UsEquities.SessionAt(at).Session == MarketSession.Regular ? 1 : 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) open += UsEquities.SessionAt(at + Duration.FromDays(i)).Session == MarketSession.Regular ? 1 : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(open, 600, 720);
    }

    private static void AssertSession(string newYork, MarketSession session, ClosedReason reason)
    {
        var info = UsEquities.SessionAt(NewYork(newYork));
        Assert.Equal((session, reason), (info.Session, info.ClosedReason));
    }
}
