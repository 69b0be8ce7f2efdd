using System.Text;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Bybit;

/// <summary>Bybit's documented frames, and a parser that knows some pairs.</summary>
internal static class BybitSamples
{
    public const string Ack = """{"success":true,"ret_msg":"","conn_id":"2324d924-aa4d-45b0-a858-7b8be29ab52b","req_id":"10001","op":"subscribe"}""";
    public const string Pong = """{"success":true,"ret_msg":"pong","conn_id":"0970e817-426e-429a-a679-ff7f55e0b16a","op":"ping"}""";
    public const string Refusal = """{"success":false,"ret_msg":"Invalid symbol :[publicTrade.XXXUSDT]","conn_id":"2324d924-aa4d-45b0-a858-7b8be29ab52b","req_id":"1","op":"subscribe"}""";
    public const string Book = """{"topic":"orderbook.50.TSLAXUSDT","ts":1672304484978,"type":"snapshot","data":{"s":"TSLAXUSDT","b":[["400.00","0.006"],["399.99","0.1"],["390.00","5"]],"a":[["400.10","0.029"],["400.20","0.213"]],"u":18521288,"seq":7961638724},"cts":1672304484976}""";
    public const string Delta = """{"topic":"orderbook.50.TSLAXUSDT","ts":1672304485978,"type":"delta","data":{"s":"TSLAXUSDT","b":[["400.00","0"],["399.98","0.2"]],"a":[["400.05","0.5"]],"u":18521289,"seq":7961638725},"cts":1672304485976}""";
    public const string Best = """{"topic":"orderbook.1.TSLAXUSDT","ts":1672304487978,"type":"snapshot","data":{"s":"TSLAXUSDT","b":[["400.00","0.006"]],"a":[["400.10","0.029"]],"u":18521288,"seq":7961638724},"cts":1672304484976}""";
    public const string Trade = """{"topic":"publicTrade.TSLAXUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"TSLAXUSDT","S":"Buy","v":"0.001","p":"400.05","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"RPI":false,"seq":1783284617}]}""";
    public const string Ticker = """{"topic":"tickers.TSLAXUSDT","ts":1673853746003,"type":"snapshot","cs":2588407389,"data":{"symbol":"TSLAXUSDT","lastPrice":"401.77","highPrice24h":"426.99","lowPrice24h":"375","prevPrice24h":"404.93","volume24h":"6780.866843","turnover24h":"141946527.22907118","price24hPcnt":"0.0196","usdIndexPrice":""}}""";
    public const string Instruments = """{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"TSLAXUSDT","baseCoin":"TSLAX","quoteCoin":"USDT","innovation":"0","status":"Trading","marginTrading":"none","symbolType":"xstocks","xstockMultiplier":"1.003269","lotSizeFilter":{"basePrecision":"0.001"}},{"symbol":"OTHERUSDT","status":"Trading"}]},"retExtInfo":{},"time":1672712468011}""";

    public static readonly string[] All = [Ack, Pong, Refusal, Book, Delta, Best, Trade, Ticker];

    public static readonly Instant Received = Instant.FromUnixTimeMilliseconds(1_673_853_746_003);

    public static readonly IReadOnlyList<TokenPair> Pairs =
        [new("TSLAXUSDT", [new TokenId(1)], "USDT", FeedUnit.RawToken), new("SPYXUSDT", [new TokenId(2)], "USDT", FeedUnit.RawToken)];

    public static (BybitParser Parser, BybitListing Listing, FakeTimeProvider Time, SessionFixture.TokenSink Sink) Parser()
    {
        var sink = new SessionFixture.TokenSink();
        var time = new FakeTimeProvider();
        var listing = new BybitListing(Pairs.Count, TimeSpan.FromMinutes(3), time);
        return (new BybitParser(Pairs, new SourceId(3), new UpstreamId(1), 50, Duration.FromMinutes(1), listing, sink), listing, time, sink);
    }

    public static FrameResult Parse(this BybitParser parser, string frame, Duration later = default) => parser.Parse(Encoding.UTF8.GetBytes(frame), Received + later);
}
