using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using OracleNode.Fixtures;

namespace OracleNode;

/// <summary>Devnet as a newcomer runs it: a process of its own.</summary>
public sealed partial class DevnetRunTests
{
    private static readonly (string Name, string Unit)[] Feeds =
    [
        ("TSLA", "USD per share"), ("AAPL", "USD per share"), ("SPY", "USD per share"),
        ("TSLAx", "USD per raw token"), ("SPYx", "USD per raw token"), ("TSLAx-arbitrum", "USD per raw token"), ("AAPL-rh", "USD per raw token"),
        ("wTSLAx", "USD per wrapper share"), ("TSLAx-reserve", "ratio to supply"), ("USDC", "USD per USDC"), ("USDT", "USD per USDT"),
        ("TSLAx-premium", "ratio to its price"), ("TSLAx-USDC", "USDC per raw token"), ("TSLA-24x7", "USD per share, indicated"),
    ];

    [Fact]
    public async Task Run_ForAWhile_ReportsEveryFeedOnEveryChainAndEndsWell()
    {
        var folder = Directory.CreateTempSubdirectory("oraclenode-report-");
        var path = Path.Combine(folder.FullName, "report.json");
        try
        {
            await using var run = new DevnetProcess("--for", "30s", "--report", path);
            Assert.True(await run.EndAsync() == 0, run.Output);

            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path, LocalSystem.Cancelled));
            RequireReport(json.RootElement);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_Interrupted_StopsEverythingItStarted()
    {
        await using var run = new DevnetProcess();
        await run.UntilSaidAsync("starting the node");
        await run.UntilSaidAsync("sources:");
        var folder = ConfigurationFolder().Match(run.Output).Groups[1].Value;
        var ports = Ports().Matches(run.Output).Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Distinct().ToList();
        // Nine vendor servers and three chains.
        Assert.Equal(12, ports.Count);
        Assert.True(Directory.Exists(folder), run.Output);
        Assert.All(ports, port => Assert.True(Listens(port), $"nobody listens on {port}"));

        run.Interrupt();

        await run.EndAsync();
        Assert.All(ports, port => Assert.False(Listens(port), $"somebody still listens on {port}{Environment.NewLine}{run.Output}"));
        Assert.False(Directory.Exists(folder), run.Output);
    }

