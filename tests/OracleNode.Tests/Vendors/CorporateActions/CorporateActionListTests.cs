using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;
using OracleNode.Vendors.XStocks;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>What the vendors' pages mean, and what becomes of pages that mean nothing.</summary>
public class CorporateActionListTests
{
    private const string AlpacaPage = """
        {"corporate_actions":{
          "forward_splits":[{"id":"f1","symbol":"TSLA","cusip":"88160R101","new_rate":3,"old_rate":1,"process_date":"2026-06-15","ex_date":"2026-06-15","record_date":"2026-06-12"}],
          "reverse_splits":[{"id":"r1","symbol":"AAPL","old_cusip":"1","new_cusip":"2","new_rate":1,"old_rate":8,"process_date":"2026-06-16","ex_date":"2026-06-16"}],
          "stock_dividends":[{"symbol":"TSLA","rate":0.05,"process_date":"2026-06-17","ex_date":"2026-06-17"}],
          "cash_dividends":[{"id":"c1","symbol":"AAPL","rate":"0.26","special":false,"foreign":false,"process_date":"2026-08-10","ex_date":"2026-08-10"},
                            {"id":"c2","symbol":"AAPL","rate":0.3,"currency":"EUR","ex_date":"2026-08-11"}],
          "name_changes":[{"id":"n1","old_symbol":"FB","new_symbol":"META","process_date":"2022-06-09"}],
          "cash_mergers":[{"id":"m1","acquiree_symbol":"TSLA","rate":420,"process_date":"2026-07-01","effective_date":"2026-07-02"}],
          "worthless_removals":[{"id":"w1","symbol":"TSLA","process_date":"2026-07-03"}],
          "partial_calls":[{"id":"p1","symbol":"TSLA","process_date":"2026-07-04"}]
        },"next_page_token":"abc="}
        """;

    private const string MassiveSplits = """{"status":"OK","results":[{"id":"s1","ticker":"TSLA","execution_date":"2026-06-15","split_from":1,"split_to":3,"adjustment_type":"forward_split","historical_adjustment_factor":0.33}],"next_url":"https://api.massive.com/stocks/v1/splits?cursor=xyz"}""";
    private const string MassiveDividends = """{"status":"OK","results":[{"id":"d1","ticker":"AAPL","ex_dividend_date":"2026-08-10","cash_amount":0.26,"currency":"USD","distribution_type":"recurring","frequency":4}]}""";

    private const string XStocksPage = """
        {"nodes":[
          {"eventId":"e1","version":1,"xstockSymbol":"TSLAx","caType":"StockSplit","status":"Scheduled","effectiveTimeUtc":"2026-06-15T00:00:00Z","createdTimeUtc":"2026-06-01T00:00:00Z","fromUnits":"1","toUnits":"3","grossCashflowUsd":null,"notes":null},
          {"eventId":"e2","version":2,"xstockSymbol":"KOx","caType":"CashDividend","status":"Scheduled","effectiveTimeUtc":"2026-09-15T00:30:00.000Z","createdTimeUtc":"2026-09-01T00:00:00Z","fromUnits":null,"toUnits":null,"grossCashflowUsd":"0.53","netCashflowUsd":"0.371"},
          {"eventId":"e3","version":2,"xstockSymbol":"KOx","caType":"CashDividend","status":"Cancelled","effectiveTimeUtc":null,"createdTimeUtc":"2026-09-01T00:00:00Z"},
          {"eventId":"e4","version":1,"xstockSymbol":"KOx","caType":"SomethingNew","status":"Scheduled","effectiveTimeUtc":"2026-09-15T12:00:00Z","createdTimeUtc":"2026-09-01T00:00:00Z"},
          {"eventId":"e5","version":1,"xstockSymbol":"KOx","caType":"NAME_CHANGE","status":"Scheduled","effectiveTimeUtc":"2026-09-16T12:00:00Z","createdTimeUtc":"2026-09-01T00:00:00Z"}
        ],"page":{"currentPage":1,"hasNextPage":true}}
        """;

