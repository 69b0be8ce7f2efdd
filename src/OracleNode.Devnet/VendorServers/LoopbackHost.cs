using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OracleNode.VendorServers;

/// <summary>
/// An HTTP server on loopback that takes a free port at its first start and the same port again at every later one. It reads no
/// configuration, environment or signal.
/// </summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    private readonly HttpProtocols _protocols;
    private readonly Action<IServiceCollection> _configureServices;
    private readonly Action<WebApplication> _map;
    private WebApplication? _running;

    public LoopbackHost(HttpProtocols protocols, Action<IServiceCollection> configureServices, Action<WebApplication> map)
    {
        _protocols = protocols;
        _configureServices = configureServices;
        _map = map;
    }

    /// <summary>The port; 0 before the first start.</summary>
    public int Port { get; private set; }

    public bool IsRunning => _running is not null;

    /// <summary>Listens. Does nothing when it already does.</summary>
    /// <exception cref="IOException">The port was taken by another process meanwhile.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null) return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = _protocols);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        _configureServices(builder.Services);
        var application = builder.Build();
        try
        {
            _map(application);
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        var address = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        Port = new Uri(address).Port;
        _running = application;
    }

    /// <summary>Stops listening and ends what is open. Does nothing when it is stopped.</summary>
    public async Task StopAsync()
    {
        if (_running is not { } application) return;
        _running = null;
        using var drained = new CancellationTokenSource(DrainTime);
        try
        {
            await application.StopAsync(drained.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // What did not end by itself in time is ended by disposing.
        }

        await application.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Lives as long as its owner says; the default one would answer Ctrl-C on its own.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
