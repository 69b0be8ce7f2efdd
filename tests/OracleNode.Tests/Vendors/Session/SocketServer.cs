using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OracleNode.Vendors.Session;

/// <summary>A websocket server on a free port that plays a script for each connection, by its number from 1.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private SocketServer(WebApplication app) => _app = app;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The server's address with the scheme of a websocket.</summary>
    public string Url(string path) =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single().Replace("http:", "ws:", StringComparison.Ordinal) + path;

    public static async Task<SocketServer> StartAsync(Func<SocketPeer, int, Task> script, int refuseWith = 0, TimeSpan? pingInterval = null, TimeSpan? pingTimeout = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new SocketServer(app);
        app.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = pingInterval ?? TimeSpan.FromMinutes(2),
            KeepAliveTimeout = pingTimeout ?? Timeout.InfiniteTimeSpan,
        });
        app.Run(async context =>
        {
            var number = Interlocked.Increment(ref server._connections);
            if (refuseWith != 0 || !context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = refuseWith != 0 ? refuseWith : 400;
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var peer = new SocketPeer(socket, context.Abort, context.RequestAborted);
            try
            {
                await script(peer, number);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                // The node went away; the script has nothing left to say.
            }
        });
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class SocketPeer(WebSocket socket, Action abort, CancellationToken aborted) : IDisposable
{
    public Task SendAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, aborted);

    public Task SendPartAsync(string text, bool isLast) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, isLast, aborted);

    public async Task<string> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(length), aborted);
            length += result.Count;
            if (result.MessageType == WebSocketMessageType.Close) return "<close>";
            if (result.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    public Task CloseAsync(string reason) => socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, reason, aborted);

    /// <summary>Ends the connection without a close frame.</summary>
    public void Abort() => abort();

    /// <summary>Reads until the node goes away.</summary>
    public async Task StayAsync()
    {
        while (await ReceiveAsync() != "<close>")
        {
        }
    }

    public void Dispose() => socket.Dispose();
}
