using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Massive;

/// <summary>Massive's websocket protocol: greeting, <c>auth</c>, <c>subscribe</c>, then arrays of events.</summary>
public sealed class MassiveAdapter : IVendorAdapter
{
    // Keeps one message small enough for any server: about 4 KB.
    private const int SymbolsPerMessage = 200;

    private readonly MassiveParser _parser;
    private readonly SecretReference _apiKey;

    /// <summary>Makes the adapter.</summary>
    /// <param name="symbols">What to ask for.</param>
    /// <param name="source">Stamped on every observation.</param>
    /// <param name="upstream">Stamped on every observation.</param>
    /// <param name="apiKey">Read at every connection.</param>
    /// <param name="options">What is particular to Massive.</param>
    public MassiveAdapter(SymbolTable symbols, SourceId source, UpstreamId upstream, SecretReference apiKey, MassiveOptions options)
    {
        _parser = new MassiveParser(symbols, source, upstream);
        _apiKey = apiKey;
        SubscribeMessages = CreateSubscribeMessages(symbols, options);
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Massive;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <inheritdoc/>
    public byte[] CreateAuthenticateMessage() =>
        Encoding.ASCII.GetBytes($$"""{"action":"auth","params":"{{JsonEncodedText.Encode(_apiKey.Read())}}"}""");

    /// <inheritdoc/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output) => _parser.Parse(frame, receiveTime, output);

    // Halts go last and apart: a plan without them refuses that message only.
    private static List<ReadOnlyMemory<byte>> CreateSubscribeMessages(SymbolTable symbols, MassiveOptions options)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        foreach (var chunk in symbols.Symbols.ToArray().Chunk(SymbolsPerMessage))
        {
            messages.Add(Subscribe(chunk.SelectMany(s => new[] { $"T.{s.Symbol}", $"Q.{s.Symbol}" })));
        }

        if (!options.Luld) return messages;
        foreach (var chunk in symbols.Symbols.ToArray().Chunk(SymbolsPerMessage)) messages.Add(Subscribe(chunk.Select(s => $"LULD.{s.Symbol}")));
        return messages;
    }

    private static ReadOnlyMemory<byte> Subscribe(IEnumerable<string> channels) =>
        Encoding.ASCII.GetBytes($$"""{"action":"subscribe","params":"{{string.Join(',', channels)}}"}""");
}
