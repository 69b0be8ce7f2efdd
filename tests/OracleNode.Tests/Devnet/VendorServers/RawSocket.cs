using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OracleNode.VendorServers;

/// <summary>A bare websocket client that shows what is on the wire.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private readonly Queue<JsonElement> _pending = new();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<RawSocket> ConnectAsync(Uri url, params (string Name, string Value)[] headers)
    {
        var client = new RawSocket();
        foreach (var (name, value) in headers) client._socket.Options.SetRequestHeader(name, value);
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(url, patience.Token);
        return client;
    }

    public async Task SendAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, patience.Token);
    }

    /// <summary>The next text frame as it came; null when the server closes. Throws when it drops the connection.</summary>
    public async Task<string?> FrameAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    /// <summary>The next event, whichever frame it is in. Every frame has to be an array of objects.</summary>
    public async Task<JsonElement> EventAsync()
    {
        while (_pending.Count == 0)
        {
            var frame = await FrameAsync() ?? throw new InvalidOperationException($"The server closed with {CloseStatus}.");
            using var document = JsonDocument.Parse(frame);
            Assert.Equal(JsonValueKind.Array, document.RootElement.ValueKind);
            foreach (var element in document.RootElement.EnumerateArray())
            {
                Assert.Equal(JsonValueKind.Object, element.ValueKind);
                _pending.Enqueue(element.Clone());
            }
        }

        return _pending.Dequeue();
    }

    /// <summary>The next event of which this holds; others are passed over.</summary>
    public async Task<JsonElement> EventAsync(Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var happened = await EventAsync();
            if (wanted(happened)) return happened;
        }
    }

    /// <summary>Reads until the server has closed or dropped the connection; answers whether it said goodbye.</summary>
    public async Task<bool> EndedWithGoodbyeAsync()
    {
        try
        {
            while (await FrameAsync() is not null)
            {
            }

            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
