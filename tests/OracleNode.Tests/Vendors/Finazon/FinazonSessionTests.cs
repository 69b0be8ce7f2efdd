using Grpc.Core;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Finazon.Wire;
using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.Finazon;

public class FinazonSessionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly long NowMillis = Instant.FromUtc(2024, 3, 5, 15, 0).ToUnixTimeMilliseconds();

    [Fact]
    public async Task Polls_NewTrades_AreDeliveredOnceOldestFirst()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Add("MSFT", NowMillis - 2000, 10.1);
        server.Data.Add("MSFT", NowMillis - 1000, 10.2);
        server.Data.Add("AAPL", NowMillis - 500, 20);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Observations.Count() == 3, Step, "first trades");
        // Two prints in the millisecond already seen, and a newer one; one that is late is passed over.
        server.Data.Add("MSFT", NowMillis - 1000, 10.2, quantity: 77);
        server.Data.Add("MSFT", NowMillis - 1500, 10.15);
        server.Data.Add("MSFT", NowMillis, 10.3);
        await fixture.AdvanceUntil(() => fixture.Received.Observations.Count() >= 5, Step, "further trades");
        var polls = server.Data.RequestCount;
        await fixture.AdvanceUntil(() => server.Data.RequestCount >= polls + 6, Step, "further polls");

        var msft = fixture.Received.Observations.Where(o => o.Instrument.Index == 7).ToArray();
        Assert.Equal([1_010_000_000, 1_020_000_000, 1_020_000_000, 1_030_000_000], msft.Select(o => o.Last.E8));
        Assert.Equal(77, msft[2].LastSize);
        Assert.Equal(5, fixture.Received.Observations.Count());
        Assert.Equal(SessionState.Live, fixture.Health.State);
        Assert.Equal(5, fixture.Health.Observations);
        Assert.All(server.Data.Requests, r => Assert.Equal("DESC", r.Order));
        Assert.Equal((NowMillis / 1000) - 120, server.Data.Requests[0].StartAt);
        Assert.Equal(NowMillis / 1000, server.Data.Requests.Last(r => r.Ticker == "MSFT").StartAt);
        Assert.DoesNotContain(fixture.Log, l => l.Contains(fixture.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Polls_MoreThanAPage_AreReadPageByPageUpToTheLimit()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        fixture.Options.Symbols.RemoveAt(1);
        fixture.Options.Finazon.PageSize = 10;
        fixture.Options.Finazon.MaxPages = 3;
        for (var i = 0; i < 35; i++) server.Data.Add("MSFT", NowMillis - 10_000 + i, 10 + (i * 0.01));

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Step, "trades");

        // The newest thirty; that there are older ones is counted, not hidden.
        Assert.Equal(30, fixture.Received.Observations.Count());
        Assert.Equal(1_034_000_000, fixture.Received.Observations.Last().Last.E8);
        Assert.Equal(1_005_000_000, fixture.Received.Observations.First().Last.E8);
        Assert.Equal([0, 1, 2], server.Data.Requests.Take(3).Select(r => r.Page));
        Assert.Equal(1, fixture.Health.TruncatedPolls);
    }

    [Fact]
    public async Task Snapshot_WhereNothingTradedYet_GivesTheLastTrade()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        fixture.Options.Symbols.RemoveAt(1);
        server.Data.LastTrade = new SnapshotLastTrade { EventAt = NowMillis - 600_000, Price = 9.5, Shares = 4 };

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Step, "snapshot");
        await fixture.AdvanceUntil(() => server.Data.RequestCount >= 4, Step, "further polls");

        var trade = Assert.Single(fixture.Received.Observations);
        Assert.Equal(ConditionFlags.ConditionsAbsent, trade.Conditions);
        Assert.Equal(950_000_000, trade.Last.E8);
        Assert.Equal(1, server.Data.Snapshots);
    }

    [Fact]
    public async Task Key_Refused_WaitsLongAndReadsItAgain()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Key = "another";
        server.Data.Add("MSFT", NowMillis, 10);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.NeedsOperator, Step, "refusal");
        Assert.Equal(VendorFaultKind.AuthenticationFailed, fixture.Health.LastFault!.Kind);
        fixture.SetKey("another");
        var waited = await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.Live, TimeSpan.FromSeconds(10), "recovery");
        Assert.True(waited >= fixture.Options.Reconnect.OperatorDelay - TimeSpan.FromSeconds(10), $"It came back after {waited}.");
    }

    [Fact]
    public async Task Quota_Exhausted_YieldsForAllTickers()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Fail = _ => new RpcException(new Status(StatusCode.ResourceExhausted, "too many requests"));

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.LastFault is not null, Step, "refusal");
        Assert.Equal(VendorFaultKind.RateLimited, fixture.Health.LastFault!.Kind);
        Assert.Equal(SessionState.BackingOff, fixture.Health.State);
        var asked = server.Data.RequestCount;
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await Task.Delay(50);
        Assert.Equal(asked, server.Data.RequestCount);

        server.Data.Fail = null;
        await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.Live, Step, "recovery");
        Assert.Equal(1, fixture.Health.Reconnects);
    }

    [Fact]
    public async Task Ticker_Unknown_StopsNoOther()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Fail = ticker => ticker == "MSFT" ? new RpcException(new Status(StatusCode.NotFound, "no such ticker")) : null;
        server.Data.Add("AAPL", NowMillis, 20);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Step, "the other's trade");
        server.Data.Add("AAPL", NowMillis + 1, 21);
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 2, Step, "the other's next trade");

        Assert.Equal(SessionState.Live, fixture.Health.State);
        Assert.Contains(fixture.Log, l => l.Contains("2014", StringComparison.Ordinal) && l.Contains("MSFT", StringComparison.Ordinal));
        Assert.Equal(1, server.Data.Requests.Count(r => r.Ticker == "MSFT"));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, VendorFaultKind.ConnectFailed)]
    [InlineData(StatusCode.Internal, VendorFaultKind.ServerError)]
    [InlineData(StatusCode.PermissionDenied, VendorFaultKind.NotEntitled)]
    [InlineData(StatusCode.Unimplemented, VendorFaultKind.BadRequest)]
    public async Task Failure_OfTheVendor_HasItsKind(StatusCode status, VendorFaultKind kind)
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Fail = _ => new RpcException(new Status(status, "words"));

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.LastFault is not null, Step, "failure");
        Assert.Equal(kind, fixture.Health.LastFault!.Kind);
        Assert.Contains("words", fixture.Health.LastFault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_TooLate_IsATimeoutOfThatRequestOnly()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        fixture.Options.Finazon.RequestTimeout = TimeSpan.FromMilliseconds(300);
        server.Data.Delay = () => Task.Delay(2000);

        fixture.Start();
        await fixture.Until(() => fixture.Health.LastFault is not null, "timeout");
        Assert.Equal(VendorFaultKind.RequestTimeout, fixture.Health.LastFault!.Kind);
        server.Data.Delay = null;
        await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.Live, Step, "recovery");
    }

    [Fact]
    public async Task Answer_LargerThanTheCap_IsRefused()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        fixture.Options.MaxFrameBytes = 4096;
        fixture.Options.Finazon.PageSize = 1000;
        for (var i = 0; i < 1000; i++) server.Data.Add("MSFT", NowMillis - i, 10);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.LastFault is not null, Step, "refusal");
        Assert.Equal(VendorFaultKind.OversizeFrame, fixture.Health.LastFault!.Kind);
        Assert.DoesNotContain(fixture.Received.Observations, o => o.Instrument.Index == 7);
    }

    [Fact]
    public async Task Trade_FromTheFuture_DoesNotHideWhatFollows()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Add("MSFT", NowMillis + 86_400_000, 99);
        server.Data.Add("MSFT", NowMillis - 100, 10);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Step, "first trade");
        server.Data.Add("MSFT", NowMillis, 11);
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 2, Step, "next trade");

        // It goes on once, for the rules to refuse, however often the polls bring it.
        Assert.Equal([1_000_000_000, 1_100_000_000, 9_900_000_000], fixture.Received.Observations.Select(o => o.Last.E8).Order());
        Assert.True(fixture.Health.FromFuture > 0);
    }

    [Fact]
    public async Task Silence_InAnOpenSession_IsCountedOnce()
    {
        await using var fixture = new SessionFixture();
        await using var server = await StartAsync(fixture);
        server.Data.Add("MSFT", NowMillis, 10);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Step, "first trade");
        await fixture.AdvanceUntil(() => fixture.Health.Silences == 1, TimeSpan.FromSeconds(1), "silence");
        for (var i = 0; i < 40; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.Equal(1, fixture.Health.Silences);
        Assert.Equal(SessionState.Live, fixture.Health.State);
    }

    private static async Task<FinazonServer> StartAsync(SessionFixture fixture)
    {
        var server = await FinazonServer.StartAsync(fixture.Key);
        fixture.Options.Vendor = VendorKind.Finazon;
        fixture.Options.Upstream = VendorUpstreams.Sip;
        fixture.Options.Url = server.Url;
        return server;
    }
}
