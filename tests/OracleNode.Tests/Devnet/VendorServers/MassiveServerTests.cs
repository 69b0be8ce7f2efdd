using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.VendorServers.Massive;
using static OracleNode.VendorServers.VendorBench;

namespace OracleNode.VendorServers;

public class MassiveServerTests
{
    private const string Auth = """{"action":"auth","params":"devnet-massive-key"}""";

    [Fact]
    public async Task Conversation_OfADocumentedClient_GoesAsDocumented()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var client = await RawSocket.ConnectAsync(server.Url);

        Assert.Equal("""[{"ev":"status","status":"connected","message":"Connected Successfully"}]""", await client.FrameAsync());
        await client.SendAsync(Auth);
        Assert.Equal("""[{"ev":"status","status":"auth_success","message":"authenticated"}]""", await client.FrameAsync());
        await client.SendAsync("""{"action":"subscribe","params":"T.AAPL,Q.AAPL,LULD.AAPL,XX.AAPL,AAPL"}""");
        Assert.Equal(
            [("success", "subscribed to: T.AAPL"), ("success", "subscribed to: Q.AAPL"), ("success", "subscribed to: LULD.AAPL"),
                ("error", "invalid subscription: XX.AAPL"), ("error", "invalid subscription: AAPL")],
            [await StatusAsync(client), await StatusAsync(client), await StatusAsync(client), await StatusAsync(client), await StatusAsync(client)]);
        await client.SendAsync("""{"action":"unsubscribe","params":"T.AAPL,T.MSFT"}""");
        Assert.Equal(("success", "unsubscribed to: T.AAPL"), await StatusAsync(client));
        Assert.Equal(("error", "not subscribed to: T.MSFT"), await StatusAsync(client));
        Assert.Equal(1, server.Clients);
    }

    [Theory]
    [InlineData("hello", "invalid json")]
    [InlineData("[]", "unknown action: ")]
    [InlineData("""{"action":"\ud800"}""", "invalid json")]
    [InlineData("""{"action":7}""", "unknown action: ")]
    [InlineData("""{"action":"dance"}""", "unknown action: dance")]
    [InlineData("""{"action":"subscribe","params":"T.AAPL"}""", "not authenticated")]
    public async Task Received_NonsenseBeforeAuthentication_IsAnError(string message, string expected)
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.FrameAsync();
        await client.SendAsync(message);
        Assert.Equal(("error", expected), await StatusAsync(client));
    }

    [Fact]
    public async Task Authentication_WrongKey_FailsAndCloses()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.FrameAsync();
        await client.SendAsync("""{"action":"auth","params":"wrong"}""");
        Assert.Equal("auth_failed", (await StatusAsync(client)).Status);
        Assert.True(await client.EndedWithGoodbyeAsync());
        Assert.Equal(0, server.Clients);
    }

    [Fact]
    public async Task Authentication_NeverSent_TimesOut()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var client = await RawSocket.ConnectAsync(server.Url);
        await client.FrameAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(9));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        var next = StatusAsync(client);
        Assert.False(next.IsCompleted);

        // On a busy machine the server may begin to count later than the client saw its greeting.
        for (var i = 0; i < 200 && !next.IsCompleted; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal("auth_timeout", (await next).Status);
        Assert.True(await client.EndedWithGoodbyeAsync());
    }

    [Fact]
    public async Task Connection_ASecondOfTheSameKey_EvictsTheFirst()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var older = await AuthenticatedAsync(server);
        await using var newer = await AuthenticatedAsync(server);
        Assert.Equal(("max_connections", "Maximum number of connections exceeded."), await StatusAsync(older));
        Assert.True(await older.EndedWithGoodbyeAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, older.CloseStatus);
        await newer.SendAsync("""{"action":"subscribe","params":"T.AAPL"}""");
        Assert.Equal("success", (await StatusAsync(newer)).Status);
        Assert.Equal(1, server.Clients);
    }

    [Fact]
    public async Task Events_OfEveryKind_HaveTheirDocumentedFields()
    {
        var bench = new VendorBench(
            Quote("TSLA", 0, 412.30m, 412.355m),
            Trade("TSLA", 1, 412.31m),
            Trade("TSLA", 2, 412.3201m, PrintConditions.ExtendedHours | PrintConditions.OddLot, MarketEvent.OffExchange),
            Status("TSLA", 3, HaltReason.VolatilityPause),
            Quote("TSLA", 4, 0, 412.36m),
            Status("TSLA", 5, HaltReason.None));
        await using var server = await StartAsync(bench);
        await using var client = await AuthenticatedAsync(server);
        // The first quote is due already, and comes as the latest state.
        await client.SendAsync("""{"action":"subscribe","params":"T.*,Q.*,LULD.*"}""");
        for (var i = 0; i < 3; i++) Assert.Equal("success", (await StatusAsync(client)).Status);
        var millis = Beginning.ToUnixTimeMilliseconds();
        Assert.Equal(
            $$"""{"ev":"Q","sym":"TSLA","bx":11,"bp":412.3,"bs":200,"ax":12,"ap":412.355,"as":300,"c":0,"t":{{millis}},"q":1,"z":3}""",
            (await client.EventAsync()).GetRawText());

        await bench.AdvanceUntilAsync(() => server.EventsSent == 6);
        Assert.Equal(
            $$"""{"ev":"T","sym":"TSLA","x":12,"i":"2","z":3,"p":412.31,"s":100,"t":{{millis + 1}},"q":2}""",
            (await client.EventAsync()).GetRawText());
        Assert.Equal(
            $$"""{"ev":"T","sym":"TSLA","x":4,"i":"3","z":3,"p":412.3201,"s":100,"c":[12,37],"t":{{millis + 2}},"q":3,"trfi":202,"trft":{{millis + 2}}}""",
            (await client.EventAsync()).GetRawText());
        Assert.Equal(
            $$"""{"ev":"LULD","T":"TSLA","h":432.94,"l":391.70,"i":[17],"z":3,"t":{{(millis + 3) * 1_000}},"q":4}""",
            (await client.EventAsync()).GetRawText());
        Assert.Equal(
            $$"""{"ev":"Q","sym":"TSLA","ax":12,"ap":412.36,"as":300,"c":0,"t":{{millis + 4}},"q":5,"z":3}""",
            (await client.EventAsync()).GetRawText());
        Assert.Equal(18, (await client.EventAsync()).GetProperty("i")[0].GetInt32());
    }

    [Fact]
    public async Task Events_NotYetDue_AreNotSent()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Quote("TSLA", 1_000, 414, 415));
        await using var server = await StartAsync(bench);
        await using var client = await SubscribedAsync(server);
        Assert.Equal(412, (await client.EventAsync()).GetProperty("bp").GetDecimal());
        bench.Advance(950);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.EventsSent);
        await bench.AdvanceUntilAsync(() => server.EventsSent == 2);
        Assert.Equal(414, (await client.EventAsync()).GetProperty("bp").GetDecimal());
    }

    [Fact]
    public async Task Events_DueTogether_ComeInOneFrame()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Quote("TSLA", 100, 414, 415), Trade("TSLA", 101, 414), Quote("AAPL", 101, 200, 201));
        await using var server = await StartAsync(bench);
        await using var client = await SubscribedAsync(server);
        await client.EventAsync();
        bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        var kinds = new List<string>();
        using var frame = JsonDocument.Parse((await client.FrameAsync())!);
        foreach (var happened in frame.RootElement.EnumerateArray()) kinds.Add(happened.GetProperty("ev").GetString()!);
        Assert.Equal(["Q", "T", "Q"], kinds);
    }

    [Fact]
    public async Task Subscription_Late_GetsTheLatestStateThenTheStream()
    {
        var bench = new VendorBench(
            Quote("TSLA", 0, 412, 413), Quote("TSLA", 10, 414, 415), Trade("TSLA", 20, 414), Quote("AAPL", 30, 200, 201), Quote("TSLA", 500, 416, 417));
        bench.Advance(100);
        await using var server = await StartAsync(bench);
        await using var client = await AuthenticatedAsync(server);
        await client.SendAsync("""{"action":"subscribe","params":"Q.TSLA,T.TSLA"}""");
        await StatusAsync(client);
        await StatusAsync(client);
        Assert.Equal(414, (await client.EventAsync()).GetProperty("bp").GetDecimal());
        Assert.Equal("T", (await client.EventAsync()).GetProperty("ev").GetString());
        await bench.AdvanceUntilAsync(() => server.EventsSent == 3);
        Assert.Equal(416, (await client.EventAsync()).GetProperty("bp").GetDecimal());
    }

    [Fact]
    public async Task Stop_WithClients_DropsThemAndStartAgainServesTheSamePort()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Quote("TSLA", 100, 414, 415), Quote("TSLA", 300, 416, 417));
        await using var server = await StartAsync(bench);
        await using var client = await SubscribedAsync(server);
        var url = server.Url;
        await client.EventAsync();

        await server.StopAsync();
        Assert.False(await client.EndedWithGoodbyeAsync());
        Assert.False(server.IsRunning);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => RawSocket.ConnectAsync(url));

        // The market goes on without it.
        bench.Advance(200);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        bench.Advance(20);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(url, server.Url);
        await using var again = await SubscribedAsync(server);
        Assert.Equal(414, (await again.EventAsync()).GetProperty("bp").GetDecimal());
    }

    [Fact]
    public async Task Disconnect_Always_DropsWithoutGoodbyeAndLetsBackIn()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var client = await AuthenticatedAsync(server);
        server.Disconnect();
        Assert.False(await client.EndedWithGoodbyeAsync());
        await using var again = await AuthenticatedAsync(server);
    }

    [Fact]
    public async Task Stalled_Server_IsSilentThenTellsTheLatest()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Quote("TSLA", 100, 414, 415), Quote("TSLA", 200, 416, 417), Quote("TSLA", 1_000, 418, 419));
        await using var server = await StartAsync(bench);
        await using var client = await SubscribedAsync(server);
        await client.EventAsync();

        server.Faults.Stalled = true;
        bench.Advance(500);
        await client.SendAsync("""{"action":"subscribe","params":"T.AAPL"}""");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.EventsSent);

        server.Faults.Stalled = false;
        Assert.Equal("subscribed to: T.AAPL", (await StatusAsync(client)).Message);
        await bench.AdvanceUntilAsync(() => server.EventsSent >= 2);
        Assert.Equal(418, (await client.EventAsync()).GetProperty("bp").GetDecimal());
    }

    [Fact]
    public async Task PriceFactor_Set_MovesEveryPrice()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Trade("TSLA", 100, 412.34m));
        await using var server = await StartAsync(bench);
        server.Faults.PriceFactor = 1.1m;
        await using var client = await SubscribedAsync(server);
        var quote = await client.EventAsync();
        Assert.Equal((453.2m, 454.3m), (quote.GetProperty("bp").GetDecimal(), quote.GetProperty("ap").GetDecimal()));
        server.Faults.PriceFactor = 1;
        await bench.AdvanceUntilAsync(() => server.EventsSent == 2);
        Assert.Equal(412.34m, (await client.EventAsync()).GetProperty("p").GetDecimal());
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Faults.PriceFactor = 0);
    }

    [Fact]
    public async Task SendGarbage_Always_BreaksTheProtocolAndKeepsTheConnection()
    {
        var bench = new VendorBench(Quote("TSLA", 0, 412, 413), Quote("TSLA", 100, 414, 415));
        await using var server = await StartAsync(bench);
        await using var client = await SubscribedAsync(server);
        await client.EventAsync();
        server.SendGarbage();
        Assert.Equal("not json", await client.FrameAsync());
        await bench.AdvanceUntilAsync(() => server.EventsSent == 2);
        var frame = "";
        while (!frame.Contains("\"bp\":414", StringComparison.Ordinal)) frame = await client.FrameAsync() ?? throw new InvalidOperationException("closed");
    }

    [Fact]
    public async Task Client_ThatReadsTooSlowly_IsSentAway()
    {
        var events = Enumerable.Range(0, 200_000).Select(i => Quote("TSLA", 10 + i / 100, 412, 413)).Prepend(Quote("TSLA", 0, 412, 413)).ToArray();
        var bench = new VendorBench(events);
        await using var server = new MassiveServer(bench.View, bench.Clock, new MassiveServerOptions { MaxQueuedFrames = 8 });
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await SubscribedAsync(server);
        Assert.Equal(1, server.Clients);
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 1_000 && server.Clients > 0; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(0, server.Clients);
    }

    [Fact]
    public async Task Request_ForAnotherPathOrWithoutUpgrade_IsRefused()
    {
        await using var server = await StartAsync(new VendorBench());
        using var http = new HttpClient();
        var root = new UriBuilder(server.Url) { Scheme = "http" };
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(root.Uri, TestContext.Current.CancellationToken)).StatusCode);
        root.Path = "/crypto";
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(root.Uri, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Message_TooLong_EndsTheConnection()
    {
        await using var server = await StartAsync(new VendorBench());
        await using var client = await AuthenticatedAsync(server);
        await client.SendAsync(new string('x', WebSocketPeer.MaxMessageBytes + 1));
        await client.EndedWithGoodbyeAsync();
        for (var i = 0; i < 500 && server.Clients > 0; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(0, server.Clients);
    }

    [Fact]
    public async Task Completion_DataThatCannotBeRead_Fails()
    {
        static IEnumerable<VendorEvent> Broken()
        {
            yield return new VendorEvent(Beginning, Quote("TSLA", 0, 412, 413));
            throw new MarketDataException("IBM-20131008-ticks.csv.gz:7: no");
        }

        var bench = new VendorBench();
        await using var server = new MassiveServer(Broken(), bench.Clock, new MassiveServerOptions());
        await Assert.ThrowsAsync<MarketDataException>(() => server.StartAsync());
        await Assert.ThrowsAsync<MarketDataException>(() => server.Completion);
    }

    private static async Task<MassiveServer> StartAsync(VendorBench bench)
    {
        var server = new MassiveServer(bench.View, bench.Clock, new MassiveServerOptions());
        await server.StartAsync();
        return server;
    }

    private static async Task<RawSocket> AuthenticatedAsync(MassiveServer server)
    {
        var client = await RawSocket.ConnectAsync(server.Url);
        Assert.Equal("connected", (await StatusAsync(client)).Status);
        await client.SendAsync(Auth);
        Assert.Equal("auth_success", (await StatusAsync(client)).Status);
        return client;
    }

    private static async Task<RawSocket> SubscribedAsync(MassiveServer server)
    {
        var client = await AuthenticatedAsync(server);
        await client.SendAsync("""{"action":"subscribe","params":"Q.*,T.*"}""");
        Assert.Equal("success", (await StatusAsync(client)).Status);
        Assert.Equal("success", (await StatusAsync(client)).Status);
        return client;
    }

    private static async Task<(string Status, string Message)> StatusAsync(RawSocket client)
    {
        var happened = await client.EventAsync();
        Assert.Equal("status", happened.GetProperty("ev").GetString());
        return (happened.GetProperty("status").GetString()!, happened.GetProperty("message").GetString()!);
    }
}