    private static void RequireReport(JsonElement report)
    {
        Assert.Equal(
            ["chains", "redis", "observations", "batchesSigned", "latencyMs", "gas", "computeUnits", "secondsToFirstLanded", "errors"],
            report.EnumerateObject().Select(p => p.Name));
        Assert.Empty(report.GetProperty("errors").EnumerateArray());
        Assert.Matches(@"^127\.0\.0\.1:\d+$", report.GetProperty("redis").GetString());
        Assert.True(report.GetProperty("observations").GetInt64() > 100);
        Assert.True(report.GetProperty("batchesSigned").GetInt64() >= 1);
        foreach (var latency in (string[])["receivedToSigned", "receivedToLanded"])
        {
            var measured = report.GetProperty("latencyMs").GetProperty(latency);
            Assert.True(measured.GetProperty("count").GetInt64() >= 1);
            Assert.InRange(measured.GetProperty("p50").GetDouble(), 0, measured.GetProperty("p99").GetDouble());
        }

        // Of a batch of any of them: below the plainest verifier, above a bare transaction.
        Assert.All((string[])["arbitrum", "base"], chain => Assert.InRange(report.GetProperty("gas").GetProperty(chain).GetInt64(), 50_000, 1_000_000));
        Assert.InRange(report.GetProperty("computeUnits").GetProperty("solana").GetInt64(), 500, 200_000);

        var chains = report.GetProperty("chains").EnumerateArray().ToList();
        Assert.Equal([("arbitrum", "evm"), ("base", "evm"), ("solana", "solana")], chains.Select(c => (Text(c, "name"), Text(c, "kind"))));
        Assert.Equal(["42161", "8453"], chains.Take(2).Select(c => Text(c, "chainId")));
        foreach (var chain in chains)
        {
            Assert.StartsWith("http://127.0.0.1:", Text(chain, "rpcUrl"), StringComparison.Ordinal);
            Assert.NotEmpty(Text(chain, "contract"));
            var feeds = chain.GetProperty("feeds").EnumerateArray().ToList();
            Assert.Equal(Feeds, feeds.Select(f => (Text(f, "feed"), Text(f, "unit"))));
            Assert.Equal(Feeds.Length, feeds.Select(f => Text(f, "address")).Distinct().Count());
            foreach (var feed in feeds)
            {
                Assert.Matches("^0x[0-9a-f]{64}$", Text(feed, "id"));
                Assert.True(decimal.Parse(Text(feed, "price"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) > 0);
                Assert.True(feed.GetProperty("sequence").GetUInt64() > 0);
                Assert.Matches(@"^2026-06-10T13:\d\d:\d\d\.\d{3}Z$", Text(feed, "observedAt"));
                Assert.True(feed.GetProperty("updates").GetInt64() >= 1);
                Assert.True(feed.GetProperty("wasLive").GetBoolean(), $"{chain.GetProperty("name")}: {feed} was never Live");
            }

            RequireRelations(feeds.ToDictionary(f => Text(f, "feed"), f => f));
        }
    }

    /// <summary>Each number is of its own unit: near its own kind and nothing else.</summary>
    private static void RequireRelations(Dictionary<string, JsonElement> feeds)
    {
        decimal Of(string feed, string field = "price") => decimal.Parse(Text(feeds[feed], field), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        Assert.All((string[])["USDC", "USDT"], c => Assert.InRange(Of(c), 0.998m, 1.002m));
        Assert.NotEqual(Of("USDC"), Of("USDT"));
        Assert.InRange(Of("TSLAx-reserve"), 1.0004m, 1.0006m);
        Assert.InRange(Of("TSLAx-premium"), 0.99m, 1.01m);
        // A wrapper's share is a raw token, whose multiplier is one here; a token in USDC has the share's price in USDC.
        Assert.Equal(Of("wTSLAx", "madeFrom"), Of("wTSLAx"));
        Assert.Equal(Of("TSLAx-USDC", "madeFrom"), Of("TSLAx-USDC"));
        Assert.InRange(Of("TSLAx-USDC") / Of("TSLAx"), 0.99m, 1.01m);
        // In session the indication says the official price, and since when.
        Assert.Equal(Of("TSLA-24x7", "madeFrom"), Of("TSLA-24x7"));
        Assert.StartsWith(Text(feeds["TSLA-24x7"], "observedAt")[..19], Text(feeds["TSLA-24x7"], "madeFromAt"), StringComparison.Ordinal);
        Assert.All(feeds.Where(f => f.Key != "TSLA-24x7"), f => Assert.Equal(JsonValueKind.Null, f.Value.GetProperty("madeFromAt").ValueKind));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"configuration of the node: (.+)/appsettings\.json")]
    private static partial Regex ConfigurationFolder();

    [GeneratedRegex(@"//127\.0\.0\.1:(\d+)")]
    private static partial Regex Ports();

    /// <summary>Devnet's own program, as it lies beside these tests.</summary>
    private sealed class DevnetProcess : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

        private readonly Process _process;
        private readonly Lock _gate = new();
        private readonly System.Text.StringBuilder _output = new();

        public DevnetProcess(params string[] arguments)
        {
            var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

            // Whatever starts the tests may have them ignore interrupts, as a shell does with what it puts into the background; that is inherited.
            var start = new ProcessStartInfo("/usr/bin/env")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            };
            foreach (var argument in (string[])["--default-signal=INT", dotnet, "exec", Path.Combine(AppContext.BaseDirectory, "OracleNode.Devnet.dll"), .. arguments]) start.ArgumentList.Add(argument);
            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, line) => Take(line.Data);
            _process.ErrorDataReceived += (_, line) => Take(line.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Output
        {
            get
            {
                lock (_gate) return _output.ToString();
            }
        }

        public async Task UntilSaidAsync(string words)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (!Output.Contains(words, StringComparison.Ordinal))
            {
                Assert.False(_process.HasExited, Output);
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, Output);
                await Task.Delay(50, LocalSystem.Cancelled);
            }
        }

        /// <summary>As Ctrl-C does.</summary>
        public void Interrupt()
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -INT {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }

        public async Task<int> EndAsync()
        {
            using var timeout = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private void Take(string? line)
        {
            if (line is null) return;
            lock (_gate) _output.AppendLine(line);
        }
    }
}
