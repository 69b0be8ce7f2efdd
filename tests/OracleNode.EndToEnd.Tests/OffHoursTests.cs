using System.Numerics;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Readers;
using StackExchange.Redis;

namespace OracleNode;

/// <summary>Closed and alive differs from dead: on every chain, and in what a monitor reads.</summary>
public sealed class OffHoursTests(ClosingSystem system) : IClassFixture<ClosingSystem>
{
    private const int Attestations = 3;

    [Fact]
    public async Task Market_ThatCloses_IsAttestedWithoutRoundsUntilTheNodeDies()
    {
        await system.UntilAsync("every feed is worth ok", () => system.Snapshot.Feeds.All(f => f.Verdict.Verdict == FeedVerdict.Ok));
        var feeds = system.Feeds.ToList();
        foreach (var (name, _) in feeds) await system.UntilOnEveryChainAsync("the market closes", name, r => r.State == (int)FeedState.Closed);

        var closed = await HeldAsync(feeds);
        var rounds = await RoundsAsync(feeds);
        var seen = closed.ToDictionary(h => h.Key, h => new HashSet<ulong> { h.Value.Sequence });
        await system.WhileAsync($"every feed is attested {Attestations} more times on every chain", () => seen.Values.All(s => s.Count > Attestations), async () =>
        {
            foreach (var (at, now) in await HeldAsync(feeds))
            {
                // Another attestation and nothing else: session, reason, next change and max age stand as they are.
                Assert.Equal(closed[at] with { Sequence = now.Sequence }, now);
                seen[at].Add(now.Sequence);
            }
        });
        Assert.Equal(rounds, await RoundsAsync(feeds));
        Assert.All(closed.Values, r => Assert.Equal((int)MarketSession.Closed, r.Session));
        Assert.All(closed.Values, r => Assert.True(r.ClosedReason != 0 && r.NextChangeAtSeconds > r.AttestedAtMillis / 1000 && r.MaxAgeSeconds == 90, $"{r}"));

        await using var monitor = await ConnectionMultiplexer.ConnectAsync(system.Devnet.Redis.Configuration);
        var redis = monitor.GetDatabase();
        var verdicts = feeds.Select(f => (RedisKey)$"oracle:{{devnet-1}}:feed:{f.Name}:verdict").ToArray();
        await system.UntilAsync("every feed is closed-ok in Redis", async () => (await redis.StringGetAsync(verdicts)).All(v => v == (int)FeedVerdict.ClosedOk));
        Assert.Equal("closed-ok", await redis.HashGetAsync("oracle:{devnet-1}:feed:TSLAx", "solana.verdict"));

        await system.StopNodeAsync();
        await system.UntilAsync("the verdicts expire with the node", async () => !(await Task.WhenAll(verdicts.Select(k => redis.KeyExistsAsync(k)))).Any(there => there));
        var last = await HeldAsync(feeds);
        await system.UntilAsync("every attestation is past its max age", () => last.Values.All(r => system.Devnet.Clock.Now.ToUnixTimeMilliseconds() - r.AttestedAtMillis > r.MaxAgeSeconds * 1000L));
        Assert.Equal(last, await HeldAsync(feeds));
        Assert.Equal(rounds, await RoundsAsync(feeds));
    }

    private async Task<Dictionary<(string Chain, string Feed), PublishedRecord>> HeldAsync(List<(string Name, FeedId Id)> feeds)
    {
        var held = new Dictionary<(string, string), PublishedRecord>();
        foreach (var reader in system.Readers)
        {
            foreach (var (name, id) in feeds) held.Add((reader.Name, name), (await reader.ReadAsync(id))!);
        }

        return held;
    }

    /// <summary>What a lending protocol sees of them: round, answer and the time of the answer.</summary>
    private async Task<Dictionary<(string Chain, string Feed), (BigInteger Round, BigInteger Answer, long UpdatedAt)>> RoundsAsync(List<(string Name, FeedId Id)> feeds)
    {
        var rounds = new Dictionary<(string, string), (BigInteger, BigInteger, long)>();
        foreach (var chain in system.EvmReaders)
        {
            foreach (var (name, id) in feeds)
            {
                var round = await chain.ReadAggregatorAsync(id, "latest");
                rounds.Add((chain.Name, name), (round.RoundId, round.Answer, round.UpdatedAt));
            }
        }

        return rounds;
    }
}
