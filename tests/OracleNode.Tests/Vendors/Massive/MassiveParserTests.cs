using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Massive;

public class MassiveParserTests
{
    private readonly MassiveParser _parser = Samples.Massive();

    [Fact]
    public void Trade_AsDocumented_IsObserved()
    {
        var (result, observations) = _parser.Parse(Samples.MassiveTrade);

        Assert.Equal(FrameSignals.None, result.Signals);
        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.Trade,
                Source = Samples.Source,
                Upstream = Samples.Upstream,
                Instrument = new InstrumentId(7),
                EventTime = Instant.FromUnixTimeMilliseconds(1_536_036_818_784),
                ReceiveTime = Samples.Received,
                Last = Price.FromE8(11_412_500_000),
                LastSize = 100,
                Conditions = ConditionFlags.ExtendedHours,
                TradeId = TradeIdentity.Of("12345"u8, "4"u8),
            },
            Assert.Single(observations));
    }

    [Fact]
    public void Quote_AsDocumented_IsObserved()
    {
        var quote = Assert.Single(_parser.Parse(Samples.MassiveQuote).Observations);

        Assert.Equal(ObservationKind.Quote, quote.Kind);
        Assert.Equal(11_412_500_000, quote.Bid.E8);
        Assert.Equal(11_412_800_000, quote.Ask.E8);
        Assert.Equal(100, quote.BidSize);
        Assert.Equal(160, quote.AskSize);
        Assert.Equal(ConditionFlags.None, quote.Conditions);
        Assert.Equal(1_536_036_818_784, quote.EventTime.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("[17]", "1601316752683746", HaltReason.VolatilityPause)]
    [InlineData("[18]", "1601316752683746", HaltReason.None)]
    [InlineData("[1,17]", "1601316752683", HaltReason.VolatilityPause)]
    [InlineData("[18, 17]", "1601316752683746", HaltReason.VolatilityPause)]
    public void Luld_HaltOrResume_IsStatus(string indicators, string time, HaltReason halt)
    {
        var (_, observations) = _parser.Parse($$"""[{"ev":"LULD","T":"MSFT","h":218.96,"l":198.11,"i":{{indicators}},"z":3,"t":{{time}},"q":290317}]""");

        var status = Assert.Single(observations);
        Assert.Equal(ObservationKind.Status, status.Kind);
        Assert.Equal(halt, status.Halt);
        Assert.Equal(1_601_316_752_683, status.EventTime.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("[21]")]
    [InlineData("[170]")]
    [InlineData("[117]")]
    [InlineData("[\"17\"]")]
    [InlineData("[]")]
    [InlineData("17")]
    public void Luld_NeitherHaltNorResume_IsIgnored(string indicators)
    {
        Assert.Empty(_parser.Parse($$"""[{"ev":"LULD","T":"MSFT","i":{{indicators}},"t":1601316752683746}]""").Observations);
        Assert.Equal(1, _parser.Counters.IgnoredEvents);
    }

    [Fact]
    public void Luld_TimeInMicroseconds_IsExact() =>
        Assert.Equal(
            Instant.FromUnixTimeSeconds(1_601_316_752).PlusNanoseconds(683_746_000),
            Assert.Single(_parser.Parse(Samples.MassiveLuld).Observations).EventTime);

    [Fact]
    public void Trade_WithoutConditions_IsRegular() =>
        Assert.Equal(ConditionFlags.None, Assert.Single(_parser.Parse("""[{"ev":"T","sym":"MSFT","p":1.5,"s":0,"t":1536036818784}]""").Observations).Conditions);

    [Fact]
    public void Trade_FractionalSize_IsRoundedDown() =>
        Assert.Equal(12, Assert.Single(_parser.Parse("""[{"ev":"T","sym":"MSFT","p":1.5,"s":12.9,"t":1536036818784}]""").Observations).LastSize);

    [Theory]
    [InlineData("""  "bp":0,"ap":114.1 """, 0, 11_410_000_000)]
    [InlineData("""  "bp":114,"ap":0.000 """, 11_400_000_000, 0)]
    [InlineData("""  "ap":114.1 """, 0, 11_410_000_000)]
    [InlineData("""  "bp":null,"ap":null """, 0, 0)]
    public void Quote_SideZeroOrMissing_IsNone(string sides, long bid, long ask)
    {
        var quote = Assert.Single(_parser.Parse($$"""[{"ev":"Q","sym":"MSFT","t":1536036818784,{{sides}}}]""").Observations);
        Assert.Equal(bid, quote.Bid.E8);
        Assert.Equal(ask, quote.Ask.E8);
    }

    [Fact]
    public void Frame_FieldsInAnyOrder_AreUnderstood() =>
        Assert.Equal(150_000_000, Assert.Single(_parser.Parse("""[{"t":1536036818784,"p":1.5,"sym":"MSFT","ev":"T"}]""").Observations).Last.E8);

    [Fact]
    public void Frame_SeveralEvents_KeepTheirOrder()
    {
        var (_, observations) = _parser.Parse(
            """[{"ev":"T","sym":"MSFT","p":1,"t":1536036818784},{"ev":"Q","sym":"AAPL","bp":2,"ap":3,"t":1536036818785},{"ev":"T","sym":"AMD","p":4,"t":1536036818786}]""");
        Assert.Equal([7, 8, 9], observations.Select(o => o.Instrument.Index));
        Assert.Equal(3, _parser.Counters.Observations);
    }

    [Theory]
    [InlineData("1536036818")]
    [InlineData("1536036818784123")]
    [InlineData("1536036818784123456")]
    [InlineData("0")]
    [InlineData("-1536036818784")]
    [InlineData("1536036818784.5")]
    [InlineData("99999999999999999999999")]
    [InlineData("\"1536036818784\"")]
    [InlineData("null")]
    public void Trade_TimeNotInMilliseconds_IsRejected(string time)
    {
        Assert.Empty(_parser.Parse($$"""[{"ev":"T","sym":"MSFT","p":1,"t":{{time}}}]""").Observations);
        Assert.Equal(1, _parser.Counters.RejectedTimestamps);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("0.000000001")]
    [InlineData("99999999999999999999")]
    [InlineData("\"114.125\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1}")]
    [InlineData("true")]
    public void Trade_NoPrice_IsRejected(string price)
    {
        Assert.Empty(_parser.Parse($$"""[{"ev":"T","sym":"MSFT","p":{{price}},"t":1536036818784}]""").Observations);
        Assert.Equal(1, _parser.Counters.RejectedPrices);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("\"114\"")]
    [InlineData("{}")]
    public void Quote_NoPrice_IsRejected(string price)
    {
        Assert.Empty(_parser.Parse($$"""[{"ev":"Q","sym":"MSFT","bp":{{price}},"ap":114,"t":1536036818784}]""").Observations);
        Assert.Equal(1, _parser.Counters.RejectedPrices);
    }

    [Fact]
    public void Event_DuplicatedField_IsRejected()
    {
        Assert.Empty(_parser.Parse("""[{"ev":"T","sym":"MSFT","p":1,"p":2,"t":1536036818784}]""").Observations);
        Assert.Equal(1, _parser.Counters.RejectedFields);
    }

    [Fact]
    public void Event_UnknownTypeOrSymbol_IsCountedAndTheRestKept()
    {
        var (_, observations) = _parser.Parse("""[{"ev":"XYZ","sym":"MSFT"},{"ev":"T","sym":"NOPE","p":1,"t":1536036818784},{"ev":"T","sym":"MSFT","p":1,"t":1536036818784}]""");
        Assert.Single(observations);
        Assert.Equal(1, _parser.Counters.UnknownTypes);
        Assert.Equal(1, _parser.Counters.UnknownSymbols);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":1,"t":1536036818784}""")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":1,"t":1536036818784}] trailing""")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":1,"t":1536036818784},{"ev":"T","sym":"MS""")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":01,"t":1536036818784}]""")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":NaN,"t":1536036818784}]""")]
    [InlineData("""[{"ev":"T","sym":"MSFT","p":1,"t":1536036818784,"x":[[[[[[[[[[1]]]]]]]]]]}]""")]
    public void Frame_NotTheDocumentedJson_IsCountedAndYieldsNothing(string frame)
    {
        var (result, observations) = _parser.Parse(frame);
        Assert.Empty(observations);
        Assert.Equal(FrameSignals.Malformed, result.Signals);
        Assert.Equal(1, _parser.Counters.MalformedFrames);
    }

    [Theory]
    [InlineData("connected", "Connected Successfully", FrameSignals.Greeted, VendorFaultKind.None)]
    [InlineData("success", "Connected Successfully", FrameSignals.Greeted, VendorFaultKind.None)]
    [InlineData("auth_success", "authenticated", FrameSignals.Authenticated, VendorFaultKind.None)]
    [InlineData("success", "subscribed to: T.AAPL", FrameSignals.Subscribed, VendorFaultKind.None)]
    [InlineData("auth_failed", "authentication failed", FrameSignals.None, VendorFaultKind.AuthenticationFailed)]
    [InlineData("auth_timeout", "Waited too long", FrameSignals.None, VendorFaultKind.AuthenticationTimeout)]
    [InlineData("error", "not authorized", FrameSignals.None, VendorFaultKind.SubscriptionRefused)]
    [InlineData("max_connections", "Maximum number of connections exceeded.", FrameSignals.None, VendorFaultKind.ConnectionLimit)]
    [InlineData("force_disconnect", "bye", FrameSignals.None, VendorFaultKind.Disconnected)]
    [InlineData("slow_consumer", "too slow", FrameSignals.None, VendorFaultKind.SlowConsumer)]
    public void Status_AsDocumented_IsASignalOrAFault(string status, string message, FrameSignals signals, VendorFaultKind fault)
    {
        var (result, _) = _parser.Parse($$"""[{"ev":"status","status":"{{status}}","message":"{{message}}"}]""");
        Assert.Equal(signals, result.Signals);
        Assert.Equal(fault, result.Fault?.Kind ?? VendorFaultKind.None);
        Assert.Equal(1, _parser.Counters.ControlEvents);
        if (fault != VendorFaultKind.None) Assert.Equal($"{status}: {message}", result.Fault!.Detail);
    }

    [Fact]
    public void Status_OneChannelRefusedAndConnectionLost_TheLossCounts()
    {
        var (result, _) = _parser.Parse("""[{"ev":"status","status":"error","message":"a"},{"ev":"status","status":"max_connections","message":"b"}]""");
        Assert.Equal(VendorFaultKind.ConnectionLimit, result.Fault!.Kind);
    }

    [Theory]
    [InlineData(0, ConditionFlags.None)]
    [InlineData(14, ConditionFlags.None)]
    [InlineData(30, ConditionFlags.OnlyIfFirst)]
    [InlineData(41, ConditionFlags.None)]
    [InlineData(60, ConditionFlags.None)]
    [InlineData(2, ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice)]
    [InlineData(5, ConditionFlags.NotLastEligible | ConditionFlags.OutOfSequence)]
    [InlineData(7, ConditionFlags.NotLastEligible)]
    [InlineData(10, ConditionFlags.NotLastEligible | ConditionFlags.DerivativelyPriced)]
    [InlineData(12, ConditionFlags.ExtendedHours)]
    [InlineData(13, ConditionFlags.NotLastEligible | ConditionFlags.ExtendedHours | ConditionFlags.OutOfSequence)]
    [InlineData(37, ConditionFlags.NotLastEligible | ConditionFlags.OddLot)]
    [InlineData(52, ConditionFlags.NotLastEligible)]
    [InlineData(53, ConditionFlags.NotLastEligible)]
    [InlineData(6, ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData(72, ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData(-1, ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData(2_000_000_000, ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    public void Condition_Id_SaysWhatItMaySet(int id, ConditionFlags expected)
    {
        Assert.Equal(expected, MassiveConditions.FlagsOf(id));
        var (_, observations) = _parser.Parse($$"""[{"ev":"T","sym":"MSFT","p":1,"c":[ 14 , {{id}} ],"t":1536036818784}]""");
        Assert.Equal(expected, Assert.Single(observations).Conditions);
    }

    [Theory]
    [InlineData(17, ConditionFlags.OpeningPrint)]
    [InlineData(25, ConditionFlags.OpeningPrint)]
    [InlineData(16, ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible)]
    [InlineData(18, ConditionFlags.ReopeningPrint)]
    [InlineData(28, ConditionFlags.ReopeningPrint)]
    [InlineData(8, ConditionFlags.ClosingPrint)]
    [InlineData(19, ConditionFlags.ClosingPrint)]
    [InlineData(38, ConditionFlags.ClosingPrint)]
    [InlineData(15, ConditionFlags.ClosingPrint | ConditionFlags.NotLastEligible)]
    public void AuctionPrint_CountsAsOne_FromTheListingMarketOnly(int id, ConditionFlags expected)
    {
        const ConditionFlags Auctions = ConditionFlags.OpeningPrint | ConditionFlags.ClosingPrint | ConditionFlags.ReopeningPrint;
        foreach (var (tape, exchange, isListing) in new[] { (1, 10, true), (2, 11, true), (2, 1, true), (3, 12, true), (1, 11, false), (3, 4, false), (0, 12, false) })
        {
            var (_, observations) = _parser.Parse($$"""[{"ev":"T","sym":"MSFT","x":{{exchange}},"z":{{tape}},"p":1,"c":[{{id}}],"t":1536036818784}]""");
            Assert.Equal(isListing ? expected : expected & ~Auctions, Assert.Single(observations).Conditions);
        }
    }

    [Fact]
    public void Trade_OfTheSameIdAtAnotherMarket_IsAnother()
    {
        ulong IdOf(string fields) => Assert.Single(_parser.Parse($$"""[{"ev":"T","sym":"MSFT",{{fields}}"p":1,"t":1536036818784}]""").Observations).TradeId;
        var ids = new[] { IdOf("\"i\":\"7\",\"x\":4,"), IdOf("\"i\":\"7\",\"x\":5,"), IdOf("\"i\":\"7\",\"x\":4,\"trfi\":201,"), IdOf("\"i\":\"74\",") };
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], IdOf("\"x\":4,\"i\":\"7\","));
        Assert.Equal(0UL, IdOf(""));
        Assert.Equal(0UL, IdOf("\"i\":[604],"));
    }

    [Theory]
    [InlineData("[2,37,12]", ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice | ConditionFlags.OddLot | ConditionFlags.ExtendedHours)]
    [InlineData("[]", ConditionFlags.None)]
    [InlineData("null", ConditionFlags.None)]
    [InlineData("37", ConditionFlags.NotLastEligible | ConditionFlags.OddLot)]
    [InlineData("[\"37\"]", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("[[14]]", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("[1.5]", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("\"12\"", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    public void Conditions_OfATrade_Add(string conditions, ConditionFlags expected) =>
        Assert.Equal(expected, Assert.Single(_parser.Parse($$"""[{"ev":"T","sym":"MSFT","p":1,"c":{{conditions}},"t":1536036818784}]""").Observations).Conditions);
}
