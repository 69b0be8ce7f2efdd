using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime.Text;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Alpaca;

/// <summary>One connection to <see cref="AlpacaServer"/>.</summary>
internal sealed class AlpacaClient : StreamClient
{
    /// <summary>The channels of this feed in the order in which an answer lists them.</summary>
    private static readonly string[] Channels = ["trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds"];

    private readonly Dictionary<string, SortedSet<string>> _subscriptions =
        Channels.ToDictionary(channel => channel, _ => new SortedSet<string>(StringComparer.Ordinal));

    private readonly AlpacaServer _server;
    private readonly AlpacaServerOptions _options;
    private readonly string? _headerKeyId;
    private readonly string? _headerSecret;

    public AlpacaClient(WebSocketPeer peer, AlpacaServer server, AlpacaServerOptions options, string? headerKeyId, string? headerSecret)
        : base(peer)
    {
        _server = server;
        _options = options;
        _headerKeyId = headerKeyId;
        _headerSecret = headerSecret;
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> SlowFarewell => Error(AlpacaError.SlowClient);

    /// <inheritdoc/>
    public override void Opened()
    {
        Send(Success("connected"));
        if (_headerKeyId is not null || _headerSecret is not null) Authenticate(_headerKeyId ?? "", _headerSecret ?? "");
    }

    /// <inheritdoc/>
    public override void AuthenticationTimedOut() => Peer.Dismiss(Error(AlpacaError.AuthenticationTimeout), WebSocketCloseStatus.PolicyViolation);

    /// <inheritdoc/>
    public override void Received(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var request = JsonDocument.Parse(message);
            Answer(request.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or text in it that is no text (half a surrogate pair).
            Send(Error(AlpacaError.InvalidSyntax));
        }
    }

    private void Answer(JsonElement request)
    {
        switch (Text(request, "action"))
        {
            case "auth" when IsAuthenticated:
                Send(Error(AlpacaError.AlreadyAuthenticated));
                break;
            case "auth":
                Authenticate(Text(request, "key") ?? "", Text(request, "secret") ?? "");
                break;
            case "subscribe" or "unsubscribe" when !IsAuthenticated:
                Send(Error(AlpacaError.NotAuthenticated));
                break;
            case "subscribe":
                Subscribe(request);
                break;
            case "unsubscribe":
                Unsubscribe(request);
                break;
            default:
                Send(Error(AlpacaError.InvalidSyntax));
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool Wants(in NumberedEvent happened)
    {
        var symbols = _subscriptions[ChannelOf(happened.Event)];
        return symbols.Contains(happened.Event.Symbol.Name) || symbols.Contains("*");
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, in NumberedEvent happened)
    {
        json.WriteStartObject();
        switch (happened.Event.Kind)
        {
            case MarketEventKind.Trade:
                WriteTrade(json, happened.Event, happened.Sequence);
                break;
            case MarketEventKind.Quote:
                WriteQuote(json, happened.Event);
                break;
            case MarketEventKind.Status:
                WriteStatus(json, happened.Event);
                break;
        }

        json.WriteEndObject();
    }

    private static string ChannelOf(in MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => "trades",
        MarketEventKind.Quote => "quotes",
        _ => "statuses",
    };

    private void Authenticate(string keyId, string secret)
    {
        var matches = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(keyId), Encoding.UTF8.GetBytes(_options.KeyId))
            & CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(_options.Secret));
        if (!matches)
        {
            // The connection stays open until the time to authenticate is over.
            Send(Error(AlpacaError.AuthenticationFailed));
        }
        else if (_server.HasOther(this))
        {
            Peer.Dismiss(Error(AlpacaError.ConnectionLimitExceeded), WebSocketCloseStatus.PolicyViolation);
        }
        else
        {
            IsAuthenticated = true;
            Send(Success("authenticated"));
        }
    }

    private void Subscribe(JsonElement root)
    {
        if (!TryReadChannels(root, out var asked, out var error))
        {
            Send(Error(error));
            return;
        }

        if (CountWith("trades", asked) + CountWith("quotes", asked) > _options.MaxSubscriptions)
        {
            Send(Error(AlpacaError.SymbolLimitExceeded));
            return;
        }

        var added = asked.Where(item => _subscriptions[item.Channel].Add(item.Symbol)).ToHashSet();
        Send(Subscription());
        _server.TellLatest(this, latest =>
            added.Contains((ChannelOf(latest.Event), latest.Event.Symbol.Name)) || added.Contains((ChannelOf(latest.Event), "*")));
    }

    private int CountWith(string channel, IEnumerable<(string Channel, string Symbol)> asked) =>
        _subscriptions[channel].Union(asked.Where(item => item.Channel == channel).Select(item => item.Symbol)).Count();

    private void Unsubscribe(JsonElement root)
    {
        if (!TryReadChannels(root, out var asked, out var error))
        {
            Send(Error(error));
            return;
        }

        foreach (var (channel, symbol) in asked) _subscriptions[channel].Remove(symbol);
        Send(Subscription());
    }

    private static bool TryReadChannels(JsonElement root, out HashSet<(string Channel, string Symbol)> asked, out AlpacaError error)
    {
        asked = [];
        error = AlpacaError.None;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == "action") continue;
            if (!Channels.Contains(property.Name))
            {
                // Imbalances exist on other feeds, anything else nowhere.
                error = property.Name == "imbalances" ? AlpacaError.InvalidSubscribeAction : AlpacaError.InvalidSyntax;
                return false;
            }

            if (property.Value.ValueKind != JsonValueKind.Array || property.Value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            {
                error = AlpacaError.InvalidSyntax;
                return false;
            }

            foreach (var symbol in property.Value.EnumerateArray()) asked.Add((property.Name, symbol.GetString()!));
        }

        return true;
    }

