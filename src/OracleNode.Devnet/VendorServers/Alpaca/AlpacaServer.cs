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

    /// <summary>True when the account is in use already. Under the gate only.</summary>
    public bool HasOther(AlpacaClient than) => OthersAuthenticated(than).Any();

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new AlpacaClient(
        peer, this, _options, request.Headers["APCA-API-KEY-ID"].FirstOrDefault(), request.Headers["APCA-API-SECRET-KEY"].FirstOrDefault());
}
