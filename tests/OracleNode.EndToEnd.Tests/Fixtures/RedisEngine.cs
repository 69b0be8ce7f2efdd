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

        /// <summary>A free port is found by trying; another process may be quicker this often.</summary>
        private const int PortAttempts = 10;

        private readonly string _folder = Directory.CreateTempSubdirectory("oraclenode-redis-server-").FullName;
        private ChildProcess? _process;
        private int _port;

        public override int Port => _port;

        public override async Task StartAsync()
        {
            var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
            Assert.SkipWhen(program is null, $"{Program} is not on the PATH; install it (apt-get install redis-server) to run this.");

            // Started again, it has to be where it was: only a first start may look for another port.
            var isFirst = _port == 0;
            for (var attempt = 1; ; attempt++)
            {
                if (isFirst) _port = FreePort();
                _process = ChildProcess.Start(
                    Program, program,
                    ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder],
                    _folder);
                if (await AnswersAsync(_process)) return;
                await StopAsync();
                Assert.True(isFirst && attempt < PortAttempts, $"{Program} ended, or another program has port {_port}.");
            }
        }

        /// <summary>False when it has ended, or somebody else answers at its port.</summary>
        private async Task<bool> AnswersAsync(ChildProcess process)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (!process.Exited.IsCompleted)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < LocalSystem.Patience, $"{Program} does not answer on port {_port}.");
                try
                {
                    await using var connection = await ConnectionMultiplexer.ConnectAsync($"{Configuration},allowAdmin=true,connectTimeout=5000,syncTimeout=5000");
                    var folder = (await connection.GetServer(Configuration).ConfigGetAsync("dir")).SingleOrDefault().Value;
                    return folder == _folder;
                }
                catch (Exception e) when (e is RedisException or TimeoutException)
                {
                    await Task.Delay(20, LocalSystem.Cancelled);
                }
            }

            return false;
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
