using System.Net.WebSockets;
using System.Threading.Channels;

namespace OracleNode.VendorServers;

/// <summary>
/// One client of a websocket vendor: a bounded queue of frames out, whole messages in. Nothing here waits for the client: who reads
/// too slowly is told to go.
/// </summary>
internal sealed class WebSocketPeer : IDisposable
{
    /// <summary>The longest message a client may send.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly Action _abortConnection;
    private readonly Channel<Frame> _outgoing;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _ending = new();
    private Frame? _farewell;

    /// <param name="socket">An accepted websocket.</param>
    /// <param name="abortConnection">Cuts the connection under it.</param>
    /// <param name="maxQueuedFrames">Frames that may wait for a slow client.</param>
    public WebSocketPeer(WebSocket socket, Action abortConnection, int maxQueuedFrames)
    {
        _socket = socket;
        _abortConnection = abortConnection;
        Ended = _ended.Token;
        _outgoing = Channel.CreateBounded<Frame>(new BoundedChannelOptions(maxQueuedFrames) { SingleReader = true });
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Queues a text frame; false when the queue is full or closed, and the frame is not sent.</summary>
    public bool TrySend(ReadOnlyMemory<byte> text) => _outgoing.Writer.TryWrite(new Frame(text, WebSocketMessageType.Text, null));

    /// <summary>Queues a binary frame, which no vendor here sends on purpose.</summary>
    public bool TrySendBinary(ReadOnlyMemory<byte> bytes) => _outgoing.Writer.TryWrite(new Frame(bytes, WebSocketMessageType.Binary, null));

    /// <summary>Sends what is queued, then a last frame and the closing handshake, and cuts the connection if that takes too long.</summary>
    public void Dismiss(ReadOnlyMemory<byte> lastText, WebSocketCloseStatus status)
    {
        Interlocked.CompareExchange(ref _farewell, new Frame(lastText, WebSocketMessageType.Text, status), null);
        _outgoing.Writer.TryComplete();
        _ = CutAfterFarewellAsync();
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        lock (_ending)
        {
            if (Ended.IsCancellationRequested) return;
            _ended.Cancel();
            _abortConnection();
        }
    }

    /// <summary>Runs until the connection is over. <paramref name="received"/> gets one whole text message at a time.</summary>
    public async Task RunAsync(Action<ReadOnlyMemory<byte>> received, VendorFaults faults)
    {
        var writing = WriteAsync(faults);
        try
        {
            await ReadAsync(received, faults);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException)
        {
            // The client went away, or was cut: either way this connection is over.
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            if (_farewell is null) await _ended.CancelAsync();
            await writing;
            await _ended.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_ending)
        {
            // Whoever still holds this finds it ended.
            _ended.Cancel();
            _ended.Dispose();
        }
    }

    private async Task ReadAsync(Action<ReadOnlyMemory<byte>> received, VendorFaults faults)
    {
        var buffer = new byte[MaxMessageBytes];
        while (true)
        {
            // Not reading is what keeps pongs from being answered during a stall.
            await faults.WhenNotStalledAsync(Ended);
            var length = 0;
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), Ended);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (_socket.State == WebSocketState.CloseReceived)
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ended);
                    return;
                }

                length += part.Count;
                if (part.EndOfMessage) break;
                if (length == buffer.Length) return;
            }

            await faults.WhenNotStalledAsync(Ended);
            received(buffer.AsMemory(0, length));
        }
    }

    private async Task WriteAsync(VendorFaults faults)
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync(Ended))
            {
                await faults.WhenNotStalledAsync(Ended);
                await _socket.SendAsync(frame.Bytes, frame.Type, WebSocketMessageFlags.EndOfMessage, Ended);
            }

            if (_farewell is { } farewell)
            {
                await _socket.SendAsync(farewell.Bytes, farewell.Type, WebSocketMessageFlags.EndOfMessage, Ended);
                await _socket.CloseOutputAsync(farewell.Close!.Value, null, Ended);
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException)
        {
            Abort();
        }
    }

    private async Task CutAfterFarewellAsync()
    {
        try
        {
            await Task.Delay(FarewellTime, Ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Abort();
    }

    private sealed record Frame(ReadOnlyMemory<byte> Bytes, WebSocketMessageType Type, WebSocketCloseStatus? Close);
}
