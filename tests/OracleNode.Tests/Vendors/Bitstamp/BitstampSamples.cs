using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Bitstamp;

/// <summary>Frames of the documented shapes with values of our own, and a parser that knows two pairs.</summary>
internal static class BitstampSamples
{
    public const string Acknowledgement = """{"event":"bts:subscription_succeeded","channel":"order_book_usdcusd","data":{}}""";
    public const string Heartbeat = """{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}""";
    public const string Error = """{"event":"bts:error","channel":"","data":{"code":null,"message":"Invalid channel provided."}}""";
    public const string Unauthorized = """{"event":"bts:error","channel":"","data":{"code":4009,"message":"Connection is unauthorized."}}""";
    public const string Reconnect = """{"event":"bts:request_reconnect","channel":"","data":null}""";
    public const string Bids = """["0.99980","1500.00000"],["0.99970","25000.5"],["0.99900","12"]""";
    public const string Asks = """["0.99990","900.00000"],["1.00010","17000"]""";

    public static readonly Instant Received = Instant.FromUtc(2024, 3, 5, 15, 0);

    public static readonly IReadOnlyList<TokenPair> Pairs = [new("usdcusd", [], "USDC", FeedUnit.CurrencyUnit), new("usdtusd", [], "USDT", FeedUnit.CurrencyUnit)];

    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    public static string[] All { get; } = [Acknowledgement, Heartbeat, Error, Unauthorized, Reconnect, Book(), Book(symbol: "usdtusd", after: 1)];

    public static (BitstampParser Parser, SessionFixture.TokenSink Sink) Parser()
    {
        var sink = new SessionFixture.TokenSink();
        return (new BitstampParser(Pairs, new SourceId(4), new UpstreamId(2), Duration.FromMinutes(1), PingInterval, sink), sink);
    }

    public static FrameResult Parse(this BitstampParser parser, string frame, Duration later = default) => parser.Parse(Encoding.UTF8.GetBytes(frame), Received + later);

    /// <summary>The stamp of so many microseconds after <see cref="Received"/>.</summary>
    public static long Micros(long after) => (Received.ToUnixTimeMilliseconds() * 1_000) + after;

    /// <summary>A whole book.</summary>
    public static string Book(string bids = Bids, string asks = Asks, long after = 0, string symbol = "usdcusd") => Stamped($"\"{Micros(after)}\"", bids, asks, symbol);

    /// <summary>A whole book whose stamp is a text of the test's own.</summary>
    public static string Stamped(string stamp, string bids = Bids, string asks = Asks, string symbol = "usdcusd") =>
        $$$"""{"data":{"timestamp":"{{{Received.ToUnixTimeSeconds()}}}","microtimestamp":{{{stamp}}},"bids":[{{{bids}}}],"asks":[{{{asks}}}]},"channel":"order_book_{{{symbol}}}","event":"data"}""";
}
