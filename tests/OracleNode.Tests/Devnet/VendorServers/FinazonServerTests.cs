using Grpc.Core;
using Grpc.Net.Client;
using NodaTime;
using OracleNode.MarketData;
using OracleNode.Vendors.Finazon.Wire;
using OracleNode.VendorServers.Finazon;
using static OracleNode.VendorServers.VendorBench;

namespace OracleNode.VendorServers;

public class FinazonServerTests
{
    private static readonly Metadata Bearer = new() { { "authorization", "Bearer devnet-finazon-key" } };
    private static readonly long BeginningSeconds = Beginning.ToUnixTimeSeconds();

    [Fact]
    public async Task GetTrades_OfATicker_HasThePrintsThatHappened()
    {
        var bench = new VendorBench(
            Trade("TSLA", 0, 412.3025m),
            Trade("SPY", 1, 671.2m, PrintConditions.AveragePrice),
            Trade("TSLA", 5, 412.31m, PrintConditions.ExtendedHours | PrintConditions.OddLot, MarketEvent.OffExchange),
            Trade("TSLA", 60_000, 413m));
        bench.Advance(20);
        await using var server = await StartAsync(bench);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var response = await TradesAsync(channel, new GetSipTradesRequest { Ticker = "TSLA", Order = "ASC" });

        Assert.Equal(2, response.Result.Count);
        var millis = Beginning.ToUnixTimeMilliseconds();
        Assert.Equal(new SipTradesItem { TradeDate = millis, MarketCenter = "Q", Topic = "C", Price = 412.3025, Quantity = 100, SalesConditions = "@" }, response.Result[0]);
        Assert.Equal(new SipTradesItem { TradeDate = millis + 5, MarketCenter = "D", Topic = "C", Price = 412.31, Quantity = 100, SalesConditions = "@TI" }, response.Result[1]);

        var other = await TradesAsync(channel, new GetSipTradesRequest { Ticker = "SPY" });
        Assert.Equal(("B", " B"), (Assert.Single(other.Result).Topic, other.Result[0].SalesConditions));
    }

