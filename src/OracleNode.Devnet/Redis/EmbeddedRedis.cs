using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace OracleNode.Redis;

/// <summary>
/// A Redis server inside this process (Garnet) on a loopback port, in memory only. Hashes, sorted sets, TTLs, SET with NX and PX and
/// pub/sub work; streams and Lua do not.
/// </summary>
internal sealed class EmbeddedRedis : IDisposable
{
    /// <summary>Free ports are found by trying; another process may be quicker this often.</summary>
    private const int PortAttempts = 10;

    private readonly GarnetServer _server;
    private bool _disposed;

    private EmbeddedRedis(GarnetServer server, string directory, int port)
    {
        _server = server;
        DataDirectory = directory;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Where it may write; gone when it is disposed.</summary>
    public string DataDirectory { get; }

    /// <summary>Host and port as a client's configuration takes them.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Starts a server.</summary>
    /// <param name="port">The port to listen on, or 0 for a free one.</param>
    /// <exception cref="IOException">The port is taken, or no free one was got.</exception>
    public static EmbeddedRedis Start(int port = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var candidate = port != 0 ? port : FreePort();
            var directory = Directory.CreateTempSubdirectory("oraclenode-redis-").FullName;
            GarnetServer? server = null;
            try
            {
                server = new GarnetServer(Options(candidate, directory));
                server.Start();
                return new EmbeddedRedis(server, directory, candidate);
            }
            catch (Exception failure)
            {
                server?.Dispose();
                Directory.Delete(directory, recursive: true);
                if (port == 0 && attempt < PortAttempts) continue;
                throw new IOException($"Redis could not listen on 127.0.0.1:{candidate}; name a free port, or 0 for any. {failure.Message}", failure);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _server.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private static GarnetServerOptions Options(int port, string directory) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        QuietMode = true,
        CheckpointDir = directory,
        LogMemorySize = "32m",
        PageSize = "1m",
        IndexMemorySize = "4m",
        PubSubPageSize = "64k",
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
