using StackExchange.Redis;

namespace OracleNode.Redis;

public class EmbeddedRedisTests
{
    [Fact]
    public async Task EmbeddedRedis_Commands_OfTheNodeWork()
    {
        using var server = EmbeddedRedis.Start();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var redis = client.GetDatabase();

        Assert.True(await redis.StringSetAsync("beat", "1", TimeSpan.FromSeconds(30)));
        Assert.Equal("1", await redis.StringGetAsync("beat"));
        var timeToLive = await redis.KeyTimeToLiveAsync("beat");
        Assert.InRange(timeToLive!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.False(await redis.StringSetAsync("beat", "2", TimeSpan.FromSeconds(30), When.NotExists));

        await redis.HashSetAsync("feed", [new HashEntry("price", "412.35"), new HashEntry("state", "Live")]);
        Assert.True(await redis.KeyExpireAsync("feed", TimeSpan.FromSeconds(60)));
        Assert.Equal("412.35", await redis.HashGetAsync("feed", "price"));
        Assert.NotNull(await redis.KeyTimeToLiveAsync("feed"));

        Assert.True(await redis.SortedSetAddAsync("nodes", "node-1", 1_781_098_200));
        Assert.Equal(1_781_098_200, await redis.SortedSetScoreAsync("nodes", "node-1"));
    }

    [Fact]
    public async Task EmbeddedRedis_ExpiredKey_IsGone()
    {
        using var server = EmbeddedRedis.Start();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var redis = client.GetDatabase();

        await redis.StringSetAsync("short", "1", TimeSpan.FromMilliseconds(50));

        for (var i = 0; i < 200 && await redis.KeyExistsAsync("short"); i++) await Task.Delay(10);
        Assert.False(await redis.KeyExistsAsync("short"));
    }

    [Fact]
    public async Task EmbeddedRedis_StoppedAndStartedOnItsPort_AnswersEmpty()
    {
        var first = EmbeddedRedis.Start();
        var port = first.Port;
        await using (var client = await ConnectionMultiplexer.ConnectAsync(first.Configuration))
            await client.GetDatabase().StringSetAsync("key", "value");
        first.Dispose();

        using var second = EmbeddedRedis.Start(port);
        await using var again = await ConnectionMultiplexer.ConnectAsync(second.Configuration);
        Assert.Equal(port, second.Port);
        Assert.False(await again.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public void EmbeddedRedis_PortTaken_SaysSo()
    {
        using var server = EmbeddedRedis.Start();
        var failure = Assert.Throws<IOException>(() => EmbeddedRedis.Start(server.Port));
        Assert.Contains(server.Port.ToString(), failure.Message);
    }

    [Fact]
    public void EmbeddedRedis_Disposed_LeavesNoDirectory()
    {
        var server = EmbeddedRedis.Start();
        Assert.True(Directory.Exists(server.DataDirectory));
        server.Dispose();
        Assert.False(Directory.Exists(server.DataDirectory));
    }
}
