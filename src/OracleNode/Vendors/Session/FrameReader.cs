using System.Net.WebSockets;

namespace OracleNode.Vendors.Session;

/// <summary>A message larger than the cap.</summary>
internal sealed class OversizeFrameException(int maxBytes) : Exception($"a message is larger than {maxBytes} bytes");

/// <summary>The vendor closed the connection in the proper way.</summary>
internal sealed class ClosedByVendorException(string reason) : Exception(reason);

/// <summary>
/// Puts the fragments of a websocket message together, up to a cap, in one buffer that is kept for the life of the connection.
/// </summary>
internal sealed class FrameReader(WebSocket socket, int maxBytes)
{
    private const int InitialBytes = 16 * 1024;

    private byte[] _buffer = new byte[Math.Min(InitialBytes, maxBytes)];

    /// <summary>The next whole message; valid until the next call.</summary>
    /// <exception cref="OversizeFrameException">Larger than the cap; what follows is not read.</exception>
    /// <exception cref="ClosedByVendorException">Closed.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            var result = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (result.MessageType == WebSocketMessageType.Close) throw new ClosedByVendorException(DescribeClose());
            length += result.Count;
            if (result.EndOfMessage) return _buffer.AsMemory(0, length);
        }
    }

    private void Grow()
    {
        if (_buffer.Length >= maxBytes) throw new OversizeFrameException(maxBytes);
        Array.Resize(ref _buffer, Math.Min(maxBytes, _buffer.Length * 2));
    }

    private string DescribeClose()
    {
        var code = socket.CloseStatus is { } status ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture) : "no code";
        return VendorFault.FromVendor(VendorFaultKind.Disconnected, "closed"u8, System.Text.Encoding.UTF8.GetBytes($"{code} {socket.CloseStatusDescription}")).Detail;
    }
}
