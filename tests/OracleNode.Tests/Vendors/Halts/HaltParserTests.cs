using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.NasdaqTrader;
using OracleNode.Vendors.Nyse;

namespace OracleNode.Vendors.Halts;

public class HaltParserTests
{
    private const string Rss = """
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:ndaq="http://www.nasdaqtrader.com/"><channel><title>NASDAQTrader.com</title><pubDate>Fri, 07 Aug 2026 20:00:00 GMT</pubDate><ndaq:numItems>3</ndaq:numItems>
        <item><title>AEHL</title><pubDate>Fri, 07 Aug 2026 04:00:00 GMT</pubDate><ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>19:50:00.000</ndaq:HaltTime><ndaq:IssueSymbol>AEHL</ndaq:IssueSymbol><ndaq:IssueName>Antelope &amp; Co</ndaq:IssueName><ndaq:Market>NASDAQ</ndaq:Market><ndaq:ReasonCode>T1</ndaq:ReasonCode><ndaq:PauseThresholdPrice /><ndaq:ResumptionDate /><ndaq:ResumptionQuoteTime /><ndaq:ResumptionTradeTime /><description><![CDATA[<table border="1"><tr><td>AEHL</td></tr></table>]]></description></item>
        <item><title>MB</title><ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>15:42:38 .183</ndaq:HaltTime><ndaq:IssueSymbol>MB</ndaq:IssueSymbol><ndaq:Market>NASDAQ</ndaq:Market><ndaq:ReasonCode>LUDP</ndaq:ReasonCode><ndaq:ResumptionDate>08/07/2026</ndaq:ResumptionDate><ndaq:ResumptionQuoteTime>15:42:38</ndaq:ResumptionQuoteTime><ndaq:ResumptionTradeTime>16:00:00</ndaq:ResumptionTradeTime></item>
        <item><title>BKSY.W</title><ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>09:31:00</ndaq:HaltTime><ndaq:IssueSymbol>BKSY.W</ndaq:IssueSymbol><ndaq:Mkt>NYSE</ndaq:Mkt><ndaq:ReasonCode>H11</ndaq:ReasonCode></item>
        </channel></rss>
        """;

    private const string Csv = "Halt Date,Halt Time,Symbol,Name,Exchange,Reason,Resume Date,NYSE Resume Time\r\n" +
        "2026-08-07,09:31:00,BKSY WS,\"BlackSky \"\"Tech\"\", Inc.\",NYSE,Regulatory Concern,,\r\n" +
        "2026-08-07,15:42:38,MB,MB Inc,Nasdaq,LULD Pause,2026-08-07,16:00:00\n" +
        "2026-08-07,15:42:38,MB,MB Inc,Nasdaq,LULD Pause,,\n";

    private readonly ParserCounters _counters = new();

    [Fact]
    public void Rss_Captured_IsRead()
    {
        Assert.Equal(
            [
                new HaltNotice("AEHL", Instant.FromUtc(2026, 8, 7, 23, 50), HaltReason.News, null),
                new HaltNotice("MB", Instant.FromUtc(2026, 8, 7, 19, 42, 38) + Duration.FromMilliseconds(183), HaltReason.VolatilityPause, Instant.FromUtc(2026, 8, 7, 20, 0)),
                new HaltNotice("BKSY.W", Instant.FromUtc(2026, 8, 7, 13, 31), HaltReason.Regulatory, null),
            ],
            Read(new NasdaqTraderParser(), Rss));
        Assert.Equal(0, _counters.Rejected);
    }

