using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using NodaTime;
using OracleNode.Clock;
using OracleNode.MarketData;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.VendorServers;

public class VendorSetTests
{
    [Fact]
    public async Task GeneratedDay_PlayedFast_ReachesThreeVendorsThatAgreeAboutTheMarket()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(9, 29, 50) });
        var clock = new ScaledMarketClock(day.Start, 20, TimeProvider.System);
        await using var vendors = new VendorSet(day, clock, new VendorSetOptions());
        await vendors.StartAsync(TestContext.Current.CancellationToken);

        await using var massive = await RawSocket.ConnectAsync(vendors.Massive.Url);
        await massive.FrameAsync();
        await massive.SendAsync("""{"action":"auth","params":"devnet-massive-key"}""");
        await massive.FrameAsync();
        await massive.SendAsync("""{"action":"subscribe","params":"Q.*,T.*"}""");
        await using var alpaca = await RawSocket.ConnectAsync(vendors.Alpaca.Url,
            ("APCA-API-KEY-ID", "devnet-alpaca-key"), ("APCA-API-SECRET-KEY", "devnet-alpaca-secret"));
        await alpaca.FrameAsync();
        await alpaca.FrameAsync();
        await alpaca.SendAsync("""{"action":"subscribe","quotes":["*"],"trades":["*"]}""");

        clock.Start();
        var until = day.Start + Duration.FromSeconds(20);
        var massiveMids = await MidsAsync(massive, clock, until, "ev", "Q", "sym");
        var alpacaMids = await MidsAsync(alpaca, clock, until, "T", "q", "S");
        using var channel = GrpcChannel.ForAddress(vendors.Finazon.Url);
        var finazon = new SipService.SipServiceClient(channel);
        foreach (var symbol in day.Symbols)
        {
            var prints = await finazon.GetTradesAsync(
                new GetSipTradesRequest { Ticker = symbol.Name, PageSize = 1, Order = "DESC" },
                new Metadata { { "authorization", "Bearer devnet-finazon-key" } },
                DateTime.UtcNow.AddSeconds(20));
            var print = Assert.Single(prints.Result);
            Assert.True(Instant.FromUnixTimeMilliseconds(print.TradeDate) <= clock.Now);
            var mid = massiveMids[symbol.Name];
            Assert.InRange((double)alpacaMids[symbol.Name], (double)mid * 0.98, (double)mid * 1.02);
            Assert.InRange(print.Price, (double)mid * 0.95, (double)mid * 1.05);
        }

        Assert.All(vendors.All, server => Assert.True(server.EventsSent > 0));
        Assert.False(vendors.Completion.IsCompleted);
    }

    [Fact]
    public async Task Completion_DayOver_Ends()
    {
        var day = new ListedTimeline(false, VendorBench.Quote("TSLA", 0, 412, 413), VendorBench.Trade("TSLA", 100, 412));
        var clock = new ScaledMarketClock(day.Start, 100, TimeProvider.System);
        await using var vendors = new VendorSet(day, clock, new VendorSetOptions());
        await vendors.StartAsync(TestContext.Current.CancellationToken);
        Assert.False(vendors.Completion.IsCompleted);
        clock.Start();
        await vendors.Completion.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>Reads quotes until market time is over; the last mid of each symbol. No event may be of the future.</summary>
    private static async Task<Dictionary<string, decimal>> MidsAsync(
        RawSocket client, ScaledMarketClock clock, Instant until, string typeKey, string quoteType, string symbolKey)
    {
        var mids = new Dictionary<string, decimal>();
        while (clock.Now < until || mids.Count < 3)
        {
            var happened = await client.EventAsync();
            if (happened.GetProperty(typeKey).GetString() != quoteType) continue;
            var time = happened.GetProperty("t");
            var at = time.ValueKind == JsonValueKind.Number
                ? Instant.FromUnixTimeMilliseconds(time.GetInt64())
                : NodaTime.Text.InstantPattern.ExtendedIso.Parse(time.GetString()!).Value;
            Assert.True(at <= clock.Now, $"{at} was told at {clock.Now}.");
            mids[happened.GetProperty(symbolKey).GetString()!] = (happened.GetProperty("bp").GetDecimal() + happened.GetProperty("ap").GetDecimal()) / 2;
        }

        return mids;
    }
}
