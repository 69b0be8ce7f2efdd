using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Alpaca;

public class AlpacaParserTests
{
    private readonly AlpacaParser _parser = Samples.Alpaca();

    [Fact]
    public void Trade_AsDocumented_IsObserved() =>
        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.Trade,
                Source = Samples.Source,
                Upstream = Samples.Upstream,
                Instrument = new InstrumentId(8),
                EventTime = Instant.FromUtc(2021, 2, 22, 15, 51, 44).PlusNanoseconds(208_000_000),
                ReceiveTime = Samples.Received,
                Last = Price.FromE8(12_655_000_000),
                LastSize = 1,
                Conditions = ConditionFlags.NotLastEligible | ConditionFlags.OddLot,
                TradeId = TradeIdentity.Of("96921"u8, "D"u8),
            },
            Assert.Single(_parser.Parse(Samples.AlpacaTrade).Observations));

    [Fact]
    public void Quote_AsDocumented_IsObservedToTheNanosecond()
    {
        var quote = Assert.Single(_parser.Parse(Samples.AlpacaQuote).Observations);

        Assert.Equal(ObservationKind.Quote, quote.Kind);
        Assert.Equal(new InstrumentId(9), quote.Instrument);
        Assert.Equal(8_766_000_000, quote.Bid.E8);
        Assert.Equal(8_768_000_000, quote.Ask.E8);
        Assert.Equal(1, quote.BidSize);
        Assert.Equal(4, quote.AskSize);
        Assert.Equal(Instant.FromUtc(2021, 2, 22, 15, 51, 45).PlusNanoseconds(335_689_322), quote.EventTime);
    }

    [Theory]
    [InlineData("""["N"]""", "A")]
    [InlineData("""["R","L"]""", "C")]
    [InlineData("""["U"]""", "C")]
    [InlineData("\"Z\"", "C")]
    public void Quote_NotFirm_WithdrawsBothSides(string conditions, string tape)
    {
        var quote = Assert.Single(_parser.Parse($$"""[{"T":"q","S":"AMD","bp":87.66,"ap":87.68,"t":"2021-02-22T15:51:45Z","c":{{conditions}},"z":"{{tape}}"}]""").Observations);
        Assert.True(quote.Bid.IsNone && quote.Ask.IsNone);
    }

    [Fact]
    public void Status_AsDocumented_IsAHalt()
    {
        var status = Assert.Single(_parser.Parse(Samples.AlpacaStatus).Observations);
        Assert.Equal(ObservationKind.Status, status.Kind);
        Assert.Equal(HaltReason.News, status.Halt);
    }

    [Theory]
    [InlineData("A", "2", "M", HaltReason.VolatilityPause)]
    [InlineData("B", "2", "P", HaltReason.News)]
    [InlineData("A", "2", "D", HaltReason.News)]
    [InlineData("A", "2", "I", HaltReason.Venue)]
    [InlineData("A", "2", "1", HaltReason.MarketWide1)]
    [InlineData("A", "2", "3", HaltReason.MarketWide3)]
    [InlineData("A", "2", "?", HaltReason.Other)]
    [InlineData("A", "2", "", HaltReason.Other)]
    [InlineData("A", "F", "M", HaltReason.VolatilityPause)]
    [InlineData("A", "3", "", HaltReason.None)]
    [InlineData("C", "H", "T1", HaltReason.News)]
    [InlineData("C", "H", "LUDP", HaltReason.VolatilityPause)]
    [InlineData("C", "P", "", HaltReason.VolatilityPause)]
    [InlineData("C", "H", "H10", HaltReason.Regulatory)]
    [InlineData("C", "H", "O1", HaltReason.Venue)]
    [InlineData("C", "H", "MWC1", HaltReason.MarketWide1)]
    [InlineData("C", "H", "MWC2", HaltReason.MarketWide2)]
    [InlineData("C", "H", "MWC3", HaltReason.MarketWide3)]
    [InlineData("C", "H", "IPO1", HaltReason.Other)]
    [InlineData("C", "T", "T3", HaltReason.None)]
    public void Status_HaltOrResume_IsReadWithItsTape(string tape, string code, string reason, HaltReason expected) =>
        Assert.Equal(expected, Assert.Single(_parser.Parse(Status(tape, code, reason)).Observations).Halt);

    [Theory]
    [InlineData("A", "5")]
    [InlineData("A", "E")]
    [InlineData("A", "F")]
    [InlineData("C", "Q")]
    public void Status_SaysNothingOfTrading_IsIgnored(string tape, string code)
    {
        Assert.Empty(_parser.Parse(Status(tape, code, "")).Observations);
        Assert.Equal(1, _parser.Counters.IgnoredEvents);
    }

    [Theory]
    [InlineData("A", "H")]
    [InlineData("A", "T")]
    [InlineData("C", "2")]
    [InlineData("C", "3")]
    [InlineData("O", "H")]
    [InlineData("C", "HH")]
    public void Status_CodeOfAnotherTape_IsUnknown(string tape, string code)
    {
        Assert.Empty(_parser.Parse(Status(tape, code, "")).Observations);
        Assert.Equal(1, _parser.Counters.UnknownTypes);
    }

    [Fact]
    public void Cancel_OfAPrint_NamesItByIdAndPrice()
    {
        var print = Assert.Single(_parser.Parse(Samples.AlpacaTrade).Observations);
        var cancel = Assert.Single(_parser.Parse(Samples.AlpacaCancel).Observations);
        Assert.Equal((ObservationKind.Cancel, print.TradeId, print.Last), (cancel.Kind, cancel.TradeId, cancel.Last));
        Assert.Equal(1, _parser.Counters.Cancellations);
    }

    [Fact]
    public void Correction_OfAPrint_NamesItAndBringsTheCorrected()
    {
        var print = Assert.Single(_parser.Parse(Samples.AlpacaTrade).Observations);
        var (_, observations) = _parser.Parse(Samples.AlpacaCorrection);
        Assert.Equal([ObservationKind.Correction, ObservationKind.Trade], observations.Select(o => o.Kind));
        Assert.Equal([12_655_000_000, 12_605_000_000], observations.Select(o => o.Last.E8));
        Assert.Equal([print.TradeId, TradeIdentity.Of("96930"u8, "D"u8)], observations.Select(o => o.TradeId));
        Assert.Equal(2, observations[1].LastSize);
        Assert.Equal(1, _parser.Counters.Corrections);
    }

    [Fact]
    public void Correction_ThatCannotBeRead_StillTakesTheOriginalAway()
    {
        var (_, observations) = _parser.Parse(Samples.AlpacaCorrection.Replace("\"cp\":126.05", "\"cp\":0", StringComparison.Ordinal));
        Assert.Equal(ObservationKind.Correction, Assert.Single(observations).Kind);
        Assert.Equal(1, _parser.Counters.RejectedPrices);
    }

    [Theory]
    [InlineData("O", "N", "A", ConditionFlags.OpeningPrint)]
    [InlineData("O", "P", "A", ConditionFlags.None)]
    [InlineData("O", "P", "B", ConditionFlags.OpeningPrint)]
    [InlineData("M", "Q", "C", ConditionFlags.ClosingPrint | ConditionFlags.NotLastEligible)]
    [InlineData("M", "N", "C", ConditionFlags.NotLastEligible)]
    [InlineData("5", "Q", "", ConditionFlags.None)]
    public void AuctionPrint_CountsAsOne_FromTheListingMarketOnly(string code, string exchange, string tape, ConditionFlags expected) =>
        Assert.Equal(expected, Assert.Single(_parser.Parse(
            $$"""[{"T":"t","S":"AAPL","x":"{{exchange}}","p":1,"s":1,"t":"2021-02-22T15:51:44.208Z","c":["{{code}}"],"z":"{{tape}}"}]""").Observations).Conditions);

    [Theory]
    [InlineData("""["B"]""", "A", ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice)]
    [InlineData("""["B"]""", "C", ConditionFlags.None)]
    [InlineData("""["T"]""", "C", ConditionFlags.ExtendedHours)]
    [InlineData("""[" ","T","F"]""", "A", ConditionFlags.ExtendedHours)]
    [InlineData("""["@","T","U"]""", "C", ConditionFlags.NotLastEligible | ConditionFlags.ExtendedHours | ConditionFlags.OutOfSequence)]
    [InlineData("\"I\"", "C", ConditionFlags.NotLastEligible | ConditionFlags.OddLot)]
    [InlineData("[]", "C", ConditionFlags.None)]
    [InlineData("null", "C", ConditionFlags.None)]
    [InlineData("""["\u0049"]""", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("[5]", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("""[["@"]]""", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("{}", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    public void Conditions_OfATrade_AreReadWithTheTape(string conditions, string tape, ConditionFlags expected) =>
        Assert.Equal(expected, Assert.Single(_parser.Parse(
            $$"""[{"T":"t","S":"AAPL","p":1,"s":1,"t":"2021-02-22T15:51:44.208Z","c":{{conditions}},"z":"{{tape}}"}]""").Observations).Conditions);

    [Theory]
    [InlineData("\"2021-02-22T15:51:44\"")]
    [InlineData("\"2021-13-22T15:51:44Z\"")]
    [InlineData("\"2021-02-29T15:51:44Z\"")]
    [InlineData("\"2021-02-22T15:51:44.1234567890Z\"")]
    [InlineData("1614009104208")]
    [InlineData("null")]
    public void Trade_TimeNotRfc3339_IsRejected(string time)
    {
        Assert.Empty(_parser.Parse($$"""[{"T":"t","S":"AAPL","p":1,"t":{{time}}}]""").Observations);
        Assert.Equal(1, _parser.Counters.RejectedTimestamps);
    }

    [Theory]
    [InlineData(400, VendorFaultKind.BadRequest, FaultRecovery.Operator)]
    [InlineData(401, VendorFaultKind.AuthenticationTimeout, FaultRecovery.Retry)]
    [InlineData(402, VendorFaultKind.AuthenticationFailed, FaultRecovery.Operator)]
    [InlineData(404, VendorFaultKind.AuthenticationTimeout, FaultRecovery.Retry)]
    [InlineData(405, VendorFaultKind.SymbolLimit, FaultRecovery.Operator)]
    [InlineData(406, VendorFaultKind.ConnectionLimit, FaultRecovery.Yield)]
    [InlineData(407, VendorFaultKind.SlowConsumer, FaultRecovery.Retry)]
    [InlineData(408, VendorFaultKind.NotEntitled, FaultRecovery.Operator)]
    [InlineData(409, VendorFaultKind.NotEntitled, FaultRecovery.Operator)]
    [InlineData(410, VendorFaultKind.SubscriptionRefused, FaultRecovery.Operator)]
    [InlineData(411, VendorFaultKind.NotEntitled, FaultRecovery.Operator)]
    [InlineData(500, VendorFaultKind.ServerError, FaultRecovery.Retry)]
    [InlineData(999, VendorFaultKind.ServerError, FaultRecovery.Retry)]
    public void Error_Code_HasItsWayToGoOn(int code, VendorFaultKind kind, FaultRecovery recovery)
    {
        var fault = _parser.Parse($$"""[{"T":"error","code":{{code}},"msg":"words"}]""").Result.Fault!;
        Assert.Equal(kind, fault.Kind);
        Assert.Equal(recovery, fault.Recovery);
        Assert.Equal($"{code}: words", fault.Detail);
    }

    [Fact]
    public void Error_AlreadyAuthenticated_IsNone() => Assert.Null(_parser.Parse("""[{"T":"error","code":403,"msg":"already authenticated"}]""").Result.Fault);

    [Fact]
    public void Error_HostileWords_AreBoundedAndPrintable()
    {
        var fault = _parser.Parse($$"""[{"T":"error","code":500,"msg":"\u001b[31m{{new string('x', 10_000)}}é"}]""").Result.Fault!;
        Assert.InRange(fault.Detail.Length, 1, 200);
        Assert.All(fault.Detail, c => Assert.InRange(c, ' ', '~'));
    }

    [Theory]
    [InlineData("""{"T":"success","msg":"connected"}""", FrameSignals.Greeted)]
    [InlineData("""{"T":"success","msg":"authenticated"}""", FrameSignals.Authenticated)]
    [InlineData("""{"T":"subscription","trades":["AAPL"],"quotes":[]}""", FrameSignals.Subscribed)]
    [InlineData("""{"T":"subscription","trades":[],"quotes":["AAPL"],"statuses":["AAPL"]}""", FrameSignals.Subscribed)]
    [InlineData("""{"T":"subscription","trades":[],"quotes":[],"statuses":["AAPL"]}""", FrameSignals.None)]
    public void Control_AsDocumented_IsASignal(string message, FrameSignals expected) => Assert.Equal(expected, _parser.Parse($"[{message}]").Result.Signals);

    [Theory]
    [InlineData("""{"T":"l","S":"AAPL"}""", 1, 0)]
    [InlineData("""{"T":"b","S":"AAPL","o":1}""", 1, 0)]
    [InlineData("""{"T":"?","S":"AAPL"}""", 0, 1)]
    [InlineData("""{"T":"novelty"}""", 0, 1)]
    [InlineData("""{"S":"AAPL"}""", 0, 1)]
    public void Type_UnusedOrUnknown_IsCounted(string message, long ignored, long unknown)
    {
        Assert.Empty(_parser.Parse($"[{message}]").Observations);
        Assert.Equal(ignored, _parser.Counters.IgnoredEvents);
        Assert.Equal(unknown, _parser.Counters.UnknownTypes);
    }

    private static string Status(string tape, string code, string reason) =>
        $$"""[{"T":"s","S":"AAPL","sc":"{{code}}","rc":"{{reason}}","t":"2021-02-22T19:15:00Z","z":"{{tape}}"}]""";
}
