using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.Bybit.BybitSamples;

namespace OracleNode.Vendors.Bybit;

public class BybitParserTests
{
    [Theory]
    [InlineData(Ack, FrameSignals.Alive | FrameSignals.Subscribed)]
    [InlineData(Pong, FrameSignals.Alive)]
    public void Parse_Control_IsAliveAndNoQuote(string frame, FrameSignals signals)
    {
        var (parser, _, _, _) = Parser();
        var result = parser.Parse(frame);
        Assert.Equal((signals, 0, null), (result.Signals, result.Quotes, result.Fault));
    }

    [Fact]
    public void Parse_Refusal_ConcernsItsPairOnly()
    {
        var (parser, _, _, _) = Parser();
        var fault = parser.Parse(Refusal).Fault!;
        Assert.True(fault.IsPartial);
        Assert.Contains("XXXUSDT", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SnapshotAndDelta_AreTheBook()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        var quote = sink.Quotes.Last();
        Assert.Equal((40_000_000_000, 40_010_000_000), (quote.Bid.E8, quote.Ask.E8));
        Assert.Equal((10_600_000, 24_200_000), (quote.BidDepthE8, quote.AskDepthE8));
        Assert.Equal((new TokenId(1), "USDT", FeedUnit.RawToken), (quote.Token, quote.Currency, quote.Unit));
        Assert.Equal(Instant.FromUnixTimeMilliseconds(1_672_304_484_978), quote.EventTime);

        parser.Parse(Delta);
        quote = sink.Quotes.Last();
        Assert.Equal((39_999_000_000, 40_005_000_000, 30_000_000, 74_200_000), (quote.Bid.E8, quote.Ask.E8, quote.BidDepthE8, quote.AskDepthE8));
        Assert.Equal(Instant.FromUnixTimeMilliseconds(1_672_304_485_978), quote.EventTime);
        Assert.Equal(0, parser.Counters.Rejected);
    }

    [Fact]
    public void Parse_UpdateSentAgain_IsPassedOver()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        parser.Parse(Delta);
        Assert.Equal(0, parser.Parse(Delta.Replace("\"400.05\",\"0.5\"", "\"400.05\",\"9\"", StringComparison.Ordinal)).Quotes);
        Assert.Equal((2, 1), (sink.Quotes.Count, (int)parser.Counters.IgnoredEvents));
    }

