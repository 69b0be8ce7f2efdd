using System.Text.Json;
using OracleNode.MarketData;
using OracleNode.VendorServers.Bitstamp;

namespace OracleNode.VendorServers;

public class BitstampServerTests
{
    private static readonly TokenPairSpec[] Pairs = [new("usdcusd", null)];

    [Fact]
    public async Task Requests_GoodAndBad_AreAnsweredAsTheVendorDoes()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        Assert.Equal("""{"event":"bts:subscription_succeeded","channel":"order_book_usdcusd","data":{}}""", await AskAsync(client, Subscribe("order_book_usdcusd")));
        Assert.Equal("""{"event":"bts:subscription_succeeded","channel":"order_book_usdcusd","data":{}}""", await AskAsync(client, Subscribe("order_book_usdcusd")));
        Assert.Equal("""{"event":"bts:subscription_succeeded","channel":"order_book_noneusd","data":{}}""", await AskAsync(client, Subscribe("order_book_noneusd")));
        Assert.Equal("""{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}""", await AskAsync(client, """{"event":"bts:heartbeat"}"""));
        Assert.Contains("Invalid channel provided.", await AskAsync(client, Subscribe("order_book_USDC/USD")), StringComparison.Ordinal);
        Assert.Contains("Bad subscription string.", await AskAsync(client, """{"event":"bts:subscribe"}"""), StringComparison.Ordinal);
        Assert.Contains("Bad subscription string.", await AskAsync(client, """{"event":"bts:ping","data":{"channel":"x"}}"""), StringComparison.Ordinal);
        Assert.Contains("Bad subscription string.", await AskAsync(client, "[]"), StringComparison.Ordinal);
        Assert.Contains("Incorrect JSON format.", await AskAsync(client, "subscribe"), StringComparison.Ordinal);
        Assert.Contains("unsubscription_succeeded", await AskAsync(client, Subscribe("order_book_usdcusd").Replace("bts:s", "bts:uns", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(3, server.Subscriptions);
    }

    [Fact]
    public async Task Book_OfAHundredLevels_IsOrderedAndItsStampsRise()
    {
        var bench = new VendorBench(VendorBench.Quote("usdcusd", 0, 0.5m, 0.6m), VendorBench.Quote("usdcusd", 50, 0.9998m, 0.9999m));
        await using var server = await StartAsync(bench);
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await AskAsync(client, Subscribe("order_book_usdcusd"));
        bench.Advance(40);
        server.SetPrice("usdcusd", 0.87m, 0.88m);
        server.SetPrice("usdcusd", 0.86m, 0.88m);
        bench.Advance(20);
        var stamps = new List<long>();
        foreach (var best in new[] { 0.87m, 0.86m, 0.86m })
        {
            using var book = JsonDocument.Parse((await client.FrameAsync())!);
            var data = book.RootElement.GetProperty("data");
            var bids = data.GetProperty("bids").EnumerateArray().Select(l => decimal.Parse(l[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal((100, best), (bids.Count, bids[0]));
            Assert.Equal(bids.OrderDescending(), bids);
            stamps.Add(long.Parse(data.GetProperty("microtimestamp").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(stamps.Distinct().Order(), stamps);
        Assert.Equal((VendorBench.Beginning.ToUnixTimeMilliseconds() + 50) * 1_000, stamps[2]);
    }

    [Fact]
    public async Task Request_LongerThanTheVendorTakes_IsCut()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.SendAsync(Subscribe("order_book_" + new string('x', 512)));
        Assert.False(await client.EndedWithGoodbyeAsync());
    }

    [Fact]
    public async Task RequestReconnect_WhoStays_IsDropped()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await AskAsync(client, Subscribe("order_book_usdcusd"));
        server.RequestReconnect();
        Assert.Equal("""{"event":"bts:request_reconnect","channel":"","data":null}""", await client.FrameAsync());
        bench.Advance(6_000);
        Assert.False(await client.EndedWithGoodbyeAsync());
    }

    [Fact]
    public async Task VendorSet_WithCurrencies_HasAMarketNearOneDollar()
    {
        var bench = new VendorBench(VendorBench.Quote("TSLA", 0, 412, 413), VendorBench.Quote("TSLA", 1_500, 412, 413));
        await using var vendors = new VendorSet(bench.Timeline, bench.Clock, new VendorSetOptions { BitstampPairs = Pairs });
        Assert.Contains(vendors.Bitstamp, vendors.All);
        await vendors.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await RawSocket.ConnectAsync(vendors.Bitstamp!.Url);
        await AskAsync(client, Subscribe("order_book_usdcusd"));
        bench.Advance(1_600);
        using var book = JsonDocument.Parse((await client.FrameAsync())!);
        Assert.InRange(decimal.Parse(book.RootElement.GetProperty("data").GetProperty("asks")[0][0].GetString()!, System.Globalization.CultureInfo.InvariantCulture), 0.999m, 1.001m);
        Assert.True(vendors.Bitstamp.EventsSent > 0);
    }

    private static string Subscribe(string channel) => $$$"""{"event":"bts:subscribe","data":{"channel":"{{{channel}}}"}}""";

    private static async Task<string> AskAsync(RawSocket client, string request)
    {
        await client.SendAsync(request);
        return (await client.FrameAsync())!;
    }

    private static async Task<BitstampServer> StartAsync(VendorBench bench)
    {
        var server = new BitstampServer(Pairs, bench.View, bench.Clock, new BitstampServerOptions());
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
