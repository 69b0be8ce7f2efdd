using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using static OracleNode.Vendors.Kraken.KrakenSamples;

namespace OracleNode.Vendors.Kraken;

public class KrakenParserTests
{
    private const string TslaBook = """{"price":400.00,"qty":2.50000000},{"price":398.00,"qty":1.00000000},{"price":397.99,"qty":7.00000000}""";
    private const string TslaAsks = """{"price":400.10,"qty":3.00000000}""";

    [Fact]
    public void Parse_Status_GreetsAndNeedsNoAuthentication()
    {
        var (parser, _) = Parser();
        var result = parser.Parse(Status);
        Assert.True(result.Has(FrameSignals.Greeted) && result.Has(FrameSignals.Authenticated) && result.Has(FrameSignals.Alive));
    }

    [Theory]
    [InlineData(Heartbeat, FrameSignals.Alive)]
    [InlineData(Pong, FrameSignals.Alive)]
    [InlineData(Ack, FrameSignals.Alive | FrameSignals.Subscribed)]
    public void Parse_Control_IsAliveAndNoQuote(string frame, FrameSignals signals)
    {
        var (parser, _) = Parser();
        var result = parser.Parse(frame);
        Assert.Equal((signals, 0, null), (result.Signals, result.Quotes, result.Fault));
        Assert.Equal(1, parser.Counters.ControlEvents);
    }

