using System.Globalization;
using System.Text;
using System.Text.Json;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Bybit;

/// <summary>One connection to <see cref="BybitServer"/>.</summary>
internal sealed class BybitClient(WebSocketPeer peer, BybitServer server, ScaledMarketClock clock, BybitServerOptions options, Lock gate) : StreamClient(peer)
{
    private const int Depth = 50;
    private const string ConnectionId = "2324d924-aa4d-45b0-a858-7b8be29ab52b";

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);
    private static readonly string[] Channels = ["orderbook.50", "orderbook.1", "publicTrade", "tickers"];

    private readonly HashSet<(string Channel, string Symbol)> _subscriptions = [];
    private readonly Dictionary<string, (LadderBook Book, long Update)> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (NumberedEvent Quote, long SentAt)> _best = new(StringComparer.Ordinal);
    private long _heardAt;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> SlowFarewell => """{"success":false,"ret_msg":"slow consumer","op":"error"}"""u8.ToArray();

    /// <inheritdoc/>
    public override void Opened()
    {
        IsAuthenticated = true;
        _heardAt = clock.TimeProvider.GetTimestamp();
        _ = WatchAsync();
    }

    /// <inheritdoc/>
    public override void AuthenticationTimedOut()
    {
        // Nobody authenticates here.
    }

    /// <inheritdoc/>
    public override void Received(ReadOnlyMemory<byte> message)
    {
        _heardAt = clock.TimeProvider.GetTimestamp();
        try
        {
            using var request = JsonDocument.Parse(message);
            Answer(request.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Send($$"""{"success":false,"ret_msg":"Params Error","conn_id":"{{ConnectionId}}","req_id":"","op":""}""");
        }
    }

    /// <inheritdoc/>
    public override int Tell(ReadOnlySpan<NumberedEvent> events)
    {
        var count = 0;
        foreach (ref readonly var happened in events)
        {
            if (!Wants(happened)) continue;
            count++;
            var symbol = happened.Event.Symbol.Name;
            if (happened.Event.Kind == MarketEventKind.Trade)
            {
                if (_subscriptions.Contains(("publicTrade", symbol))) TellTrade(happened);
                if (_subscriptions.Contains(("tickers", symbol))) TellTicker(happened);
                continue;
            }

            if (_subscriptions.Contains(("orderbook.50", symbol))) TellBook(happened);
            if (_subscriptions.Contains(("orderbook.1", symbol))) TellBest(happened);
        }

        return count;
    }

    /// <inheritdoc/>
    protected override bool Wants(in NumberedEvent happened)
    {
        var symbol = happened.Event.Symbol.Name;
        return happened.Event.Kind is MarketEventKind.Quote or MarketEventKind.Trade && Channels.Any(c => _subscriptions.Contains((c, symbol)));
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, in NumberedEvent happened) => throw new NotSupportedException("Bybit's frames are no arrays.");

    private void Answer(JsonElement request)
    {
        var operation = request.GetProperty("op").GetString();
        var id = request.TryGetProperty("req_id", out var given) ? given.GetString() : "";
        if (operation == "ping")
        {
            server.Pings++;
            Send($$"""{"success":true,"ret_msg":"pong","conn_id":"{{ConnectionId}}","op":"ping"}""");
            return;
        }

        var topics = request.GetProperty("args").EnumerateArray().Select(a => a.GetString()!).ToList();
        var wrong = topics.Where(t => !IsKnown(t)).ToList();
        if (operation is not ("subscribe" or "unsubscribe") || topics.Count > options.MaxTopics || wrong.Count > 0)
        {
            var reason = wrong.Count > 0 ? $"Invalid symbol :[{string.Join(' ', wrong)}]" : topics.Count > options.MaxTopics ? "args size >10" : "Invalid op";
            Send($$"""{"success":false,"ret_msg":"{{reason}}","conn_id":"{{ConnectionId}}","req_id":"{{id}}","op":"{{operation}}"}""");
            return;
        }

        Send($$"""{"success":true,"ret_msg":"","conn_id":"{{ConnectionId}}","req_id":"{{id}}","op":"{{operation}}"}""");
        foreach (var topic in topics) Change(operation, Split(topic));
    }

    private void Change(string operation, (string Channel, string Symbol) topic)
    {
        if (topic.Channel == "orderbook.50") _books.Remove(topic.Symbol);
        if (operation == "unsubscribe")
        {
            _subscriptions.Remove(topic);
            return;
        }

        // Only what is new is told, through the same door as what follows.
        var others = _subscriptions.Where(s => s.Symbol == topic.Symbol && s != topic).ToList();
        foreach (var other in others) _subscriptions.Remove(other);
        _subscriptions.Add(topic);
        server.TellLatest(this, e => e.Event.Symbol.Name == topic.Symbol);
        foreach (var other in others) _subscriptions.Add(other);
    }

    private bool IsKnown(string topic) => Split(topic) is var (channel, symbol) && Channels.Contains(channel) && server.Lists(symbol);

    private static (string Channel, string Symbol) Split(string topic)
    {
        var dot = topic.LastIndexOf('.');
        return dot < 0 ? (topic, "") : (topic[..dot], topic[(dot + 1)..]);
    }

    private void TellBook(in NumberedEvent quote)
    {
        var symbol = quote.Event.Symbol.Name;
        var book = LadderBook.Of(quote.Event, server.Faults, Depth);
        var isFirst = !_books.TryGetValue(symbol, out var before);
        // Bybit says of every level that goes, even of one that only falls out of sight.
        var bids = isFirst ? book.Bids : Changes(before.Book.Bids, book.Bids);
        var asks = isFirst ? book.Asks : Changes(before.Book.Asks, book.Asks);
        var update = isFirst ? 18_521_288 + quote.Sequence : before.Update + 1;
        _books[symbol] = (book, update);
        Send($$$"""{"topic":"orderbook.50.{{{symbol}}}","ts":{{{Millis(quote)}}},"type":"{{{(isFirst ? "snapshot" : "delta")}}}","data":{"s":"{{{symbol}}}","b":[{{{Levels(bids)}}}],"a":[{{{Levels(asks)}}}],"u":{{{update}}},"seq":{{{quote.Sequence}}}},"cts":{{{Millis(quote)}}}}""");
    }

    private void TellBest(in NumberedEvent quote)
    {
        _best[quote.Event.Symbol.Name] = (quote, clock.TimeProvider.GetTimestamp());
        SendBest(quote, Millis(quote));
    }

    private void SendBest(in NumberedEvent quote, long millis)
    {
        var symbol = quote.Event.Symbol.Name;
        var book = LadderBook.Of(quote.Event, server.Faults, 1);
        Send($$$"""{"topic":"orderbook.1.{{{symbol}}}","ts":{{{millis}}},"type":"snapshot","data":{"s":"{{{symbol}}}","b":[{{{Levels(book.Bids)}}}],"a":[{{{Levels(book.Asks)}}}],"u":{{{quote.Sequence}}},"seq":{{{quote.Sequence}}}},"cts":{{{Millis(quote)}}}}""");
    }

    private void TellTrade(in NumberedEvent trade)
    {
        var symbol = trade.Event.Symbol.Name;
        Send($$$"""{"topic":"publicTrade.{{{symbol}}}","type":"snapshot","ts":{{{Millis(trade) + 3}}},"data":[{"T":{{{Millis(trade)}}},"s":"{{{symbol}}}","S":"Buy","v":"0.1","p":"{{{Text(server.Faults.Told(trade.Event.Last)!.Value)}}}","i":"{{{trade.Sequence}}}","BT":false,"RPI":false,"seq":{{{trade.Sequence}}}}]}""");
    }

    private void TellTicker(in NumberedEvent trade)
    {
        var symbol = trade.Event.Symbol.Name;
        var last = Text(server.Faults.Told(trade.Event.Last)!.Value);
        Send($$$"""{"topic":"tickers.{{{symbol}}}","ts":{{{Millis(trade)}}},"type":"snapshot","cs":{{{trade.Sequence}}},"data":{"symbol":"{{{symbol}}}","lastPrice":"{{{last}}}","highPrice24h":"{{{last}}}","lowPrice24h":"{{{last}}}","prevPrice24h":"{{{last}}}","volume24h":"12.5","turnover24h":"5000","price24hPcnt":"0","usdIndexPrice":""}}""");
    }

    private static List<(decimal Price, decimal Quantity)> Changes(IReadOnlyList<(decimal Price, decimal Quantity)> before, IReadOnlyList<(decimal Price, decimal Quantity)> after) =>
        [.. before.Where(b => after.All(a => a.Price != b.Price)).Select(b => (b.Price, 0m)), .. after.Where(a => !before.Contains(a))];

    private static string Levels(IEnumerable<(decimal Price, decimal Quantity)> levels) => string.Join(',', levels.Select(l => $$"""["{{Text(l.Price)}}","{{Text(l.Quantity)}}"]"""));

    private static string Text(decimal number) => number.ToString("0.########", CultureInfo.InvariantCulture);

    private static long Millis(in NumberedEvent happened) => happened.Event.Time.ToUnixTimeMilliseconds();

    private void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(WatchPeriod, clock.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(Peer.Ended))
            {
                lock (gate) Watch();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private void Watch()
    {
        if (clock.TimeProvider.GetElapsedTime(_heardAt) > options.IdleTimeout)
        {
            server.Idlers++;
            Peer.Abort();
            return;
        }

        foreach (var (symbol, (quote, sentAt)) in _best.ToArray())
        {
            if (!_subscriptions.Contains(("orderbook.1", symbol)) || clock.TimeProvider.GetElapsedTime(sentAt) < options.ResendAfter) continue;
            _best[symbol] = (quote, clock.TimeProvider.GetTimestamp());
            SendBest(quote, clock.Now.ToUnixTimeMilliseconds());
        }
    }
}
