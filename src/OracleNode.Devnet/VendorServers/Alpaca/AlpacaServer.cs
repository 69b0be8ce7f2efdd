using System.Globalization;
using System.Text;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Alpaca;

/// <summary>
/// Alpaca's market data stream v2, feed iex, as JSON: authentication by message or headers, cumulative subscription answers, trades,
/// quotes and statuses, one connection per account with the oldest winning. Wire format: docs.alpaca.markets, real-time stock data.
/// </summary>
internal sealed class AlpacaServer(IEnumerable<VendorEvent> view, ScaledMarketClock clock, AlpacaServerOptions options)
    : StreamingVendorServer("alpaca", "/v2/iex", view, clock, options)
{
    private readonly AlpacaServerOptions _options = options;

    /// <inheritdoc/>
    protected override IReadOnlyList<byte[]> Garbage(string symbol) =>
    [
        "not json"u8.ToArray(),
        Encoding.UTF8.GetBytes($$"""[{"T":"t","i":1,"S":"{{symbol}}","x":"V","p":41"""),
        """{"T":"success","msg":"no array"}"""u8.ToArray(),
        Encoding.UTF8.GetBytes($$"""[{"T":"t","i":1,"S":"{{symbol}}","x":"V","p":"NaN","s":1,"t":"2026-06-10T13:30:00Z","c":["@"],"z":"C"}]"""),
        Encoding.UTF8.GetBytes($$"""[{"T":"t","i":1,"S":"{{symbol}}","x":"V","p":-1,"s":1,"t":"2026-06-10T13:30:00Z","c":["@"],"z":"C"}]"""),
        Encoding.UTF8.GetBytes($$"""[{"T":"t","i":1,"S":"{{symbol}}","x":"V","p":412.35,"s":1,"t":"yesterday","c":["@"],"z":"C"}]"""),
        Encoding.UTF8.GetBytes($$"""[{"T":"t","i":1,"S":"{{symbol}}","x":"V","p":412.35,"s":1,"t":"0000-99-99T99:99:99Z","c":7,"z":"C"}]"""),
        Encoding.UTF8.GetBytes($$"""[{"T":"q","S":"{{symbol}}","bx":"V","bp":412.40,"bs":1,"ax":"V","ap":412.30,"as":1}]"""),
        Encoding.UTF8.GetBytes($$"""[{"T":"ZZ","S":"{{symbol}}"},{"T":1},{},[],null,1]"""),
        [.. "[{\"T\":\"t\",\"S\":\""u8, 0xff, 0xfe, .. "\"}]"u8],
        Encoding.ASCII.GetBytes(new string('[', 5_000)),
        [],
    ];

    /// <summary>Corporate actions of several symbols: docs.alpaca.markets/reference/corporateactions-1.</summary>
    protected override async Task<bool> TryAnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/v1/corporate-actions") return false;
        if (context.Request.Headers["APCA-API-KEY-ID"] != _options.KeyId || context.Request.Headers["APCA-API-SECRET-KEY"] != _options.Secret)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return true;
        }

        var symbols = context.Request.Query["symbols"].ToString().Split(',');
        _ = int.TryParse(context.Request.Query["page_token"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var (page, hasMore) = CorporateActions.Read(a => symbols.Contains(a.Symbol), number);
        var lists = page.GroupBy(a => a.NewShares == 0 ? "cash_dividends" : a.NewShares > a.OldShares ? "forward_splits" : "reverse_splits").Select(list => $"\"{list.Key}\":[{string.Join(',', list.Select(Row))}]");
        var next = hasMore ? string.Create(CultureInfo.InvariantCulture, $"\"{number + 1}\"") : "null";
        await CorporateActions.AnswerAsync(context, $$$"""{"corporate_actions":{{{{string.Join(',', lists)}}}},"next_page_token":{{{next}}}}""");
        return true;
    }

    private static string Row(AnnouncedAction a) => a.NewShares == 0
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{a.Id}}","symbol":"{{a.Symbol}}","cusip":"000000000","rate":{{a.Cash}},"special":false,"foreign":false,"process_date":"{{a.On:uuuu-MM-dd}}","ex_date":"{{a.On:uuuu-MM-dd}}"}""")
        : string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{a.Id}}","symbol":"{{a.Symbol}}","cusip":"000000000","new_rate":{{a.NewShares}},"old_rate":{{a.OldShares}},"process_date":"{{a.On:uuuu-MM-dd}}","ex_date":"{{a.On:uuuu-MM-dd}}"}""");

    /// <summary>True when the account is in use already. Under the gate only.</summary>
    public bool HasOther(AlpacaClient than) => OthersAuthenticated(than).Any();

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new AlpacaClient(
        peer, this, _options, request.Headers["APCA-API-KEY-ID"].FirstOrDefault(), request.Headers["APCA-API-SECRET-KEY"].FirstOrDefault());
}
