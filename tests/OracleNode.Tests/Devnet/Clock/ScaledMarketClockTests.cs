using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace OracleNode.Clock;

public class ScaledMarketClockTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 6, 10, 16, 0);

    [Fact]
    public void Now_BeforeStart_StandsStill()
    {
        var time = new FakeTimeProvider();
        var clock = new ScaledMarketClock(Noon, 30, time);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Noon, clock.Now);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(30, 1_800)]
    [InlineData(0.5, 30)]
    public void Now_AMinuteAfterStart_IsSpeedTimesAMinuteLater(double speed, int marketSeconds)
    {
        var time = new FakeTimeProvider();
        var clock = new ScaledMarketClock(Noon, speed, time);
        time.Advance(TimeSpan.FromHours(1));
        clock.Start();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Noon + Duration.FromSeconds(marketSeconds), clock.Now);
    }

    [Fact]
    public void Start_Again_ChangesNothing()
    {
        var time = new FakeTimeProvider();
        var clock = new ScaledMarketClock(Noon, 1, time);
        clock.Start();
        time.Advance(TimeSpan.FromSeconds(10));
        clock.Start();
        Assert.Equal(Noon + Duration.FromSeconds(10), clock.Now);
    }

    [Fact]
    public async Task WaitUntil_AnInstantAhead_EndsWhenMarketTimeGetsThere()
    {
        var time = new FakeTimeProvider();
        var clock = new ScaledMarketClock(Noon, 10, time);
        clock.Start();
        var waiting = clock.WaitUntilAsync(Noon + Duration.FromSeconds(10), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMilliseconds(999));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(clock.Now >= Noon + Duration.FromSeconds(10));
    }

    [Fact]
    public async Task WaitUntil_ClockNotStarted_WaitsForTheStart()
    {
        var clock = new ScaledMarketClock(Noon, 1_000, TimeProvider.System);
        var waiting = clock.WaitUntilAsync(Noon + Duration.FromSeconds(1), TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        clock.Start();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitUntil_Cancelled_Throws()
    {
        var clock = new ScaledMarketClock(Noon, 1, TimeProvider.System);
        clock.Start();
        using var cancel = new CancellationTokenSource();
        var waiting = clock.WaitUntilAsync(Noon + Duration.FromDays(1_000), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_SpeedOutOfRange_Throws(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScaledMarketClock(Noon, speed, TimeProvider.System));
}
