using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Pipeline;

namespace OracleNode.Chains;

public class AnvilChainTests
{
    [Fact]
    public async Task Blocks_MarketClockOfAPastDay_CarryItsTime()
    {
        var clock = new SetClock { Now = Instant.FromUtc(2013, 10, 8, 13, 20) };
        await using var chain = await StartAsync(8453, clock);
        Assert.Equal(8453UL, await chain.Rpc.GetChainIdAsync(default));
        await UntilAsync(chain, b => b.Number >= 3 && b.TimestampUnixSeconds == (ulong)clock.Now.ToUnixTimeSeconds());

        clock.Now += NodaTime.Duration.FromHours(2);
        await UntilAsync(chain, b => b.TimestampUnixSeconds == (ulong)clock.Now.ToUnixTimeSeconds());

        // A clock that steps back must not stop the chain.
        var latest = clock.Now;
        clock.Now -= NodaTime.Duration.FromMinutes(5);
        var number = (await chain.Rpc.GetLatestBlockAsync(default)).Number;
        await UntilAsync(chain, b => b.Number >= number + 2 && b.TimestampUnixSeconds == (ulong)latest.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Pause_WhileHeld_NoBlocks()
    {
        await using var chain = await StartAsync(8453, new SetClock { Now = Instant.FromUtc(2026, 1, 5, 14, 30) });
        ulong held;
        using (await chain.PauseAsync(default))
        {
            held = (await chain.Rpc.GetLatestBlockAsync(default)).Number;
            await Task.Delay(3 * AnvilChain.BlockInterval);
            Assert.Equal(held, (await chain.Rpc.GetLatestBlockAsync(default)).Number);
        }

        await UntilAsync(chain, b => b.Number > held);
    }

    [Fact]
    public async Task Dispose_RunningChain_ItsProcessIsGoneAndNoOther()
    {
        await using var other = await StartAsync(990_001, new SetClock());
        var chain = await StartAsync(990_002, new SetClock());
        using var process = Process.GetProcessById(ProcessOf(990_002));

        await chain.DisposeAsync();

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(990_001UL, await other.Rpc.GetChainIdAsync(default));
    }

    [Fact]
    public async Task Failure_ProcessDies_Faults()
    {
        await using var chain = await StartAsync(990_003, new SetClock());
        Assert.False(chain.Failure.IsCompleted);
        using var process = Process.GetProcessById(ProcessOf(990_003));
        process.Kill();
        var error = await Assert.ThrowsAsync<ChainException>(() => chain.Failure.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("makes no blocks any more", error.Message, StringComparison.Ordinal);
    }

    private static async Task<AnvilChain> StartAsync(ulong chainId, IMarketClock clock) =>
        await AnvilChain.StartAsync(await NodeToolchain.PrepareAsync(null, default), "test", chainId, clock, NullLogger.Instance, default);

    private static async Task UntilAsync(AnvilChain chain, Func<EvmBlock, bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition(await chain.Rpc.GetLatestBlockAsync(default)))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "No such block in time.");
            await Task.Delay(20);
        }
    }

    /// <summary>The anvil of ours with a chain id of its own.</summary>
    private static int ProcessOf(ulong chainId)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                var arguments = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cmdline"))).Split('\0');
                if (Path.GetFileName(arguments[0]) == "anvil" && arguments.Contains(chainId.ToString(CultureInfo.InvariantCulture))) return id;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone, or not ours.
            }
        }

        throw new InvalidOperationException($"No anvil with chain id {chainId}.");
    }

    private sealed class SetClock : IMarketClock
    {
        public Instant Now { get; set; } = Instant.FromUtc(2026, 1, 5, 14, 30);
    }
}
