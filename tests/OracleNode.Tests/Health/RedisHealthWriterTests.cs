using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace OracleNode.Health;

public sealed class RedisHealthWriterTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly NodeStatus _status = new();

    public RedisHealthWriterTests() => _status.Publish(Snapshots.Create());

    public void Dispose() => _stop.Dispose();

    [Theory]
    [InlineData(RedisServers.Garnet)]
    [InlineData(RedisServers.Debian)]
    public async Task RunningWriter_Period_BeatsAndLeavesItsNameInTheIndex(string kind)
    {
        using var server = RedisServers.Start(kind);
        await using var writer = await StartAsync(server.Configuration);
        await UntilAsync(() => writer.Beats.Writes >= 2);
        Assert.True(writer.Beats.IsUp);

        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var redis = client.GetDatabase();
        var beat = (long)await redis.StringGetAsync("oracle:{node-1}:hb");
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - beat, 0, 5_000);
        Assert.InRange((await redis.KeyTimeToLiveAsync("oracle:{node-1}:hb"))!.Value, TimeSpan.Zero, 3 * Period);
        Assert.True(await redis.SortedSetScoreAsync("oracle:nodes", "node-1") >= beat);
    }

    [Fact]
    public async Task OneBeat_Counted_IsOneTransactionAndOneIndexEntry()
    {
        using var server = RedisProcess.Start();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
        await using var writer = await StartAsync(server.Configuration, TimeSpan.FromSeconds(30));
        await UntilAsync(() => writer.Beats.Writes == 1);

        var stats = (await client.GetServers()[0].InfoAsync("commandstats"))[0].ToDictionary(p => p.Key, p => p.Value);
        foreach (var once in new[] { "multi", "exec", "zadd" }) Assert.Contains("calls=1,", stats[$"cmdstat_{once}"]);
    }

    [Fact]
    public async Task NothingToTell_Period_IsNoBeat()
    {
        using var server = RedisServers.Start(RedisServers.Garnet);
        var silent = new NodeStatus();
        await using var writer = await StartAsync(server.Configuration, status: silent);
        await Task.Delay(3 * Period, _stop.Token);
        Assert.Equal(0, writer.Beats.Writes);
        Assert.False(writer.Beats.IsUp);

        silent.Publish(Snapshots.Create());
        await UntilAsync(() => writer.Beats.Writes > 0);
    }

    [Fact]
    public async Task PipelineThatMakesNoPasses_Period_IsNoBeat()
    {
        using var server = RedisServers.Start(RedisServers.Garnet);
        var stuck = new NodeStatus();
        stuck.Publish(Snapshots.Create() with { PassedAt = TimeProvider.System.GetTimestamp() - (long)(11 * TimeProvider.System.TimestampFrequency) });
        await using var writer = await StartAsync(server.Configuration, status: stuck);
        await Task.Delay(3 * Period, _stop.Token);
        Assert.Equal(0, writer.Beats.Writes);

        stuck.Publish(Snapshots.Create());
        await UntilAsync(() => writer.Beats.Writes > 0);
    }

    [Fact]
    public async Task RedisThatIsDown_AndComesBack_GetsBeatsOfNowOnly()
    {
        using var server = RedisProcess.Start();
        await using var writer = await StartAsync(server.Configuration);
        await UntilAsync(() => writer.Beats.Writes > 0);
        server.End();
        await UntilAsync(() => writer.Beats.Failures >= 3);
        Assert.False(writer.Beats.IsUp);

        var back = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        server.Run();
        await UntilAsync(() => writer.Beats.IsUp);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
        Assert.True((long)await client.GetDatabase().StringGetAsync("oracle:{node-1}:hb") >= back);

        // As many beats as this server was told of by the writer, and none from before.
        var stats = (await client.GetServers()[0].InfoAsync("commandstats"))[0].ToDictionary(p => p.Key, p => p.Value);
        var executed = long.Parse(stats["cmdstat_exec"].Split(["calls=", ","], StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.InRange(executed, 1, 2 + (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - back) / (long)Period.TotalMilliseconds);
    }

    [Fact]
    public async Task RedisThatHangs_AndWakesUp_AppliesAtMostTheBeatThatWasUnderWay()
    {
        using var server = RedisProcess.Start();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
        await using var writer = await StartAsync(server.Configuration);
        await UntilAsync(() => writer.Beats.Writes > 0);
        server.Freeze();
        try
        {
            await UntilAsync(() => writer.Beats.Failures >= 3);
        }
        finally
        {
            server.Thaw();
        }

        var failed = writer.Beats.Failures;
        var written = writer.Beats.Writes;
        await UntilAsync(() => writer.Beats.Writes > written);
        var stats = (await client.GetServers()[0].InfoAsync("commandstats"))[0].ToDictionary(p => p.Key, p => p.Value);
        var executed = long.Parse(stats["cmdstat_exec"].Split(["calls=", ","], StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.InRange(executed - writer.Beats.Writes, -1, 1);
        Assert.True(failed >= 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writer_StoppedWhileRedisDoesNotAnswer_EndsWithinSeconds(bool hangs)
    {
        using var server = RedisProcess.Start();
        var writer = await StartAsync(server.Configuration);
        await UntilAsync(() => writer.Beats.Writes > 0);
        if (hangs) server.Freeze();
        else server.End();
        try
        {
            await UntilAsync(() => writer.Beats.Failures > 0);
            var stopping = Stopwatch.StartNew();
            await writer.DisposeAsync();
            Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(6), $"{stopping.Elapsed}");
        }
        finally
        {
            if (hangs) server.Thaw();
        }
    }

    [Fact]
    public async Task NoRedisAtAll_Started_DisturbsNothingAndIsCounted()
    {
        await using var writer = await StartAsync("127.0.0.1:1");
        await UntilAsync(() => writer.Beats.Failures >= 2);
        Assert.False(writer.Beats.IsUp);
    }

    [Fact]
    public async Task PasswordThatIsNotSet_Started_IsAFailureAndNoFault()
    {
        await using var writer = await StartAsync("127.0.0.1:1", passwordEnvironment: "ORACLE_TEST_NO_SUCH_VARIABLE");
        await UntilAsync(() => writer.Beats.Failures >= 2);
    }

    [Theory]
    [InlineData("redis:6379,password=secret")]
    [InlineData("redis://user:secret@redis:6379")]
    [InlineData("redis:6379,nonsense=secret")]
    [InlineData("redis:6379,connectTimeout=secret")]
    public void ConfigurationThatNobodyCanUse_Validated_IsSaidWithoutItsValue(string configuration)
    {
        var error = Assert.Single(new RedisOptions { Configuration = configuration }.Validate("Redis"));
        Assert.Contains("Redis:Configuration", error);
        Assert.DoesNotContain("secret", error);
    }

    private async Task<RunningWriter> StartAsync(string configuration, TimeSpan? period = null, NodeStatus? status = null, string passwordEnvironment = "")
    {
        var options = new RedisOptions { Configuration = configuration, Period = period ?? Period, PasswordEnvironment = passwordEnvironment };
        var writer = new RedisHealthWriter(options, "node-1", status ?? _status, TimeProvider.System, NullLogger<RedisHealthWriter>.Instance);
        await writer.StartAsync(_stop.Token);
        return new RunningWriter(writer);
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(20, _stop.Token);
    }

    private sealed class RunningWriter(RedisHealthWriter beats) : IAsyncDisposable
    {
        public RedisHealthWriter Beats => beats;

        public async ValueTask DisposeAsync()
        {
            await beats.StopAsync(CancellationToken.None);
            beats.Dispose();
        }
    }
}
