using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Bitstamp;

/// <summary>One connection to <see cref="BitstampServer"/>.</summary>
internal sealed class BitstampClient(WebSocketPeer peer, BitstampServer server, ScaledMarketClock clock, BitstampServerOptions options) : StreamClient(peer)
{
    private const string Prefix = "order_book_";
    private const int Depth = 100;
    private const int MaxRequestBytes = 512;
    private const int MaxChannels = 1_024;
    private const int Decimals = 5;

    private readonly HashSet<string> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _stamps = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> SlowFarewell => """{"event":"bts:request_reconnect","channel":"","data":null}"""u8.ToArray();

    /// <inheritdoc/>
    public override void Opened()
    {
        // It does not speak before it is spoken to.
        IsAuthenticated = true;
        server.Enter(this);
    }

    /// <inheritdoc/>
    public override void AuthenticationTimedOut()
    {
        // Nobody authenticates here.
    }

    /// <inheritdoc/>
    public override void Received(ReadOnlyMemory<byte> message)
    {
        if (message.Length > MaxRequestBytes)
        {
            Peer.Abort();
            return;
        }

        try
        {
            using var request = JsonDocument.Parse(message);
            Answer(request.RootElement);
        }
        catch (JsonException)
        {
            Refuse("Incorrect JSON format.");
        }
        catch (Exception failure) when (failure is InvalidOperationException or KeyNotFoundException)
        {
            Refuse("Bad subscription string.");
        }
    }

    /// <summary>Asks it to connect anew; who stays is dropped.</summary>
    public void RequestReconnect()
    {
        Send("""{"event":"bts:request_reconnect","channel":"","data":null}""");
        _ = DropAsync();
    }

    /// <summary>Tells the book of a quote, when it was asked for.</summary>
    public void TellBook(in MarketEvent quote)
    {
        var symbol = quote.Symbol.Name;
        if (!_symbols.Contains(symbol) || !server.Lists(symbol) || server.IsMute) return;
        var book = LadderBook.Of(quote, server.Faults, Depth);
        var (bids, asks) = (book.Bids, book.Asks);
        if (server.TakeCrossed()) (bids, asks) = ([.. asks.Take(1)], [.. bids.Take(1)]);
        // The venue's stamps of a book rise, whatever is told beside the market.
        var stamp = long.Max(quote.Time.ToUnixTimeTicks() / (NodaConstants.TicksPerMillisecond / 1_000), _stamps.GetValueOrDefault(symbol) + 1);
        _stamps[symbol] = stamp;
        Send($$$"""{"data":{"timestamp":"{{{stamp / 1_000_000}}}","microtimestamp":"{{{stamp}}}","bids":[{{{Levels(bids)}}}],"asks":[{{{Levels(asks)}}}]},"channel":"{{{Prefix}}}{{{symbol}}}","event":"data"}""");
    }

    /// <inheritdoc/>
    public override int Tell(ReadOnlySpan<NumberedEvent> events)
    {
        var count = 0;
        foreach (ref readonly var happened in events)
        {
            if (!Wants(happened)) continue;
            count++;
            TellBook(server.Priced(happened.Event));
        }

        return count;
    }

    /// <inheritdoc/>
    protected override bool Wants(in NumberedEvent happened) => happened.Event.Kind == MarketEventKind.Quote && _symbols.Contains(happened.Event.Symbol.Name);

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, in NumberedEvent happened) => throw new NotSupportedException("Bitstamp's frames are no arrays.");

    private void Answer(JsonElement request)
    {
        var happening = request.GetProperty("event").GetString();
        if (happening == "bts:heartbeat")
        {
            server.Heartbeats++;
            Send("""{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}""");
            return;
        }

        var channel = request.GetProperty("data").GetProperty("channel").GetString() ?? "";
        if (happening is not ("bts:subscribe" or "bts:unsubscribe")) Refuse("Bad subscription string.");
        else if (!IsChannel(channel) || server.Refuses(channel[Prefix.Length..])) Refuse("Invalid channel provided.");
        else if (happening == "bts:unsubscribe")
        {
            _symbols.Remove(channel[Prefix.Length..]);
            Send($$$"""{"event":"bts:unsubscription_succeeded","channel":"{{{channel}}}","data":{}}""");
        }
        else Subscribe(channel);
    }

    /// <summary>A pair that is not listed is acknowledged as any other and never told of, as the vendor does; a second time is acknowledged again.</summary>
    private void Subscribe(string channel)
    {
        _symbols.Add(channel[Prefix.Length..]);
        if (_symbols.Count > MaxChannels)
        {
            Peer.Abort();
            return;
        }

        server.Subscriptions++;
        Send($$$"""{"event":"bts:subscription_succeeded","channel":"{{{channel}}}","data":{}}""");
    }

    private static bool IsChannel(string channel) =>
        channel.StartsWith(Prefix, StringComparison.Ordinal) && channel.Length > Prefix.Length && channel[Prefix.Length..].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private void Refuse(string message) => Send($$$"""{"event":"bts:error","channel":"","data":{"code":null,"message":"{{{message}}}"}}""");

    private static string Levels(IEnumerable<(decimal Price, decimal Quantity)> levels) => string.Join(',', levels.Select(l => $"[\"{Text(l.Price)}\",\"{Text(l.Quantity)}\"]"));

    private static string Text(decimal number) => number.ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    private async Task DropAsync()
    {
        try
        {
            await Task.Delay(options.ReconnectGrace, clock.TimeProvider, Peer.Ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Peer.Abort();
    }
}
