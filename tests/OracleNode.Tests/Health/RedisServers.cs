using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OracleNode.Redis;

namespace OracleNode.Health;

/// <summary>A Redis of either kind on a free loopback port, ended with the test.</summary>
internal interface IRedisServer : IDisposable
{
    string Configuration { get; }
}

internal static class RedisServers
{
    public const string Garnet = "Garnet";
    public const string Debian = "redis-server";

    /// <summary>Starts one; skips the test where there is none of the kind.</summary>
    public static IRedisServer Start(string kind) => kind == Garnet ? new GarnetServer() : RedisProcess.Start();

    private sealed class GarnetServer : IRedisServer
    {
        private readonly EmbeddedRedis _server = EmbeddedRedis.Start();

        public string Configuration => _server.Configuration;

        public void Dispose() => _server.Dispose();
    }
}

/// <summary>A real <c>redis-server</c> process, which can be frozen and ended as an operator's would be.</summary>
internal sealed class RedisProcess : IRedisServer
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-redis-").FullName;
    private readonly int _port;
    private Process _process = null!;

    private RedisProcess(int port) => _port = port;

    public string Configuration => $"127.0.0.1:{_port}";

    public static RedisProcess Start()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "redis-server"))))
        {
            Assert.Skip("redis-server is not installed (Debian: apt-get install redis-server); the same is tested against Garnet.");
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new RedisProcess(port);
        server.Run();
        return server;
    }

    public void Run()
    {
        var arguments = new[] { "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder };
        _process = new Process { StartInfo = new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        using var ready = new ManualResetEventSlim();
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) == true) ready.Set();
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (ready.Wait(TimeSpan.FromSeconds(20))) return;
        End();
        throw new InvalidOperationException("redis-server did not get ready.");
    }

    /// <summary>Stops answering without closing anything, as a host that hangs does.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public void End()
    {
        if (_process.HasExited) return;
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        End();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
