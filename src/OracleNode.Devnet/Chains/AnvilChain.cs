using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using OracleNode.Chains.Evm;
using OracleNode.Pipeline;

namespace OracleNode.Chains;

/// <summary>
/// A local EVM chain whose time is market time: anvil on an ephemeral loopback port, with a block every 100 ms stamped by the
/// market clock. It ends with its owner.
/// </summary>
internal sealed partial class AnvilChain : IAsyncDisposable
{
    /// <summary>Time between two blocks.</summary>
    public static readonly TimeSpan BlockInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    // Of blocks ten a second, a few minutes of state for calls at a block's number, and what receipts need.
    private const int StatesKept = 1024;
    private const int BlocksKept = 4096;
    private const int FailuresInARow = 50;

    private readonly ChildProcess _process;
    private readonly HttpClient _http;
    private readonly IMarketClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _mining = new(1, 1);
    private Task _ticker = Task.CompletedTask;
    private long _lastStamp;

    private AnvilChain(string name, ulong chainId, Uri rpcUrl, ChildProcess process, IMarketClock clock, ILogger logger)
    {
        Name = name;
        ChainId = chainId;
        RpcUrl = rpcUrl;
        _process = process;
        _clock = clock;
        _logger = logger;
        _http = EvmRpcClient.CreateHttpClient();
        Rpc = new EvmRpcClient(rpcUrl, _http, TimeProvider.System, RequestTimeout);
    }

    /// <summary>Name for people.</summary>
    public string Name { get; }

    /// <summary>EIP-155 chain id.</summary>
    public ulong ChainId { get; }

    /// <summary>Where it answers.</summary>
    public Uri RpcUrl { get; }

    /// <summary>A client of it.</summary>
    public EvmRpcClient Rpc { get; }

    /// <summary>Never completes while the chain runs; faults with a <see cref="ChainException"/> when it ends on its own or stops making blocks.</summary>
    public Task Failure => _failed.Task;

    /// <summary>Starts a chain; it makes blocks from then on.</summary>
    /// <param name="name">For people, e.g. <c>arbitrum</c>.</param>
    /// <param name="chainId">E.g. 42161 for Arbitrum One, 8453 for Base.</param>
    /// <param name="clock">Stamps its blocks, from the first on.</param>
    /// <exception cref="ChainException">It did not start.</exception>
    public static async Task<AnvilChain> StartAsync(NodeToolchain tools, string name, ulong chainId, IMarketClock clock, ILogger logger, CancellationToken cancellationToken)
    {
        var genesis = clock.Now.ToUnixTimeSeconds();
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ChildProcess.Start(
            $"anvil ({name})",
            tools.Anvil,
            [
                "--host", "127.0.0.1", "--port", "0",
                "--chain-id", chainId.ToString(CultureInfo.InvariantCulture),
                "--timestamp", genesis.ToString(CultureInfo.InvariantCulture),
                "--no-mining",
                "--prune-history", StatesKept.ToString(CultureInfo.InvariantCulture),
                "--transaction-block-keeper", BlocksKept.ToString(CultureInfo.InvariantCulture),
            ],
            tools.Folder,
            line =>
            {
                if (ListeningLine().Match(line) is { Success: true } match) listening.TrySetResult(new Uri($"http://{match.Groups[1].Value}"));
            });
        try
        {
            using var timeout = new CancellationTokenSource(StartTimeout);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var first = await Task.WhenAny(listening.Task, process.Exited, Task.Delay(Timeout.Infinite, either.Token));
            cancellationToken.ThrowIfCancellationRequested();
            if (first != listening.Task)
            {
                throw new ChainException($"anvil ({name}) did not begin to listen{(first == process.Exited ? "" : $" within {StartTimeout}")}:{Environment.NewLine}{process.LastLines()}");
            }

            var chain = new AnvilChain(name, chainId, await listening.Task, process, clock, logger) { _lastStamp = genesis };
            chain._ticker = chain.RunAsync();
            return chain;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives an account a balance.</summary>
    public Task SetBalanceAsync(EvmAddress account, UInt128 wei, CancellationToken cancellationToken) =>
        Rpc.SendAsync(
            "anvil_setBalance",
            w =>
            {
                w.WriteStringValue(account.ToString());
                w.WriteStringValue("0x" + wei.ToString("x", CultureInfo.InvariantCulture));
            },
            _ => true,
            cancellationToken);

    /// <summary>Stops making blocks until what this returns is disposed: a chain whose sequencer stands still.</summary>
    public async Task<IDisposable> PauseAsync(CancellationToken cancellationToken)
    {
        await _mining.WaitAsync(cancellationToken);
        return new Pause(_mining);
    }

    /// <summary>Ends the chain and waits until its process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticker;
        await _process.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        _mining.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        using var timer = new PeriodicTimer(BlockInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await _mining.WaitAsync(_stop.Token);
                    try
                    {
                        await MineAsync(_stop.Token);
                    }
                    finally
                    {
                        _mining.Release();
                    }

                    failures = 0;
                }
                catch (EvmRpcException e)
                {
                    if (_process.Exited.IsCompleted || ++failures >= FailuresInARow)
                    {
                        LogChainFailed(Name, e.Message);
                        _failed.TrySetException(new ChainException($"anvil ({Name}) makes no blocks any more: {e.Message}{Environment.NewLine}{_process.LastLines()}", e));
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>Makes one block now. Equal stamps are allowed, lower ones are not.</summary>
    private async Task MineAsync(CancellationToken cancellationToken)
    {
        _lastStamp = Math.Max(_lastStamp, _clock.Now.ToUnixTimeSeconds());
        await Rpc.SendAsync("evm_setNextBlockTimestamp", w => w.WriteNumberValue(_lastStamp), _ => true, cancellationToken);
        await Rpc.SendAsync("evm_mine", null, _ => true, cancellationToken);
    }

    [GeneratedRegex(@"^Listening on (\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:\d{1,5})\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex ListeningLine();

    [LoggerMessage(EventId = 6100, EventName = "AnvilFailed", Level = LogLevel.Error, Message = "anvil ({Chain}) makes no blocks any more: {Reason}. Start Devnet again")]
    private partial void LogChainFailed(string chain, string reason);

    private sealed class Pause(SemaphoreSlim mining) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) mining.Release();
        }
    }
}