    [Fact]
    public void Parse_FirstUpdateAfterARestart_IsAWholeBook()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        parser.Parse("""{"topic":"orderbook.50.TSLAXUSDT","ts":1672304486978,"type":"delta","data":{"s":"TSLAXUSDT","b":[["300","1"]],"a":[["301","1"]],"u":1,"seq":1}}""");
        Assert.Equal((30_000_000_000, 30_100_000_000), (sink.Quotes.Last().Bid.E8, sink.Quotes.Last().Ask.E8));
        Assert.Equal(1, parser.Parse(Delta.Replace("18521289", "2", StringComparison.Ordinal).Replace("400.05", "300.5", StringComparison.Ordinal).Replace("399.98", "299", StringComparison.Ordinal)).Quotes);
    }

    [Fact]
    public void Parse_DeltaBeforeItsSnapshot_AsksForOneAndTellsNothing()
    {
        var (parser, _, _, sink) = Parser();
        var replies = parser.Parse(Delta).Replies!;
        Assert.Equal(["""{"op":"unsubscribe","args":["orderbook.50.TSLAXUSDT"]}""", """{"op":"subscribe","args":["orderbook.50.TSLAXUSDT"]}"""], replies.Select(r => Encoding.UTF8.GetString(r.Span)));
        Assert.Null(parser.Parse(Delta).Replies);
        Assert.NotNull(parser.Parse(Delta, Duration.FromSeconds(5)).Replies);
        Assert.Empty(sink.Quotes);
    }

    [Fact]
    public void Parse_BookThatCrosses_IsGivenUp()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        var result = parser.Parse(Delta.Replace("400.05", "399.00", StringComparison.Ordinal));
        Assert.NotNull(result.Replies);
        Assert.Equal((1, 1), (sink.Quotes.Count, (int)parser.Counters.BooksInDoubt));
        Assert.Equal(0, parser.Parse(Trade).Quotes);
    }

    [Fact]
    public void Parse_BestOfTheSameBook_MovesItsTimeOn()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        Assert.Equal(1, parser.Parse(Best).Quotes);
        Assert.Equal(Instant.FromUnixTimeMilliseconds(1_672_304_487_978), sink.Quotes.Last().EventTime);

        Assert.Equal(0, parser.Parse(Best.Replace("400.10", "400.11", StringComparison.Ordinal).Replace("487978", "489978", StringComparison.Ordinal)).Quotes);
        parser.Parse(Trade);
        Assert.Equal(Instant.FromUnixTimeMilliseconds(1_672_304_487_978), sink.Quotes.Last().EventTime);
    }

    [Fact]
    public void Parse_TickerThenTrades_AreTheLastPriceButNoBlockTrade()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book);
        parser.Parse(Ticker);
        Assert.Equal(40_177_000_000, sink.Quotes.Last().Last.E8);
        parser.Parse(Trade);
        Assert.Equal(40_005_000_000, sink.Quotes.Last().Last.E8);
        parser.Parse(Trade.Replace("\"BT\":false", "\"BT\":true", StringComparison.Ordinal).Replace("400.05", "1", StringComparison.Ordinal).Replace("6865", "6999", StringComparison.Ordinal));
        parser.Parse(Ticker);
        Assert.Equal(40_005_000_000, sink.Quotes.Last().Last.E8);
    }

    [Fact]
    public void Parse_Listing_DecidesTradingAndStatesTheMultiplierUntilItIsOld()
    {
        var (parser, listing, time, sink) = Parser();
        parser.Parse(Book);
        Assert.False(sink.Quotes.Last().IsTrading);

        Assert.True(BybitInstrumentsParser.TryParse(Encoding.UTF8.GetBytes(Instruments), TokenPairs.Index(Pairs), out var instruments));
        listing.Set(instruments);
        parser.Parse(Best);
        Assert.True(sink.Quotes.Last().IsTrading);
        Assert.Equal("1.003269", sink.Quotes.Last().StatedMultiplier.ToString());

        time.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromTicks(1));
        parser.Parse(Trade);
        Assert.False(sink.Quotes.Last().IsTrading);
        Assert.True(sink.Quotes.Last().StatedMultiplier.IsNone);
    }

    [Theory]
    [InlineData("\"status\":\"Trading\",\"marginTrading\"", "\"status\":\"PreLaunch\",\"marginTrading\"", false, "1.003269")]
    [InlineData("\"xstockMultiplier\":\"1.003269\"", "\"xstockMultiplier\":\"NaN\"", false, null)]
    [InlineData("\"xstockMultiplier\":\"1.003269\"", "\"xstockMultiplier\":\"-1\"", false, null)]
    [InlineData("\"xstockMultiplier\":\"1.003269\"", "\"xstockMultiplier\":\"0\"", false, null)]
    [InlineData("\"xstockMultiplier\":\"1.003269\"", "\"xstockMultiplier\":1.003269", false, null)]
    [InlineData("\"xstockMultiplier\":\"1.003269\",", "", true, null)]
    [InlineData("\"symbol\":\"TSLAXUSDT\"", "\"symbol\":\"GONEUSDT\"", false, null)]
    public void Instruments_Listed_SayWhetherItTrades(string from, string to, bool isTrading, string? multiplier)
    {
        Assert.True(BybitInstrumentsParser.TryParse(Encoding.UTF8.GetBytes(Instruments.Replace(from, to, StringComparison.Ordinal)), TokenPairs.Index(Pairs), out var instruments));
        Assert.Equal((isTrading, multiplier), (instruments[0].IsTrading, instruments[0].Multiplier.IsNone ? null : instruments[0].Multiplier.ToString()));
        Assert.False(instruments[1].IsTrading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"retCode":10006,"retMsg":"Too many visits!","result":{}}""")]
    [InlineData("""{"retCode":0,"result":{"list":{}}}""")]
    [InlineData("""{"retCode":0,"retCode":0,"result":{"list":[]}}""")]
    public void Instruments_NoAnswer_IsRefused(string text) => Assert.False(BybitInstrumentsParser.TryParse(Encoding.UTF8.GetBytes(text), TokenPairs.Index(Pairs), out _));

    [Theory]
    [InlineData("""["400.00",0.006]""", 1, 0)]
    [InlineData("""[400.00,"0.006"]""", 0, 1)]
    [InlineData("""["-400.00","0.006"]""", 0, 1)]
    [InlineData("""["0","0.006"]""", 0, 1)]
    [InlineData("""["400.00"]""", 1, 0)]
    [InlineData("""["400.00","1","2"]""", 1, 0)]
    [InlineData("7", 1, 0)]
    public void Parse_LevelThatIsNone_IsCountedAndTheBookIsGivenUp(string level, int fields, int prices)
    {
        var (parser, _, _, sink) = Parser();
        var result = parser.Parse(Book.Replace("""["400.00","0.006"]""", level, StringComparison.Ordinal));
        Assert.Equal((fields, prices), (parser.Counters.RejectedFields, parser.Counters.RejectedPrices));
        Assert.NotNull(result.Replies);
        Assert.Empty(sink.Quotes);
    }

    [Theory]
    [InlineData("1672304484")]
    [InlineData("1672304484978000")]
    [InlineData("1673853806004")]
    [InlineData("\"1672304484978\"")]
    public void Parse_TimeOfAnotherUnitOrOfTheFuture_IsCountedAndTheBookIsGivenUp(string time)
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book.Replace("\"ts\":1672304484978", "\"ts\":" + time, StringComparison.Ordinal));
        Assert.Equal(1, parser.Counters.RejectedTimestamps);
        Assert.Empty(sink.Quotes);
    }

    [Fact]
    public void Parse_UnknownSymbolTopicAndJunk_AreCounted()
    {
        var (parser, _, _, sink) = Parser();
        parser.Parse(Book.Replace("orderbook.50.TSLAXUSDT", "orderbook.50.BTCUSDT", StringComparison.Ordinal));
        parser.Parse("""{"topic":"kline.1.TSLAXUSDT","data":[]}""");
        parser.Parse("""{"topic":"orderbook"}""");
        Assert.True(parser.Parse("[1]").Has(FrameSignals.Malformed));
        Assert.False(parser.Parse("""{"op":"ping","op":"ping"}""").Has(FrameSignals.Alive));
        Assert.Equal((1, 2, 1, 1), (parser.Counters.UnknownSymbols, parser.Counters.UnknownTypes, parser.Counters.MalformedFrames, parser.Counters.RejectedFields));
        Assert.Empty(sink.Quotes);
    }
}