    [Fact]
    public void Parse_Refusal_ConcernsItsPairOnly()
    {
        var (parser, _) = Parser();
        var fault = parser.Parse(Refusal).Fault!;
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fault.Kind);
        Assert.True(fault.IsPartial);
        Assert.Contains("TSLAx/XYZ", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DocumentedBook_AgreesWithItsChecksumAndIsExact()
    {
        var (parser, sink) = Ready();
        Assert.Equal(1, parser.Parse(Book).Quotes);
        var quote = Assert.Single(sink.Quotes);
        Assert.Equal((4_528_350_000_000, 4_528_520_000_000), (quote.Bid.E8, quote.Ask.E8));
        Assert.Equal((new SourceId(3), new UpstreamId(1), new TokenId(0), "USD", FeedUnit.UiToken, true), (quote.Source, quote.Upstream, quote.Token, quote.Currency, quote.Unit, quote.IsTrading));
        Assert.Equal(Received, quote.EventTime);
        // Every level lies within 50 bps.
        Assert.Equal(10_000_000 + 154_582_015 + 10_000_000 + 10_000_000 + 154_592_586 + 7_990_000 + 3_310_103 + 30_000_000 + 154_602_737 + 15_445_238, quote.BidDepthE8);
        Assert.Equal(0, parser.Counters.Rejected);
    }

    [Fact]
    public void Parse_WrongChecksum_GivesTheBookUpAndAsksForASnapshotOnce()
    {
        var (parser, sink) = Ready();
        var result = parser.Parse(Book.Replace("3310070434", "3310070435", StringComparison.Ordinal));
        Assert.Empty(sink.Quotes);
        Assert.Equal(1, parser.Counters.BooksInDoubt);
        Assert.Equal(["unsubscribe", "subscribe"], result.Replies!.Select(r => System.Text.Json.JsonDocument.Parse(r).RootElement.GetProperty("method").GetString()));

        // What follows until the snapshot comes is of a book that is not known, and asks for nothing more.
        var change = BookOf("BTC/USD", "update", """{"price":45283.6,"qty":1.00000000}""", "", ""","checksum":1,"timestamp":"2024-03-05T15:00:00Z" """);
        Assert.Null(parser.Parse(change).Replies);
        Assert.NotNull(parser.Parse(change, Duration.FromSeconds(5)).Replies);
        Assert.Empty(sink.Quotes);

        Assert.Equal(1, parser.Parse(Book).Quotes);
    }

    [Fact]
    public void Parse_Update_ChangesTheBookAndItsTime()
    {
        var (parser, sink) = Ready();
        parser.Parse(BookOf("TSLAx/USD", "snapshot", TslaBook, TslaAsks, Sum("40010300000000400002500000003980010000000039799700000000")));
        var quote = sink.Quotes.Last();
        // 398.00 is exactly 50 bps below.
        Assert.Equal((40_000_000_000, 350_000_000, 300_000_000), (quote.Bid.E8, quote.BidDepthE8, quote.AskDepthE8));

        parser.Parse(BookOf("TSLAx/USD", "update", """{"price":400.00,"qty":0},{"price":399.00,"qty":0.50000000}""", "", Sum("4001030000000039900500000003980010000000039799700000000", "2024-03-05T14:59:58.123456Z")));
        quote = sink.Quotes.Last();
        Assert.Equal((39_900_000_000, 150_000_000), (quote.Bid.E8, quote.BidDepthE8 - (quote.BidDepthE8 - 150_000_000)));
        Assert.Equal(0, parser.Counters.BooksInDoubt);
        // The venue's time never goes back: the snapshot was newer.
        Assert.Equal(Received, quote.EventTime);
    }

    [Fact]
    public void Parse_OnePairOfTwoTokens_IsToldOfBoth()
    {
        var (parser, sink) = Ready();
        parser.Parse(BookOf("TSLAx/USD", "snapshot", """{"price":400.00,"qty":2.50000000}""", TslaAsks, Sum("40010300000000" + "40000250000000")));
        Assert.Equal([new TokenId(1), new TokenId(2)], sink.Quotes.Select(q => q.Token));
    }

    [Theory]
    [InlineData("cancel_only")]
    [InlineData("post_only")]
    [InlineData("limit_only")]
    [InlineData("reduce_only")]
    [InlineData("maintenance")]
    [InlineData("work_in_progress")]
    [InlineData("delisted")]
    [InlineData("something new")]
    public void Parse_PairStatusOtherThanOnline_IsNotTrading(string status)
    {
        var (parser, sink) = Ready();
        parser.Parse(Book);
        var update = $$$"""{"channel":"instrument","type":"update","data":{"assets":[],"pairs":[{"symbol":"BTC/USD","status":"{{{status}}}","qty_precision":8,"price_precision":1}]}}""";
        Assert.Equal(1, parser.Parse(update).Quotes);
        Assert.False(sink.Quotes.Last().IsTrading);
        // Its book goes on being told, marked.
        Assert.Equal(4_528_350_000_000, sink.Quotes.Last().Bid.E8);

        parser.Parse(update.Replace(status, "online", StringComparison.Ordinal));
        Assert.True(sink.Quotes.Last().IsTrading);
    }

    [Theory]
    [InlineData("maintenance")]
    [InlineData("cancel_only")]
    [InlineData("post_only")]
    public void Parse_EngineStatusOtherThanOnline_NothingTrades(string status)
    {
        var (parser, sink) = Ready();
        parser.Parse(Book);
        parser.Parse(Status.Replace("online", status, StringComparison.Ordinal));
        Assert.False(sink.Quotes.Last().IsTrading);
        parser.Parse(Status);
        Assert.True(sink.Quotes.Last().IsTrading);
    }

    [Fact]
    public void Parse_BookBeforeTheListing_IsNotTradingYet()
    {
        var (parser, sink) = Parser();
        parser.Parse(Status);
        parser.Parse(Book);
        Assert.False(Assert.Single(sink.Quotes).IsTrading);
    }

    [Fact]
    public void Parse_Trade_IsTheLastPriceAndAnOlderOneIsNot()
    {
        var (parser, sink) = Ready();
        parser.Parse(Ticker);
        parser.Parse(Book);
        Assert.Equal(10_589_940_000_000, sink.Quotes.Last().Last.E8);
        parser.Parse(Trade);
        Assert.Equal(4_528_420_000_000, sink.Quotes.Last().Last.E8);
        parser.Parse(Trade.Replace("45284.20", "1.5", StringComparison.Ordinal).Replace("2023", "2022", StringComparison.Ordinal));
        parser.Parse(Ticker);
        Assert.Equal(4_528_420_000_000, sink.Quotes.Last().Last.E8);
        // A trade does not make the book younger.
        Assert.Equal(Received, sink.Quotes.Last().EventTime);
    }

    [Fact]
    public void Parse_CurrencyPair_IsThePriceOfTheCurrencyWhileItTrades()
    {
        var (parser, sink) = Ready();
        var book = BookOf("USDC/USD", "snapshot", """{"price":0.9997,"qty":100.00000000}""", """{"price":0.9998,"qty":100.00000000}""", Sum("999810000000000" + "999710000000000"));
        parser.Parse(book);
        var peg = Assert.Single(sink.Pegs);
        Assert.Equal(("USDC", 99_975_000, Received), (peg.Currency, peg.Price.E8, peg.EventTime));
        Assert.Empty(sink.Quotes);

        // Taken back once, whatever its book goes on saying.
        parser.Parse(Status.Replace("online", "maintenance", StringComparison.Ordinal));
        parser.Parse(book);
        Assert.Equal([false, true], sink.Pegs.Select(p => p.Price.IsNone));
    }

    [Fact]
    public void Parse_CrossedBook_HasNoSidesAndIsCounted()
    {
        var (parser, sink) = Ready();
        parser.Parse(BookOf("TSLAx/USD", "snapshot", """{"price":400.00,"qty":1.00000000}""", """{"price":400.00,"qty":1.00000000}""", Sum("40000100000000" + "40000100000000")));
        var quote = sink.Quotes.Last();
        Assert.True(quote.Bid.IsNone && quote.Ask.IsNone);
        Assert.Equal((0, 0), (quote.BidDepthE8, quote.AskDepthE8));
        Assert.Equal(1, parser.Counters.BooksInDoubt);
    }

    [Fact]
    public void Parse_EmptySide_IsNoPrice()
    {
        var (parser, sink) = Ready();
        parser.Parse(BookOf("TSLAx/USD", "snapshot", "", TslaAsks, Sum("40010300000000")));
        Assert.True(sink.Quotes.Last().Bid.IsNone);
        Assert.Equal(40_010_000_000, sink.Quotes.Last().Ask.E8);
    }

    [Theory]
    [InlineData("""{"price":-1,"qty":1}""", 1, 0)]
    [InlineData("""{"price":0,"qty":1}""", 1, 0)]
    [InlineData("""{"price":"400.00","qty":1}""", 1, 0)]
    [InlineData("""{"price":1e40,"qty":1}""", 1, 0)]
    [InlineData("""{"price":400.00,"qty":-1}""", 0, 1)]
    [InlineData("""{"price":400.00,"qty":"1"}""", 0, 1)]
    [InlineData("""{"price":400.00}""", 0, 1)]
    [InlineData("""{"price":400.00,"price":401.00,"qty":1}""", 0, 1)]
    [InlineData("7", 0, 1)]
    public void Parse_LevelThatIsNone_IsCountedAndTheBookIsGivenUp(string level, int prices, int fields)
    {
        var (parser, sink) = Ready();
        var result = parser.Parse(BookOf("TSLAx/USD", "snapshot", level, TslaAsks, ""));
        Assert.Equal((prices, fields), (parser.Counters.RejectedPrices, parser.Counters.RejectedFields));
        Assert.NotNull(result.Replies);
        Assert.Empty(sink.Quotes);
    }

    [Fact]
    public void Parse_TimeOfTheFuture_DoesNotMakeTheBookYounger()
    {
        var (parser, sink) = Ready();
        parser.Parse(BookOf("TSLAx/USD", "snapshot", """{"price":400.00,"qty":1.00000000}""", TslaAsks, Sum("40010300000000" + "40000100000000", "2024-03-05T14:59:00Z")));
        parser.Parse(BookOf("TSLAx/USD", "update", """{"price":400.00,"qty":2.00000000}""", "", Sum("40010300000000" + "40000200000000", "2024-03-05T15:01:00.000000001Z")));
        Assert.Equal(1, parser.Counters.RejectedTimestamps);
        Assert.Equal((200_000_000, Received - Duration.FromMinutes(1)), (sink.Quotes.Last().BidDepthE8, sink.Quotes.Last().EventTime));
    }

    [Fact]
    public void Parse_UnknownSymbolTypeAndJunk_AreCounted()
    {
        var (parser, sink) = Ready();
        parser.Parse(Book.Replace("BTC/USD", "DOGE/USD", StringComparison.Ordinal));
        parser.Parse("""{"channel":"level3","data":[]}""");
        Assert.True(parser.Parse("not json").Has(FrameSignals.Malformed));
        Assert.True(parser.Parse(Heartbeat + "x").Has(FrameSignals.Malformed));
        Assert.False(parser.Parse("""{"channel":"heartbeat","channel":"status"}""").Has(FrameSignals.Alive));
        Assert.Equal((1, 1, 2, 1), (parser.Counters.UnknownSymbols, parser.Counters.UnknownTypes, parser.Counters.MalformedFrames, parser.Counters.RejectedFields));
        Assert.Empty(sink.Quotes);
    }

    [Fact]
    public void Forget_NewConnection_KnowsNothingOfTheOneBefore()
    {
        var (parser, sink) = Ready();
        parser.Parse(Book);
        parser.Forget();
        var change = BookOf("BTC/USD", "update", """{"price":45283.6,"qty":1.00000000}""", "", ""","checksum":1,"timestamp":"2024-03-05T15:00:00Z" """);
        Assert.Equal(0, parser.Parse(change).Quotes);
        Assert.Single(sink.Quotes);
    }

    private static (KrakenParser Parser, SessionFixture.TokenSink Sink) Ready()
    {
        var (parser, sink) = Parser();
        parser.Parse(Status);
        parser.Parse(Instruments);
        return (parser, sink);
    }

    private static string Sum(string digits, string? time = null)
    {
        var crc = new Crc32();
        crc.Add(Encoding.ASCII.GetBytes(digits));
        return $",\"checksum\":{crc.Value}" + (time is null ? "" : $",\"timestamp\":\"{time}\"");
    }
}
