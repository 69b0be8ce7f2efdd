using System.Text.Unicode;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>
/// What the websocket vendors share: one market view, any number of clients, one gate. The market goes on while the server is
/// stopped, and a client that comes late gets the latest state, then the stream, with nothing lost or doubled in between.
/// </summary>
internal abstract class StreamingVendorServer : IVendorServer
{
    private readonly string _path;
    private readonly StreamOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly LoopbackHost _host;
    private readonly ViewPlayer _player;
    private readonly List<StreamClient> _clients = [];
    private readonly LatestState _state = new();
    private readonly NumberedEvent[] _batch = new NumberedEvent[ViewPlayer.BatchSize];
    private bool _missedWhileStalled;
    private long _eventsSent;

    protected StreamingVendorServer(string name, string path, IEnumerable<VendorEvent> view, ScaledMarketClock clock, StreamOptions options)
    {
        Name = name;
        _path = path;
        _options = options;
        _timeProvider = clock.TimeProvider;
        _player = new ViewPlayer(view, clock, Deliver);
        _host = new LoopbackHost(HttpProtocols.Http1, static _ => { }, application =>
        {
            // The vendors do not ping; whoever wants to know pings them.
            application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
            application.Run(ServeAsync);
        });
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Uri Url => new($"ws://127.0.0.1:{_host.Port}{_path}");

    /// <inheritdoc/>
    public bool IsRunning => _host.IsRunning;

    /// <inheritdoc/>
    public VendorFaults Faults { get; } = new();

    /// <summary>Clients connected and authenticated now.</summary>
    public int Clients
    {
        get
        {
            lock (Gate) return _clients.Count(client => client.IsAuthenticated);
        }
    }

    /// <inheritdoc/>
    public long EventsSent => Interlocked.Read(ref _eventsSent);

    /// <inheritdoc/>
    public Task Completion => _player.Completion;

    /// <summary>Held while the market moves or a client speaks, so that the two never interleave.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>What it says of corporate actions, over HTTP.</summary>
    public CorporateActionBook CorporateActions { get; } = new();

    /// <summary>Answers a question that is no websocket; false when it is none of this vendor's.</summary>
    protected virtual Task<bool> TryAnswerAsync(HttpContext context) => Task.FromResult(false);

    /// <summary>Frames about a symbol that break the vendor's protocol, each in its own way.</summary>
    protected abstract IReadOnlyList<byte[]> Garbage(string symbol);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _player.StartAsync(cancellationToken);
        await _host.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        Disconnect();
        await _host.StopAsync();
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        foreach (var client in ClientsNow()) client.Peer.Abort();
    }

    /// <inheritdoc/>
    public void SendGarbage()
    {
        string symbol;
        lock (Gate) symbol = _state.All().Select(known => known.Event.Symbol.Name).FirstOrDefault() ?? "TSLA";
        var garbage = Garbage(symbol);
        foreach (var client in ClientsNow())
        {
            foreach (var frame in garbage)
            {
                // A text frame of broken UTF-8 would end the connection before anyone could parse it.
                if (Utf8.IsValid(frame)) client.Peer.TrySend(frame);
                client.Peer.TrySendBinary(frame);
            }
        }
    }

    /// <summary>Sends every client a text frame as it is.</summary>
    public void SendRaw(ReadOnlyMemory<byte> frame)
    {
        foreach (var client in ClientsNow()) client.Peer.TrySend(frame);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _host.DisposeAsync();
        await _player.DisposeAsync();
    }

    /// <summary>The conversation with a client that connected. Called under the gate.</summary>
    protected abstract StreamClient Accept(WebSocketPeer peer, HttpRequest request);

    /// <summary>The other clients that are let in. Under the gate only.</summary>
    protected IEnumerable<StreamClient> OthersAuthenticated(StreamClient than) =>
        _clients.Where(client => client != than && client.IsAuthenticated);

    /// <summary>Tells a client the latest state of what <paramref name="wanted"/> picks. Under the gate only.</summary>
    public void TellLatest(StreamClient client, Func<NumberedEvent, bool> wanted) => Tell(client, [.. _state.All().Where(wanted)]);

    private StreamClient[] ClientsNow()
    {
        lock (Gate) return [.. _clients];
    }

    private void Deliver(ReadOnlySpan<MarketEvent> events)
    {
        lock (Gate)
        {
            for (var i = 0; i < events.Length; i++) _batch[i] = _state.Take(events[i]);
            if (Faults.Stalled)
            {
                _missedWhileStalled = true;
                return;
            }

            if (_missedWhileStalled)
            {
                _missedWhileStalled = false;
                foreach (var client in _clients.ToArray()) TellLatest(client, static _ => true);
                return;
            }

            foreach (var client in _clients.ToArray()) Tell(client, _batch.AsSpan(0, events.Length));
        }
    }

    private void Tell(StreamClient client, ReadOnlySpan<NumberedEvent> events) => Interlocked.Add(ref _eventsSent, client.Tell(events));

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path != _path)
        {
            if (await TryAnswerAsync(context)) return;

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var peer = new WebSocketPeer(socket, context.Abort, _options.MaxQueuedFrames);
        StreamClient client;
        lock (Gate)
        {
            client = Accept(peer, context.Request);
            _clients.Add(client);
        }

        try
        {
            // Frames queue up before the peer runs, so the vendor's first word is the first on the wire.
            lock (Gate) client.Opened();
            // The time begins before the client can have heard anything.
            var expiry = ExpireAsync(client);
            var running = peer.RunAsync(message => Receive(client, message), Faults);
            await running;
            await expiry;
        }
        finally
        {
            lock (Gate) _clients.Remove(client);
        }
    }

    private void Receive(StreamClient client, ReadOnlyMemory<byte> message)
    {
        lock (Gate) client.Received(message);
    }

    private async Task ExpireAsync(StreamClient client)
    {
        try
        {
            await Task.Delay(_options.AuthenticationTimeout, _timeProvider, client.Peer.Ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (Gate)
        {
            if (!client.IsAuthenticated) client.AuthenticationTimedOut();
        }
    }
}