    private static readonly SourceOptions Options = new() { Name = "vendor", ApiKey = "env:NONE", ApiSecret = "env:NONE" };
    private static readonly AlpacaCorporateActions Alpaca = new(Options, new Uri("https://data.alpaca.markets/v1/corporate-actions"));
    private static readonly MassiveCorporateActions Massive = new(Options, new Uri("https://api.massive.com/stocks/v1"));
    private static readonly XStocksCorporateActions XStocks = new(new Uri("https://api.xstocks.fi/api/v2"));

    [Fact]
    public void AlpacasPage_Read_IsEveryKindExactly()
    {
        var page = Read(Alpaca, AlpacaPage);
        Assert.Empty(page.Problems);
        Assert.Equal(
            [
                new VendorAction("TSLA", CorporateActionKind.Split, new ShareRatio(3, 1), default, new LocalDate(2026, 6, 15), "f1", false, "forward_splits"),
                new VendorAction("AAPL", CorporateActionKind.Split, new ShareRatio(1, 8), default, new LocalDate(2026, 6, 16), "r1", false, "reverse_splits"),
                new VendorAction("TSLA", CorporateActionKind.StockDividend, new ShareRatio(21, 20), default, new LocalDate(2026, 6, 17), "stock_dividends TSLA 2026-06-17", false, "stock_dividends"),
                new VendorAction("AAPL", CorporateActionKind.CashDividend, default, Price.FromE8(26_000_000), new LocalDate(2026, 8, 10), "c1", false, "cash_dividends"),
                new VendorAction("AAPL", CorporateActionKind.Other, default, default, new LocalDate(2026, 8, 11), "c2", false, "dividend of 0.3 EUR"),
                new VendorAction("FB", CorporateActionKind.TickerChange, default, default, new LocalDate(2022, 6, 9), "n1", false, "META"),
                new VendorAction("TSLA", CorporateActionKind.Merger, default, Price.FromE8(42_000_000_000), new LocalDate(2026, 7, 2), "m1", false, "cash_mergers"),
                new VendorAction("TSLA", CorporateActionKind.Delisting, default, default, new LocalDate(2026, 7, 3), "w1", false, "worthless_removals"),
                new VendorAction("TSLA", CorporateActionKind.Other, default, default, new LocalDate(2026, 7, 4), "p1", false, "partial_calls"),
            ],
            page.Actions);
        Assert.EndsWith("&page_token=abc%3D", page.Next!.Query);
    }

    [Fact]
    public void MassivesPages_Read_AreSplitsAndDividendsExactly()
    {
        var (splits, dividends) = (Read(Massive, MassiveSplits, 0), Read(Massive, MassiveDividends, 1));
        Assert.Equal([new VendorAction("TSLA", CorporateActionKind.Split, new ShareRatio(3, 1), default, new LocalDate(2026, 6, 15), "s1", false, "forward_split")], splits.Actions);
        Assert.Equal([new VendorAction("AAPL", CorporateActionKind.CashDividend, default, Price.FromE8(26_000_000), new LocalDate(2026, 8, 10), "d1", false, "recurring")], dividends.Actions);
        Assert.Equal("https://api.massive.com/stocks/v1/splits?cursor=xyz", splits.Next!.AbsoluteUri);
        Assert.Null(dividends.Next);
    }

    [Theory]
    [InlineData("https://evil.example/stocks/v1/splits?cursor=x")]
    [InlineData("http://api.massive.com/stocks/v1/splits?cursor=x")]
    [InlineData("https://api.massive.com:444/stocks/v1/splits?cursor=x")]
    [InlineData("https://api.massive.com/other")]
    [InlineData("\\ud800")]
    public void NextPageElsewhere_Read_IsNotFollowedWithTheKey(string next)
    {
        var page = Read(Massive, $$"""{"results":[],"next_url":"{{next}}"}""", 0);
        Assert.Null(page.Next);
        Assert.Contains("next_url", Assert.Single(page.Problems));
    }

