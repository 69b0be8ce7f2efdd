using System.Text;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Kraken;

/// <summary>
/// Kraken's public websocket v2: a status on connection, an acknowledgement per symbol, a listing with each pair's status, books of ten levels with checksums,
/// trades, tickers and heartbeats. Wire format: docs.kraken.com, spot websocket v2.
/// </summary>
internal sealed class KrakenServer(IReadOnlyList<TokenPairSpec> pairs, IEnumerable<VendorEvent> view, ScaledMarketClock clock, KrakenServerOptions options)
    : StreamingVendorServer("kraken", "/v2", view, clock, options)
{
    private readonly Dictionary<string, string> _statuses = pairs.ToDictionary(p => p.Symbol, _ => "online", StringComparer.Ordinal);
    private readonly List<KrakenClient> _subscribers = [];
    private readonly KrakenServerOptions _options = options;
    private readonly ScaledMarketClock _clock = clock;

    /// <summary>The trading engine's status.</summary>
    public string System { get; private set; } = "online";

    /// <summary>So many of the next changes of books are told with a wrong checksum.</summary>
    public int BadChecksums { get; set; }

    /// <summary>Pings that were answered.</summary>
    public int Pings { get; set; }

    /// <summary>What it lists, with the pairs' statuses.</summary>
    public IReadOnlyDictionary<string, string> Statuses => _statuses;

    /// <summary>Changes a pair's status and tells who asked for the listing.</summary>
    public void SetPairStatus(string symbol, string status)
    {
        lock (Gate)
        {
            _statuses[symbol] = status;
            foreach (var client in _subscribers.ToArray()) client.TellListing("update", [symbol]);
        }
    }

    /// <summary>Changes the trading engine's status and tells everybody.</summary>
    public void SetSystem(string status)
    {
        lock (Gate)
        {
            System = status;
            foreach (var client in _subscribers.ToArray()) client.TellStatus();
        }
    }

    /// <summary>True once for each wrong checksum that is wanted. Under the gate only.</summary>
    public bool TakeBadChecksum()
    {
        if (BadChecksums == 0) return false;
        BadChecksums--;
        return true;
    }

    /// <summary>Under the gate only.</summary>
    public void Enter(KrakenClient client)
    {
        _subscribers.RemoveAll(c => c.Peer.Ended.IsCancellationRequested);
        _subscribers.Add(client);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<byte[]> Garbage(string symbol) =>
    [
        "not json"u8.ToArray(),
        Encoding.UTF8.GetBytes($$$"""{"channel":"book","type":"update","data":[{"symbol":"{{{symbol}}}","bids":[{"pri"""),
        """["channel","book"]"""u8.ToArray(),
        Encoding.UTF8.GetBytes($$$"""{"channel":"trade","type":"update","data":[{"symbol":"{{{symbol}}}","price":-1,"qty":1,"timestamp":"2026-06-10T14:00:00Z"}]}"""),
        Encoding.UTF8.GetBytes($$$"""{"channel":"trade","type":"update","data":[{"symbol":"{{{symbol}}}","price":"NaN","qty":1,"timestamp":"2026-06-10T14:00:00Z"}]}"""),
        Encoding.UTF8.GetBytes($$$"""{"channel":"trade","type":"update","data":[{"symbol":"{{{symbol}}}","price":1,"qty":1,"timestamp":"yesterday"}]}"""),
        """{"channel":"trade","type":"update","data":[{"symbol":"NONE/USD","price":1,"qty":1,"timestamp":"2026-06-10T14:00:00Z"}]}"""u8.ToArray(),
        """{"channel":"level9","data":{}}"""u8.ToArray(),
        """{"channel":7,"channel":"book"}"""u8.ToArray(),
        """{"channel":"book","type":"update","data":{"symbol":7}}"""u8.ToArray(),
        """{"channel":"instrument","type":"update","data":{"pairs":[7,null,{"symbol":1}]}}"""u8.ToArray(),
        [.. "{\"channel\":\""u8, 0xff, 0xfe, .. "\"}"u8],
        Encoding.ASCII.GetBytes(new string('[', 5_000)),
        [],
    ];

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new KrakenClient(peer, this, _clock, _options);
}
