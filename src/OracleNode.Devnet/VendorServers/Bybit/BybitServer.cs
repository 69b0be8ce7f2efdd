using System.Globalization;
using System.Text;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Bybit;

/// <summary>
/// Bybit's public spot websocket of v5 with its listing over HTTP beside it: one answer per operation, books of 1 and 50 levels, trades, tickers. Wire format:
/// bybit-exchange.github.io/docs/v5.
/// </summary>
internal sealed class BybitServer(IReadOnlyList<TokenPairSpec> pairs, IEnumerable<VendorEvent> view, ScaledMarketClock clock, BybitServerOptions options)
    : StreamingVendorServer("bybit", StreamPath, view, clock, options)
{
    private const string StreamPath = "/v5/public/spot";
    private const string ListingPath = "/v5/market/instruments-info";

    private readonly Dictionary<string, (string Status, string Multiplier)> _listing =
        pairs.ToDictionary(p => p.Symbol, p => ("Trading", p.Shares.ToString(CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    private readonly BybitServerOptions _options = options;
    private readonly ScaledMarketClock _clock = clock;
    private string? _listingFault;
    private int _listings;

    /// <summary>Where the listing is asked for.</summary>
    public Uri ListingUrl => new(new UriBuilder(Url) { Scheme = "http", Path = ListingPath }.Uri, "?category=spot&symbolType=xstocks");

    /// <summary>Listings that were asked for.</summary>
    public int Listings => Volatile.Read(ref _listings);

    /// <summary>Pings that were answered.</summary>
    public int Pings { get; set; }

    /// <summary>Clients that stayed without a word for too long.</summary>
    public int Idlers { get; set; }

    /// <summary>True when it lists the pair. Under the gate only.</summary>
    public bool Lists(string symbol) => _listing.ContainsKey(symbol);

    /// <summary>Changes what the listing says of a pair. Only what trades is listed.</summary>
    public void SetInstrument(string symbol, string status, string multiplier)
    {
        lock (Gate) _listing[symbol] = (status, multiplier);
    }

    /// <summary>Answers every question for the listing with this; null for the truth.</summary>
    public void SetListingFault(string? text)
    {
        lock (Gate) _listingFault = text;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<byte[]> Garbage(string symbol) =>
    [
        "not json"u8.ToArray(),
        Encoding.UTF8.GetBytes($$$"""{"topic":"orderbook.50.{{{symbol}}}","type":"delta","ts":17"""),
        "[]"u8.ToArray(),
        Encoding.UTF8.GetBytes($$$"""{"topic":"publicTrade.{{{symbol}}}","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"{{{symbol}}}","S":"Buy","v":"0.001","p":"-1","BT":false}]}"""),
        Encoding.UTF8.GetBytes($$$"""{"topic":"publicTrade.{{{symbol}}}","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486,"s":"{{{symbol}}}","p":"412.35","BT":false}]}"""),
        Encoding.UTF8.GetBytes($$$"""{"topic":"publicTrade.{{{symbol}}}","data":7}"""),
        Encoding.UTF8.GetBytes($$$"""{"topic":"tickers.{{{symbol}}}","ts":"now","data":{}}"""),
        """{"topic":"publicTrade.NONEUSDT","data":[]}"""u8.ToArray(),
        """{"topic":"kline.1.TSLAXUSDT","data":[]}"""u8.ToArray(),
        """{"topic":1,"topic":2}"""u8.ToArray(),
        [.. "{\"topic\":\""u8, 0xff, 0xfe, .. "\"}"u8],
        Encoding.ASCII.GetBytes(new string('[', 5_000)),
        [],
    ];

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new BybitClient(peer, this, _clock, _options, Gate);

    /// <inheritdoc/>
    protected override async Task<bool> TryAnswerAsync(HttpContext context)
    {
        if (context.Request.Path != ListingPath) return false;
        string text;
        lock (Gate) text = _listingFault ?? Listing(context.Request);
        Interlocked.Increment(ref _listings);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(text, context.RequestAborted);
        return true;
    }

    private string Listing(HttpRequest request)
    {
        if (request.Query["category"] != "spot") return $$"""{"retCode":10001,"retMsg":"Illegal category","result":{},"retExtInfo":{},"time":{{_clock.Now.ToUnixTimeMilliseconds()}}}""";
        var list = string.Join(',', _listing.Where(p => p.Value.Status == "Trading").Select(p =>
            $$$"""{"symbol":"{{{p.Key}}}","symbolId":1,"baseCoin":"{{{p.Key.Replace("USDT", "", StringComparison.Ordinal)}}}","quoteCoin":"USDT","innovation":"0","status":"{{{p.Value.Status}}}","marginTrading":"none","stTag":"0","symbolType":"xstocks","xstockMultiplier":"{{{p.Value.Multiplier}}}","lotSizeFilter":{"basePrecision":"0.001","quotePrecision":"0.00001"},"priceFilter":{"tickSize":"0.01"}}"""));
        return $$$"""{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{{{list}}}]},"retExtInfo":{},"time":{{{_clock.Now.ToUnixTimeMilliseconds()}}}}""";
    }
}
