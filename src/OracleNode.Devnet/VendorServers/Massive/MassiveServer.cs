using System.Globalization;
using System.Text;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Massive;

/// <summary>
/// Massive's (Polygon's) stocks websocket: array frames, status events, trades, quotes and LULD, one connection per key with the
/// newest winning. Wire format: massive.com/docs/websocket/stocks.
/// </summary>
internal sealed class MassiveServer(IEnumerable<VendorEvent> view, ScaledMarketClock clock, MassiveServerOptions options)
    : StreamingVendorServer("massive", "/stocks", view, clock, options)
{
    private readonly MassiveServerOptions _options = options;

    /// <inheritdoc/>
    protected override IReadOnlyList<byte[]> Garbage(string symbol) =>
    [
        "not json"u8.ToArray(),
        Encoding.UTF8.GetBytes($$"""[{"ev":"T","sym":"{{symbol}}","x":4,"i":"1","z":3,"p":41"""),
        """{"ev":"status","status":"connected","message":"no array"}"""u8.ToArray(),
        Encoding.UTF8.GetBytes($$"""[{"ev":"T","sym":"{{symbol}}","x":4,"i":"1","z":3,"p":"NaN","s":100,"t":1,"q":1}]"""),
        Encoding.UTF8.GetBytes($$"""[{"ev":"T","sym":"{{symbol}}","x":4,"i":"1","z":3,"p":-412.35,"s":100,"t":1,"q":1}]"""),
        Encoding.UTF8.GetBytes($$"""[{"ev":"T","sym":"{{symbol}}","x":4,"i":"1","z":3,"p":1e400,"s":100,"t":1,"q":1}]"""),
        Encoding.UTF8.GetBytes($$"""[{"ev":"Q","sym":"{{symbol}}","bp":412.30,"ap":412.20,"bs":1,"as":1}]"""),
        Encoding.UTF8.GetBytes($$"""[{"ev":"Q","sym":"{{symbol}}","bp":412.30,"ap":412.40,"bs":1,"as":1,"t":99999999999999999999}]"""),
        Encoding.UTF8.GetBytes($$"""[{"ev":"XX","sym":"{{symbol}}"},{"ev":7},{},[],null,1]"""),
        [.. "[{\"ev\":\"T\",\"sym\":\""u8, 0xff, 0xfe, .. "\"}]"u8],
        Encoding.ASCII.GetBytes(new string('[', 5_000)),
        [],
    ];

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new MassiveClient(peer, this, _options);

    /// <summary>Splits and dividends of a ticker: massive.com/docs/rest/stocks/corporate-actions.</summary>
    protected override async Task<bool> TryAnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var areSplits = path is "/stocks/v1/splits" or "/v3/reference/splits";
        if (!areSplits && path is not ("/stocks/v1/dividends" or "/v3/reference/dividends")) return false;
        if (context.Request.Headers.Authorization != $"Bearer {_options.ApiKey}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return true;
        }

        var ticker = context.Request.Query["ticker"].ToString();
        _ = int.TryParse(context.Request.Query["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var (page, hasMore) = CorporateActions.Read(a => a.Symbol == ticker && a.NewShares > 0 == areSplits, number);
        var next = hasMore ? string.Create(CultureInfo.InvariantCulture, $",\"next_url\":\"http://{context.Request.Host}{path}?ticker={ticker}&cursor={number + 1}\"") : "";
        var rows = page.Select(a => areSplits
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{a.Id}}","ticker":"{{a.Symbol}}","execution_date":"{{a.On:uuuu-MM-dd}}","split_from":{{a.OldShares}},"split_to":{{a.NewShares}},"adjustment_type":"forward_split"}""")
            : string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{a.Id}}","ticker":"{{a.Symbol}}","ex_dividend_date":"{{a.On:uuuu-MM-dd}}","cash_amount":{{a.Cash}},"currency":"USD","distribution_type":"recurring"}"""));
        await CorporateActions.AnswerAsync(context, $$"""{"status":"OK","request_id":"devnet","results":[{{string.Join(',', rows)}}]{{next}}}""");
        return true;
    }

    /// <summary>One connection per key: the newest stays. Under the gate only.</summary>
    public void EvictOthers(MassiveClient newest)
    {
        foreach (var older in OthersAuthenticated(newest).Cast<MassiveClient>().ToArray()) older.Evict();
    }
}
