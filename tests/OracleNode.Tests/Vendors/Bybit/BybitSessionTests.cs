using OracleNode.MarketData;
using OracleNode.Vendors.Session;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Bybit;

namespace OracleNode.Vendors.Bybit;

/// <summary>The adapter against the server of Devnet, over a socket.</summary>
public class BybitSessionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TokenPairSpec[] Pairs = [new("TSLAXUSDT", "TSLA", 1.003269m)];

    [Fact]
    public async Task Session_AgainstTheServer_TellsBooksTradesAndTheMultiplier()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);

        fixture.Start();
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Any(q => !q.Last.IsNone) && server.Listings > 0, "quotes");
        // The listing came beside them, the next word has it; and the best sent again without a change says that the quote still stands.
        await AdvanceUntil(bench, () => fixture.ReceivedOfTokens.Quotes.Last() is { IsTrading: true } last && last.EventTime > VendorBench.Beginning, fixture);

        var quote = fixture.ReceivedOfTokens.Quotes.Last();
        Assert.Equal((41_232_000_000, 41_241_000_000, 41_235_000_000), (quote.Bid.E8, quote.Ask.E8, quote.Last.E8));
        Assert.Equal(("USDT", OracleNode.Market.FeedUnit.RawToken, "1.003269"), (quote.Currency, quote.Unit, quote.StatedMultiplier.ToString()));
        Assert.True(quote.EventTime <= bench.Clock.Now);
        Assert.Equal((SessionState.Live, 1), (fixture.Health.State, fixture.Health.Connections));
        Assert.Equal(0, fixture.Health.RejectedEvents);
        Assert.Empty(fixture.Received.Frames);
    }

    [Fact]
    public async Task Session_ThroughAThousandChanges_HasTheServersBook()
    {
        var random = new Random(11);
        var (bid, events) = (412.32m, new List<MarketEvent>());
        for (var i = 0; i < 1_000; i++)
        {
            bid += random.Next(-60, 61) * 0.01m;
            events.Add(VendorBench.Quote("TSLAXUSDT", i, bid, bid + (random.Next(1, 9) * 0.01m)));
        }

        var bench = new VendorBench([.. events]);
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "the first book");

        await bench.AdvanceUntilAsync(() => server.EventsSent >= 1_000 && fixture.ReceivedOfTokens.Quotes.Last().Bid.E8 == (long)(bid * OracleNode.Market.Price.One));
        var expected = LadderBook.Of(events[^1], server.Faults, BybitParser.BookDepth).Bids.Where(l => l.Price >= bid * 0.995m).Sum(l => l.Quantity);
        await fixture.Until(() => fixture.ReceivedOfTokens.Quotes.Last().BidDepthE8 == (long)(expected * OracleNode.Market.Price.One), "the same depth");
        Assert.Equal(0, fixture.Health.RejectedEvents);
    }

    [Fact]
    public async Task Session_ListingChangesAndFails_IsFollowed()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => server.Listings > 0 && !fixture.ReceivedOfTokens.Quotes.IsEmpty, "listing");
        await AdvanceUntil(bench, () => fixture.ReceivedOfTokens.Quotes.Last().IsTrading, fixture);

        server.SetInstrument("TSLAXUSDT", "Trading", "10.03269");
        await AdvanceUntil(bench, () => fixture.ReceivedOfTokens.Quotes.Last().StatedMultiplier.ToString() == "10.03269", fixture);
        server.SetInstrument("TSLAXUSDT", "Closed", "10.03269");
        await AdvanceUntil(bench, () => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, fixture);
        server.SetInstrument("TSLAXUSDT", "Trading", "10.03269");
        await AdvanceUntil(bench, () => fixture.ReceivedOfTokens.Quotes.Last().IsTrading, fixture);

        server.SetListingFault("<html>We will be back soon.</html>");
        await AdvanceUntil(bench, () => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, fixture);
        Assert.Contains(fixture.Log, l => l.StartsWith("Warning 2031", StringComparison.Ordinal));
        Assert.Equal(1, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_QuietForLong_IsKeptOpenByPings()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Live, "subscription");
        for (var i = 0; i < 40; i++)
        {
            var (pings, frames) = (server.Pings, fixture.Health.Frames);
            bench.Time.Advance(TimeSpan.FromSeconds(20));
            fixture.Time.Advance(TimeSpan.FromSeconds(20));

            // Its answer too: time must not run on while it is under way.
            await fixture.Until(() => server.Pings > pings && fixture.Health.Frames > frames, "ping and pong");
        }

        Assert.Equal((0, 1), (server.Idlers, fixture.Health.Connections));
    }

    [Fact]
    public async Task Session_ConnectionLost_ConnectsAndTellsTheNewBook()
    {
        var bench = new VendorBench(VendorBench.Quote("TSLAXUSDT", 0, 412.32m, 412.41m), VendorBench.Quote("TSLAXUSDT", 60_000, 500m, 500.05m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "quotes");

        await server.StopAsync();
        await fixture.Until(() => fixture.Health.State == SessionState.BackingOff, "loss");
        bench.Advance(61_000);
        fixture.Clock.Now = bench.Clock.Now;
        await server.StartAsync(TestContext.Current.CancellationToken);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last().Bid.E8 == 50_000_000_000, Second, "recovery");
        Assert.Equal(2, fixture.Health.Connections);
    }

    [Fact]
    public async Task Session_ServerStalls_IsSilenceAndConnectsAnew()
    {
        var bench = Market();
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.Live && !fixture.ReceivedOfTokens.Quotes.IsEmpty, "quotes");
        server.Faults.Stalled = true;
        await fixture.AdvanceUntil(() => fixture.Health.Silences == 1, Second, "silence");
        server.Faults.Stalled = false;
        await fixture.AdvanceUntil(() => fixture.Health is { Connections: 2, State: SessionState.Live }, Second, "recovery");
    }

    [Fact]
    public async Task Session_Garbage_IsCountedAndTheStreamGoesOn()
    {
        var bench = new VendorBench(VendorBench.Quote("TSLAXUSDT", 0, 412.32m, 412.41m), VendorBench.Quote("TSLAXUSDT", 10_000, 413m, 413.05m));
        await using var server = await StartAsync(bench);
        await using var fixture = Fixture(server, bench);
        fixture.Start();
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "quotes");
        server.SendGarbage();
        await fixture.Until(() => fixture.Health is { MalformedFrames: > 0, RejectedEvents: > 0, UnknownTypes: > 0, UnknownSymbols: > 0 }, "counts");
        await AdvanceUntil(bench, () => fixture.ReceivedOfTokens.Quotes.Last().Bid.E8 == 41_300_000_000, fixture);
        Assert.Equal(1, fixture.Health.Connections);
    }

    private static VendorBench Market() => new(VendorBench.Quote("TSLAXUSDT", 0, 412.32m, 412.41m), VendorBench.Trade("TSLAXUSDT", 0, 412.35m));

    /// <summary>Moves market time, and with it what is sent again, and the node's own time, and with it what is asked for.</summary>
    private static Task<TimeSpan> AdvanceUntil(VendorBench bench, Func<bool> condition, SessionFixture fixture) => fixture.AdvanceUntil(
        () =>
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(500));
            fixture.Clock.Now = bench.Clock.Now;
            return condition();
        },
        TimeSpan.FromMilliseconds(500), "what was waited for");

    private static async Task<BybitServer> StartAsync(VendorBench bench)
    {
        var server = new BybitServer(Pairs, bench.View, bench.Clock, new BybitServerOptions());
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static SessionFixture Fixture(BybitServer server, VendorBench bench)
    {
        var fixture = new SessionFixture();
        fixture.Clock.Now = bench.Clock.Now;
        fixture.Options.Vendor = VendorKind.Bybit;
        fixture.Options.Upstream = VendorUpstreams.Bybit;
        fixture.Options.Url = server.Url.ToString();
        fixture.Options.ApiKey = "";
        fixture.Options.Bybit.InstrumentsUrl = server.ListingUrl.ToString();
        fixture.Options.Bybit.InstrumentsPeriod = TimeSpan.FromSeconds(5);
        fixture.Options.Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = "TSLAXUSDT" }];
        return fixture;
    }
}
