using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OracleNode.Chains;
using OracleNode.Redis;
using StackExchange.Redis;

namespace OracleNode.Fixtures;

/// <summary>A Redis on loopback that can be stopped, and started again on the same port, empty.</summary>
internal abstract class RedisEngine : IAsyncDisposable
{
    public const string Garnet = "garnet";
    public const string Debian = "redis-server";

    public abstract int Port { get; }

    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Starts an engine by its name; skips the test where the machine has none.</summary>
    public static async Task<RedisEngine> StartAsync(string name)
    {
        RedisEngine engine = name == Garnet ? new GarnetEngine() : new DebianEngine();
        try
        {
            await engine.StartAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public abstract Task StartAsync();

    public abstract Task StopAsync();

    /// <summary>A monitor's connection.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync($"{Configuration},connectTimeout=5000,syncTimeout=5000");

    public virtual async ValueTask DisposeAsync() => await StopAsync();

    private sealed class GarnetEngine : RedisEngine
    {
        private EmbeddedRedis? _redis;
        private int _port;

        public override int Port => _port;

        public override Task StartAsync()
        {
            _redis = EmbeddedRedis.Start(_port);
            _port = _redis.Port;
            return Task.CompletedTask;
        }

        public override Task StopAsync()
        {
            _redis?.Dispose();
            return Task.CompletedTask;
        }
    }

    private sealed class DebianEngine : RedisEngine
    {
        private const string Program = "redis-server";

        private readonly string _folder = Directory.CreateTempSubdirectory("oraclenode-redis-server-").FullName;
        private readonly int _port = FreePort();
        private ChildProcess? _process;

        public override int Port => _port;

        public override async Task StartAsync()
        {
            var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
            Assert.SkipWhen(program is null, $"{Program} is not on the PATH; install it (apt-get install redis-server) to run this.");
            _process = ChildProcess.Start(
                Program, program,
                ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder],
                _folder);
            var started = TimeProvider.System.GetTimestamp();
            while (true)
            {
                try
                {
                    using var socket = new TcpClient();
                    await socket.ConnectAsync(IPAddress.Loopback, _port, LocalSystem.Cancelled);
                    return;
                }
                catch (SocketException) when (!_process.Exited.IsCompleted && TimeProvider.System.GetElapsedTime(started) < LocalSystem.Patience)
                {
                    await Task.Delay(20, LocalSystem.Cancelled);
                }
            }
        }

        public override async Task StopAsync()
        {
            if (_process is { } process) await process.DisposeAsync();
            _process = null;
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
