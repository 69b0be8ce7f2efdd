using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OracleNode.Chains.Solana;
using OracleNode.Pipeline;

namespace OracleNode.Chains;

/// <summary>
/// A local Solana cluster whose time is market time: LiteSVM behind JSON-RPC on an ephemeral loopback port. It ends with its
/// owner: its standard input is a pipe from us, and it ends when that closes, which the kernel does for a dead parent.
/// </summary>
internal sealed partial class LiteSvmChain : IAsyncDisposable
{
    /// <summary>Time between two settings of the cluster's clock.</summary>
    public static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(150);

    private const int LinesKept = 40;
    private const int FailuresInARow = 20;

    // A terminal's interrupt goes to every process of its group. The server gets a session of its own, so that it is we who
    // end it, in our order. Both words are replaced by it: it keeps the process id and the pipe.
    private const string InItsOwnSession = """if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; else exec "$@"; fi""";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines;
    private readonly IMarketClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _ticker = Task.CompletedTask;
    private int _disposed;

    private LiteSvmChain(string name, Ready ready, Process process, ConcurrentQueue<string> lines, IMarketClock clock, ILogger logger)
    {
        Name = name;
        RpcUrl = ready.Url;
        GenesisHash = ready.GenesisHash;
        _process = process;
        _lines = lines;
        _clock = clock;
        _logger = logger;
        Rpc = new SolanaRpcClient(ready.Url, RequestTimeout, SolanaCommitment.Confirmed, TimeProvider.System);
    }

    /// <summary>Name for people.</summary>
    public string Name { get; }

    /// <summary>Where it answers.</summary>
    public Uri RpcUrl { get; }

    /// <summary>The cluster's genesis hash.</summary>
    public SolanaAddress GenesisHash { get; }

    /// <summary>A client of it.</summary>
    public SolanaRpcClient Rpc { get; }

    /// <summary>Process id of the server.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Never completes while the chain runs; faults with a <see cref="ChainException"/> when it ends on its own.</summary>
    public Task Failure => _failed.Task;

    /// <summary>Starts a cluster; its clock follows the market clock from then on.</summary>
    /// <param name="tools">Node and its packages.</param>
    /// <param name="name">For people, e.g. <c>solana</c>.</param>
    /// <param name="clock">The cluster's time.</param>
    /// <param name="logger">Log.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="genesisHash">Genesis hash to claim; null for the local cluster's own.</param>
    /// <exception cref="ChainException">It did not start.</exception>
    public static async Task<LiteSvmChain> StartAsync(
        NodeToolchain tools, string name, IMarketClock clock, ILogger logger, CancellationToken cancellationToken, SolanaAddress? genesisHash = null)
    {
        var lines = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<Ready>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = StartProcess(tools, name, genesisHash, line =>
        {
            lines.Enqueue(line);
            while (lines.Count > LinesKept) lines.TryDequeue(out _);
            if (Ready.TryRead(line) is { } found) ready.TrySetResult(found);
        });
        LiteSvmChain? chain = null;
        try
        {
            using var timeout = new CancellationTokenSource(StartTimeout);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var exited = process.WaitForExitAsync(either.Token);
            var first = await Task.WhenAny(ready.Task, exited);
            cancellationToken.ThrowIfCancellationRequested();
            if (first != ready.Task)
            {
                var how = process.HasExited ? $"ended with code {process.ExitCode} instead of listening" : $"did not begin to listen within {StartTimeout}";
                throw new ChainException($"LiteSVM ({name}) {how}:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
            }

            chain = new LiteSvmChain(name, await ready.Task, process, lines, clock, logger);
            await chain.SetClockAsync(cancellationToken);
            chain._ticker = chain.RunAsync();
            return chain;
        }
        catch (Exception e)
        {
            chain?.Rpc.Dispose();
            await EndAsync(process);
            throw e is SolanaRpcException ? new ChainException($"LiteSVM ({name}): {e.Message}", e) : e;
        }
    }

    /// <summary>Gives an account lamports.</summary>
    public Task AirdropAsync(SolanaAddress account, ulong lamports, CancellationToken cancellationToken) =>
        Rpc.CallAsync(
            "requestAirdrop",
            json =>
            {
                json.WriteStringValue(account.ToString());
                json.WriteNumberValue(lamports);
            },
            _ => true,
            cancellationToken);

    /// <summary>Places an account as it is, rent-exempt.</summary>
    public Task SetAccountAsync(SolanaAddress address, SolanaAddress owner, byte[] data, CancellationToken cancellationToken) =>
        Rpc.CallAsync(
            "devnet_setAccount",
            json =>
            {
                json.WriteStartObject();
                json.WriteString("pubkey", address.ToString());
                json.WriteString("owner", owner.ToString());
                json.WriteBase64String("data", data);
                json.WriteEndObject();
            },
            _ => true,
            cancellationToken);

    /// <summary>Deploys a program.</summary>
    /// <param name="programId">Where.</param>
    /// <param name="program">The shared object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AddProgramAsync(SolanaAddress programId, byte[] program, CancellationToken cancellationToken) =>
        Rpc.CallAsync(
            "devnet_addProgram",
            json =>
            {
                json.WriteStartObject();
                json.WriteString("programId", programId.ToString());
                json.WriteBase64String("program", program);
                json.WriteEndObject();
            },
            _ => true,
            cancellationToken);

    /// <summary>Ends the cluster and waits until its process is gone. Once is enough.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        await _ticker;
        Rpc.Dispose();
        await EndAsync(_process);
        _stop.Dispose();
    }

