using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Vendors.Session;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Bitstamp;

namespace OracleNode.Vendors.Bitstamp;

/// <summary>The adapter against the server of Devnet, over a socket.</summary>
public class BitstampSessionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);
    private static readonly TokenPairSpec[] Pairs = [new("usdcusd", null), new("usdtusd", null)];

    [Fact]
    public async Task Session_AgainstTheServer_TellsTheCurrenciesAtTheirNextChange()
    {
        var bench = new VendorBench(
            VendorBench.Quote("usdcusd", 0, 0.5m, 0.6m), VendorBench.Quote("usdcusd", 100, 0.9998m, 0.9999m), VendorBench.Quote("usdtusd", 200, 1.0001m, 1.0004m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        Assert.Empty(fixture.ReceivedOfTokens.Pegs);

        await bench.AdvanceUntilAsync(() => fixture.ReceivedOfTokens.Pegs.Count == 2);
        Assert.Equal(
            [("USDC", 99_985_000, VendorBench.Beginning + Duration.FromMilliseconds(100)), ("USDT", 100_025_000, VendorBench.Beginning + Duration.FromMilliseconds(200))],
            fixture.ReceivedOfTokens.Pegs.Select(p => (p.Currency, p.Price.E8, p.EventTime)));
        Assert.Equal((SessionState.Live, 1, 2, 0, null), (fixture.Health.State, fixture.Health.Connections, fixture.Health.Observations, fixture.Health.RejectedEvents, fixture.Health.PartialFault));
        Assert.Empty(fixture.Received.Frames);
        Assert.Empty(fixture.ReceivedOfTokens.Quotes);
    }

    [Fact]
    public async Task Session_PriceSet_IsToldAtOnceAndStaysThroughTheMarketsChanges()
    {
        var bench = new VendorBench(VendorBench.Quote("usdcusd", 1_000, 0.9998m, 0.9999m), VendorBench.Quote("usdcusd", 2_000, 0.9998m, 0.9999m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);

        server.SetPrice("usdcusd", 0.87m, 0.88m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the price that was set");
        await bench.AdvanceUntilAsync(() => fixture.ReceivedOfTokens.Pegs.Count == 2);
        server.ClearPrice("usdcusd");
        server.Faults.PriceFactor = 2;
        await bench.AdvanceUntilAsync(() => fixture.ReceivedOfTokens.Pegs.Count == 3);
        Assert.Equal([87_500_000, 87_500_000, 199_970_000], fixture.ReceivedOfTokens.Pegs.Select(p => p.Price.E8));
        Assert.Equal(0, fixture.Health.RejectedEvents);
    }

    [Fact]
    public async Task Session_CrossedOrOneSidedBook_IsNoPriceUntilTheNext()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);

        server.CrossedBooks = 1;
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        server.SetPrice("usdcusd", 0.9998m, 0);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the book after them");
        Assert.Equal((2, 1), (fixture.Health.RejectedEvents, fixture.Health.Connections));
    }

    [Fact]
    public async Task Session_AskedToReconnect_SubscribesAnewAndTellsTheNextBook()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the first price");

        server.RequestReconnect();
        await fixture.AdvanceUntil(() => server.Subscriptions == 4, Step, "new subscriptions");
        Assert.Contains("bts:request_reconnect", fixture.Health.LastFault!.Detail, StringComparison.Ordinal);
        // No book comes before the next change.
        Assert.Single(fixture.ReceivedOfTokens.Pegs);
        server.SetPrice("usdcusd", 0.9997m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 2, "the price after it");
        Assert.Equal((99_980_000, 2), (fixture.ReceivedOfTokens.Pegs.Last().Price.E8, fixture.Health.Connections));
    }

    [Fact]
    public async Task Session_ConnectionLost_ConnectsAnew()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);

        await server.StopAsync();
        await fixture.Until(() => fixture.Health.State == SessionState.BackingOff, "loss");
        await server.StartAsync(TestContext.Current.CancellationToken);
        await fixture.AdvanceUntil(() => server.Subscriptions == 4, Step, "new subscriptions");
        server.SetPrice("usdtusd", 1.0001m, 1.0002m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "a price");
        Assert.Equal(2, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_BookThatDoesNotChange_IsNoSilenceButAnUnansweredHeartbeatIs()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the price");

        await HeartbeatsAsync(fixture, 20);
        Assert.Equal((1, 20), (fixture.Health.Connections, server.Heartbeats));
        Assert.Single(fixture.ReceivedOfTokens.Pegs);
        server.Faults.Stalled = true;
        await fixture.AdvanceUntil(() => fixture.Health.Silences == 1, Step, "silence");
        server.Faults.Stalled = false;
        await fixture.AdvanceUntil(() => fixture.Health is { Connections: 2, State: SessionState.Live }, Step, "recovery");
    }

    [Fact]
    public async Task Session_PairThatDoesNotExist_IsAPartialFaultAndThenTheConnectionIsMadeAnew()
    {
        // It lists neither of the two, and acknowledges both.
        var bench = new VendorBench();
        await using var server = await StartAsync(bench, pairs: []);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);

        await HeartbeatsAsync(fixture, 12);
        await fixture.Until(() => fixture.Health.PartialFault is not null, "the fault");
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.PartialFault!.Kind);
        Assert.Contains("order_book_usdcusd, order_book_usdtusd", fixture.Health.PartialFault.Detail, StringComparison.Ordinal);
        Assert.Equal(SessionState.Live, fixture.Health.State);

        await HeartbeatsAsync(fixture, 48);
        await fixture.Until(() => fixture.Health.Silences == 1, "the end of the connection");
        await fixture.AdvanceUntil(() => server.Subscriptions == 4, Step, "new subscriptions");
        Assert.Empty(fixture.ReceivedOfTokens.Pegs);
    }

    [Fact]
    public async Task Session_MuteChannel_IsMadeAnewThoughHeartbeatsAreAnswered()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the price");

        server.IsMute = true;
        server.SetPrice("usdcusd", 0.5m, 0.6m);
        await HeartbeatsAsync(fixture, 60);
        await fixture.Until(() => fixture.Health.Silences == 1, "the end of the connection");
        Assert.Single(fixture.ReceivedOfTokens.Pegs);
    }

    [Fact]
    public async Task Session_OnePairRefused_IsAPartialFaultAndTheRestFlows()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        server.SetRefused("usdtusd", true);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.Health is { State: SessionState.Live, PartialFault: not null }, "the refusal");
        Assert.Equal(new VendorFault(VendorFaultKind.SubscriptionRefused, "bts:error: Invalid channel provided."), fixture.Health.PartialFault);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 1, "the other's price");
    }

    [Fact]
    public async Task Session_EveryPairRefused_NeedsTheOperator()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        foreach (var pair in Pairs) server.SetRefused(pair.Symbol, true);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.Health.State == SessionState.NeedsOperator, Step, "the refusal");
        Assert.Equal("bts:error: Invalid channel provided.", fixture.Health.LastFault!.Detail);
        server.SetRefused("usdcusd", false);
        await fixture.AdvanceUntil(() => server.Subscriptions == 1, TimeSpan.FromSeconds(30), "another attempt");
    }

    [Fact]
    public async Task Session_Garbage_IsCountedAndTheStreamGoesOn()
    {
        var bench = new VendorBench(VendorBench.Quote("usdcusd", 0, 0.9m, 1.1m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SetPrice("usdcusd", 0.9998m, 0.9999m);
        server.SendGarbage();
        server.SetPrice("usdcusd", 0.9999m, 1m);
        await fixture.Until(() => fixture.ReceivedOfTokens.Pegs.Count == 2, "the price after it");
        Assert.Equal([99_985_000, 99_995_000], fixture.ReceivedOfTokens.Pegs.Select(p => p.Price.E8));
        Assert.True(fixture.Health.MalformedFrames > 0 && fixture.Health.RejectedEvents > 0 && fixture.Health.UnknownTypes > 0 && fixture.Health.UnknownSymbols > 0);
        Assert.Equal(1, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_OversizeFrame_EndsTheConnection()
    {
        var bench = new VendorBench();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        await LiveAsync(fixture, server);
        server.SendRaw(Encoding.ASCII.GetBytes(BitstampSamples.Book() + new string(' ', fixture.Options.MaxFrameBytes)));
        await fixture.AdvanceUntil(() => server.Subscriptions == 4, Step, "new subscriptions");
        Assert.Equal((1, 0), (fixture.Health.OversizeFrames, fixture.Health.Observations));
    }

    /// <summary>So many heartbeats, each answered before the next is due.</summary>
    private static async Task HeartbeatsAsync(SessionFixture fixture, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var frames = fixture.Health.Frames;
            fixture.Time.Advance(Ping);
            await fixture.Until(() => fixture.Health.Frames > frames, "the answer to a heartbeat");
        }
    }

    private static async Task LiveAsync(SessionFixture fixture, BitstampServer server)
    {
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Live && server.Subscriptions == 2, "subscription");
    }

    private static async Task<BitstampServer> StartAsync(VendorBench bench, TokenPairSpec[]? pairs = null)
    {
        var server = new BitstampServer(pairs ?? Pairs, bench.View, bench.Clock, new BitstampServerOptions());
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static SessionFixture Fixture(BitstampServer server, VendorBench bench)
    {
        var fixture = new SessionFixture();
        fixture.Clock.Now = bench.Clock.Now;
        fixture.Options.Vendor = VendorKind.Bitstamp;
        fixture.Options.Upstream = VendorUpstreams.Bitstamp;
        fixture.Options.Url = server.Url.ToString();
        fixture.Options.ApiKey = "";
        fixture.Options.PingInterval = Ping;
        fixture.Options.Symbols = [new SymbolOptions { Currency = "USDC", Symbol = "usdcusd" }, new SymbolOptions { Currency = "USDT", Symbol = "usdtusd" }];
        return fixture;
    }
}
