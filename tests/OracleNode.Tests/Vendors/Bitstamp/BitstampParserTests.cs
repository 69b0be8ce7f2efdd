using System.Globalization;
using System.Text;
using NodaTime;
using OracleNode.Market;
using static OracleNode.Vendors.Bitstamp.BitstampSamples;

namespace OracleNode.Vendors.Bitstamp;

public class BitstampParserTests
{
    [Fact]
    public void Parse_Book_IsThePriceOfTheCurrencyAtTheVenuesTime()
    {
        var (parser, sink) = Parser();
        var result = parser.Parse(Book(after: -250_001));
        Assert.Equal((FrameSignals.Alive, 1, null), (result.Signals, result.Quotes, result.Fault));
        Assert.Equal(
            new PegReading(new SourceId(4), new UpstreamId(2), "USDC", Price.FromE8(99_985_000), Received - Duration.FromMilliseconds(250) - Duration.FromTicks(10)), Assert.Single(sink.Pegs));
        Assert.Empty(sink.Quotes);
        Assert.Equal((1, 0), (parser.Counters.Observations, parser.Counters.Rejected));
    }

    [Fact]
    public void Parse_FieldsInAnotherOrder_AreTheSameBook()
    {
        var (parser, sink) = Parser();
        parser.Parse($$$"""{"event":"data","channel":"order_book_usdtusd","more":[{}],"data":{"asks":[{{{Asks}}}],"bids":[{{{Bids}}}],"microtimestamp":"{{{Micros(0)}}}","timestamp":"0"}}""");
        var peg = Assert.Single(sink.Pegs);
        Assert.Equal(("USDT", 99_985_000), (peg.Currency, peg.Price.E8));
    }

    [Theory]
    [InlineData("0.99980001", "0.99980002", 99_980_001)]
    [InlineData("0.00000100", "0.00000101", 100)]
    [InlineData("3", "3.06", 303_000_000)]
    public void Parse_BestOfBothSides_IsTheirExactMiddle(string bid, string ask, long e8)
    {
        var (parser, sink) = Parser();
        parser.Parse(Book($"""["{bid}","1"]""", $"""["{ask}","1"]"""));
        Assert.Equal(e8, Assert.Single(sink.Pegs).Price.E8);
    }

    [Theory]
    [InlineData(Heartbeat, FrameSignals.Alive)]
    [InlineData(Acknowledgement, FrameSignals.Alive | FrameSignals.Subscribed)]
    public void Parse_Control_IsAliveAndNoPrice(string frame, FrameSignals signals)
    {
        var (parser, _) = Parser();
        Assert.Equal(new FrameResult(signals, null), parser.Parse(frame));
        // Twice is no more than once.
        Assert.Equal(new FrameResult(signals, null), parser.Parse(frame));
        Assert.Equal(2, parser.Counters.ControlEvents);
    }

    [Theory]
    [InlineData(Error, "bts:error: Invalid channel provided.")]
    [InlineData(Unauthorized, "4009: Connection is unauthorized.")]
    [InlineData("""{"event":"bts:error"}""", "bts:error: no message given")]
    [InlineData("""{"event":"bts:error","data":{"message":7,"code":{}}}""", "bts:error: no message given")]
    public void Parse_Error_RefusesWhatItConcernsAndLeavesTheRest(string frame, string detail)
    {
        var (parser, _) = Parser();
        var result = parser.Parse(frame);
        Assert.Equal(new VendorFault(VendorFaultKind.SubscriptionRefused, detail), result.Fault);
        Assert.True(result.Fault!.IsPartial && result.Has(FrameSignals.Alive) && !result.Has(FrameSignals.Subscribed));
    }