    /// <summary>The answer lists everything that is subscribed now; corrections and cancels follow the trades.</summary>
    private byte[] Subscription() => Message(json =>
    {
        json.WriteString("T"u8, "subscription"u8);
        foreach (var channel in Channels) WriteSymbols(json, channel, _subscriptions[channel]);
        WriteSymbols(json, "corrections", _subscriptions["trades"]);
        WriteSymbols(json, "cancelErrors", _subscriptions["trades"]);
    });

    private static void WriteSymbols(Utf8JsonWriter json, string name, IEnumerable<string> symbols)
    {
        json.WriteStartArray(name);
        foreach (var symbol in symbols) json.WriteStringValue(symbol);
        json.WriteEndArray();
    }

    private void WriteTrade(Utf8JsonWriter json, in MarketEvent trade, long sequence)
    {
        json.WriteString("T"u8, "t"u8);
        json.WriteNumber("i"u8, sequence);
        json.WriteString("S"u8, trade.Symbol.Name);
        json.WriteString("x"u8, [trade.Venue]);
        json.WriteNumber("p"u8, _server.Faults.Told(trade.Last)!.Value);
        json.WriteNumber("s"u8, trade.Size);
        WriteTime(json, trade);
        json.WriteStartArray("c"u8);
        foreach (var letter in TapeCodes.SaleConditions(trade.Conditions, trade.Symbol.Tape)) json.WriteStringValue([letter]);
        json.WriteEndArray();
        WriteTape(json, trade);
    }

    /// <summary>A side without a quote has price and size 0.</summary>
    private void WriteQuote(Utf8JsonWriter json, in MarketEvent quote)
    {
        json.WriteString("T"u8, "q"u8);
        json.WriteString("S"u8, quote.Symbol.Name);
        json.WriteString("bx"u8, quote.Bid.IsNone ? [] : [quote.BidVenue]);
        json.WriteNumber("bp"u8, _server.Faults.Told(quote.Bid) ?? 0);
        json.WriteNumber("bs"u8, quote.Bid.IsNone ? 0 : quote.BidSize);
        json.WriteString("ax"u8, quote.Ask.IsNone ? [] : [quote.AskVenue]);
        json.WriteNumber("ap"u8, _server.Faults.Told(quote.Ask) ?? 0);
        json.WriteNumber("as"u8, quote.Ask.IsNone ? 0 : quote.AskSize);
        WriteTime(json, quote);
        json.WriteStartArray("c"u8);
        json.WriteStringValue("R"u8);
        json.WriteEndArray();
        WriteTape(json, quote);
    }

    private static void WriteStatus(Utf8JsonWriter json, in MarketEvent status)
    {
        var (code, message, reason, reasonMessage) = TapeCodes.Status(status.Halt, status.Symbol.Tape);
        json.WriteString("T"u8, "s"u8);
        json.WriteString("S"u8, status.Symbol.Name);
        json.WriteString("sc"u8, code);
        json.WriteString("sm"u8, message);
        json.WriteString("rc"u8, reason);
        json.WriteString("rm"u8, reasonMessage);
        WriteTime(json, status);
        WriteTape(json, status);
    }

    private static void WriteTime(Utf8JsonWriter json, in MarketEvent happened) =>
        json.WriteString("t"u8, InstantPattern.ExtendedIso.Format(happened.Time));

    private static void WriteTape(Utf8JsonWriter json, in MarketEvent happened) => json.WriteString("z"u8, happened.Symbol.Tape.ToString());

    private static byte[] Success(string message) => Message(json =>
    {
        json.WriteString("T"u8, "success"u8);
        json.WriteString("msg"u8, message);
    });

    private static byte[] Error(AlpacaError error) => Message(json =>
    {
        json.WriteString("T"u8, "error"u8);
        json.WriteNumber("code"u8, (int)error);
        json.WriteString("msg"u8, error switch
        {
            AlpacaError.InvalidSyntax => "invalid syntax",
            AlpacaError.NotAuthenticated => "not authenticated",
            AlpacaError.AuthenticationFailed => "auth failed",
            AlpacaError.AlreadyAuthenticated => "already authenticated",
            AlpacaError.AuthenticationTimeout => "auth timeout",
            AlpacaError.SymbolLimitExceeded => "symbol limit exceeded",
            AlpacaError.ConnectionLimitExceeded => "connection limit exceeded",
            AlpacaError.SlowClient => "slow client",
            AlpacaError.InvalidSubscribeAction => "invalid subscribe action for this feed",
            _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not an error of the stream."),
        });
    });

    /// <summary>Control messages come alone in an array of one.</summary>
    private static byte[] Message(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
