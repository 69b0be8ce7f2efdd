using System.Globalization;
using OracleNode.Fixtures;
using OracleNode.Market;
using StackExchange.Redis;

namespace OracleNode;

/// <summary>What a monitor finds in Redis, by names written out here, on Garnet and on Debian's redis-server.</summary>
[Collection(Restarts.Name)]
public sealed class HealthKeysTests(RestartableSystem system)
{
    private const string Node = "devnet-1";

    private static readonly string[] ChainNames = ["arbitrum", "base", "solana"];
    private static readonly string[] FeedNames = ["TSLA", "AAPL", "SPY", "TSLAx", "SPYx", "TSLAx-arbitrum", "AAPL-rh"];

    /// <summary>Three periods of one second.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    private static readonly string[] HashFields =
    [
        "schema", "feed_id", "verdict", "verdict_reason", "price", "price_e8", "unit", "unit_words", "confidence_e8", "state", "session", "closed_reason", "halt_reason", "hold_reasons", "decision_reason",
        "observed_at_ms", "next_change_at_ms", "sources_used", "sources_rejected", "upstreams", "redundancy", "quarantined_sources", "calendar_version", "market_time_ms",
        .. ChainNames.SelectMany(c => new[] { $"{c}.seq", $"{c}.price", $"{c}.address", $"{c}.parity", $"{c}.parity_content", $"{c}.lag_ms", $"{c}.verdict", $"{c}.verdict_reason", $"{c}.paused", $"{c}.attested_at_ms", $"{c}.max_age_ms" }),
    ];

