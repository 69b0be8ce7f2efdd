using System.Text.Json;
using NodaTime;

namespace OracleNode.Vendors.Session;

public class WebSocketSessionTests
{
    private const string Connected = """[{"ev":"status","status":"connected","message":"Connected Successfully"}]""";
    private const string Authenticated = """[{"ev":"status","status":"auth_success","message":"authenticated"}]""";
    private const string Subscribed = """[{"ev":"status","status":"success","message":"subscribed to: T.MSFT"}]""";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static string Trade(string price, long unixMillis = 1_709_650_800_000) =>
        $$"""[{"ev":"T","sym":"MSFT","p":{{price}},"s":1,"t":{{unixMillis}}}]""";

    [Fact]
    public async Task Massive_Handshake_SpeaksTheProtocolAndDelivers()
    {
        var said = new List<string>();
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await peer.SendAsync(Connected);
            said.Add(await peer.ReceiveAsync());
            await peer.SendAsync(Authenticated);
            said.Add(await peer.ReceiveAsync());
            said.Add(await peer.ReceiveAsync());
            await peer.SendAsync(Subscribed);
            await peer.SendAsync("[]");
            await peer.SendAsync("""[{"ev":"T","sym":"MSFT","p":10,"s":1,"t":1709650800000},{"ev":"T","sym":"AAPL","p":11,"s":1,"t":1709650800000}]""");
            await peer.SendAsync(Trade("12"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 2, "delivery");

        var auth = JsonDocument.Parse(said[0]).RootElement;
        Assert.Equal("auth", auth.GetProperty("action").GetString());
        Assert.Equal(fixture.Key, auth.GetProperty("params").GetString());
        Assert.Equal("""{"action":"subscribe","params":"T.MSFT,Q.MSFT,T.AAPL,Q.AAPL"}""", said[1]);
        Assert.Equal("""{"action":"subscribe","params":"LULD.MSFT,LULD.AAPL"}""", said[2]);
        // One hand-over per frame, in order.
        Assert.Equal([2, 1], fixture.Received.Frames.Select(f => f.Length));
        Assert.Equal([1_000_000_000, 1_100_000_000, 1_200_000_000], fixture.Received.Observations.Select(o => o.Last.E8));
        Assert.All(fixture.Received.Observations, o => Assert.Equal(fixture.Clock.Now, o.ReceiveTime));

        var health = fixture.Health;
        Assert.Equal(SessionState.Live, health.State);
        Assert.Equal(3, health.Observations);
        Assert.Equal(1, health.Connections);
        Assert.Equal(0, health.Reconnects);
        Assert.Equal(6, health.Frames);
        Assert.NotNull(health.ConnectedFor);
        Assert.Null(health.LastFault);
        Assert.DoesNotContain(fixture.Log, l => l.Contains(fixture.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alpaca_Handshake_SpeaksTheProtocolAndDelivers()
    {
        var said = new List<string>();
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await peer.SendAsync("""[{"T":"success","msg":"connected"}]""");
            said.Add(await peer.ReceiveAsync());
            await peer.SendAsync("""[{"T":"success","msg":"authenticated"}]""");
            said.Add(await peer.ReceiveAsync());
            await peer.SendAsync("""[{"T":"subscription","trades":["MSFT","AAPL"],"quotes":["MSFT","AAPL"],"statuses":[]}]""");
            said.Add(await peer.ReceiveAsync());
            await peer.SendAsync("""[{"T":"error","code":410,"msg":"invalid subscribe action for this feed"}]""");
            await peer.SendAsync("""[{"T":"q","S":"AAPL","bp":1.25,"bs":1,"ap":1.26,"as":1,"t":"2024-03-05T14:59:59.999999999Z","c":["R"],"z":"C"}]""");
            await peer.StayAsync();
        });
        await using var fixture = new SessionFixture();
        fixture.Options.Vendor = VendorKind.Alpaca;
        fixture.Options.Upstream = VendorUpstreams.Iex;
        fixture.Options.Url = server.Url("/v2/iex");
        fixture.Options.ApiSecret = fixture.Options.ApiKey;

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 1, "delivery");

        Assert.Equal(fixture.Key, JsonDocument.Parse(said[0]).RootElement.GetProperty("secret").GetString());
        Assert.Equal("""{"action":"subscribe","trades":["MSFT","AAPL"],"quotes":["MSFT","AAPL"]}""", said[1]);
        Assert.Equal("""{"action":"subscribe","statuses":["MSFT","AAPL"]}""", said[2]);
        Assert.Equal(125_000_000, fixture.Received.Observations.Single().Bid.E8);
        // Without statuses the rest flows.
        Assert.Equal(SessionState.Live, fixture.Health.State);
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.PartialFault!.Kind);
    }

