using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Timekeeping;

/// <summary>The client against servers on this machine's loopback.</summary>
public sealed class ClockPollTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<UdpClient> _servers = [];

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var server in _servers) server.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task ThreeServers_Asked_TheirMedianIsPutIntoTheLog()
    {
        var inputs = new RareInputQueue(new PipelineSignal());
        using var poll = Poll(inputs, Serve(0), Serve(-2_000), Serve(3_600_000));
        await poll.AskServersAsync(TestContext.Current.CancellationToken);
        var clock = Assert.Single(Drain(inputs));
        Assert.Equal(ClockReference.Ntp, clock.Reference);
        Assert.InRange(clock.Offset.TotalMilliseconds, -500, 500);
    }

    [Fact]
    public async Task ServersThatDoNotAnswer_Asked_TellNothing()
    {
        var inputs = new RareInputQueue(new PipelineSignal());
        using var poll = Poll(inputs, Serve(null), "127.0.0.1:1", Serve(0));
        await poll.AskServersAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Drain(inputs));
    }

    private static ClockPoll Poll(RareInputQueue inputs, params string[] servers) => new(
        new ClockOptions { Servers = [.. servers], Timeout = TimeSpan.FromSeconds(2) }, [], inputs, new SystemMarketClock(TimeProvider.System), TimeProvider.System, NullLogger<ClockPoll>.Instance);

    /// <param name="aheadMillis">How far it is ahead; null never answers.</param>
    private string Serve(int? aheadMillis)
    {
        var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _servers.Add(server);
        _ = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                var request = await server.ReceiveAsync(_stop.Token);
                if (aheadMillis is not { } ahead) continue;

                // First a forged one, which must not be taken for the answer.
                var answer = new byte[SntpPacket.Length];
                await server.SendAsync(answer, request.RemoteEndPoint, _stop.Token);
                answer[0] = 0x24;
                answer[1] = 1;
                request.Buffer.AsSpan(40, 8).CopyTo(answer.AsSpan(24));
                var now = SystemClock.Instance.GetCurrentInstant() + Duration.FromMilliseconds(ahead);
                SntpPacket.WriteTime(answer.AsSpan(32), now);
                SntpPacket.WriteTime(answer.AsSpan(40), now);
                await server.SendAsync(answer, request.RemoteEndPoint, _stop.Token);
            }
        }, _stop.Token);
        return $"127.0.0.1:{((IPEndPoint)server.Client.LocalEndPoint!).Port}";
    }

    private static List<ClockMeasurement> Drain(RareInputQueue inputs)
    {
        var share = new Feed("first", new InstrumentId(0), "figi:BBG000000000@XNAS", "USD", FeedUnit.UnderlyingShare);
        var calendar = TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
        var market = new MarketFold([new ShareFeedRules(share, Pricing.PricingSettings.Stock, [])], calendar);
        inputs.Drain(Instant.FromUtc(2026, 6, 10, 15, 0), new OracleFold(new PipelinePlan(market, [new FeedSlot(share)], [], 1, 1, 0, 0), new Silent()));
        return [.. market.Facts.Clocks.Select(c => c.Value)];
    }

    private sealed class Silent : IFoldReport
    {
        public void FeedStopped(string feed, string problem, Exception? cause) { }
        public void FeedNotPublished(string feed, string problem) { }
        public void GuardStopped(string problem, Exception? cause) { }
        public void ChainNotCredible(string chain, string problem) { }
        public void PlanFault(string chain, Exception cause) { }
        public void Changed(int feed, in FeedTransition transition) { }
        public void Alarm(string? feed, AlarmKind kind, string message) { }
        public void MarketDistrusted(string problem) { }
        public void MarketTrusted(string problem) { }
        public void Restored(int restored, int feeds) { }
    }
}
