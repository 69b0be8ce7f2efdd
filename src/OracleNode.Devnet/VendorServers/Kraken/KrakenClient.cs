using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Kraken;

/// <summary>One connection to <see cref="KrakenServer"/>.</summary>
internal sealed class KrakenClient(WebSocketPeer peer, KrakenServer server, ScaledMarketClock clock, KrakenServerOptions options) : StreamClient(peer)
{
    private const int Depth = 10;

    private static readonly InstantPattern Micros = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'.'ffffff'Z'");
    private static readonly string[] SymbolChannels = ["book", "trade", "ticker"];

    private readonly HashSet<(string Channel, string Symbol)> _subscriptions = [];
    private readonly Dictionary<string, LadderBook> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (MarketEvent? Quote, MarketEvent? Trade)> _latest = new(StringComparer.Ordinal);
    private bool _wantsListing;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> SlowFarewell => "{\"channel\":\"status\",\"type\":\"update\",\"data\":[]}"u8.ToArray();

    /// <inheritdoc/>
    public override void Opened()
    {
        IsAuthenticated = true;
        server.Enter(this);
        TellStatus();
        _ = BeatAsync();
    }

    /// <inheritdoc/>
    public override void AuthenticationTimedOut()
    {
        // Nobody authenticates here.
    }

    /// <inheritdoc/>
    public override void Received(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var request = JsonDocument.Parse(message);
            Answer(request.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Send("""{"error":"Malformed request","success":false}""");
        }
    }

    /// <summary>The trading engine's status.</summary>
    public void TellStatus() => Send($$$"""{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"{{{server.System}}}","api_version":"v2","connection_id":13834774380200032777}]}""");

    /// <summary>Pairs of the listing, when it was asked for.</summary>
    public void TellListing(string type, IEnumerable<string> symbols)
    {
        if (!_wantsListing) return;
        var pairs = string.Join(',', symbols.Select(s =>
            $$$"""{"symbol":"{{{s}}}","base":"{{{s.Split('/')[0]}}}","quote":"USD","status":"{{{server.Statuses[s]}}}","qty_precision":8,"qty_increment":0.00000001,"price_precision":{{{PriceDecimals(s)}}},"cost_precision":5,"marginable":false,"has_index":true,"cost_min":0.50,"tick_size":0.01,"price_increment":0.01,"qty_min":0.01000000}"""));
        Send($$$"""{"channel":"instrument","type":"{{{type}}}","data":{"assets":[{"id":"USD","status":"enabled","precision":4,"precision_display":2,"borrowable":true,"collateral_value":1.00,"margin_rate":0.020000}],"pairs":[{"symbol":"BTC/USD","base":"BTC","quote":"USD","status":"online","qty_precision":8,"price_precision":1},{{{pairs}}}]}}""");
    }