    [Fact]
    public async Task Start_VendorIsDown_WaitsAndConnectsWhenItIsUp()
    {
        await using var fixture = new SessionFixture();
        fixture.Options.Vendor = VendorKind.Massive;
        fixture.Options.Upstream = VendorUpstreams.NasdaqBasic;
        fixture.Options.Url = "ws://127.0.0.1:1/stocks";

        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.BackingOff, "failure");
        Assert.Equal(VendorFaultKind.ConnectFailed, fixture.Health.LastFault!.Kind);
        await fixture.AdvanceUntil(() => fixture.Health.Reconnects >= 3, Second, "further attempts");
    }

    [Fact]
    public async Task Authentication_Refused_WaitsLongSaysWhatToDoAndReadsTheKeyAgain()
    {
        var keys = new List<string>();
        await using var server = await SocketServer.StartAsync(async (peer, number) =>
        {
            await peer.SendAsync(Connected);
            keys.Add(JsonDocument.Parse(await peer.ReceiveAsync()).RootElement.GetProperty("params").GetString()!);
            if (number == 1)
            {
                await peer.SendAsync("""[{"ev":"status","status":"auth_failed","message":"authentication failed"}]""");
                return;
            }

            await peer.SendAsync(Authenticated);
            await peer.SendAsync(Subscribed);
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Health.NeedsOperator, "refusal");
        Assert.Equal(VendorFaultKind.AuthenticationFailed, fixture.Health.LastFault!.Kind);
        // The state is there a moment before the log line is.
        await fixture.Until(() => fixture.Log.Any(l => l.StartsWith("Error 2003", StringComparison.Ordinal) && l.Contains("Check the key", StringComparison.Ordinal)), "the log line");

        fixture.SetKey("rotated");
        var waited = await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.Live, TimeSpan.FromSeconds(10), "recovery");
        Assert.True(waited >= fixture.Options.Reconnect.OperatorDelay, $"It came back after {waited}.");
        Assert.Equal("rotated", keys[1]);
    }

    [Fact]
    public async Task Secret_Missing_NeedsAnOperatorAndNamesTheReference()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await peer.SendAsync(Connected);
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);
        fixture.SetKey(null);

        fixture.Start();
        await fixture.Until(() => fixture.Health.NeedsOperator, "refusal");
        Assert.Equal(VendorFaultKind.SecretUnavailable, fixture.Health.LastFault!.Kind);
        Assert.Contains(fixture.Options.ApiKey, fixture.Health.LastFault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eviction_ByAnotherConnection_Yields()
    {
        await using var server = await SocketServer.StartAsync(async (peer, number) =>
        {
            await Accept(peer);
            if (number == 1)
            {
                await peer.SendAsync("""[{"ev":"status","status":"max_connections","message":"Maximum number of connections exceeded."}]""");
                await peer.CloseAsync("evicted");
                return;
            }

            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Health.LastFault?.Kind == VendorFaultKind.ConnectionLimit, "eviction");
        var waited = await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.Live, Second, "recovery");
        Assert.True(waited >= fixture.Options.Reconnect.YieldDelay, $"It came back after {waited}.");
    }

    [Fact]
    public async Task Silence_InAnOpenSession_ReconnectsAndOutsideItDoesNot()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            await peer.SendAsync(Trade("10"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);
        fixture.ExpectsData = false;

        fixture.Start();
        await fixture.Until(() => fixture.Health.Observations == 1, "first data");
        for (var i = 0; i < 200; i++)
        {
            fixture.Time.Advance(Second);
            if (i % 20 == 0) await Task.Delay(2);
        }

        Assert.Equal(0, fixture.Health.Silences);
        Assert.Equal(1, server.Connections);

        fixture.ExpectsData = true;
        var waited = await fixture.AdvanceUntil(() => fixture.Health.Silences == 1, Second, "silence");
        Assert.True(waited >= fixture.Options.SilenceTimeout, $"It gave up after {waited}.");
        Assert.Equal(VendorFaultKind.Silence, fixture.Health.LastFault!.Kind);
        await fixture.AdvanceUntil(() => server.Connections == 2 && fixture.Health.State == SessionState.Live, Second, "reconnect");
    }

    [Fact]
    public async Task Silence_OutsideTheSourcesHours_IsNone()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            await peer.SendAsync(Trade("10"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);
        fixture.Options.CoverageFrom = new TimeOnly(8, 0);
        fixture.Options.CoverageTo = new TimeOnly(9, 0);

        fixture.Start();
        await fixture.Until(() => fixture.Health.OutsideCoverage == 1, "refusal");
        for (var i = 0; i < 100; i++) fixture.Time.Advance(Second);
        await Task.Delay(20);
        Assert.Equal(0, fixture.Health.Silences);
        Assert.False(fixture.Health.ExpectsData);
        Assert.Empty(fixture.Received.Frames);
    }

    [Fact]
    public async Task Greeting_NeverComes_EndsTheAttempt()
    {
        await using var server = await SocketServer.StartAsync((peer, _) => peer.StayAsync());
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Handshaking, "connection");
        await fixture.AdvanceUntil(() => fixture.Health.LastFault is not null, Second, "end");
        Assert.Equal(VendorFaultKind.HandshakeTimeout, fixture.Health.LastFault!.Kind);
    }

    [Fact]
    public async Task Subscription_RefusedEntirely_NeedsAnOperator()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await peer.SendAsync(Connected);
            await peer.ReceiveAsync();
            await peer.SendAsync(Authenticated);
            await peer.ReceiveAsync();
            await peer.SendAsync("""[{"ev":"status","status":"error","message":"not authorized"}]""");
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.NeedsOperator, Second, "refusal");
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.LastFault!.Kind);
        Assert.Contains("not authorized", fixture.Health.LastFault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_InParts_IsPutTogether()
    {
        var large = "[" + string.Join(',', Enumerable.Repeat("""{"ev":"T","sym":"MSFT","p":10,"s":1,"t":1709650800000}""", 2000)) + "]";
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            for (var i = 0; i < large.Length; i += 1000) await peer.SendPartAsync(large[i..Math.Min(large.Length, i + 1000)], isLast: i + 1000 >= large.Length);
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 1, "delivery");
        Assert.Equal(2000, fixture.Received.Observations.Count());
    }

    [Fact]
    public async Task Frame_LargerThanTheCap_EndsTheConnectionAndNothingOfItIsTaken()
    {
        await using var server = await SocketServer.StartAsync(async (peer, number) =>
        {
            await Accept(peer);
            if (number > 1) await peer.SendAsync(Trade("10"));
            else await peer.SendAsync("[" + string.Join(',', Enumerable.Repeat("""{"ev":"T","sym":"MSFT","p":9,"s":1,"t":1709650800000}""", 200)) + "]");
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);
        fixture.Options.MaxFrameBytes = 4096;

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Second, "recovery");
        Assert.Equal(1, fixture.Health.OversizeFrames);
        Assert.Equal(1_000_000_000, fixture.Received.Observations.Single().Last.E8);
    }

    [Fact]
    public async Task Frame_BrokenOffInTheMiddle_ReconnectsAndTakesNothingOfIt()
    {
        await using var server = await SocketServer.StartAsync(async (peer, number) =>
        {
            await Accept(peer);
            if (number == 1)
            {
                await peer.SendPartAsync(Trade("9"), isLast: false);
                peer.Abort();
                return;
            }

            await peer.SendAsync(Trade("10"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Received.Frames.Count == 1, Second, "recovery");
        Assert.Equal(VendorFaultKind.Disconnected, fixture.Health.LastFault!.Kind);
        Assert.Equal(1_000_000_000, fixture.Received.Observations.Single().Last.E8);
        Assert.Equal(1, fixture.Health.Reconnects);
    }

    [Fact]
    public async Task Frames_NotJson_AreCountedAndTheConnectionStands()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            await peer.SendAsync("<html>");
            await peer.SendAsync("");
            await peer.SendAsync(Trade("10"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 1, "delivery");
        Assert.Equal(2, fixture.Health.MalformedFrames);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(401, VendorFaultKind.AuthenticationFailed, SessionState.NeedsOperator)]
    [InlineData(404, VendorFaultKind.BadRequest, SessionState.NeedsOperator)]
    [InlineData(429, VendorFaultKind.RateLimited, SessionState.BackingOff)]
    [InlineData(503, VendorFaultKind.ConnectFailed, SessionState.BackingOff)]
    public async Task Upgrade_Refused_IsReadByItsStatus(int status, VendorFaultKind kind, SessionState state)
    {
        await using var server = await SocketServer.StartAsync((_, _) => Task.CompletedTask, refuseWith: status);
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Health.State == state, "refusal");
        Assert.Equal(kind, fixture.Health.LastFault!.Kind);
    }

    [Fact]
    public async Task Observation_FromTheFuture_IsCountedAndLeftToTheFeedsToRefuse()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            await peer.SendAsync(Trade("9", unixMillis: 4_000_000_000_000));
            await peer.SendAsync(Trade("10"));
            await peer.StayAsync();
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 2, "delivery");
        Assert.Equal(1, fixture.Health.FromFuture);
        Assert.Equal([900_000_000, 1_000_000_000], fixture.Received.Observations.Select(o => o.Last.E8));
    }

    [Fact]
    public async Task Connections_ThatKeepFailing_GoOnForEver()
    {
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            await peer.CloseAsync("again");
        });
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.Reconnects >= 12, TimeSpan.FromSeconds(5), "twelve attempts");
        Assert.Equal(VendorFaultKind.Disconnected, fixture.Health.LastFault!.Kind);
        Assert.Contains("again", fixture.Health.LastFault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Log, l => l.Contains(" 2005 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_LiveConnection_SaysGoodbye()
    {
        var goodbye = new TaskCompletionSource<string>();
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            goodbye.SetResult(await peer.ReceiveAsync() is var subscription && subscription.Contains("LULD", StringComparison.Ordinal) ? await peer.ReceiveAsync() : subscription);
            await peer.CloseAsync("bye");
        });
        await using (var fixture = Massive(server))
        {
            fixture.Start();
            await fixture.Until(() => fixture.Health.State == SessionState.Live, "connection");
        }

        Assert.Equal("<close>", await goodbye.Task.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Pings_OfTheServer_AreAnswered()
    {
        // Kestrel ends a connection whose pings stay unanswered, which is what this server asks of it. To see that they are answered the connection has to
        // outlast that; a machine that is busy for less than five seconds at a time is no failure.
        var unanswered = TimeSpan.FromSeconds(5);
        await using var server = await SocketServer.StartAsync(async (peer, _) =>
        {
            await Accept(peer);
            var staying = peer.StayAsync();
            await Task.Delay(unanswered + TimeSpan.FromSeconds(1));
            await peer.SendAsync(Trade("10"));
            await staying;
        }, pingInterval: TimeSpan.FromMilliseconds(100), pingTimeout: unanswered);
        await using var fixture = Massive(server);

        fixture.Start();
        await fixture.Until(() => fixture.Received.Frames.Count == 1, "delivery");
        Assert.Equal(1, server.Connections);
    }

    private static async Task Accept(SocketPeer peer)
    {
        await peer.SendAsync(Connected);
        await peer.ReceiveAsync();
        await peer.SendAsync(Authenticated);
        await peer.ReceiveAsync();
        await peer.SendAsync(Subscribed);
    }

    private static SessionFixture Massive(SocketServer server)
    {
        var fixture = new SessionFixture();
        fixture.Options.Vendor = VendorKind.Massive;
        fixture.Options.Upstream = VendorUpstreams.NasdaqBasic;
        fixture.Options.Url = server.Url("/stocks");
        fixture.Clock.Now = Instant.FromUtc(2024, 3, 5, 15, 0);
        return fixture;
    }
}
