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

    /// <summary>One connection per key: the newest stays. Under the gate only.</summary>
    public void EvictOthers(MassiveClient newest)
    {
        foreach (var older in OthersAuthenticated(newest).Cast<MassiveClient>().ToArray()) older.Evict();
    }
}
