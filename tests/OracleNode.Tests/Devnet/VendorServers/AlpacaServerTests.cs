using System.Net;
using System.Text.Json;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.VendorServers.Alpaca;
using static OracleNode.VendorServers.VendorBench;

namespace OracleNode.VendorServers;

public class AlpacaServerTests
{
    private const string Connected = """[{"T":"success","msg":"connected"}]""";
    private const string Authenticated = """[{"T":"success","msg":"authenticated"}]""";
    private const string Auth = """{"action":"auth","key":"devnet-alpaca-key","secret":"devnet-alpaca-secret"}""";

    private static readonly (string Name, string Value)[] Headers =
        [("APCA-API-KEY-ID", "devnet-alpaca-key"), ("APCA-API-SECRET-KEY", "devnet-alpaca-secret")];

    [Fact]
    public async Task Conversation_OfADocumentedClient_GoesAsDocumented()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        Assert.Equal(Connected, await client.FrameAsync());
        await client.SendAsync(Auth);
        Assert.Equal(Authenticated, await client.FrameAsync());

        await client.SendAsync("""{"action":"subscribe","trades":["AAPL"],"quotes":["AMD","AAPL"],"bars":["*"]}""");
        Assert.Equal(
            """[{"T":"subscription","trades":["AAPL"],"quotes":["AAPL","AMD"],"bars":["*"],"updatedBars":[],"dailyBars":[],"statuses":[],"lulds":[],"corrections":["AAPL"],"cancelErrors":["AAPL"]}]""",
            await client.FrameAsync());
        await client.SendAsync("""{"action":"subscribe","trades":["TSLA"],"statuses":["*"]}""");
        Assert.Equal(
            """[{"T":"subscription","trades":["AAPL","TSLA"],"quotes":["AAPL","AMD"],"bars":["*"],"updatedBars":[],"dailyBars":[],"statuses":["*"],"lulds":[],"corrections":["AAPL","TSLA"],"cancelErrors":["AAPL","TSLA"]}]""",
            await client.FrameAsync());
        await client.SendAsync("""{"action":"unsubscribe","quotes":["AMD"],"bars":["*"]}""");
        Assert.Equal(
            """[{"T":"subscription","trades":["AAPL","TSLA"],"quotes":["AAPL"],"bars":[],"updatedBars":[],"dailyBars":[],"statuses":["*"],"lulds":[],"corrections":["AAPL","TSLA"],"cancelErrors":["AAPL","TSLA"]}]""",
            await client.FrameAsync());
    }

    [Fact]
    public async Task Authentication_ByHeaders_NeedsNoMessage()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url, Headers);
        Assert.Equal(Connected, await client.FrameAsync());
        Assert.Equal(Authenticated, await client.FrameAsync());
        await client.SendAsync(Auth);
        Assert.Equal(403, await ErrorAsync(client));
    }

    [Theory]
    [InlineData("hello", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"action":"\ud800"}""", 400)]
    [InlineData("""{"action":"dance"}""", 400)]
    [InlineData("""{"action":"subscribe","trades":["AAPL"]}""", 401)]
    [InlineData("""{"action":"auth","key":"devnet-alpaca-key","secret":"wrong"}""", 402)]
    [InlineData("""{"action":"auth"}""", 402)]
    public async Task Received_WrongBeforeAuthentication_IsAnError(string message, int code)
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.FrameAsync();
        await client.SendAsync(message);
        Assert.Equal(code, await ErrorAsync(client));
        Assert.Equal(0, server.Clients);
    }

    [Theory]
    [InlineData("""{"action":"subscribe","trades":"AAPL"}""", 400)]
    [InlineData("""{"action":"subscribe","trades":[7]}""", 400)]
    [InlineData("""{"action":"subscribe","news":["AAPL"]}""", 400)]
    [InlineData("""{"action":"subscribe","imbalances":["AAPL"]}""", 410)]
    public async Task Received_WrongSubscription_IsAnErrorAndChangesNothing(string message, int code)
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await AuthenticatedAsync(server);
        await client.SendAsync(message);
        Assert.Equal(code, await ErrorAsync(client));
        await client.SendAsync("""{"action":"subscribe"}""");
        Assert.DoesNotContain("AAPL", await client.FrameAsync());
    }

    [Fact]
    public async Task Subscription_OfMoreThanThirty_IsRefusedWhole()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await AuthenticatedAsync(server);
        var fifteen = JsonSerializer.Serialize(Enumerable.Range(0, 15).Select(i => $"S{i}"));
        await client.SendAsync($$"""{"action":"subscribe","trades":{{fifteen}},"quotes":{{fifteen}}}""");
        Assert.Contains("\"S14\"", await client.FrameAsync());
        await client.SendAsync("""{"action":"subscribe","quotes":["ONE"]}""");
        Assert.Equal(405, await ErrorAsync(client));
        await client.SendAsync($$"""{"action":"subscribe","quotes":{{fifteen}}}""");
        Assert.DoesNotContain("ONE", await client.FrameAsync());
    }

    [Fact]
    public async Task Authentication_NotWithinTenSeconds_TimesOut()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.FrameAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(404, await ErrorAsync(client));
        Assert.True(await client.EndedWithGoodbyeAsync());
    }

    [Fact]
    public async Task Connection_ASecondOfTheAccount_IsRefusedAndTheFirstStays()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413));
        await using var server = await StartAsync(bench);
        await using var first = await AuthenticatedAsync(server);
        await using var second = await RawSocket.ConnectAsync(server.Url, Headers);
        await second.FrameAsync();
        Assert.Equal(406, await ErrorAsync(second));
        Assert.True(await second.EndedWithGoodbyeAsync());

        await first.SendAsync("""{"action":"subscribe","quotes":["TSLA"]}""");
        await first.FrameAsync();
        Assert.Equal(412, (await first.EventAsync()).GetProperty("bp").GetDecimal());

        // Once the first is gone, there is room again.
        await first.DisposeAsync();
        for (var i = 0; i < 500 && server.Clients > 0; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        await using var third = await AuthenticatedAsync(server);
    }

    [Fact]
    public async Task Events_OfEveryKind_HaveTheirDocumentedFields()
    {
        var bench = new VendorBench(
            Quote("TSLA", 0, 412.30m, 412.355m),
            Trade("TSLA", 1, 412.31m, PrintConditions.IntermarketSweep | PrintConditions.OddLot, 'V'),
            Trade("SPY", 1, 671.2m, PrintConditions.AveragePrice | PrintConditions.ExtendedHours, 'V'),
            Quote("SPY", 2, 671.2m, 0),
            Status("TSLA", 3, HaltReason.VolatilityPause),
            Status("SPY", 3, HaltReason.MarketWide1),
            Status("TSLA", 4, HaltReason.None),
            Status("SPY", 4, HaltReason.None));
        await using var server = await StartAsync(bench);
        await using var client = await AuthenticatedAsync(server);
        await client.SendAsync("""{"action":"subscribe","trades":["*"],"quotes":["*"],"statuses":["*"]}""");
        await client.FrameAsync();

        Assert.Equal(
            """{"T":"q","S":"TSLA","bx":"P","bp":412.3,"bs":200,"ax":"Q","ap":412.355,"as":300,"t":"2026-06-10T14:00:00Z","c":["R"],"z":"C"}""",
            (await client.EventAsync()).GetRawText());
        await bench.AdvanceUntilAsync(() => server.EventsSent == 8);
        string[] expected =
        [
            """{"T":"t","i":2,"S":"TSLA","x":"V","p":412.31,"s":100,"t":"2026-06-10T14:00:00.001Z","c":["@","F","I"],"z":"C"}""",
            """{"T":"t","i":1,"S":"SPY","x":"V","p":671.2,"s":100,"t":"2026-06-10T14:00:00.001Z","c":[" ","T","B"],"z":"B"}""",
            """{"T":"q","S":"SPY","bx":"P","bp":671.2,"bs":200,"ax":"","ap":0,"as":0,"t":"2026-06-10T14:00:00.002Z","c":["R"],"z":"B"}""",
            """{"T":"s","S":"TSLA","sc":"P","sm":"Volatility Trading Pause","rc":"LUDP","rm":"Volatility Trading Pause","t":"2026-06-10T14:00:00.003Z","z":"C"}""",
            """{"T":"s","S":"SPY","sc":"2","sm":"Trading Halt","rc":"1","rm":"Market-Wide Circuit Breaker Level 1 - Breached","t":"2026-06-10T14:00:00.003Z","z":"B"}""",
            """{"T":"s","S":"TSLA","sc":"T","sm":"Trading Resumption","rc":"T3","rm":"News and Resumption Times","t":"2026-06-10T14:00:00.004Z","z":"C"}""",
            """{"T":"s","S":"SPY","sc":"3","sm":"Resume","rc":" ","rm":"Not Applicable","t":"2026-06-10T14:00:00.004Z","z":"B"}""",
        ];
        foreach (var one in expected) Assert.Equal(one, (await client.EventAsync()).GetRawText());
    }

    [Fact]
    public async Task Stop_AndStart_ServesTheSamePortAndTheLatestState()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413));
        await using var server = await StartAsync(bench);
        var url = server.Url;
        await using var client = await AuthenticatedAsync(server);
        await server.StopAsync();
        Assert.False(await client.EndedWithGoodbyeAsync());
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(url, server.Url);
        await using var again = await AuthenticatedAsync(server);
        await again.SendAsync("""{"action":"subscribe","quotes":["*"]}""");
        await again.FrameAsync();
        Assert.Equal("q", (await again.EventAsync()).GetProperty("T").GetString());
    }

    [Theory]
    [InlineData("/v1beta1/boats")]
    [InlineData("/v2/boats")]
    [InlineData("/")]
    public async Task Request_ForAnotherFeed_IsNotFound(string path)
    {
        await using var server = await StartAsync(new VendorBench());
        using var http = new HttpClient();
        var url = new UriBuilder(server.Url) { Scheme = "http", Path = path };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(url.Uri, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task<AlpacaServer> StartAsync(VendorBench bench)
    {
        var server = new AlpacaServer(bench.View, bench.Clock, new AlpacaServerOptions());
        await server.StartAsync();
        return server;
    }

    private static async Task<RawSocket> AuthenticatedAsync(AlpacaServer server)
    {
        var client = await RawSocket.ConnectAsync(server.Url);
        Assert.Equal(Connected, await client.FrameAsync());
        await client.SendAsync(Auth);
        Assert.Equal(Authenticated, await client.FrameAsync());
        return client;
    }

    private static async Task<int> ErrorAsync(RawSocket client)
    {
        using var frame = JsonDocument.Parse((await client.FrameAsync())!);
        // Control messages come alone.
        var error = Assert.Single(frame.RootElement.EnumerateArray());
        Assert.Equal("error", error.GetProperty("T").GetString());
        Assert.NotEqual("", error.GetProperty("msg").GetString());
        return error.GetProperty("code").GetInt32();
    }
}