    [Fact]
    public void Csv_Captured_IsReadAndJoinsWithTheRss()
    {
        var notices = Read(new NyseParser(), Csv)!;
        Assert.Equal(new HaltNotice("BKSY.W", Instant.FromUtc(2026, 8, 7, 13, 31), HaltReason.Regulatory, null), notices[0]);
        Assert.Equal((3, Instant.FromUtc(2026, 8, 7, 20, 0), null), (notices.Count, notices[1].ResumesAt, notices[2].ResumesAt));
        Assert.Equal(0, _counters.Rejected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Sorry</body></html>")]
    [InlineData("<!DOCTYPE rss [<!ENTITY a \"b\">]><rss version=\"2.0\"><channel>&a;</channel></rss>")]
    [InlineData("<rss version=\"2.0\"><channel><item>")]
    [InlineData("Halt Date,Halt Time")]
    public void PageThatIsNoRss_Read_IsRefusedWhole(string page) => Assert.Null(Read(new NasdaqTraderParser(), page));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("Halt Date,Halt Time,Symbol\n2026-08-07,09:31:00,TSLA\n")]
    [InlineData("Halt Date,Halt Time,Symbol,Name,Exchange,Reason,Resume Date,NYSE Resume Time\n2026-08-07,09:31:00,TSLA,\"never ends")]
    public void PageThatIsNoCsv_Read_IsRefusedWhole(string page) => Assert.Null(Read(new NyseParser(), page));

    [Theory]
    [InlineData("<ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>25:00:00</ndaq:HaltTime><ndaq:IssueSymbol>A</ndaq:IssueSymbol><ndaq:ReasonCode>T1</ndaq:ReasonCode>")]
    [InlineData("<ndaq:HaltDate>2026</ndaq:HaltDate><ndaq:HaltTime>12:00:00</ndaq:HaltTime><ndaq:IssueSymbol>A</ndaq:IssueSymbol><ndaq:ReasonCode>T1</ndaq:ReasonCode>")]
    [InlineData("<ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>12:00:00</ndaq:HaltTime><ndaq:ReasonCode>T1</ndaq:ReasonCode>")]
    [InlineData("<ndaq:HaltDate>08/07/2026</ndaq:HaltDate><ndaq:HaltTime>12:00:00</ndaq:HaltTime><ndaq:IssueSymbol>A</ndaq:IssueSymbol><ndaq:IssueSymbol>B</ndaq:IssueSymbol><ndaq:ReasonCode>T1</ndaq:ReasonCode>")]
    public void OneWrongItem_Read_IsCountedAndTheOthersStand(string item)
    {
        var page = Rss.Replace("</channel>", $"<item>{item}</item></channel>", StringComparison.Ordinal);
        Assert.Equal(3, Read(new NasdaqTraderParser(), page)!.Count);
        Assert.Equal(1, _counters.Rejected);
    }

    [Fact]
    public void ResumptionThatCannotBeRead_Read_LeavesTheHaltStanding() =>
        Assert.Null(Read(new NasdaqTraderParser(), Rss.Replace(">16:00:00<", ">soon<", StringComparison.Ordinal))![1].ResumesAt);

    [Theory]
    [InlineData("T1", HaltReason.News)]
    [InlineData("T12", HaltReason.News)]
    [InlineData("T3", HaltReason.News)]
    [InlineData("LUDS", HaltReason.VolatilityPause)]
    [InlineData("M", HaltReason.VolatilityPause)]
    [InlineData("H10", HaltReason.Regulatory)]
    [InlineData("MWC1", HaltReason.MarketWide1)]
    [InlineData("MWC2", HaltReason.MarketWide2)]
    [InlineData("MWC0", HaltReason.MarketWide3)]
    [InlineData("O1", HaltReason.Venue)]
    [InlineData("T8", HaltReason.Other)]
    [InlineData("NEW9", HaltReason.Other)]
    public void Code_OfNasdaqTrader_IsItsReason(string code, HaltReason expected) => Assert.Equal(expected, NasdaqTraderReasons.Of(code));

    [Theory]
    [InlineData("News Pending", HaltReason.News)]
    [InlineData("LULD Pause", HaltReason.VolatilityPause)]
    [InlineData("Regulatory Concern", HaltReason.Regulatory)]
    [InlineData("Market Wide Circuit Breaker Level 2", HaltReason.MarketWide2)]
    [InlineData("Order Imbalance", HaltReason.Venue)]
    [InlineData("Something else", HaltReason.Other)]
    public void Words_OfNyse_AreTheirReason(string words, HaltReason expected) => Assert.Equal(expected, NyseReasons.Of(words));

    [Fact]
    public void AnyPage_Read_NeverThrows()
    {
        var random = new Random(7);
        foreach (var (parser, page) in new (IHaltParser, string)[] { (new NasdaqTraderParser(), Rss), (new NyseParser(), Csv) })
        {
            for (var i = 0; i < 5_000; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(page);
                for (var edits = random.Next(6); edits >= 0; edits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                parser.TryParse(bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length), _counters, out _);
            }
        }

        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000));
        Assert.Null(Read(new NasdaqTraderParser(), $"<rss>{deep}"));
    }

    private IReadOnlyList<HaltNotice>? Read(IHaltParser parser, string page) =>
        parser.TryParse(Encoding.UTF8.GetBytes(page.TrimStart()), _counters, out var notices) ? notices : null;
}