    [Fact]
    public void Parse_RequestToReconnect_EndsTheConnectionAndComesBackSoon()
    {
        var (parser, _) = Parser();
        var fault = parser.Parse(Reconnect).Fault!;
        Assert.Equal((VendorFaultKind.Disconnected, FaultRecovery.Retry, false), (fault.Kind, fault.Recovery, fault.IsPartial));
        Assert.Contains("bts:request_reconnect", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AcknowledgementOfWhatWasNotAskedFor_IsNone()
    {
        var (parser, _) = Parser();
        Assert.False(parser.Parse(Acknowledgement.Replace("usdcusd", "btcusd", StringComparison.Ordinal)).Has(FrameSignals.Subscribed));
        Assert.False(parser.Parse(Acknowledgement.Replace("order_book", "live_trades", StringComparison.Ordinal)).Has(FrameSignals.Subscribed));
        Assert.False(parser.Parse(Acknowledgement.Replace("\"order_book_usdcusd\"", "7", StringComparison.Ordinal)).Has(FrameSignals.Subscribed));
        Assert.Equal((1, 1, 1), (parser.Counters.UnknownSymbols, parser.Counters.UnknownTypes, parser.Counters.RejectedFields));
    }

    [Theory]
    [InlineData("""["0","1"]""", 1, 0, 0)]
    [InlineData("""["-0.9998","1"]""", 1, 0, 0)]
    [InlineData("""["NaN","1"]""", 1, 0, 0)]
    [InlineData("""["1e400","1"]""", 1, 0, 0)]
    [InlineData("""["0.999812345","1"]""", 1, 0, 0)]
    [InlineData("""["","1"]""", 1, 0, 0)]
    [InlineData("""[0.9998,"1"]""", 1, 0, 0)]
    [InlineData("""["0.9998",1]""", 0, 1, 0)]
    [InlineData("""["0.9998","0"]""", 0, 1, 0)]
    [InlineData("""["0.9998","0.00000"]""", 0, 1, 0)]
    [InlineData("""["0.9998","-1"]""", 0, 1, 0)]
    [InlineData("""["0.9998","much"]""", 0, 1, 0)]
    [InlineData("""["0.9998"]""", 0, 1, 0)]
    [InlineData("""["0.9998","1","17"]""", 0, 1, 0)]
    [InlineData("""{"price":"0.9998"}""", 0, 1, 0)]
    [InlineData("null", 0, 1, 0)]
    [InlineData("""["0.9998","1"],["0.9998","2"]""", 0, 0, 1)]
    [InlineData("""["0.9997","1"],["0.9998","2"]""", 0, 0, 1)]
    [InlineData("""["0.9998","1"],["0.9996","1"],["0.9997","2"]""", 0, 0, 1)]
    [InlineData("""["0.9998","1"],["0.9997","0"]""", 0, 1, 0)]
    [InlineData("""["0.9998","1"],["much","1"]""", 1, 0, 0)]
    public void Parse_SideThatIsNone_IsCountedAndTellsNothing(string bids, int prices, int fields, int doubts)
    {
        var (parser, sink) = Parser();
        var result = parser.Parse(Book(bids));
        Assert.Equal((0, FrameSignals.Alive), (result.Quotes, result.Signals));
        Assert.Equal((prices, fields, doubts), (parser.Counters.RejectedPrices, parser.Counters.RejectedFields, parser.Counters.BooksInDoubt));
        Assert.Empty(sink.Pegs);

        // The next frame is a whole book again.
        parser.Parse(Book(after: 1));
        Assert.Single(sink.Pegs);
    }

    [Theory]
    [InlineData("""["1.0001","1"],["0.9999","1"]""")]
    [InlineData("""["0.9999","1"],["0.9999","1"]""")]
    public void Parse_AsksThatDoNotAscend_AreDoubted(string asks)
    {
        var (parser, sink) = Parser();
        parser.Parse(Book(asks: asks));
        Assert.Equal(1, parser.Counters.BooksInDoubt);
        Assert.Empty(sink.Pegs);
    }

    [Theory]
    [InlineData("""["0.9999","1"]""", """["0.9998","1"]""")]
    [InlineData("""["0.9999","1"]""", """["0.9999","1"]""")]
    [InlineData("", Asks)]
    [InlineData(Bids, "")]
    [InlineData("", "")]
    public void Parse_CrossedOneSidedOrEmptyBook_IsNoPriceAndIsCounted(string bids, string asks)
    {
        var (parser, sink) = Parser();
        parser.Parse(Book(after: -1));
        parser.Parse(Book(bids, asks));
        Assert.Equal(1, parser.Counters.BooksInDoubt);
        // A crossed book may stand for one message; any other takes the price before back.
        var isCrossed = bids.Length > 0 && asks.Length > 0;
        Assert.Equal(isCrossed ? [false] : [false, true], sink.Pegs.Select(p => p.Price.IsNone));
    }

    [Theory]
    [InlineData("""{"data":7,"channel":"order_book_usdcusd","event":"data"}""")]
    [InlineData("""{"channel":"order_book_usdcusd","event":"data"}""")]
    [InlineData("""{"data":{"microtimestamp":"1709650800000000","bids":{},"asks":[]},"channel":"order_book_usdcusd","event":"data"}""")]
    [InlineData("""{"data":{"microtimestamp":"1709650800000000","bids":[]},"channel":"order_book_usdcusd","event":"data"}""")]
    [InlineData("""{"data":{"microtimestamp":"1709650800000000","bids":[],"bids":[],"asks":[]},"channel":"order_book_usdcusd","event":"data"}""")]
    [InlineData("""{"event":"data","event":"data"}""")]
    [InlineData("""{"event":"d\u0061ta"}""")]
    [InlineData("""{"channel":"order_book_usdcusd"}""")]
    [InlineData("""{"event":7}""")]
    [InlineData("{}")]
    public void Parse_AnotherShape_IsCountedOnce(string frame)
    {
        var (parser, sink) = Parser();
        parser.Parse(frame);
        Assert.Equal((1, 1), (parser.Counters.RejectedFields, parser.Counters.Rejected));
        Assert.Empty(sink.Pegs);
    }

    [Fact]
    public void Parse_StampOfTheFuture_IsRefused()
    {
        var (parser, sink) = Parser();
        parser.Parse(Book(after: 60_000_001));
        Assert.Equal(1, parser.Counters.RejectedTimestamps);
        Assert.Empty(sink.Pegs);
        // And does not stand in the way of what is true.
        parser.Parse(Book(after: 60_000_000));
        Assert.Equal(Received + Duration.FromMinutes(1), Assert.Single(sink.Pegs).EventTime);
    }

    [Fact]
    public void Parse_StampThatGoesBack_IsRefusedAndOneToldBeforeIsPassedOver()
    {
        var (parser, sink) = Parser();
        parser.Parse(Book());
        parser.Parse(Book("""["0.5","1"]""", after: -1));
        Assert.Equal((1, 0), (parser.Counters.RejectedTimestamps, parser.Counters.IgnoredEvents));
        parser.Parse(Book("""["0.5","1"]"""));
        Assert.Equal((1, 1), (parser.Counters.RejectedTimestamps, parser.Counters.IgnoredEvents));
        // A pair's clock is its own.
        parser.Parse(Book(symbol: "usdtusd", after: -1));
        Assert.Equal([99_985_000, 99_985_000], sink.Pegs.Select(p => p.Price.E8));
    }

    [Theory]
    [InlineData("\"1709650800\"")]
    [InlineData("\"1709650800000\"")]
    [InlineData("\"1709650800000000000\"")]
    [InlineData("\"17096508e8\"")]
    [InlineData("\"-1709650800000000\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"\"")]
    [InlineData("1709650800000000")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Parse_StampOfAnotherUnitOrNone_IsRefused(string stamp)
    {
        var (parser, sink) = Parser();
        parser.Parse(Stamped(stamp));
        Assert.Equal((1, 1), (parser.Counters.RejectedTimestamps, parser.Counters.Rejected));
        Assert.Empty(sink.Pegs);
    }

    [Fact]
    public void Parse_OldBook_KeepsItsOwnTime()
    {
        var (parser, sink) = Parser();
        parser.Parse(Book(after: -3_600_000_000));
        Assert.Equal(Received - Duration.FromHours(1), Assert.Single(sink.Pegs).EventTime);
        // An answer to a heartbeat makes no book younger, and tells nothing.
        Assert.Equal(0, parser.Parse(Heartbeat).Quotes);
        Assert.Single(sink.Pegs);
    }

    [Fact]
    public void Parse_BookOfAHundredThousandLevels_IsReadToItsEnd()
    {
        var (parser, sink) = Parser();
        var levels = Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"[\"{99_980_000 - i}\",\"1\"]")).ToList();
        parser.Parse(Book(string.Join(',', levels), """["99980002","1"]"""));
        Assert.Equal(99_980_001 * Price.One, Assert.Single(sink.Pegs).Price.E8);
        parser.Parse(Book(string.Join(',', levels.Append(levels[0])), """["99980002","1"]""", after: 1));
        Assert.Equal(1, parser.Counters.BooksInDoubt);
        Assert.Single(sink.Pegs);
    }

    [Fact]
    public void Parse_UnknownSymbolTypeAndJunk_AreCounted()
    {
        var (parser, sink) = Parser();
        parser.Parse(Book(symbol: "btcusd"));
        parser.Parse(Book(symbol: "usdcusd-perp"));
        parser.Parse(Book(symbol: ""));
        parser.Parse(Book().Replace("order_book_", "diff_order_book_", StringComparison.Ordinal));
        parser.Parse("""{"event":"trade","channel":"live_trades_usdcusd","data":{}}""");
        parser.Parse("""{"event":"bts:unsubscription_succeeded","channel":"order_book_usdcusd","data":{}}""");
        Assert.True(parser.Parse("not json").Has(FrameSignals.Malformed));
        Assert.True(parser.Parse(Heartbeat + "x").Has(FrameSignals.Malformed));
        Assert.True(parser.Parse("[]").Has(FrameSignals.Malformed));
        Assert.Equal((3, 3, 3), (parser.Counters.UnknownSymbols, parser.Counters.UnknownTypes, parser.Counters.MalformedFrames));
        Assert.Empty(sink.Pegs);
    }

    [Fact]
    public void Parse_AcknowledgedPairWithoutABook_IsAFaultOnce()
    {
        var (parser, _) = Parser();
        parser.Parse(Acknowledgement);
        parser.Parse(Acknowledgement.Replace("usdcusd", "usdtusd", StringComparison.Ordinal));
        parser.Parse(Book(symbol: "usdtusd"));
        // Two minutes of one answer every 20 s.
        for (var i = 0; i < 5; i++) Assert.Null(parser.Parse(Heartbeat).Fault);
        var fault = parser.Parse(Heartbeat).Fault!;
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fault.Kind);
        Assert.Contains("order_book_usdcusd", fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("usdtusd", fault.Detail, StringComparison.Ordinal);
        Assert.True(fault.IsPartial);
        Assert.Null(parser.Parse(Heartbeat).Fault);
    }

    [Fact]
    public void Parse_NoBookOfAnyPairForLong_IsSilenceThoughHeartbeatsAreAnswered()
    {
        var (parser, _) = Parser();
        parser.Parse(Acknowledgement);
        parser.Parse(Book());
        for (var i = 0; i < 29; i++) Assert.Null(parser.Parse(Heartbeat).Fault);
        parser.Parse(Book(after: 1));
        for (var i = 0; i < 29; i++) Assert.Null(parser.Parse(Heartbeat).Fault);
        Assert.Equal(VendorFaultKind.Silence, parser.Parse(Heartbeat).Fault!.Kind);
    }

    [Theory]
    [InlineData(600, 20, 30)]
    [InlineData(120, 50, 3)]
    [InlineData(120, 600, 2)]
    [InlineData(600, 1, 600)]
    public void AnswersIn_Time_CoverIt(int seconds, int interval, int answers) =>
        Assert.Equal(answers, BitstampParser.AnswersIn(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(interval)));

    [Fact]
    public void Forget_NewConnection_KnowsNothingOfTheOneBefore()
    {
        var (parser, sink) = Parser();
        parser.Parse(Acknowledgement);
        parser.Parse(Book());
        for (var i = 0; i < 29; i++) parser.Parse(Heartbeat);
        parser.Forget();
        for (var i = 0; i < 29; i++) Assert.Null(parser.Parse(Heartbeat).Fault);
        // What is older than the last word of a connection before is the feed's to refuse.
        parser.Parse(Book(after: -1));
        Assert.Equal(2, sink.Pegs.Count);
    }

    [Fact]
    public void Adapter_Messages_AreOneSubscriptionPerChannelAndBelowTheVendorsLimit()
    {
        var adapter = new BitstampAdapter(Pairs, new SourceId(4), new UpstreamId(2), Duration.FromMinutes(1), PingInterval, new Session.SessionFixture.TokenSink());
        Assert.Equal(
            ["""{"event":"bts:subscribe","data":{"channel":"order_book_usdcusd"}}""", """{"event":"bts:subscribe","data":{"channel":"order_book_usdtusd"}}"""],
            adapter.SubscribeMessages.Select(m => Encoding.ASCII.GetString(m.Span)));
        Assert.Equal("""{"event":"bts:heartbeat"}""", Encoding.ASCII.GetString(adapter.KeepAliveMessage.Span));
        Assert.All(adapter.SubscribeMessages, m => Assert.True(m.Length < 512));
        Assert.Empty(adapter.CreateAuthenticateMessage());
        Assert.Equal(FrameSignals.Greeted | FrameSignals.Authenticated, adapter.Connected());
    }
}
