using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.VendorServers.Massive;

/// <summary>One connection to <see cref="MassiveServer"/>.</summary>
internal sealed class MassiveClient : StreamClient
{
    private static readonly HashSet<string> Channels = ["T", "Q", "A", "AM", "LULD", "NOI", "FMV"];

    private readonly HashSet<(string Channel, string Symbol)> _subscriptions = [];
    private readonly Dictionary<string, Price> _lastPrices = [];
    private readonly byte[] _apiKey;
    private readonly MassiveServer _server;

    public MassiveClient(WebSocketPeer peer, MassiveServer server, MassiveServerOptions options)
        : base(peer)
    {
        _server = server;
        _apiKey = Encoding.UTF8.GetBytes(options.ApiKey);
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> SlowFarewell => Status("slow_consumer", "Not consuming messages fast enough.");

    /// <inheritdoc/>
    public override void Opened() => Send(Status("connected", "Connected Successfully"));

    /// <inheritdoc/>
    public override void AuthenticationTimedOut() =>
        Peer.Dismiss(Status("auth_timeout", "No authentication request received."), WebSocketCloseStatus.PolicyViolation);

    /// <summary>A newer connection of the same key takes over.</summary>
    public void Evict()
    {
        IsAuthenticated = false;
        Peer.Dismiss(Status("max_connections", "Maximum number of connections exceeded."), WebSocketCloseStatus.PolicyViolation);
    }

    /// <inheritdoc/>
    public override void Received(ReadOnlyMemory<byte> message)
    {
        string? action;
        string? parameters;
        try
        {
            using var request = JsonDocument.Parse(message);
            action = Text(request.RootElement, "action");
            parameters = Text(request.RootElement, "params");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or text in it that is no text (half a surrogate pair).
            Send(Status("error", "invalid json"));
            return;
        }

        switch (action)
        {
            case "auth":
                Authenticate(parameters ?? "");
                break;
            case "subscribe" or "unsubscribe" when !IsAuthenticated:
                Send(Status("error", "not authenticated"));
                break;
            case "subscribe":
                Subscribe(parameters ?? "");
                break;
            case "unsubscribe":
                Unsubscribe(parameters ?? "");
                break;
            default:
                Send(Status("error", $"unknown action: {action}"));
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool Wants(in NumberedEvent happened)
    {
        var channel = ChannelOf(happened.Event);
        return channel is not null
            && (_subscriptions.Contains((channel, happened.Event.Symbol.Name)) || _subscriptions.Contains((channel, "*")));
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, in NumberedEvent happened)
    {
        var what = happened.Event;
        json.WriteStartObject();
        switch (what.Kind)
        {
            case MarketEventKind.Trade:
                _lastPrices[what.Symbol.Name] = what.Last;
                WriteTrade(json, what, happened.Sequence);
                break;
            case MarketEventKind.Quote:
                WriteQuote(json, what, happened.Sequence);
                break;
            case MarketEventKind.Status:
                WriteLimits(json, what, happened.Sequence);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>LULD events come for Nasdaq-listed names only.</summary>
    private static string? ChannelOf(in MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => "T",
        MarketEventKind.Quote => "Q",
        MarketEventKind.Status when happened.Symbol.Tape == Tape.C => "LULD",
        _ => null,
    };

    private void Authenticate(string key)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), _apiKey))
        {
            Peer.Dismiss(Status("auth_failed", "authentication failed"), WebSocketCloseStatus.PolicyViolation);
            return;
        }

        IsAuthenticated = true;
        _server.EvictOthers(this);
        Send(Status("auth_success", "authenticated"));
    }

    private void Subscribe(string parameters)
    {
        var added = new HashSet<(string Channel, string Symbol)>();
        var answers = new List<(string Status, string Message)>();
        foreach (var name in Names(parameters))
        {
            if (TrySplit(name, out var subscription))
            {
                if (_subscriptions.Add(subscription)) added.Add(subscription);
                answers.Add(("success", $"subscribed to: {name}"));
            }
            else
            {
                answers.Add(("error", $"invalid subscription: {name}"));
            }
        }

        if (answers.Count == 0) answers.Add(("error", "no subscription named"));
        Send(Statuses(answers));
        _server.TellLatest(this, latest => ChannelOf(latest.Event) is { } channel
            && (added.Contains((channel, latest.Event.Symbol.Name)) || added.Contains((channel, "*"))));
    }

    private void Unsubscribe(string parameters)
    {
        var answers = new List<(string Status, string Message)>();
        foreach (var name in Names(parameters))
        {
            var known = TrySplit(name, out var subscription) && _subscriptions.Remove(subscription);
            answers.Add(known ? ("success", $"unsubscribed to: {name}") : ("error", $"not subscribed to: {name}"));
        }

        if (answers.Count > 0) Send(Statuses(answers));
    }

    private static string[] Names(string parameters) =>
        parameters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TrySplit(string name, out (string Channel, string Symbol) subscription)
    {
        // A symbol may hold a dot itself (BRK.A): only the first one separates.
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        subscription = dot > 0 ? (name[..dot], name[(dot + 1)..]) : default;
        return dot > 0 && dot < name.Length - 1 && Channels.Contains(subscription.Channel);
    }

    private void WriteTrade(Utf8JsonWriter json, in MarketEvent trade, long sequence)
    {
        json.WriteString("ev"u8, "T"u8);
        json.WriteString("sym"u8, trade.Symbol.Name);
        json.WriteNumber("x"u8, MassiveCodes.Exchange(trade.Venue));
        json.WriteString("i"u8, sequence.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("z"u8, (int)trade.Symbol.Tape);
        json.WriteNumber("p"u8, _server.Faults.Told(trade.Last)!.Value);
        json.WriteNumber("s"u8, trade.Size);
        WriteConditions(json, trade.Conditions);
        var millis = trade.Time.ToUnixTimeMilliseconds();
        json.WriteNumber("t"u8, millis);
        json.WriteNumber("q"u8, sequence);
        if (trade.Venue != MarketEvent.OffExchange) return;
        json.WriteNumber("trfi"u8, MassiveCodes.TradeReportingFacility);
        json.WriteNumber("trft"u8, millis);
    }

    /// <summary>A regular trade has no condition key at all.</summary>
    private static void WriteConditions(Utf8JsonWriter json, PrintConditions conditions)
    {
        if (conditions == PrintConditions.None) return;
        json.WriteStartArray("c"u8);
        foreach (var id in MassiveCodes.Conditions(conditions)) json.WriteNumberValue(id);
        json.WriteEndArray();
    }

    /// <summary>A side without a quote is left out.</summary>
    private void WriteQuote(Utf8JsonWriter json, in MarketEvent quote, long sequence)
    {
        json.WriteString("ev"u8, "Q"u8);
        json.WriteString("sym"u8, quote.Symbol.Name);
        if (_server.Faults.Told(quote.Bid) is { } bid)
        {
            json.WriteNumber("bx"u8, MassiveCodes.Exchange(quote.BidVenue));
            json.WriteNumber("bp"u8, bid);
            json.WriteNumber("bs"u8, quote.BidSize);
        }

        if (_server.Faults.Told(quote.Ask) is { } ask)
        {
            json.WriteNumber("ax"u8, MassiveCodes.Exchange(quote.AskVenue));
            json.WriteNumber("ap"u8, ask);
            json.WriteNumber("as"u8, quote.AskSize);
        }

        json.WriteNumber("c"u8, 0);
        json.WriteNumber("t"u8, quote.Time.ToUnixTimeMilliseconds());
        json.WriteNumber("q"u8, sequence);
        json.WriteNumber("z"u8, (int)quote.Symbol.Tape);
    }

    /// <summary>The ticker is under T, and the time has microseconds: both unlike every other event.</summary>
    private void WriteLimits(Utf8JsonWriter json, in MarketEvent status, long sequence)
    {
        json.WriteString("ev"u8, "LULD"u8);
        json.WriteString("T"u8, status.Symbol.Name);
        if (_lastPrices.TryGetValue(status.Symbol.Name, out var last) && _server.Faults.Told(last) is { } reference)
        {
            json.WriteNumber("h"u8, decimal.Round(reference * 1.05m, 2));
            json.WriteNumber("l"u8, decimal.Round(reference * 0.95m, 2));
        }

        json.WriteStartArray("i"u8);
        json.WriteNumberValue(status.Halt == HaltReason.None ? MassiveCodes.LimitResume : MassiveCodes.LimitHalt);
        json.WriteEndArray();
        json.WriteNumber("z"u8, (int)status.Symbol.Tape);
        json.WriteNumber("t"u8, status.Time.ToUnixTimeTicks() / 10);
        json.WriteNumber("q"u8, sequence);
    }

    private static byte[] Status(string status, string message) => Statuses([(status, message)]);

    private static byte[] Statuses(IEnumerable<(string Status, string Message)> statuses)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var (status, message) in statuses)
        {
            json.WriteStartObject();
            json.WriteString("ev"u8, "status"u8);
            json.WriteString("status"u8, status);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
