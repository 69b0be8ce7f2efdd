using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Bitstamp;

/// <summary>Bitstamp's websocket protocol v2, public channels: nobody greets or authenticates, one subscription per channel.</summary>
internal sealed class BitstampAdapter : IVendorAdapter
{
    private readonly BitstampParser _parser;

    /// <param name="pairs">The currencies to ask for.</param>
    /// <param name="source">Stamped on every price.</param>
    /// <param name="upstream">Stamped on every price.</param>
    /// <param name="maxClockLead">How far ahead of the market clock a time may lie.</param>
    /// <param name="pingInterval">How often <see cref="KeepAliveMessage"/> is sent.</param>
    /// <param name="sink">Where prices go.</param>
    public BitstampAdapter(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, Duration maxClockLead, TimeSpan pingInterval, ITokenMarketSink sink)
    {
        _parser = new BitstampParser(pairs, source, upstream, maxClockLead, pingInterval, sink);
        SubscribeMessages = [.. pairs.Select(p => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($$$"""{"event":"bts:subscribe","data":{"channel":"{{{BitstampParser.ChannelOf(p)}}}"}}"""))];
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Bitstamp;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <summary>Its answer is the only word that comes while no book changes.</summary>
    public ReadOnlyMemory<byte> KeepAliveMessage { get; } = """{"event":"bts:heartbeat"}"""u8.ToArray();

    /// <summary>A hundred levels of each side are some KiB.</summary>
    public int KnownFrameBytes => 16 << 10;

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
