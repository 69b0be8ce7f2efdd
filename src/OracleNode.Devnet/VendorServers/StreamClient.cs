using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace OracleNode.VendorServers;

/// <summary>
/// A client's conversation with a websocket vendor. Every member is called under the server's gate: one at a time.
/// </summary>
internal abstract class StreamClient(WebSocketPeer peer)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public WebSocketPeer Peer { get; } = peer;

    /// <summary>True once the vendor knows who it is and lets it in.</summary>
    public bool IsAuthenticated { get; protected set; }

    /// <summary>The vendor speaks first.</summary>
    public abstract void Opened();

    /// <summary>The client said something.</summary>
    public abstract void Received(ReadOnlyMemory<byte> message);

    /// <summary>It has not authenticated in time.</summary>
    public abstract void AuthenticationTimedOut();

    /// <summary>The last frame for a client that reads too slowly.</summary>
    protected abstract ReadOnlyMemory<byte> SlowFarewell { get; }

    /// <summary>True when it subscribed to this.</summary>
    protected abstract bool Wants(in NumberedEvent happened);

    /// <summary>Writes an event as this vendor does.</summary>
    protected abstract void Write(Utf8JsonWriter json, in NumberedEvent happened);

    /// <summary>Sends what it subscribed to as one array; answers how many events that were.</summary>
    public virtual int Tell(ReadOnlySpan<NumberedEvent> events)
    {
        if (!IsAuthenticated) return 0;
        _buffer.Clear();
        var count = 0;
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartArray();
            foreach (ref readonly var happened in events)
            {
                if (!Wants(happened)) continue;
                Write(json, happened);
                count++;
            }

            json.WriteEndArray();
        }

        if (count > 0) Send(_buffer.WrittenSpan.ToArray());
        return count;
    }

    /// <summary>Queues a frame; a client that does not keep up is sent away.</summary>
    protected void Send(ReadOnlyMemory<byte> frame)
    {
        if (Peer.TrySend(frame)) return;
        IsAuthenticated = false;
        Peer.Dismiss(SlowFarewell, WebSocketCloseStatus.PolicyViolation);
    }
}