    /// <inheritdoc/>
    public override int Tell(ReadOnlySpan<NumberedEvent> events)
    {
        var count = 0;
        foreach (ref readonly var happened in events)
        {
            Note(happened.Event);
            if (!Wants(happened)) continue;
            count++;
            var symbol = happened.Event.Symbol.Name;
            if (happened.Event.Kind == MarketEventKind.Trade)
            {
                if (_subscriptions.Contains(("trade", symbol))) TellTrade(happened, "update");
                if (_subscriptions.Contains(("ticker", symbol))) TellTicker(symbol, "update");
            }
            else if (_subscriptions.Contains(("book", symbol)))
            {
                TellBook(happened.Event);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    protected override bool Wants(in NumberedEvent happened)
    {
        var symbol = happened.Event.Symbol.Name;
        return happened.Event.Kind is MarketEventKind.Quote or MarketEventKind.Trade && SymbolChannels.Any(c => _subscriptions.Contains((c, symbol)));
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, in NumberedEvent happened) => throw new NotSupportedException("Kraken's frames are no arrays.");

    private void Answer(JsonElement request)
    {
        var method = request.GetProperty("method").GetString();
        var id = request.TryGetProperty("req_id", out var given) ? $",\"req_id\":{given.GetInt64()}" : "";
        if (method == "ping")
        {
            server.Pings++;
            Send($$$"""{"method":"pong"{{{id}}},"time_in":"{{{Now}}}","time_out":"{{{Now}}}"}""");
            return;
        }

        var parameters = request.GetProperty("params");
        var channel = parameters.GetProperty("channel").GetString()!;
        if (method is not ("subscribe" or "unsubscribe"))
        {
            Send($$$"""{"method":"{{{method}}}","error":"Method not supported","success":false{{{id}}},"time_in":"{{{Now}}}","time_out":"{{{Now}}}"}""");
        }
        else if (channel == "instrument")
        {
            _wantsListing = method == "subscribe";
            Send($$$"""{"method":"{{{method}}}","result":{"channel":"instrument","snapshot":true,"warnings":["tick_size is deprecated, use price_increment"]},"success":true{{{id}}},"time_in":"{{{Now}}}","time_out":"{{{Now}}}"}""");
            var isTokenised = parameters.TryGetProperty("include_tokenized_assets", out var include) && include.GetBoolean();
            if (_wantsListing) TellListing("snapshot", server.Statuses.Keys.Where(s => isTokenised || !s.Contains("x/", StringComparison.Ordinal)));
        }
        else
        {
            foreach (var symbol in parameters.GetProperty("symbol").EnumerateArray()) Answer(method, channel, symbol.GetString()!, id);
        }
    }

    private void Answer(string method, string channel, string symbol, string id)
    {
        if (!server.Statuses.ContainsKey(symbol) || !SymbolChannels.Contains(channel))
        {
            Send($$$"""{"error":"Currency pair not supported {{{symbol}}}","method":"{{{method}}}","success":false,"symbol":"{{{symbol}}}"{{{id}}},"time_in":"{{{Now}}}","time_out":"{{{Now}}}"}""");
            return;
        }

        if (method == "unsubscribe")
        {
            _subscriptions.Remove((channel, symbol));
            if (channel == "book") _books.Remove(symbol);
        }
        else
        {
            _subscriptions.Add((channel, symbol));
        }

        Send($$$"""{"method":"{{{method}}}","result":{"channel":"{{{channel}}}","symbol":"{{{symbol}}}","snapshot":true},"success":true{{{id}}},"time_in":"{{{Now}}}","time_out":"{{{Now}}}"}""");
        if (method == "unsubscribe") return;
        // The latest is told through the same door as what follows, so nothing is lost in between.
        if (channel == "ticker") TellTicker(symbol, "snapshot");
        else server.TellLatest(this, e => e.Event.Symbol.Name == symbol && e.Event.Kind == (channel == "book" ? MarketEventKind.Quote : MarketEventKind.Trade));
    }

    private void Note(in MarketEvent happened)
    {
        var (quote, trade) = _latest.GetValueOrDefault(happened.Symbol.Name);
        if (happened.Kind == MarketEventKind.Quote) quote = happened;
        if (happened.Kind == MarketEventKind.Trade) trade = happened;
        _latest[happened.Symbol.Name] = (quote, trade);
    }

    private void TellTrade(in NumberedEvent trade, string type) => Send(
        $$$"""{"channel":"trade","type":"{{{type}}}","data":[{"symbol":"{{{trade.Event.Symbol.Name}}}","side":"buy","price":{{{Text(server.Faults.Told(trade.Event.Last)!.Value, PriceDecimals(trade.Event.Symbol.Name))}}},"qty":0.10000000,"ord_type":"limit","trade_id":{{{trade.Sequence}}},"timestamp":"{{{Micros.Format(trade.Event.Time)}}}"}]}""");

    private void TellTicker(string symbol, string type)
    {
        if (_latest.GetValueOrDefault(symbol) is not ({ } quote, { } trade)) return;
        var decimals = PriceDecimals(symbol);
        var last = Text(server.Faults.Told(trade.Last)!.Value, decimals);
        Send($$$"""{"channel":"ticker","type":"{{{type}}}","data":[{"symbol":"{{{symbol}}}","bid":{{{Text(server.Faults.Told(quote.Bid) ?? 0, decimals)}}},"bid_qty":1.00000000,"ask":{{{Text(server.Faults.Told(quote.Ask) ?? 0, decimals)}}},"ask_qty":1.00000000,"last":{{{last}}},"volume":12.50000000,"vwap":{{{last}}},"low":{{{last}}},"high":{{{last}}},"change":0.00,"change_pct":0.00,"timestamp":"{{{Micros.Format(trade.Time)}}}"}]}""");
    }

    private void TellBook(in MarketEvent quote)
    {
        var symbol = quote.Symbol.Name;
        var book = LadderBook.Of(quote, server.Faults, Depth);
        var isFirst = !_books.TryGetValue(symbol, out var before);
        var bids = isFirst ? book.Bids : LadderBook.Changes(before!.Bids, book.Bids, isBid: true);
        var asks = isFirst ? book.Asks : LadderBook.Changes(before!.Asks, book.Asks, isBid: false);
        _books[symbol] = book;
        var decimals = PriceDecimals(symbol);
        var checksum = Checksum(book, decimals) + (!isFirst && server.TakeBadChecksum() ? 1u : 0u);
        Send($$$"""{"channel":"book","type":"{{{(isFirst ? "snapshot" : "update")}}}","data":[{"symbol":"{{{symbol}}}","bids":[{{{Levels(bids, decimals)}}}],"asks":[{{{Levels(asks, decimals)}}}],"checksum":{{{checksum}}},"timestamp":"{{{Micros.Format(quote.Time)}}}"}]}""");
    }

    private static uint Checksum(LadderBook book, int priceDecimals)
    {
        var text = new StringBuilder();
        foreach (var (price, quantity) in book.Asks.Concat(book.Bids))
            text.Append(Digits(Text(price, priceDecimals))).Append(Digits(Text(quantity, 8)));
        return Crc32(text.ToString());
    }

    /// <summary>Bit by bit, so that it shares nothing with who checks it.</summary>
    private static uint Crc32(string text)
    {
        var remainder = uint.MaxValue;
        foreach (var character in text)
        {
            remainder ^= character;
            for (var bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB8_8320);
        }

        return ~remainder;
    }

    private static string Digits(string number) => number.Replace(".", "", StringComparison.Ordinal).TrimStart('0');

    private static string Levels(IEnumerable<(decimal Price, decimal Quantity)> levels, int decimals) =>
        string.Join(',', levels.Select(l => $$"""{"price":{{Text(l.Price, decimals)}},"qty":{{Text(l.Quantity, 8)}}}"""));

    private static string Text(decimal number, int decimals) => number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Tokens have two decimals, currencies four.</summary>
    private static int PriceDecimals(string symbol) => symbol.Contains("x/", StringComparison.Ordinal) ? 2 : 5;

    private string Now => Micros.Format(clock.Now);

    private void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(options.HeartbeatPeriod, clock.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(Peer.Ended)) Peer.TrySend("{\"channel\":\"heartbeat\"}"u8.ToArray());
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }
}
