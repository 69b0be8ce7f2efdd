using NodaTime;

namespace OracleNode.Vendors;

/// <summary>
/// One streaming vendor's protocol without its socket: bytes in, observations and control outcomes out, and the bytes to
/// send. Used by one connection at a time; what it keeps of a connection it forgets at the next.
/// </summary>
public interface IVendorAdapter
{
    /// <summary>Whose protocol this is.</summary>
    VendorKind Vendor { get; }

    /// <summary>What was counted so far. Written by the parsing thread alone, readable by any.</summary>
    ParserCounters Counters { get; }

    /// <summary>The messages that subscribe to every configured symbol, what the session cannot do without first.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> SubscribeMessages { get; }

    /// <summary>
    /// Makes the message that authenticates; empty when the vendor asks for none. It holds the secret: the caller clears it after sending.
    /// </summary>
    /// <exception cref="SecretUnavailableException">The secret reference cannot be resolved.</exception>
    byte[] CreateAuthenticateMessage();

    /// <summary>What keeps the connection open, sent while it is live as often as it is probed; empty where the vendor needs no word of its protocol for it.</summary>
    ReadOnlyMemory<byte> KeepAliveMessage => default;

    /// <summary>The largest message that the vendor is known to send, where that may be more than the source's own cap; 0 where it is not.</summary>
    int KnownFrameBytes => 0;

    /// <summary>A new connection stands. Answers what of the handshake need not be waited for.</summary>
    FrameSignals Connected() => FrameSignals.None;

    /// <summary>
    /// Parses one complete frame. Never throws on any bytes. A frame that is not JSON of the documented shape yields
    /// nothing and is counted; an event that is not understood is counted and skipped.
    /// </summary>
    /// <param name="frame">The reassembled message.</param>
    /// <param name="receiveTime">Market time at which it arrived.</param>
    /// <param name="output">Where observations are appended.</param>
    FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output);
}