    [Fact]
    public async Task GetTrades_ByPage_GivesEveryPrintOnce()
    {
        var bench = new VendorBench([.. Enumerable.Range(0, 25).Select(i => Trade("TSLA", i, 400 + i))]);
        bench.Advance(100);
        await using var server = await StartAsync(bench);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var prices = new List<double>();
        for (var page = 0; ; page++)
        {
            var response = await TradesAsync(channel, new GetSipTradesRequest { Ticker = "TSLA", Page = page, PageSize = 10, Order = "DESC" });
            prices.AddRange(response.Result.Select(item => item.Price));
            if (response.Result.Count < 10) break;
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => 424.0 - i), prices);
    }

    [Fact]
    public async Task GetTrades_BetweenTwoTimes_HasOnlyThose()
    {
        var bench = new VendorBench([.. Enumerable.Range(0, 10).Select(i => Trade("TSLA", i * 1_000, 400 + i))]);
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        await using var server = await StartAsync(bench);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var response = await TradesAsync(channel, new GetSipTradesRequest { Ticker = "TSLA", StartAt = BeginningSeconds + 3, EndAt = BeginningSeconds + 5, Order = "ASC" });
        Assert.Equal([403.0, 404, 405], response.Result.Select(item => item.Price));
    }

    [Fact]
    public async Task GetTrades_AskedForTheFuture_HasNothingOfIt()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 412), Trade("TSLA", 1_000, 413));
        await using var server = await StartAsync(bench);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var request = new GetSipTradesRequest { Ticker = "TSLA", EndAt = BeginningSeconds + 3_600, Order = "ASC" };
        Assert.Equal([412.0], (await TradesAsync(channel, request)).Result.Select(item => item.Price));
        bench.Advance(1_100);
        for (var i = 0; i < 500 && (await TradesAsync(channel, request)).Result.Count < 2; i++)
        {
            bench.Advance(10);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal([412.0, 413.0], (await TradesAsync(channel, request)).Result.Select(item => item.Price));
    }

    [Fact]
    public async Task GetSnapshot_OfATicker_HasTheLastPrint()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 412), Trade("TSLA", 5, 413), Quote("SPY", 0, 671, 672));
        bench.Advance(20);
        await using var server = await StartAsync(bench);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var client = new SnapshotService.SnapshotServiceClient(channel);
        var snapshot = await client.GetSnapshotAsync(new GetSnapshotRequest { Ticker = "TSLA", Dataset = "sip_non_pro" }, Bearer);
        Assert.Equal(new SnapshotLastTrade { EventAt = Beginning.ToUnixTimeMilliseconds() + 5, Price = 413, Shares = 100 }, snapshot.LastTrade);
        Assert.Null((await client.GetSnapshotAsync(new GetSnapshotRequest { Ticker = "SPY" }, Bearer)).LastTrade);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("devnet-finazon-key")]
    public async Task Call_WithoutTheKey_IsUnauthenticated(string? authorization)
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        using var channel = GrpcChannel.ForAddress(server.Url);
        var headers = new Metadata();
        if (authorization is not null) headers.Add("authorization", authorization);
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(channel, new GetSipTradesRequest { Ticker = "TSLA" }, headers));
        Assert.Equal(0, server.Calls);
    }

    [Fact]
    public async Task Call_ForAnUnknownTicker_IsNotFound()
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        using var channel = GrpcChannel.ForAddress(server.Url);
        Assert.Equal(StatusCode.NotFound, await StatusAsync(channel, new GetSipTradesRequest { Ticker = "NONE" }, Bearer));
    }

    [Fact]
    public async Task Call_OverTheLimit_IsResourceExhaustedUntilASecondLater()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 412));
        await using var server = new FinazonServer(bench.View, bench.Timeline.Symbols, bench.Clock, new FinazonServerOptions { MaxCallsPerSecond = 2 });
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Url);
        var request = new GetSipTradesRequest { Ticker = "TSLA" };
        await TradesAsync(channel, request);
        await TradesAsync(channel, request);
        Assert.Equal(StatusCode.ResourceExhausted, await StatusAsync(channel, request, Bearer));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single((await TradesAsync(channel, request)).Result);
    }

    [Fact]
    public async Task Call_OutOfRange_IsInvalidArgument()
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        using var channel = GrpcChannel.ForAddress(server.Url);
        GetSipTradesRequest[] wrong =
        [
            new() { Ticker = "TSLA", Page = -1 },
            new() { Ticker = "TSLA", Page = int.MaxValue },
            new() { Ticker = "TSLA", PageSize = 1_001 },
            new() { Ticker = "TSLA", PageSize = -1 },
            new() { Ticker = "TSLA", Order = "sideways" },
            new() { Ticker = "TSLA", StartAt = -1 },
            new() { Ticker = "TSLA", EndAt = long.MaxValue },
        ];
        foreach (var request in wrong) Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(channel, request, Bearer));
    }

    [Fact]
    public async Task Stop_AndStart_AnswersAgainOnTheSamePort()
    {
        var bench = new VendorBench(Trade("TSLA", 0, 412));
        await using var server = await StartAsync(bench);
        var url = server.Url;
        using var channel = GrpcChannel.ForAddress(url);
        var request = new GetSipTradesRequest { Ticker = "TSLA" };
        await TradesAsync(channel, request);
        await server.StopAsync();

        // Internal when the request was already on its way over the connection that is being closed.
        Assert.Contains(await StatusAsync(channel, request, Bearer), (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(url, server.Url);
        using var again = GrpcChannel.ForAddress(url);
        Assert.Single((await TradesAsync(again, request)).Result);
    }

    [Fact]
    public async Task Stalled_Server_AnswersAfterwardsOrIsDropped()
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        using var channel = GrpcChannel.ForAddress(server.Url);
        server.Faults.Stalled = true;
        var request = new GetSipTradesRequest { Ticker = "TSLA" };
        var waiting = TradesAsync(channel, request);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        server.Faults.Stalled = false;
        Assert.Single((await waiting).Result);

        server.Faults.Stalled = true;
        var dropped = StatusAsync(channel, request, Bearer);
        for (var i = 0; i < 500 && server.Calls < 2; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        server.Disconnect();
        Assert.Equal(StatusCode.Unavailable, await dropped);
    }

    [Fact]
    public async Task SendGarbage_Always_SpoilsTheNextAnswersOnly()
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        using var channel = GrpcChannel.ForAddress(server.Url);
        server.SendGarbage();
        var request = new GetSipTradesRequest { Ticker = "TSLA" };
        for (var i = 0; i < FinazonServer.GarbageAnswers; i++)
            Assert.Contains((await TradesAsync(channel, request)).Result, item => double.IsNaN(item.Price));
        Assert.Equal(412, Assert.Single((await TradesAsync(channel, request)).Result).Price);
    }

    [Fact]
    public async Task PriceFactor_Set_MovesEveryPrice()
    {
        await using var server = await StartAsync(new VendorBench(Trade("TSLA", 0, 412)));
        server.Faults.PriceFactor = 0.5m;
        using var channel = GrpcChannel.ForAddress(server.Url);
        Assert.Equal(206, Assert.Single((await TradesAsync(channel, new GetSipTradesRequest { Ticker = "TSLA" })).Result).Price);
    }

    [Fact]
    public void PrintHistory_Full_ForgetsTheOldest()
    {
        var history = new PrintHistory(3);
        for (var i = 0; i < 5; i++) history.Add(Trade("TSLA", i, 400 + i));
        Assert.Equal([2, 3, 4], history.Page(0, long.MaxValue, false, 0, 10).Select(print => (int)(print.Time - Beginning).TotalMilliseconds));
        Assert.Equal(Beginning + Duration.FromMilliseconds(4), history.Newest!.Value.Time);
    }

    private static async Task<FinazonServer> StartAsync(VendorBench bench)
    {
        var server = new FinazonServer(bench.View, bench.Timeline.Symbols, bench.Clock, new FinazonServerOptions());
        await server.StartAsync();
        return server;
    }

    private static async Task<GetSipTradesResponse> TradesAsync(GrpcChannel channel, GetSipTradesRequest request) =>
        await new SipService.SipServiceClient(channel).GetTradesAsync(request, Bearer, DateTime.UtcNow.AddSeconds(20));

    private static async Task<StatusCode> StatusAsync(GrpcChannel channel, GetSipTradesRequest request, Metadata headers)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await new SipService.SipServiceClient(channel).GetTradesAsync(request, headers, DateTime.UtcNow.AddSeconds(20)));
        return failure.StatusCode;
    }
}
