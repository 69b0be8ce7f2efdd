using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

public class GeneratedDayTests
{
    private static readonly GeneratedDayOptions WholeDay = new() { From = new LocalTime(4, 0) };

    [Fact]
    public void Events_TwicePlayed_AreTheSame()
    {
        var day = new GeneratedDay(new GeneratedDayOptions());
        var again = new GeneratedDay(new GeneratedDayOptions());
        Assert.Equal(day.Events().Take(20_000), again.Events().Take(20_000));
        Assert.Equal(day.Events().Take(20_000), day.Events().Take(20_000));
    }

    [Fact]
    public void Events_OfTheDefaultDay_AreTheseForEver()
    {
        // A change here changes every replay and report made from the shipped day.
        var quotes = new GeneratedDay(new GeneratedDayOptions()).Events().Where(happened => happened.Kind == MarketEventKind.Quote).Take(3)
            .Select(quote => $"{quote.Symbol} {quote.Bid.E8} {quote.Ask.E8} {quote.BidSize}x{quote.AskSize}");
        Assert.Equal(["TSLA 41221000000 41249000000 900x1100", "AAPL 26833000000 26847000000 300x100", "SPY 67117000000 67123000000 1200x600"], quotes);
    }

    [Fact]
    public void Events_OtherSeed_Differ()
    {
        var one = new GeneratedDay(new GeneratedDayOptions { Seed = 1 }).Events().Take(100);
        var other = new GeneratedDay(new GeneratedDayOptions { Seed = 2 }).Events().Take(100);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Events_SymbolAdded_LeavesTheOthersAsTheyWere()
    {
        var alone = new GeneratedDay(new GeneratedDayOptions { Symbols = [GeneratedSymbol.Defaults[0]] });
        var together = new GeneratedDay(new GeneratedDayOptions());
        Assert.Equal(alone.Events().Take(5_000), together.Events().Where(happened => happened.Symbol.Name == "TSLA").Take(5_000));
    }

    [Property(MaxTest = 8)]
    public void Events_AnySeed_NeverCrossedAlwaysPositiveAndInOrder(ulong seed)
    {
        var day = new GeneratedDay(new GeneratedDayOptions { Seed = seed, From = new LocalTime(9, 20) });
        var last = day.Start;
        var count = 0;
        foreach (var happened in day.Events().Take(100_000))
        {
            count++;
            Assert.True(happened.Time >= last && happened.Time < day.End);
            last = happened.Time;
            switch (happened.Kind)
            {
                case MarketEventKind.Quote:
                    Assert.True(happened.Bid.E8 > 0 && happened.Ask > happened.Bid, $"{happened.Bid.E8} x {happened.Ask.E8}");
                    Assert.True(happened.BidSize > 0 && happened.AskSize > 0);
                    Assert.Equal(0, happened.Bid.E8 % (Price.One / 100));
                    break;
                case MarketEventKind.Trade:
                    Assert.True(happened.Last.E8 > 0 && happened.Size > 0);
                    Assert.Equal(happened.Size < 100, happened.Conditions.HasFlag(PrintConditions.OddLot));
                    break;
                default:
                    Assert.Fail($"A normal day has no {happened.Kind}.");
                    break;
            }
        }

        Assert.Equal(100_000, count);
    }

    [Fact]
    public void Events_EverySession_AreFiveToFiftyASecondPerSymbol()
    {
        var perMinute = new GeneratedDay(WholeDay).Events()
            .GroupBy(happened => (happened.Symbol.Name, Minute: happened.Time.ToUnixTimeSeconds() / 60))
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(3 * 16 * 60, perMinute.Count);
        Assert.All(perMinute.Values, count => Assert.InRange(count / 60.0, 3, 60));

        var day = new GeneratedDay(WholeDay);
        double At(int hour, int minute) => perMinute[("AAPL", day.At(new LocalTime(hour, minute)).ToUnixTimeSeconds() / 60)] / 60.0;
        Assert.True(At(9, 31) > 2 * At(12, 0), "The open is busier than midday.");
        Assert.True(At(12, 0) > 2 * At(5, 0), "Midday is busier than the early morning.");
    }

    [Fact]
    public void Events_OfAWholeDay_LookLikeAMarket()
    {
        var day = new GeneratedDay(WholeDay);
        var open = day.At(new LocalTime(9, 30));
        var close = day.At(new LocalTime(16, 0));
        foreach (var symbol in GeneratedSymbol.Defaults)
        {
            var events = day.Events().Where(happened => happened.Symbol.Name == symbol.Symbol.Name).ToList();
            var quotes = events.Where(happened => happened.Kind == MarketEventKind.Quote).ToList();
            var trades = events.Where(happened => happened.Kind == MarketEventKind.Trade).ToList();

            // The price stays in the world, and moves.
            Assert.InRange(quotes.Min(quote => quote.Bid.E8), symbol.PreviousClose.E8 / 10 * 8 - Price.One, symbol.PreviousClose.E8);
            Assert.InRange(quotes.Max(quote => quote.Ask.E8), symbol.PreviousClose.E8, symbol.PreviousClose.E8 / 10 * 12 + Price.One);
            Assert.True(quotes.Select(quote => quote.Bid).Distinct().Count() > 50);

            // The open is wider and wilder than midday; extended hours are wider still.
            double Spread(LocalTime from, LocalTime to) => quotes
                .Where(quote => quote.Time >= day.At(from) && quote.Time < day.At(to))
                .Average(quote => (double)(quote.Ask.E8 - quote.Bid.E8) / quote.Bid.E8 * 10_000);
            Assert.True(Spread(new(9, 30), new(9, 35)) > Spread(new(12, 0), new(12, 30)));
            Assert.True(Spread(new(8, 0), new(8, 30)) > Spread(new(12, 0), new(12, 30)));
            Assert.InRange(Spread(new(12, 0), new(12, 30)), 0.05, 5);
            Assert.InRange(Spread(new(8, 0), new(8, 30)), 0.05, 60);

            // The opening gap, from the last quote before to the first after.
            var before = quotes.Last(quote => quote.Time < open).Bid.E8;
            var after = quotes.First(quote => quote.Time >= open).Bid.E8;
            Assert.InRange((after - before) * 10_000.0 / before, symbol.OpeningGapBps - 15, symbol.OpeningGapBps + 15);

            // No minute jumps beyond what a normal day's guard lets pass.
            var minutes = quotes.Where(quote => quote.Time >= open).GroupBy(quote => quote.Time.ToUnixTimeSeconds() / 60).Select(group => group.Last().Bid.E8).ToList();
            Assert.All(minutes.Zip(minutes.Skip(1)), pair => Assert.InRange(Math.Abs(pair.Second - pair.First) * 10_000.0 / pair.First, 0, 200));

            // Conditions: Form T outside the session and only there, odd lots, and a few prints that may not set the last price.
            const PrintConditions auctions = PrintConditions.OpeningPrint | PrintConditions.ClosingPrint | PrintConditions.OfficialClose;
            Assert.DoesNotContain(trades, trade => trade.Conditions.HasFlag(PrintConditions.ExtendedHours)
                != ((trade.Time < open || trade.Time >= close) && (trade.Conditions & auctions) == 0));
            Assert.InRange(trades.Count(trade => trade.Conditions.HasFlag(PrintConditions.OddLot)) / (double)trades.Count, 0.3, 0.6);
            Assert.Contains(trades, trade => trade.Conditions.HasFlag(PrintConditions.AveragePrice));
            Assert.Contains(trades, trade => trade.Conditions.HasFlag(PrintConditions.OutOfSequence));
            Assert.Contains(trades, trade => trade.Venue == MarketEvent.OffExchange);
            Assert.Single(trades, trade => trade.Conditions.HasFlag(PrintConditions.OpeningPrint));
            Assert.Single(trades, trade => trade.Conditions.HasFlag(PrintConditions.ClosingPrint));
            var officialCloses = trades.Where(trade => trade.Conditions.HasFlag(PrintConditions.OfficialClose)).ToList();
            Assert.True(officialCloses.Count > 1);
            Assert.Single(officialCloses.Select(trade => trade.Last).Distinct());
        }
    }

    [Fact]
    public void Events_Halted_StopUntilTheResumption()
    {
        var options = new GeneratedDayOptions
        {
            From = new LocalTime(10, 0),
            Halts = [new GeneratedHalt("AAPL", new LocalTime(10, 1), Duration.FromMinutes(5), HaltReason.VolatilityPause)],
        };
        var day = new GeneratedDay(options);
        var events = day.Events().TakeWhile(happened => happened.Time < day.At(new LocalTime(10, 8))).ToList();
        var statuses = events.Where(happened => happened.Kind == MarketEventKind.Status).ToList();
        Assert.Equal([HaltReason.VolatilityPause, HaltReason.None], statuses.Select(status => status.Halt));
        Assert.Equal(day.At(new LocalTime(10, 1)), statuses[0].Time);
        Assert.InRange(statuses[1].Time, day.At(new LocalTime(10, 6)), day.At(new LocalTime(10, 6)) + Duration.FromMilliseconds(100));
        Assert.DoesNotContain(events, happened => happened.Symbol.Name == "AAPL" && happened.Kind != MarketEventKind.Status
            && happened.Time >= statuses[0].Time && happened.Time < statuses[1].Time);
        Assert.Contains(events, happened => happened.Symbol.Name == "AAPL" && happened.Time > statuses[1].Time);
        Assert.Equal(events.OrderBy(happened => happened.Time).Select(happened => happened.Time), events.Select(happened => happened.Time));
    }

    [Fact]
    public void Events_HaltedOverTheOpen_HoldTheAuctionAfterwards()
    {
        var options = new GeneratedDayOptions
        {
            From = new LocalTime(9, 25),
            Halts = [new GeneratedHalt("AAPL", new LocalTime(9, 20), Duration.FromMinutes(20), HaltReason.News)],
        };
        var day = new GeneratedDay(options);
        var events = day.Events().Where(happened => happened.Symbol.Name == "AAPL").Take(100).ToList();
        Assert.Equal(HaltReason.News, events[0].Halt);
        Assert.Equal(HaltReason.None, events[1].Halt);
        Assert.Equal(MarketEventKind.Quote, events[2].Kind);
        var auction = Assert.Single(events, happened => happened.Conditions.HasFlag(PrintConditions.OpeningPrint));
        Assert.True(auction.Time >= day.At(new LocalTime(9, 40)));
        Assert.Equal(events.OrderBy(happened => happened.Time).Select(happened => happened.Time), events.Select(happened => happened.Time));
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesIt()
    {
        void Refused(string word, Action<GeneratedDayOptions> change)
        {
            var options = new GeneratedDayOptions();
            change(options);
            Assert.Contains(word, Assert.Throws<MarketDataException>(() => new GeneratedDay(options)).Message);
        }

        var symbol = GeneratedSymbol.Defaults[0];
        Refused("Saturday", options => options.Date = new LocalDate(2026, 6, 13));
        Refused("03:00", options => options.From = new LocalTime(3, 0));
        Refused("20:00", options => options.From = new LocalTime(20, 0));
        Refused("no symbol", options => options.Symbols = []);
        Refused("twice", options => options.Symbols = [symbol, symbol]);
        Refused("volatility", options => options.Symbols = [symbol with { DailyVolatilityBps = 0 }]);
        Refused("previous close", options => options.Symbols = [symbol with { PreviousClose = default }]);
        Refused("gap", options => options.Symbols = [symbol with { OpeningGapBps = 1_001 }]);
        Refused("spread", options => options.Symbols = [symbol with { SpreadMilliBps = -1 }]);
        Refused("IBM", options => options.Halts = [new GeneratedHalt("IBM", new LocalTime(10, 0), Duration.FromMinutes(1), HaltReason.News)]);
    }
}
