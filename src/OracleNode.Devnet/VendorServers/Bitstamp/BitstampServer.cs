using System.Text;
using OracleNode.Clock;
using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Bitstamp;

/// <summary>
/// Bitstamp's public websocket v2: whole books of a hundred levels at every change and none before the first, an acknowledgement per channel, heartbeats that the client
/// begins. Wire format: bitstamp.net/websocket/v2.
/// </summary>
internal sealed class BitstampServer(IReadOnlyList<TokenPairSpec> pairs, IEnumerable<VendorEvent> view, ScaledMarketClock clock, BitstampServerOptions options)
    : StreamingVendorServer("bitstamp", "/", view, clock, options)
{
    private readonly HashSet<string> _listed = pairs.Select(p => p.Symbol).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Price Bid, Price Ask)> _prices = new(StringComparer.Ordinal);
    private readonly List<BitstampClient> _subscribers = [];
    private readonly BitstampServerOptions _options = options;
    private readonly ScaledMarketClock _clock = clock;

    /// <summary>So many of the next books are told with the best bid above the best ask.</summary>
    public int CrossedBooks { get; set; }

    /// <summary>True: heartbeats are answered and subscriptions acknowledged, but no book is told.</summary>
    public bool IsMute { get; set; }

    /// <summary>Heartbeats that were answered.</summary>
    public int Heartbeats { get; set; }

    /// <summary>Subscriptions that were acknowledged.</summary>
    public int Subscriptions { get; set; }

    /// <summary>The best of both sides from now on, told at once; every later change of the market is told with them.</summary>
    /// <param name="symbol">A pair that it lists, such as <c>usdcusd</c>.</param>
    /// <param name="bid">0 for an empty side.</param>
    /// <param name="ask">0 for an empty side.</param>
    public void SetPrice(string symbol, decimal bid, decimal ask)
    {
        lock (Gate)
        {
            _prices[symbol] = (PriceOf(bid), PriceOf(ask));
            TellBook(symbol);
        }
    }

    /// <summary>The market's own prices again, from its next change on.</summary>
    public void ClearPrice(string symbol)
    {
        lock (Gate) _prices.Remove(symbol);
    }

    /// <summary>Answers subscriptions to a pair with an error from now on, or no longer.</summary>
    public void SetRefused(string symbol, bool isRefused)
    {
        lock (Gate)
        {
            if (isRefused) _refused.Add(symbol);
            else _refused.Remove(symbol);
        }
    }

    /// <summary>Asks every client to connect anew, and drops who stays.</summary>
    public void RequestReconnect()
    {
        lock (Gate)
        {
            foreach (var client in _subscribers.ToArray()) client.RequestReconnect();
        }
    }

    /// <summary>True when it lists the pair. Under the gate only.</summary>
    public bool Lists(string symbol) => _listed.Contains(symbol);

    /// <summary>True when subscriptions to it are answered with an error. Under the gate only.</summary>
    public bool Refuses(string symbol) => _refused.Contains(symbol);

    /// <summary>The quote with the prices that were set, if any were. Under the gate only.</summary>
    public MarketEvent Priced(in MarketEvent quote) =>
        _prices.TryGetValue(quote.Symbol.Name, out var set) ? quote with { Bid = set.Bid, Ask = set.Ask } : quote;

    /// <summary>True once for each crossed book that is wanted. Under the gate only.</summary>
    public bool TakeCrossed()
    {
        if (CrossedBooks == 0) return false;
        CrossedBooks--;
        return true;
    }

    /// <summary>Under the gate only.</summary>
    public void Enter(BitstampClient client)
    {
        _subscribers.RemoveAll(c => c.Peer.Ended.IsCancellationRequested);
        _subscribers.Add(client);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<byte[]> Garbage(string symbol)
    {
        var micros = _clock.Now.ToUnixTimeTicks() / 10;
        string Book(string bids, string asks, string stamp) =>
            $$$"""{"data":{"timestamp":"{{{micros / 1_000_000}}}","microtimestamp":{{{stamp}}},"bids":{{{bids}}},"asks":{{{asks}}}},"channel":"order_book_{{{symbol}}}","event":"data"}""";
        var now = $"\"{micros}\"";
        return
        [
            "not json"u8.ToArray(),
            Encoding.UTF8.GetBytes($$$"""{"data":{"timestamp":"1","bids":[["0.9"""),
            """["event","data"]"""u8.ToArray(),
            Encoding.UTF8.GetBytes(Book("""[["-1","1"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("""[["NaN","1"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("""[["0.123456789","1"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("""[["0.5","0"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("""[["0.5","1"],["0.6","1"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("""[["0.5","1","17"]]""", """[["2","1"]]""", now)),
            Encoding.UTF8.GetBytes(Book("{}", "7", now)),
            Encoding.UTF8.GetBytes(Book("""[["0.5","1"]]""", """[["2","1"]]""", "\"yesterday\"")),
            Encoding.UTF8.GetBytes(Book("""[["0.5","1"]]""", """[["2","1"]]""", $"\"{micros / 1_000}\"")),
            Encoding.UTF8.GetBytes(Book("""[["0.5","1"]]""", """[["2","1"]]""", $"\"{micros + 3_600_000_000}\"")),
            """{"data":{},"channel":"order_book_noneusd","event":"data"}"""u8.ToArray(),
            """{"data":{},"channel":"live_trades_usdcusd","event":"trade"}"""u8.ToArray(),
            """{"event":"data","event":"bts:heartbeat"}"""u8.ToArray(),
            """{"event":7}"""u8.ToArray(),
            [.. "{\"event\":\""u8, 0xff, 0xfe, .. "\"}"u8],
            Encoding.ASCII.GetBytes(new string('[', 5_000)),
            [],
        ];
    }

    /// <inheritdoc/>
    protected override StreamClient Accept(WebSocketPeer peer, HttpRequest request) => new BitstampClient(peer, this, _clock, _options);

    private void TellBook(string symbol)
    {
        var quote = Priced(new MarketEvent { Time = _clock.Now, Kind = MarketEventKind.Quote, Symbol = new MarketSymbol(symbol, Tape.A) });
        foreach (var client in _subscribers.ToArray()) client.TellBook(quote);
    }

    private static Price PriceOf(decimal price) => price == 0 ? default : Price.FromE8((long)(price * Price.One));
}
