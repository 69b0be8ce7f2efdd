using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Alpaca;

/// <summary>Alpaca's websocket protocol v2 in JSON: greeting, <c>auth</c>, <c>subscribe</c>, then arrays of messages.</summary>
public sealed class AlpacaAdapter : IVendorAdapter
{
    private readonly AlpacaParser _parser;
    private readonly SecretReference _apiKey;
    private readonly SecretReference _apiSecret;

    /// <summary>Makes the adapter.</summary>
    /// <param name="symbols">What to ask for.</param>
    /// <param name="source">Stamped on every observation.</param>
    /// <param name="upstream">Stamped on every observation.</param>
    /// <param name="apiKey">Key id; read at every connection.</param>
    /// <param name="apiSecret">Its secret; read at every connection.</param>
    /// <param name="options">What is particular to Alpaca.</param>
    public AlpacaAdapter(SymbolTable symbols, SourceId source, UpstreamId upstream, SecretReference apiKey, SecretReference apiSecret, AlpacaOptions options)
    {
        _parser = new AlpacaParser(symbols, source, upstream);
        _apiKey = apiKey;
        _apiSecret = apiSecret;
        SubscribeMessages = CreateSubscribeMessages(symbols, options);
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Alpaca;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <inheritdoc/>
    public byte[] CreateAuthenticateMessage() => Encoding.ASCII.GetBytes(
        $$"""{"action":"auth","key":"{{JsonEncodedText.Encode(_apiKey.Read())}}","secret":"{{JsonEncodedText.Encode(_apiSecret.Read())}}"}""");

    /// <inheritdoc/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output) => _parser.Parse(frame, receiveTime, output);

    // Statuses and bands go last and apart: a feed without them refuses that message only. Subscriptions add up.
    private static List<ReadOnlyMemory<byte>> CreateSubscribeMessages(SymbolTable symbols, AlpacaOptions options)
    {
        var list = string.Join(',', symbols.Symbols.ToArray().Select(s => $"\"{s.Symbol}\""));
        var messages = new List<ReadOnlyMemory<byte>> { Encoding.ASCII.GetBytes($$"""{"action":"subscribe","trades":[{{list}}],"quotes":[{{list}}]}""") };
        if (options.Statuses) messages.Add(Encoding.ASCII.GetBytes($$"""{"action":"subscribe","statuses":[{{list}}]}"""));
        if (options.Lulds) messages.Add(Encoding.ASCII.GetBytes($$"""{"action":"subscribe","lulds":[{{list}}]}"""));
        return messages;
    }
}
