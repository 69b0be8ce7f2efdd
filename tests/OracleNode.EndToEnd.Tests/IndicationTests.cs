using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;

namespace OracleNode;

/// <summary>A share's price around the clock, on every chain: the official one while its market is open, an indication with its anchor and age beside it while it is closed.</summary>
public sealed class IndicationTests(IndicatedSystem system) : IClassFixture<IndicatedSystem>
{
    private const string Share = "TSLA";
    private const string Indication = "TSLA-24x7";
    private const int Attestations = 3;
    private const int Bps = 10_000;

    // The fixtures' for every session.
    private const int ClosedDeviationBps = 10;

    [Fact]
    public async Task Share_WhoseMarketCloses_IsIndicatedBesideItsOfficialPrice()
    {
        // While it is open: the official price, as its own feed has it.
        await system.UntilAsync("every feed has a price of the moment", () => system.Snapshot.Feeds.All(f => f.State is FeedState.Live or FeedState.Degraded));
        Assert.NotEqual(system.IdOf(Share), system.IdOf(Indication));
        foreach (var chain in system.Readers)
        {
            var (official, open) = await system.UntilFoundAsync<Tuple<PublishedRecord, PublishedRecord>>($"{chain.Name} holds both of one sequence", async () =>
                await chain.ReadAsync(system.IdOf(Share)) is { IsFresh: true } s && await chain.ReadAsync(system.IdOf(Indication)) is { } i && s.Sequence == i.Sequence ? Tuple.Create(s, i) : null);
            Assert.Equal(
                (official.Price, official.Confidence, official.State, official.Session, official.ObservedAtMillis), (open.Price, open.Confidence, open.State, open.Session, open.ObservedAtMillis));
            Assert.Equal((official.Price, official.ObservedAtMillis / 1000), (open.Underlying, open.ActivationSeconds));
        }

        // It closes. What the official feed says stands from here on, with its own time.
        var closed = await system.UntilOnEveryChainAsync("closes", Share, r => r.State == (int)FeedState.Closed);
        var last = closed[0];
        Assert.All(closed, r => Assert.Equal((last.Price, last.ObservedAtMillis), (r.Price, r.ObservedAtMillis)));

        // The anchor is the node's last good price. What the chains hold of it may be some seconds older, within the deviation at which they would get it.
        var good = system.Snapshot.Feeds.Single(f => f.Name == Share);
        var anchor = new Anchor(good.Price.E8, good.ObservedAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(FeedState.Closed, good.State);
        Assert.InRange(anchor.Price, last.Price / Bps * (Bps - ClosedDeviationBps), (last.Price / Bps * (Bps + ClosedDeviationBps)) + Bps);
        Assert.True(anchor.ObservedAtMillis >= last.ObservedAtMillis, $"{anchor}, {last}");

        var first = await system.UntilOnEveryChainAsync("is indicated", Indication, r => r.State == (int)FeedState.Degraded && r.Session == (int)MarketSession.Closed);
        Assert.All(first, r => RequireIndication(r, anchor));
        var later = await system.UntilOnEveryChainAsync("moves with the tokens' markets", Indication, r => r.Price != last.Price && r.ObservedAtMillis > first.Max(f => f.ObservedAtMillis));
        Assert.All(later, r => RequireIndication(r, anchor));

        // Never mixed: whatever is indicated meanwhile, the official price and what is made from it stay what they were.
        var seen = system.Readers.ToDictionary(c => c.Name, _ => new HashSet<ulong>());
        await system.WhileAsync($"both are attested {Attestations} times on every chain", () => seen.Values.All(s => s.Count >= Attestations), async () =>
        {
            foreach (var chain in system.Readers)
            {
                var (official, indicated) = ((await chain.ReadAsync(system.IdOf(Share)))!, (await chain.ReadAsync(system.IdOf(Indication)))!);
                Assert.Equal(last with { Sequence = official.Sequence }, official);
                RequireIndication(indicated, anchor);
                if (official.Sequence > last.Sequence && indicated.Sequence > later.Max(l => l.Sequence)) seen[chain.Name].Add(official.Sequence);
            }
        });
        foreach (var token in (string[])["TSLAx", "TSLAx-USDC", "wTSLAx"])
            await system.UntilOnEveryChainAsync("is closed with the share", token, r => r.State == (int)FeedState.Closed && r.ObservedAtMillis <= anchor.ObservedAtMillis);

        // What needs no session goes on, and what is no price has no legacy getter.
        foreach (var currency in (string[])["USDC", "USDT"]) await system.UntilOnEveryChainAsync("is of the moment", currency, r => r.IsFresh && r.Session == (int)MarketSession.Regular && r.ObservedAtMillis > last.ObservedAtMillis);
        foreach (var chain in system.EvmReaders)
        {
            var round = await chain.ReadAggregatorAsync(system.IdOf(Share), "latest");
            Assert.Equal(last.Price, (long)round.Answer);
            await Assert.ThrowsAsync<JsonRpcException>(() => chain.ReadAggregatorAsync(system.IdOf(Indication), "latest"));
        }
    }

    /// <summary>Of this moment, wide, within the cap around the anchor, which is the official price with its own time.</summary>
    private static void RequireIndication(PublishedRecord record, Anchor anchor)
    {
        Assert.Equal(((int)FeedState.Degraded, (int)MarketSession.Closed), (record.State, record.Session));
        Assert.Equal((anchor.Price, anchor.ObservedAtMillis / 1000), (record.Underlying, record.ActivationSeconds));
        // A market whose last word is older than the last official price is waited for.
        Assert.True(record.ObservedAtMillis >= anchor.ObservedAtMillis, $"{record}");
        Assert.InRange(record.Price, anchor.Price / Bps * (Bps - 500), (anchor.Price / Bps * (Bps + 250)) + Bps);
        Assert.True(record.Confidence >= record.Price / 100, $"{record}");
        Assert.InRange(record.Upstreams, 2, 3);
    }

    /// <summary>The last official price.</summary>
    private readonly record struct Anchor(long Price, long ObservedAtMillis);
}
