using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

public class ClockWatchTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 4, 17, 0);

    private readonly ClockWatch _watch = new(upstreams: 3, chains: 2);

    [Fact]
    public void Judge_NothingToCompareWith_IsUnknown() => Assert.Equal(default, _watch.Judge(Start));

    [Theory]
    [InlineData(500, ClockState.Good)]
    [InlineData(-500, ClockState.Good)]
    [InlineData(501, ClockState.Off)]
    [InlineData(-2_000, ClockState.Off)]
    [InlineData(2_001, ClockState.Wrong)]
    [InlineData(-2_001, ClockState.Wrong)]
    public void Judge_TimeServer_ByHowFarItIsOff(int millis, ClockState expected)
    {
        var offset = Duration.FromMilliseconds(millis);
        _watch.ObserveNtp(offset, Start);
        Assert.Equal(new ClockVerdict(expected, offset, ClockReference.Ntp), _watch.Judge(Start));
    }

    [Fact]
    public void Judge_TimeServerLongSilent_NoLongerCounts()
    {
        _watch.ObserveNtp(Duration.FromSeconds(3), Start);
        Assert.Equal(ClockState.Wrong, _watch.Judge(Start + ClockWatch.NtpLifetime).State);
        Assert.Equal(ClockState.Unknown, _watch.Judge(Start + ClockWatch.NtpLifetime + Duration.FromTicks(1)).State);
    }

    [Fact]
    public void Judge_OneUpstreamFromTheFuture_ProvesNothing()
    {
        Traffic(0, lateMillis: -90_000);
        Traffic(1, lateMillis: 5);
        Assert.NotEqual(ClockState.Wrong, _watch.Judge(Start).State);
    }

    [Fact]
    public void Judge_TwoUpstreamsFromTheFuture_NodeIsBehind()
    {
        Traffic(0, lateMillis: -3_000);
        Traffic(1, lateMillis: -2_500);
        Traffic(2, lateMillis: 5);
        Assert.Equal(new ClockVerdict(ClockState.Wrong, Duration.FromMilliseconds(-2_500), ClockReference.Vendor), _watch.Judge(Start));
    }

    [Fact]
    public void Judge_EveryUpstreamLate_NodeMayBeAhead()
    {
        Traffic(0, lateMillis: 3_100);
        Traffic(1, lateMillis: 3_020);
        Assert.Equal(new ClockVerdict(ClockState.Wrong, Duration.FromMilliseconds(3_020), ClockReference.Vendor), _watch.Judge(Start));
    }

    [Fact]
    public void Judge_EveryUpstreamLateButTheTimeServerAgrees_VendorsAreSlow()
    {
        Traffic(0, lateMillis: 3_100);
        Traffic(1, lateMillis: 3_020);
        _watch.ObserveNtp(Duration.FromMilliseconds(4), Start);
        Assert.Equal(ClockState.Good, _watch.Judge(Start).State);
    }

    [Fact]
    public void Judge_TimeServerAgreesButEventsComeFromTheFuture_TheWorseCounts()
    {
        Traffic(0, lateMillis: -3_000);
        Traffic(1, lateMillis: -3_000);
        _watch.ObserveNtp(Duration.Zero, Start);
        Assert.Equal(ClockState.Wrong, _watch.Judge(Start).State);
    }

    [Fact]
    public void Judge_FewMessages_DoNotShowThatTheNodeIsAhead()
    {
        for (var upstream = 0; upstream < 2; upstream++)
            for (var i = 0; i < 19; i++)
                _watch.Observe(new UpstreamId(upstream), Start - Duration.FromSeconds(9), Start);
        Assert.Equal(ClockState.Unknown, _watch.Judge(Start).State);
    }

    [Fact]
    public void Judge_TrafficLongPast_IsForgotten()
    {
        Traffic(0, lateMillis: -3_000);
        Traffic(1, lateMillis: -3_000);
        Assert.Equal(ClockState.Unknown, _watch.Judge(Start + (3 * ClockWatch.HalfWindow)).State);
    }

    [Theory]
    [InlineData(1_400, ClockState.Unknown)] // within a block or a second of the true time
    [InlineData(2_600, ClockState.Off)]
    [InlineData(14_000, ClockState.Wrong)]
    public void Judge_BlocksFromTheFuture_BoundTheClockToTheirGranularity(int aheadMillis, ClockState expected)
    {
        for (var chain = 0; chain < 2; chain++)
            _watch.ObserveChain(chain, Start + Duration.FromMilliseconds(aheadMillis), Duration.FromSeconds(2), Start);
        Assert.Equal(expected, _watch.Judge(Start).State);
    }

    [Fact]
    public void Judge_OneChainFromTheFuture_ProvesNothing()
    {
        _watch.ObserveChain(0, Start + Duration.FromSeconds(60), Duration.FromSeconds(1), Start);
        _watch.ObserveChain(1, Start, Duration.FromSeconds(1), Start);
        Assert.Equal(ClockState.Unknown, _watch.Judge(Start).State);
    }

    [Property]
    public void Observe_AnyTimesOfOneLiar_NeverCondemnTheClock(int[] lateMillis)
    {
        var watch = new ClockWatch(3, 0);
        for (var i = 0; i < 40; i++)
        {
            watch.Observe(new UpstreamId(1), Start - Duration.FromMilliseconds(12), Start);
            watch.Observe(new UpstreamId(2), Start - Duration.FromMilliseconds(30), Start);
        }

        foreach (var late in lateMillis) watch.Observe(new UpstreamId(0), Start - Duration.FromMilliseconds(late), Start);
        Assert.True(watch.Judge(Start).State is ClockState.Good or ClockState.Unknown);
    }

    private void Traffic(int upstream, int lateMillis)
    {
        for (var i = 0; i < 30; i++) _watch.Observe(new UpstreamId(upstream), Start - Duration.FromMilliseconds(lateMillis + (i % 7)), Start);
    }
}
