using System.Diagnostics;
using StackExchange.Redis;

namespace OracleNode.Health;

public class HealthKeysTests
{
    private const long Now = 1_781_098_200_123;

    private static readonly HealthKeys Keys = new("oracle", "node-1");

    [Theory]
    [InlineData(RedisServers.Garnet)]
    [InlineData(RedisServers.Debian)]
    public async Task Beat_Written_IsWhatMonitorsRead(string kind)
    {
        using var server = RedisServers.Start(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var redis = client.GetDatabase();
        await WriteAsync(redis, TimeSpan.FromSeconds(30));

        Assert.Equal("1781098200123", await redis.StringGetAsync("oracle:{node-1}:hb"));
        Assert.Equal("1250", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:arbitrum:age_ms"));
        Assert.Equal("28497571200003", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:arbitrum:seq"));
        Assert.Equal("1", await redis.StringGetAsync("oracle:{node-1}:feed:TSLAx:arbitrum:state"));

        Assert.Equal("6", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:verdict"));
        Assert.Equal("1", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:arbitrum:verdict"));
        Assert.Equal("6", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:solana:verdict"));
        Assert.Equal("0", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:arbitrum:attested_ms"));

        var hash = (await redis.HashGetAllAsync("oracle:{node-1}:feed:TSLA")).ToDictionary(e => (string)e.Name!, e => (string)e.Value!);
        Assert.Equal("1", hash["schema"]);
        Assert.Equal("400.12345678", hash["price"]);
        Assert.Equal("40012345678", hash["price_e8"]);
        Assert.Equal(("UnderlyingShare", "USD per share"), (hash["unit"], hash["unit_words"]));
        Assert.Equal("Live", hash["state"]);
        Assert.Equal("1781098199750", hash["observed_at_ms"]);
        Assert.Equal("1781098200000", hash["market_time_ms"]);
        Assert.Equal("28497571200003", hash["arbitrum.seq"]);
        Assert.Equal("400", hash["arbitrum.price"]);
        Assert.Equal("", hash["solana.price"]);
        Assert.Equal(("Differs", "NotAsSigned", "90000"), (hash["arbitrum.parity"], hash["arbitrum.parity_content"], hash["arbitrum.lag_ms"]));
        Assert.Equal(("Unknown", "NotRead", "0"), (hash["solana.parity"], hash["solana.parity_content"], hash["solana.lag_ms"]));
        Assert.Equal("3", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:parity"));
        Assert.Equal("dead", hash["verdict"]);
        Assert.Equal("NothingAttested", hash["verdict_reason"]);
        Assert.Equal("ok", hash["arbitrum.verdict"]);
        Assert.Equal("1781098200000", hash["arbitrum.attested_at_ms"]);
        Assert.Equal("300000", hash["arbitrum.max_age_ms"]);
        Assert.Equal(("1", "0"), (hash["arbitrum.paused"], hash["solana.paused"]));
        Assert.Equal("1", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:arbitrum:paused"));
        Assert.Equal("0", await redis.StringGetAsync("oracle:{node-1}:feed:TSLA:solana:paused"));
        Assert.Equal("dead", hash["solana.verdict"]);
        Assert.Equal("0", hash["solana.attested_at_ms"]);
        var actions = (await redis.HashGetAllAsync("oracle:{node-1}:actions:alpaca")).ToDictionary(e => (string)e.Name!, e => (string)e.Value!);
        Assert.Equal(("1", "90000", "7", "2", "503"), (actions["silent"], actions["answer_age_ms"], actions["rows"], actions["faults"], actions["problem"]));
    }

    [Fact]
    public async Task ChainThatHoldsNothing_Written_HasNoKeyButItsVerdict()
    {
        using var server = RedisServers.Start(RedisServers.Garnet);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        await WriteAsync(client.GetDatabase(), TimeSpan.FromSeconds(30));
        foreach (var field in new[] { "age_ms", "attested_ms", "seq", "state" })
        {
            Assert.False(await client.GetDatabase().KeyExistsAsync("oracle:{node-1}:feed:TSLA:solana:" + field), field);
        }
    }

    [Theory]
    [InlineData(RedisServers.Garnet)]
    [InlineData(RedisServers.Debian)]
    public async Task EveryKey_Written_ExpiresInTime(string kind)
    {
        using var server = RedisServers.Start(kind);
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var redis = client.GetDatabase();
        await WriteAsync(redis, TimeSpan.FromSeconds(30));
        string[] keys =
        [
            Keys.Heartbeat, Keys.Feed("TSLA"), Keys.Feed("TSLAx"), Keys.Feed("TSLA") + ":parity", Keys.Verdict("TSLA"),
            Keys.ChainFeed("TSLA", "solana", "verdict"), Keys.ChainFeed("TSLA", "arbitrum", "attested_ms"),
            Keys.ChainFeed("TSLA", "arbitrum", "age_ms"), Keys.ChainFeed("TSLA", "arbitrum", "paused"), Keys.ChainFeed("TSLA", "arbitrum", "seq"), Keys.ChainFeed("TSLA", "arbitrum", "state"),
        ];
        foreach (var key in keys) Assert.InRange((await redis.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));

        await WriteAsync(redis, TimeSpan.FromMilliseconds(1));
        var waited = Stopwatch.StartNew();
        foreach (var key in keys)
        {
            while (await redis.KeyExistsAsync(key)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(10), key);
        }
    }

    [Fact]
    public void EveryKeyOfANode_Named_SharesItsHashTag()
    {
        foreach (var key in new[] { Keys.Heartbeat, Keys.Feed("TSLA"), Keys.Verdict("TSLA"), Keys.ChainFeed("TSLA", "base", "seq") }) Assert.StartsWith("oracle:{node-1}:", key);
        Assert.Equal("oracle:nodes", Keys.Nodes);
    }

    private static async Task WriteAsync(IDatabase redis, TimeSpan timeToLive)
    {
        var transaction = redis.CreateTransaction();
        var pending = new List<Task>();
        Keys.Queue(transaction, Snapshots.Create(), Now, timeToLive, pending);
        Assert.True(await transaction.ExecuteAsync());
        await Task.WhenAll(pending);
    }
}