    [Fact]
    public void TheIssuersPage_Read_IsByTheDateOfEffect()
    {
        var page = Read(XStocks, XStocksPage);
        Assert.Empty(page.Problems);
        Assert.Equal(
            [
                new VendorAction("TSLAx", CorporateActionKind.Split, new ShareRatio(3, 1), default, new LocalDate(2026, 6, 15), "e1", false, "StockSplit"),
                new VendorAction("KOx", CorporateActionKind.CashDividend, default, Price.FromE8(53_000_000), new LocalDate(2026, 9, 15), "e2", false, "CashDividend"),
                new VendorAction("KOx", CorporateActionKind.Other, default, default, new LocalDate(2026, 9, 15), "e4", false, "SomethingNew"),
                new VendorAction("KOx", CorporateActionKind.TickerChange, default, default, new LocalDate(2026, 9, 16), "e5", false, "NAME_CHANGE"),
            ],
            page.Actions);
        Assert.Contains("page=2", page.Next!.Query);
    }

    [Theory]
    [InlineData("\"new_rate\":3", "\"new_rate\":3e0", "no ratio")]
    [InlineData("\"new_rate\":3", "\"new_rate\":-3", "no ratio")]
    [InlineData("\"new_rate\":3,", "", "'new_rate' is missing")]
    [InlineData("\"ex_date\":\"2026-06-15\"", "\"ex_date\":\"15.6.2026\"", "no date")]
    [InlineData("\"symbol\":\"TSLA\",\"cusip\"", "\"symbol\":7,\"cusip\"", "'symbol' is missing")]
    [InlineData("\"rate\":\"0.26\"", "\"rate\":\"0.123456789\"", "'rate' is '0.123456789'")]
    [InlineData("\"rate\":\"0.26\"", "\"rate\":0", "'rate' is '0'")]
    public void WrongRow_Read_IsSaidAndTheOthersStand(string right, string wrong, string expected)
    {
        var page = Read(Alpaca, AlpacaPage.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Single(page.Problems));
        Assert.Equal(8, page.Actions.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"corporate_actions":[]}""")]
    [InlineData("""{"status":"ERROR","error":"Unknown API Key"}""")]
    [InlineData("""{"nodes":{}}""")]
    public void WhatIsNoList_Read_IsNone(string text)
    {
        foreach (var list in new ICorporateActionList[] { Alpaca, Massive, XStocks }) Assert.Null(list.Read(Encoding.UTF8.GetBytes(text), First(list)[0]));
    }

    [Property(MaxTest = 4000)]
    public Property MutatedPage_Read_NeverThrows()
    {
        var mutated =
            from page in Gen.Elements(AlpacaPage, MassiveSplits, MassiveDividends, XStocksPage)
            from edits in Gen.ListOf(Gen.Zip(Gen.Choose(0, 4000), Gen.Choose(0, 255)), 4)
            from cut in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
            select Mutate(page, edits, cut);
        return Prop.ForAll(mutated.ToArbitrary(), ReadAll);
    }

    [Property(MaxTest = 2000)]
    public void RandomBytes_Read_NeverThrow(byte[] bytes) => ReadAll(bytes);

    private static void ReadAll(byte[] bytes)
    {
        foreach (var list in new ICorporateActionList[] { Alpaca, Massive, XStocks })
        {
            foreach (var asked in First(list))
            {
                if (list.Read(bytes, asked) is not { } page) continue;
                Assert.All(page.Actions, a => Assert.True(
                    a.Ratio.New >= 0 && a.Ratio.Old >= 0 && a.Ratio.New == 0 == (a.Ratio.Old == 0) && a.Cash.E8 >= 0 && a.Reference.Length > 0 && a.Kind != CorporateActionKind.None));
                if (page.Next is { } next) Assert.Equal((asked.Scheme, asked.Authority, asked.AbsolutePath), (next.Scheme, next.Authority, next.AbsolutePath));
            }
        }
    }

    private static byte[] Mutate(string page, IEnumerable<(int At, int With)> edits, int cut)
    {
        var bytes = Encoding.UTF8.GetBytes(page);
        foreach (var (at, with) in edits) bytes[at % bytes.Length] = (byte)with;
        return bytes[..Math.Max(0, bytes.Length - cut)];
    }

    private static Uri[] First(ICorporateActionList list) => [.. list.FirstPages(["TSLA"], new LocalDate(2026, 6, 3), new LocalDate(2026, 8, 9))];

    private static ActionPage Read(ICorporateActionList list, string text, int question = 0) => list.Read(Encoding.UTF8.GetBytes(text), First(list)[question])!;
}
