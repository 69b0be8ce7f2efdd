using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors;

public class CoverageTests
{
    private static readonly Coverage Iex = VendorUpstreams.CoverageOf(VendorUpstreams.Iex);

    [Theory]
    [InlineData("2026-03-06T12:59:59.999", false)]
    [InlineData("2026-03-06T13:00:00", true)]
    [InlineData("2026-03-06T21:59:59.999", true)]
    [InlineData("2026-03-06T22:00:00", false)]
    [InlineData("2026-03-09T12:00:00", true)]
    [InlineData("2026-03-09T11:59:59", false)]
    [InlineData("2026-03-09T21:00:00", false)]
    public void Contains_IexDay_FollowsNewYorkAcrossTheChangeOfClocks(string utc, bool covered)
    {
        var instant = NodaTime.Text.InstantPattern.ExtendedIso.Parse(utc + "Z").Value;
        Assert.Equal(covered, Iex.Contains(instant));
        Assert.Equal(covered, Iex.Contains(instant));
    }

    [Fact]
    public void Contains_EveryMinuteOfAYear_AgreesWithTheWallClock()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var overnight = VendorUpstreams.CoverageOf(VendorUpstreams.BlueOcean);
        for (var at = Instant.FromUtc(2026, 1, 1, 0, 0); at < Instant.FromUtc(2027, 1, 1, 0, 0); at += Duration.FromMinutes(7))
        {
            var time = at.InZone(zone).TimeOfDay;
            Assert.Equal(time >= new LocalTime(8, 0) && time < new LocalTime(17, 0), Iex.Contains(at));
            Assert.Equal(time >= new LocalTime(20, 0) || time < new LocalTime(4, 0), overnight.Contains(at));
            Assert.True(Coverage.AllDay.Contains(at));
        }
    }

    [Fact]
    public void Filter_OutsideHoursOrFromTheFuture_IsRefusedAndCounted()
    {
        var open = Instant.FromUtc(2026, 3, 9, 12, 0);
        var filter = new ObservationFilter(Iex, Duration.FromSeconds(2));

        Assert.True(filter.Admits(At(open, open + Duration.FromSeconds(1), ObservationKind.Quote)));
        // Yesterday's last quote, sent on connecting this morning.
        Assert.False(filter.Admits(At(open - Duration.FromHours(18), open, ObservationKind.Quote)));
        Assert.False(filter.Admits(At(open + Duration.FromHours(8), open + Duration.FromHours(12), ObservationKind.Trade)));
        Assert.False(filter.Admits(At(open - Duration.FromHours(1), open, ObservationKind.Quote)));
        Assert.Equal(3, filter.OutsideCoverage);

        Assert.True(filter.Admits(At(open + Duration.FromSeconds(2), open, ObservationKind.Quote)));

        // What every feed refuses goes on, to be counted against the source there.
        Assert.True(filter.Admits(At(open + Duration.FromSeconds(2.001), open, ObservationKind.Quote)));
        Assert.True(filter.Admits(At(open - Duration.FromDays(20_000), open, ObservationKind.Quote)));
        Assert.False(filter.Admits(At(open + Duration.FromDays(1), open - Duration.FromHours(3), ObservationKind.Quote)));
        Assert.Equal(2, filter.FromFuture);

        // A source that may lead by less than feeds take in: what lies between goes nowhere.
        var strict = new ObservationFilter(Iex, Duration.FromSeconds(1));
        Assert.False(strict.Admits(At(open + Duration.FromSeconds(1.5), open, ObservationKind.Quote)));
        Assert.Equal(1, strict.FromFuture);

        // A halt is news at any hour.
        Assert.True(filter.Admits(At(open + Duration.FromHours(10), open + Duration.FromHours(10), ObservationKind.Status)));
    }

    private static Observation At(Instant eventTime, Instant receiveTime, ObservationKind kind) => new()
    {
        Kind = kind,
        Source = default,
        Upstream = default,
        Instrument = default,
        EventTime = eventTime,
        ReceiveTime = receiveTime,
    };
}
