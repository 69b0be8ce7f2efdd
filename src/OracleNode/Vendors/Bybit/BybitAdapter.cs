using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Bybit;

/// <summary>Bybit's v5 websocket protocol, public spot channel: nobody greets or authenticates, one subscription per pair.</summary>
internal sealed class BybitAdapter : IVendorAdapter
{
    private readonly BybitParser _parser;

    /// <param name="pairs">What to ask for.</param>
    /// <param name="source">Stamped on every quote.</param>
    /// <param name="upstream">Stamped on every quote.</param>
    /// <param name="options">What is particular to Bybit.</param>
    /// <param name="maxClockLead">How far ahead of the market clock a time may lie.</param>
    /// <param name="listing">Status and multiplier of the pairs, in their order.</param>
    /// <param name="sink">Where quotes go.</param>
    public BybitAdapter(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, BybitOptions options, Duration maxClockLead, BybitListing listing, ITokenMarketSink sink)
    {
        _parser = new BybitParser(pairs, source, upstream, options.DepthBps, maxClockLead, listing, sink);
        // A request is refused whole: one per pair keeps the others flowing.
        SubscribeMessages = [.. pairs.Select(p => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(
            $$"""{"op":"subscribe","req_id":"{{p.Symbol}}","args":["orderbook.{{BybitParser.BookDepth}}.{{p.Symbol}}","orderbook.1.{{p.Symbol}}","publicTrade.{{p.Symbol}}","tickers.{{p.Symbol}}"]}"""))];
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Bybit;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> KeepAliveMessage { get; } = """{"op":"ping"}"""u8.ToArray();

    /// <inheritdoc/>
    public byte[] CreateAuthenticateMessage() => [];

    /// <inheritdoc/>
    public FrameSignals Connected()
    {
        _parser.Forget();
        return FrameSignals.Greeted | FrameSignals.Authenticated;
    }

    /// <inheritdoc/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output) => _parser.Parse(frame, receiveTime);
}