    private static string Base => $"oracle:{{{Node}}}";

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.Debian)]
    public async Task Keys_OfARunningNode_AreCompleteNumericAndGoWithIt(string engineName)
    {
        await using var engine = await RedisEngine.StartAsync(engineName);
        await StartNodeAsync(engine);
        await using var monitor = await engine.ConnectAsync();
        var redis = monitor.GetDatabase();
        var server = monitor.GetServer(engine.Configuration);
        string[] expected =
        [
            "oracle:nodes", $"{Base}:hb",
            .. system.Snapshot.CorporateActions.Select(p => $"{Base}:actions:{p.Name}"),
            .. FeedNames.SelectMany(f => new[] { $"{Base}:feed:{f}", $"{Base}:feed:{f}:parity", $"{Base}:feed:{f}:verdict" }),
            .. FeedNames.SelectMany(f => ChainNames.SelectMany(c => new[] { "verdict", "paused", "attested_ms", "age_ms", "seq", "state" }.Select(k => $"{Base}:feed:{f}:{c}:{k}"))),
        ];
        try
        {
            await system.SettledAsync();
            // A machine that is busy elsewhere for three seconds lets keys expire, and they come again.
            await system.UntilPassesAsync(async () =>
            {
                Assert.Equal(expected.Order(), server.Keys(pattern: "*").Select(k => k.ToString()).Order());
                var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
                Assert.InRange(await NumberAsync(redis, $"{Base}:hb"), now - 5_000, now + 5_000);
                var seen = Assert.Single(await redis.SortedSetRangeByRankWithScoresAsync("oracle:nodes"));
                Assert.Equal(Node, seen.Element);
                Assert.InRange(seen.Score, now - 5_000, now + 5_000);
                Assert.Null(await redis.KeyTimeToLiveAsync("oracle:nodes"));
                foreach (var key in expected.Where(k => k != "oracle:nodes"))
                {
                    // Between two beats a key may be just about to be written again, never without an end.
                    Assert.InRange(await redis.KeyTimeToLiveAsync(key) ?? default, TimeSpan.FromTicks(1), LongestLife);
                }
            });

            foreach (var feed in FeedNames) await system.UntilPassesAsync(() => RequireFeedAsync(redis, feed));
        }
        finally
        {
            await system.StopNodeAsync();
        }

        // A dead node is a missing key; the index remembers when it was last seen.
        await system.UntilAsync("the heartbeat and every feed key expire", () => !expected.Any(k => k != "oracle:nodes" && redis.KeyExists(k)));
        Assert.Equal(Node, Assert.Single(await redis.SortedSetRangeByRankAsync("oracle:nodes")));
    }

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.Debian)]
    public async Task Redis_StoppedMidRun_ChangesNothingInPublishingAndIsSeen(string engineName)
    {
        await using var engine = await RedisEngine.StartAsync(engineName);
        await StartNodeAsync(engine);
        try
        {
            await system.SettledAsync();
            await system.UntilAsync("the health keys are written", async () => await system.MetricAsync("oracle_redis_up") == 1);

            await engine.StopAsync();
            await system.UntilAsync("the loss is seen in the metrics", async () => await system.MetricAsync("oracle_redis_up") == 0 && await system.MetricAsync("oracle_redis_failures_total") > 0);
            var lost = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
            foreach (var feed in FeedNames) await system.UntilOnEveryChainAsync("goes on without Redis", feed, r => r.IsFresh && r.ObservedAtMillis > lost);
            Assert.Equal(0, system.Snapshot.Chains.Sum(c => c.Failed));
            var (status, ready, failing) = await system.ReadinessAsync();
            Assert.Equal((200, true), (status, ready));
            Assert.Empty(failing);
            Assert.Equal(0, await system.MetricAsync("oracle_redis_up"));

            await engine.StartAsync();
            await system.UntilAsync("the health keys are written again", async () => await system.MetricAsync("oracle_redis_up") == 1);
            await using var monitor = await engine.ConnectAsync();
            var redis = monitor.GetDatabase();
            // Of now, not of before the loss: nothing was kept to be written later.
            await system.UntilPassesAsync(async () =>
            {
                Assert.InRange(await NumberAsync(redis, $"{Base}:hb"), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 5_000, long.MaxValue);
                Assert.All(FeedNames, f => Assert.True(redis.KeyExists($"{Base}:feed:{f}:solana:seq"), f));
            });
        }
        finally
        {
            await system.StopNodeAsync();
        }
    }

    private async Task StartNodeAsync(RedisEngine engine)
    {
        system.Configure(node => node["Redis"] = new System.Text.Json.Nodes.JsonObject { ["Configuration"] = engine.Configuration });
        await system.StartNodeAsync();
    }

    private async Task RequireFeedAsync(IDatabase redis, string feed)
    {
        foreach (var reader in system.Readers)
        {
            // The keys are up to a second behind the chain: they say what it held at some moment.
            var held = new HashSet<(long, long)>();
            await system.UntilAsync($"the keys of {feed} say what {reader.Name} held", async () =>
            {
                var record = (await reader.ReadAsync(system.IdOf(feed)))!;
                held.Add(((long)record.Sequence, record.State));
                return held.Contains((await NumberAsync(redis, $"{Base}:feed:{feed}:{reader.Name}:seq"), await NumberAsync(redis, $"{Base}:feed:{feed}:{reader.Name}:state")));
            });
            // A minute of market time is twelve seconds here, and the heartbeat two.
            Assert.InRange(await NumberAsync(redis, $"{Base}:feed:{feed}:{reader.Name}:age_ms"), 0, 60_000);
        }

        var hash = (await redis.HashGetAllAsync($"{Base}:feed:{feed}")).ToDictionary(e => e.Name.ToString(), e => e.Value.ToString());
        Assert.Equal(HashFields.Order(), hash.Keys.Order());
        Assert.Equal("1", hash["schema"]);
        Assert.Equal(system.IdOf(feed).ToString(), hash["feed_id"]);
        Assert.Equal(long.Parse(hash["price_e8"], CultureInfo.InvariantCulture), decimal.Parse(hash["price"], CultureInfo.InvariantCulture) * Price.One);
        Assert.Contains(hash["state"], (string[])["Live", "Degraded"]);
        Assert.Equal("Regular", hash["session"]);
        Assert.Equal("None", hash["hold_reasons"]);
        Assert.Equal(1, await NumberAsync(redis, $"{Base}:feed:{feed}:parity"));
        Assert.All(ChainNames, c => Assert.Equal("Agrees", hash[$"{c}.parity"]));
        Assert.Equal("ok", hash["verdict"]);
        Assert.Equal(1, await NumberAsync(redis, $"{Base}:feed:{feed}:verdict"));
        Assert.InRange(long.Parse(hash["observed_at_ms"], CultureInfo.InvariantCulture), 1, long.Parse(hash["market_time_ms"], CultureInfo.InvariantCulture));
        foreach (var chain in system.EvmReaders) Assert.Equal(await chain.ProxyAsync(system.IdOf(feed)), hash[$"{chain.Name}.address"], ignoreCase: true);
    }

    /// <summary>A string that any exporter takes for a number.</summary>
    private static async Task<long> NumberAsync(IDatabase redis, string key)
    {
        Assert.Equal(RedisType.String, await redis.KeyTypeAsync(key));
        return long.Parse((await redis.StringGetAsync(key)).ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
