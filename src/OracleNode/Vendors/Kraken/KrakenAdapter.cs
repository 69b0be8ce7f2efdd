using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Kraken;

/// <summary>Kraken's websocket protocol v2, public channels: a status greets, nobody authenticates, one subscription per channel.</summary>
internal sealed class KrakenAdapter : IVendorAdapter
{
    private readonly KrakenParser _parser;

    /// <param name="pairs">What to ask for.</param>
    /// <param name="source">Stamped on every quote.</param>
    /// <param name="upstream">Stamped on every quote.</param>
    /// <param name="options">What is particular to Kraken.</param>
    /// <param name="maxClockLead">How far ahead of the market clock a time may lie.</param>
    /// <param name="sink">Where quotes go.</param>
    public KrakenAdapter(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, KrakenOptions options, Duration maxClockLead, ITokenMarketSink sink)
    {
        _parser = new KrakenParser(pairs, source, upstream, options.DepthBps, maxClockLead, sink);
        var symbols = pairs.Select(p => p.Symbol).ToList();
        SubscribeMessages =
        [
            // First, since books are checked by what it says of the pairs.
            """{"method":"subscribe","params":{"channel":"instrument","include_tokenized_assets":true,"snapshot":true}}"""u8.ToArray(),
            SubscribeToBooks(symbols),
            Encoding.ASCII.GetBytes($$$"""{"method":"subscribe","params":{"channel":"ticker","symbol":[{{{List(symbols)}}}],"event_trigger":"trades","snapshot":true}}"""),
            Encoding.ASCII.GetBytes($$$"""{"method":"subscribe","params":{"channel":"trade","symbol":[{{{List(symbols)}}}],"snapshot":true}}"""),
        ];
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Kraken;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveMessage { get; } = """{"method":"ping"}"""u8.ToArray();

    /// <summary>The listing of all pairs is one frame of some hundred KiB, and grows with every pair that Kraken lists.</summary>
    public int KnownFrameBytes => 4 << 20;

    /// <inheritdoc/>
    public byte[] CreateAuthenticateMessage() => [];

    /// <inheritdoc/>
    public FrameSignals Connected()
    {
        _parser.Forget();
        return FrameSignals.None;
    }

    /// <inheritdoc/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output) => _parser.Parse(frame, receiveTime);

    /// <summary>Asks for books and a snapshot of each.</summary>
    internal static byte[] SubscribeToBooks(IReadOnlyList<string> symbols) => Encoding.ASCII.GetBytes(
        $$$"""{"method":"subscribe","params":{"channel":"book","symbol":[{{{List(symbols)}}}],"depth":{{{KrakenParser.BookDepth}}},"snapshot":true}}""");

    private static string List(IReadOnlyList<string> symbols) => string.Join(',', symbols.Select(s => $"\"{s}\""));
}
