using FsCheck;
using FsCheck.Xunit;
using NodaTime;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Market;

public class TradingCalendarProperties
{
    [Fact]
    public void NextChangeAfter_WalkedFromStartToEnd_TilesTimeWithoutGap()
    {
        var at = UsEquities.CoveredFrom;
        var days = new Dictionary<MarketSession, Duration>();
        while (at != UsEquities.CoveredUntil)
        {
            var info = UsEquities.SessionAt(at);
            var next = Assert.NotNull(info.NextChangeAt);
            Assert.True(next > at);
            Assert.NotEqual(MarketSession.Unknown, info.Session);
            Assert.Equal(info.Session == MarketSession.Closed, info.ClosedReason != ClosedReason.None);
            Assert.Equal(info.Session, UsEquities.SessionAt(next - Duration.FromNanoseconds(1)).Session);
            Assert.NotEqual(info.Session, UsEquities.SessionAt(next).Session);
            days[info.Session] = days.GetValueOrDefault(info.Session) + (next - at);
            at = next;
        }

        // No trading session meets a clock change, so every trading day has the same hours.
        Assert.Equal(days[MarketSession.PreMarket].TotalHours / 5.5, days[MarketSession.Overnight].TotalHours / 8);
        Assert.Equal(days.Values.Aggregate((a, b) => a + b), UsEquities.CoveredUntil - UsEquities.CoveredFrom);
    }

    [Property(MaxTest = 2000)]
    public void SessionAt_AnyInstant_IsConstantUntilTheNextChange(DoNotSize<int> seed, DoNotSize<int> step)
    {
        var at = InstantOf(seed.Item);
        var info = UsEquities.SessionAt(at);
        var next = Assert.NotNull(UsEquities.NextChangeAfter(at));
        Assert.True(next > at);

        var between = at + Duration.FromSeconds(unchecked((uint)step.Item) % (long)Math.Ceiling((next - at).TotalSeconds));
        Assert.Equal(info.Session, UsEquities.SessionAt(between).Session);
        Assert.Equal(next, UsEquities.NextChangeAfter(between));
    }

    [Property(MaxTest = 2000)]
    public void SessionAt_AnyInstant_AgreesWithTheWallClock(DoNotSize<int> seed)
    {
        var at = InstantOf(seed.Item);
        var local = at.InZone(NewYorkZone).LocalDateTime;
        var tradeDate = local.Hour >= 20 ? local.Date.PlusDays(1) : local.Date;
        var minute = (local.Hour * 60) + local.Minute;

        var (session, reason) = Expected(ExchangeRules.Of(tradeDate), minute);
        var info = UsEquities.SessionAt(at);
        Assert.True((session, reason) == (info.Session, info.ClosedReason), $"{local}: {info}, expected {session} {reason}");
    }

    private static Instant InstantOf(int seed) => UsEquities.CoveredFrom
        + Duration.FromSeconds(unchecked((uint)seed) % (long)(UsEquities.CoveredUntil - UsEquities.CoveredFrom).TotalSeconds);

    private static (MarketSession Session, ClosedReason Reason) Expected(DayKind kind, int minute) => kind switch
    {
        DayKind.Weekend => (MarketSession.Closed, ClosedReason.Weekend),
        DayKind.Holiday => (MarketSession.Closed, ClosedReason.Holiday),
        DayKind.Unscheduled => (MarketSession.Closed, ClosedReason.Unscheduled),
        DayKind.EarlyClose when minute is >= 17 * 60 and < 20 * 60 => (MarketSession.Closed, ClosedReason.EarlyClose),
        _ when minute is < 4 * 60 or >= 20 * 60 => (MarketSession.Overnight, ClosedReason.None),
        _ when minute < (9 * 60) + 30 => (MarketSession.PreMarket, ClosedReason.None),
        _ when minute < (kind == DayKind.EarlyClose ? 13 : 16) * 60 => (MarketSession.Regular, ClosedReason.None),
        _ => (MarketSession.PostMarket, ClosedReason.None),
    };
}
