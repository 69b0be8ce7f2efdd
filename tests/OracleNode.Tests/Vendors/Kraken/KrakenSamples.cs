using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Kraken;

/// <summary>Kraken's documented frames, and a parser that knows some pairs.</summary>
internal static class KrakenSamples
{
    public const string Status = """{"channel":"status","data":[{"api_version":"v2","connection_id":13834774380200032777,"system":"online","version":"2.0.0"}],"type":"update"}""";
    public const string Heartbeat = """{"channel":"heartbeat"}""";
    public const string Pong = """{"method":"pong","req_id":101,"time_in":"2023-09-24T14:10:23.799685Z","time_out":"2023-09-24T14:10:23.799703Z"}""";
    public const string Ack = """{"method":"subscribe","result":{"channel":"ticker","snapshot":true,"symbol":"BTC/USD"},"success":true,"time_in":"2023-09-25T09:04:31.742599Z","time_out":"2023-09-25T09:04:31.742648Z"}""";
    public const string Refusal = """{"error":"Currency pair not supported TSLAx/XYZ","method":"subscribe","success":false,"symbol":"TSLAx/XYZ","time_in":"2023-09-25T09:04:31.742599Z","time_out":"2023-09-25T09:04:31.742648Z"}""";
    public const string Ticker = """{"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":105944.20,"bid_qty":2.5,"ask":105944.30,"ask_qty":3.2,"last":105899.40,"volume":163.28908096,"vwap":105904.39279,"low":104711.00,"high":106613.10,"change":250.00,"change_pct":0.24,"timestamp":"2022-12-25T09:30:59.123456Z"}]}""";
    public const string Trade = """{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":45284.20,"qty":0.00027625,"ord_type":"limit","trade_id":10218208,"timestamp":"2023-10-06T17:35:55.440295Z"}]}""";
    public const string Instruments = """{"channel":"instrument","type":"snapshot","data":{"assets":[{"id":"USD","status":"enabled","precision":4,"precision_display":2,"borrowable":true,"collateral_value":1.0,"margin_rate":0.025}],"pairs":[{"symbol":"EUR/USD","base":"EUR","quote":"USD","status":"online","qty_precision":8,"price_precision":5},{"symbol":"BTC/USD","base":"BTC","quote":"USD","status":"online","qty_precision":8,"qty_increment":1e-08,"price_precision":1,"cost_precision":5,"marginable":true,"has_index":true,"cost_min":0.5,"tick_size":0.1,"price_increment":0.1,"qty_min":0.0001},{"symbol":"TSLAx/USD","status":"online","qty_precision":8,"price_precision":2},{"symbol":"USDC/USD","status":"online","qty_precision":8,"price_precision":4}]}}""";

    /// <summary>The book of the checksum's guide.</summary>
    public const string Book = """{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]}""";

    public static readonly string[] All = [Status, Heartbeat, Pong, Ack, Refusal, Ticker, Trade, Instruments, Book];

    public static readonly Instant Received = Instant.FromUtc(2024, 3, 5, 15, 0);

    public static readonly IReadOnlyList<TokenPair> Pairs =
    [
        new("BTC/USD", [new TokenId(0)], "USD", FeedUnit.UiToken),
        new("TSLAx/USD", [new TokenId(1), new TokenId(2)], "USD", FeedUnit.UiToken),
        new("USDC/USD", [], "USDC", FeedUnit.CurrencyUnit),
    ];

    public static (KrakenParser Parser, SessionFixture.TokenSink Sink) Parser()
    {
        var sink = new SessionFixture.TokenSink();
        return (new KrakenParser(Pairs, new SourceId(3), new UpstreamId(1), 50, Duration.FromMinutes(1), sink), sink);
    }

    public static FrameResult Parse(this KrakenParser parser, string frame, Duration later = default) => parser.Parse(Encoding.UTF8.GetBytes(frame), Received + later);

    /// <summary>A book of one level each, whose checksum is the test's own.</summary>
    public static string BookOf(string symbol, string type, string bids, string asks, string rest) =>
        $$"""{"channel":"book","type":"{{type}}","data":[{"symbol":"{{symbol}}","bids":[{{bids}}],"asks":[{{asks}}]{{rest}}}]}""";
}