    private static Process StartProcess(NodeToolchain tools, string name, SolanaAddress? genesisHash, Action<string> onLine)
    {
        string[] genesis = genesisHash is { } hash ? ["--genesis", hash.ToString()] : [];
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = tools.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments = ["-c", InItsOwnSession, $"litesvm-{name}", "node", Path.Combine(tools.Folder, "solana", "rpc", "server.mjs"), .. genesis];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            var process = new Process { StartInfo = start };
            process.OutputDataReceived += (_, e) => Take(e.Data);
            process.ErrorDataReceived += (_, e) => Take(e.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ChainException($"LiteSVM ({name}) cannot be started through /bin/sh: {e.Message}", e);
        }

        void Take(string? line)
        {
            if (line is not null) onLine(line);
        }
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe is broken because the server has ended: the goal is reached.
        }

        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        using var timer = new PeriodicTimer(ClockInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await SetClockAsync(_stop.Token);
                    failures = 0;
                }
                catch (SolanaRpcException e)
                {
                    if (!_process.HasExited && ++failures < FailuresInARow) continue;
                    LogChainFailed(Name, e.Message);
                    _failed.TrySetException(new ChainException($"LiteSVM ({Name}) does not answer any more: {e.Message}{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}", e));
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task SetClockAsync(CancellationToken cancellationToken)
    {
        // Milliseconds written as seconds: the server takes a number, and a double holds these exactly enough.
        var millis = _clock.Now.ToUnixTimeMilliseconds();
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{millis / 1000}.{millis % 1000:000}");
        await Rpc.CallAsync(
            "devnet_setClock",
            json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("unixSeconds");
                json.WriteRawValue(seconds);
                json.WriteEndObject();
            },
            _ => true,
            cancellationToken);
    }

    [LoggerMessage(EventId = 6150, EventName = "LiteSvmFailed", Level = LogLevel.Error, Message = "LiteSVM ({Chain}) does not answer any more: {Reason}. Start Devnet again")]
    private partial void LogChainFailed(string chain, string reason);

    /// <summary>The one line with which the server says that it listens.</summary>
    private sealed record Ready(Uri Url, SolanaAddress GenesisHash)
    {
        public static Ready? TryRead(string line)
        {
            if (!line.StartsWith("{\"port\":", StringComparison.Ordinal)) return null;
            try
            {
                using var document = JsonDocument.Parse(line);
                var root = new RpcValue(document.RootElement, "server");
                return new Ready(new Uri(root["url"].Text()), root["genesisHash"].Address());
            }
            catch (Exception e) when (e is JsonException or SolanaRpcException or UriFormatException)
            {
                // Not the line we wait for; if none comes, the start fails and shows what was written.
                return null;
            }
        }
    }
}
