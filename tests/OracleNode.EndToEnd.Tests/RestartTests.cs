using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Relayers;

namespace OracleNode;

/// <summary>A node that is started goes on from what the chains hold, and signs nothing before it has read them.</summary>
[Collection(Restarts.Name)]
public sealed class RestartTests(RestartableSystem system)
{
    private const string Marked = "TSLA";

    [Fact]
    public async Task Node_StartedAgain_GoesOnFromTheChains()
    {
        await system.StartNodeAsync();
        IReadOnlyList<(string Name, FeedId Id)> feeds;
        try
        {
            await system.SettledAsync();
            feeds = [.. system.Feeds];
        }
        finally
        {
            await system.StopNodeAsync();
        }

        var mark = await MarkAverageAsync(feeds.Single(f => f.Name == Marked).Id);
        var held = await HeldAsync(feeds);
        await system.StartNodeAsync();
        try
        {
            var updates = held.ToDictionary(h => h.Key, _ => 0);
            await system.WhileAsync("every feed was published twice more on every chain", () => updates.Values.All(n => n >= 2), async () =>
            {
                foreach (var ((chain, feed), now) in await HeldAsync(feeds))
                {
                    var before = held[(chain, feed)];
                    if (now == before) continue;
                    held[(chain, feed)] = now;
                    updates[(chain, feed)]++;
                    RequireContinues($"{chain}, {feed}", before, now);
                    if (feed == Marked) Assert.InRange(now.Ema, mark * 995 / 1000, mark * 1005 / 1000);
                }
            });
            Assert.True(system.Snapshot.Restored);
            await system.UntilAsync("the node's own account is as new as the chains", () => system.Snapshot.LastSequence >= held.Values.Max(r => r.Sequence));
        }
        finally
        {
            await system.StopNodeAsync();
        }
    }

    [Fact]
    public async Task Node_ThatReachesNoChain_SignsNothingAndIsNotReadyUntilItDoes()
    {
        foreach (var wire in system.Wires.Values) await wire.CutAsync();
        try
        {
            await system.StartNodeAsync();
            await system.UntilAsync("every vendor is heard", () => system.Snapshot.Sources.All(s => s.Received > 0 || !s.HasPrices));
            Assert.False(system.Snapshot.Restored);
            Assert.Equal(0, system.Snapshot.BatchesSigned);
            var (status, ready, failing) = await system.ReadinessAsync();
            Assert.Equal((503, false), (status, ready));
            Assert.Equal(["restored", "chains"], failing);
            // Nothing that a restart would mend.
            Assert.Equal(200, (await system.GetAsync("/livez")).Status);

            foreach (var wire in system.Wires.Values) wire.Mend();
            await system.SettledAsync();
            (status, ready, failing) = await system.ReadinessAsync();
            Assert.Equal((200, true), (status, ready));
            Assert.Empty(failing);
        }
        finally
        {
            foreach (var wire in system.Wires.Values) wire.Mend();
            await system.StopNodeAsync();
        }
    }

    [Fact]
    public async Task Node_Running_AnswersLivezReadyzAndMetrics()
    {
        await system.StartNodeAsync();
        try
        {
            await system.SettledAsync();
            Assert.Equal((200, "alive\n"), await system.GetAsync("/livez"));
            var (status, ready, failing) = await system.ReadinessAsync();
            Assert.Equal((200, true), (status, ready));
            Assert.Empty(failing);
            // What the chains hold may still be the node's before it.
            await system.UntilAsync("the node has signed a batch", async () => await system.MetricAsync("oracle_node_batches_signed_total") >= 1);
            Assert.InRange(await system.MetricAsync("oracle_node_pipeline_pass_age_seconds"), 0, 10);
            Assert.Equal(1, await system.MetricAsync("oracle_node_restored"));
            foreach (var chain in system.Readers)
            {
                Assert.Equal(1, await system.MetricAsync($"oracle_chain_connected{{chain=\"{chain.Name}\"}}"));
                foreach (var (feed, _) in system.Feeds)
                    await system.UntilAsync($"{feed} has landed on {chain.Name}", async () => await system.MetricAsync($"oracle_chain_feed_updates_total{{feed=\"{feed}\",chain=\"{chain.Name}\"}}") >= 1);
            }
        }
        finally
        {
            await system.StopNodeAsync();
        }
    }

    /// <summary>Nothing goes back, and the price goes on from where it was: by less than the jump limit, or not at all while it is not fresh.</summary>
    private static void RequireContinues(string what, PublishedRecord before, PublishedRecord now)
    {
        Assert.True(now.Sequence > before.Sequence, $"{what}: the sequence went back: {before} {now}");
        Assert.True(now.ObservedAtMillis >= before.ObservedAtMillis, $"{what}: observedAt went back: {before} {now}");
        if (now.IsFresh) Assert.InRange(now.Price, before.Price * 97 / 100, before.Price * 103 / 100);
        else Assert.Equal(before.Price, now.Price);
    }

    /// <summary>
    /// Gives a feed an average on every chain that no market of this day can have made, 3 % below its price, as another node of the
    /// deployment might have signed meanwhile.
    /// </summary>
    private async Task<long> MarkAverageAsync(FeedId feed)
    {
        var records = new List<PublishedRecord>();
        foreach (var reader in system.Readers) records.Add((await reader.ReadAsync(feed))!);
        var current = records.MaxBy(r => r.ObservedAtMillis)!;
        var average = current.Price / 100 * 97;
        var record = TestBatches.ToRecord(feed, current) with { Ema = Price.FromE8(average) };
        var batch = await TestBatches.SignAsync(system.Devnet, TestBatches.SequenceAt(system.Devnet.Clock.Now), [(feed, record)]);
        foreach (var relayer in await TestBatches.RelayersAsync(system.Devnet)) Assert.Equal(new Verdict(true, ""), await relayer.SendAsync(batch));
        return average;
    }

    private async Task<Dictionary<(string Chain, string Feed), PublishedRecord>> HeldAsync(IReadOnlyList<(string Name, FeedId Id)> feeds)
    {
        var held = new Dictionary<(string, string), PublishedRecord>();
        foreach (var reader in system.Readers)
        {
            foreach (var (name, id) in feeds) held.Add((reader.Name, name), (await reader.ReadAsync(id))!);
        }

        return held;
    }
}
