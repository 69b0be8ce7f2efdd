using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Clock;
using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>A market of a few named events and a clock that a test moves.</summary>
internal sealed class VendorBench
{
    public static Instant Beginning => ListedTimeline.Beginning;

    public VendorBench(params MarketEvent[] events)
    {
        Time = new FakeTimeProvider();
        Clock = new ScaledMarketClock(Beginning, 1, Time);
        Clock.Start();
        Timeline = new ListedTimeline(false, events);
    }

    public FakeTimeProvider Time { get; }

    public ScaledMarketClock Clock { get; }

    public ListedTimeline Timeline { get; }

    /// <summary>No latency and no jitter: an event is due at its own time.</summary>
    public IEnumerable<VendorEvent> View => Timeline.Events().Select(happened => new VendorEvent(happened.Time, happened));

    /// <summary>Moves market time on, in steps small enough for every timer to see.</summary>
    public void Advance(int millis)
    {
        for (var step = 0; step < millis; step += 5) Time.Advance(TimeSpan.FromMilliseconds(Math.Min(5, millis - step)));
    }

    /// <summary>Moves market time on until something is so.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition, int stepMillis = 5)
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (condition()) return;
            Time.Advance(TimeSpan.FromMilliseconds(stepMillis));
            await Task.Delay(5);
        }

        Assert.Fail("What was waited for did not happen.");
    }

    public static MarketEvent Quote(string symbol, int millis, decimal bid, decimal ask) => new()
    {
        Time = Beginning + Duration.FromMilliseconds(millis),
        Kind = MarketEventKind.Quote,
        Symbol = MarketSymbol.Of(symbol),
        Bid = bid == 0 ? default : Price.FromE8((long)(bid * Price.One)),
        Ask = ask == 0 ? default : Price.FromE8((long)(ask * Price.One)),
        BidSize = 200,
        AskSize = 300,
        BidVenue = 'P',
        AskVenue = 'Q',
    };

    public static MarketEvent Trade(string symbol, int millis, decimal price, PrintConditions conditions = PrintConditions.None, char venue = 'Q') => new()
    {
        Time = Beginning + Duration.FromMilliseconds(millis),
        Kind = MarketEventKind.Trade,
        Symbol = MarketSymbol.Of(symbol),
        Last = Price.FromE8((long)(price * Price.One)),
        Size = 100,
        Venue = venue,
        Conditions = conditions,
    };

    public static MarketEvent Status(string symbol, int millis, HaltReason halt) => new()
    {
        Time = Beginning + Duration.FromMilliseconds(millis),
        Kind = MarketEventKind.Status,
        Symbol = MarketSymbol.Of(symbol),
        Halt = halt,
    };
}
