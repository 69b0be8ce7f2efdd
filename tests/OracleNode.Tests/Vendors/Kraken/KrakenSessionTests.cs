using OracleNode.MarketData;
using OracleNode.Vendors.Session;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Kraken;

namespace OracleNode.Vendors.Kraken;

/// <summary>The adapter against the server of Devnet, over a socket.</summary>
public class KrakenSessionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TokenPairSpec[] Pairs = [new("TSLAx/USD", "TSLA"), TokenPairSpec.OfCurrency("USDC/USD", "USDC")];

    [Fact]
    public async Task Session_AgainstTheServer_TellsBooksTradesAndPegs()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);

        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading && !q.Last.IsNone) && !fixture.ReceivedOfTokens.Pegs.IsEmpty, "quotes");

        var quote = fixture.ReceivedOfTokens.Quotes.Last();
        Assert.Equal((41_232_000_000, 41_241_000_000, 41_235_000_000), (quote.Bid.E8, quote.Ask.E8, quote.Last.E8));
        Assert.True(quote.BidDepthE8 > 0 && quote.AskDepthE8 > 0);
        Assert.Equal((VendorBench.Beginning, "USD", OracleNode.Market.FeedUnit.UiToken), (quote.EventTime, quote.Currency, quote.Unit));
        Assert.Equal(SessionState.Live, fixture.Health.State);
        Assert.Null(fixture.Health.PartialFault);
        Assert.True(fixture.Health.Observations > 0);
        Assert.Empty(fixture.Received.Frames);
    }

    [Fact]
    public async Task Session_ThroughAThousandChanges_AgreesWithEveryChecksum()
    {
        var random = new Random(7);
        var (bid, events) = (412.32m, new List<MarketEvent>());
        for (var i = 0; i < 1_000; i++)
        {
            bid += random.Next(-30, 31) * 0.01m;
            events.Add(VendorBench.Quote("TSLAx/USD", i, bid, bid + (random.Next(1, 9) * 0.01m)));
        }

        var bench = new VendorBench([.. events]);
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Live && fixture.Health.Frames >= 6, "subscription");

        await bench.AdvanceUntilAsync(() => fixture.ReceivedOfTokens.Quotes.LastOrDefault()?.Bid.E8 == (long)(bid * OracleNode.Market.Price.One) && server.EventsSent >= 1_000);
        Assert.Equal(0, fixture.Health.RejectedEvents);
    }

    [Fact]
    public async Task Session_WrongChecksum_AsksForTheBookAgainAndGoesOn()
    {
        var bench = new VendorBench(VendorBench.Quote("TSLAx/USD", 0, 412.32m, 412.41m), VendorBench.Quote("TSLAx/USD", 100, 412.33m, 412.41m), VendorBench.Quote("TSLAx/USD", 10_000, 412.34m, 412.41m));
        await using var server = await StartAsync(bench);
        server.BadChecksums = 1;
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading), "first quotes");

        // The snapshot that is asked for has the newer price.
        await bench.AdvanceUntilAsync(() => fixture.ReceivedOfTokens.Quotes.Last().Bid.E8 == 41_233_000_000);
        Assert.Equal(1, fixture.Health.RejectedEvents);
        Assert.Equal(1, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_PairStatusChanges_AreTold()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading), "quotes");

        server.SetPairStatus("TSLAx/USD", "cancel_only");
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, "pair status");
        server.SetPairStatus("TSLAx/USD", "online");
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Last().IsTrading, "pair status again");
        server.SetSystem("maintenance");
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, "maintenance");
    }

    [Fact]
    public async Task Session_ConnectionLost_ConnectsAndTellsTheNewBook()
    {
        var bench = new VendorBench(VendorBench.Quote("TSLAx/USD", 0, 412.32m, 412.41m), VendorBench.Quote("TSLAx/USD", 60_000, 500m, 500.05m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading), "quotes");

        await server.StopAsync();
        await fixture.Until(() => fixture.Health.State == SessionState.BackingOff, "loss");
        bench.Advance(61_000);
        fixture.Clock.Now = bench.Clock.Now;
        await server.StartAsync(TestContext.Current.CancellationToken);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last() is { IsTrading: true, Bid.E8: 50_000_000_000 }, Second, "recovery");
        Assert.Equal(2, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_ServerStalls_IsSilenceAndConnectsAnew()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading), "quotes");

        // Heartbeats keep a quiet market from being silence.
        for (var i = 0; i < 40; i++)
        {
            var frames = fixture.Health.Frames;
            bench.Time.Advance(Second);
            await fixture.Until(() => fixture.Health.Frames > frames, "heartbeat");
            fixture.Time.Advance(Second);
        }

        Assert.Equal(1, fixture.Health.Connections);
        server.Faults.Stalled = true;
        await fixture.AdvanceUntil(() => fixture.Health.Silences == 1, Second, "silence");
        server.Faults.Stalled = false;
        await fixture.AdvanceUntil(() => fixture.Health is { Connections: 2, State: SessionState.Live }, Second, "recovery");
    }

    [Fact]
    public async Task Session_Live_PingsInTheVendorsOwnProtocol()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Live, "subscription");
        await fixture.AdvanceUntil(() => server.Pings >= 2, Second, "pings");
    }

    [Fact]
    public async Task Session_Garbage_IsCountedAndTheStreamGoesOn()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading && q.Last.E8 == 41_235_000_000), "quotes");
        server.SendGarbage();
        server.SetPairStatus("TSLAx/USD", "post_only");
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, "the status after it");
        Assert.All(fixture.ReceivedOfTokens.Quotes, q => Assert.Equal((41_232_000_000, 41_241_000_000), (q.Bid.E8, q.Ask.E8)));
        Assert.Equal(41_235_000_000, fixture.ReceivedOfTokens.Quotes.Last().Last.E8);
        Assert.True(fixture.Health.MalformedFrames > 0 && fixture.Health.RejectedEvents > 0 && fixture.Health.UnknownTypes > 0 && fixture.Health.UnknownSymbols > 0);
        Assert.Equal(1, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_UnknownPair_IsAPartialFaultAndTheRestFlows()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Options.Symbols.Add(new SymbolOptions { Token = "SPYx", Symbol = "SPYx/USD" });
        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => q.IsTrading) && fixture.Health.PartialFault is not null, "quotes and the refusal");
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.PartialFault!.Kind);
        Assert.Contains("SPYx/USD", fixture.Health.PartialFault.Detail, StringComparison.Ordinal);
    }

    private static VendorBench Market() => new(
        VendorBench.Quote("TSLAx/USD", 0, 412.32m, 412.41m), VendorBench.Trade("TSLAx/USD", 0, 412.35m), VendorBench.Quote("USDC/USD", 0, 0.9998m, 0.9999m));

    private static async Task<KrakenServer> StartAsync(VendorBench bench)
    {
        var server = new KrakenServer(Pairs, bench.View, bench.Clock, new KrakenServerOptions());
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static SessionFixture Fixture(KrakenServer server, VendorBench bench)
    {
        var fixture = new SessionFixture();
        fixture.Clock.Now = bench.Clock.Now;
        fixture.Options.Vendor = VendorKind.Kraken;
        fixture.Options.Upstream = VendorUpstreams.Kraken;
        fixture.Options.Url = server.Url.ToString();
        fixture.Options.ApiKey = "";
        fixture.Options.Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = "TSLAx/USD" }, new SymbolOptions { Currency = "USDC", Symbol = "USDC/USD" }];
        return fixture;
    }
}
