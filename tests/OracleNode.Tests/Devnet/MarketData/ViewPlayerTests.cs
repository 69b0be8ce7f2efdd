using NodaTime;
using OracleNode.VendorServers;
using static OracleNode.VendorServers.VendorBench;

namespace OracleNode.MarketData;

public class ViewPlayerTests
{
    [Fact]
    public async Task Start_WithAPast_HandsItOverBeforeItReturns()
    {
        var bench = new VendorBench([.. Enumerable.Range(0, 1_000).Select(i => Trade("TSLA", i, 400))]);
        bench.Advance(600);
        var seen = 0;
        await using var player = new ViewPlayer(bench.View, bench.Clock, events =>
        {
            Assert.InRange(events.Length, 1, ViewPlayer.BatchSize);
            Interlocked.Add(ref seen, events.Length);
        });
        await player.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(601, Volatile.Read(ref seen));
    }

    [Fact]
    public async Task Play_Always_IsInOrderAndNeverEarly()
    {
        var bench = new VendorBench([.. Enumerable.Range(0, 500).Select(i => Trade("TSLA", i * 3, 400))]);
        var times = new List<Instant>();
        await using var player = new ViewPlayer(bench.View, bench.Clock, events =>
        {
            lock (times)
            {
                foreach (var happened in events)
                {
                    Assert.True(happened.Time <= bench.Clock.Now);
                    times.Add(happened.Time);
                }
            }
        });
        await player.StartAsync(TestContext.Current.CancellationToken);
        await bench.AdvanceUntilAsync(() => player.Completion.IsCompleted, stepMillis: 20);
        await player.Completion;
        Assert.Equal(Enumerable.Range(0, 500).Select(i => Beginning + Duration.FromMilliseconds(i * 3)), times);
    }

    [Fact]
    public async Task Dispose_WhilePlaying_EndsIt()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 400), Trade("TSLA", 60_000, 400));
        var player = new ViewPlayer(bench.View, bench.Clock, static _ => { });
        await player.StartAsync(TestContext.Current.CancellationToken);
        Assert.False(player.Completion.IsCompleted);
        await player.DisposeAsync();
        Assert.True(player.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Completion_DeliveryFails_Fails()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 400));
        await using var player = new ViewPlayer(bench.View, bench.Clock, static _ => throw new InvalidOperationException("no"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => player.StartAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => player.Completion);
    }
}
