using System.Numerics;
using OracleNode.Fixtures;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Readers;

namespace OracleNode;

/// <summary>Prices of a generated day, read back from three chains without the node.</summary>
[Collection(GeneratedDay.Name)]
public sealed class GeneratedDayTests(GeneratedSystem system)
{
    private static readonly string[] Shares = ["TSLA", "AAPL", "SPY"];
    private static readonly string[] Expected = [.. Shares, "TSLAx", "SPYx", "TSLAx-arbitrum", "AAPL-rh"];

    [Fact]
    public async Task EveryFeed_OnEveryEvmChain_AnswersAsAnAggregatorWithEightDecimals()
    {
        await system.SettledAsync();
        Assert.Equal(Expected, system.Feeds.Select(f => f.Name));

        foreach (var chain in system.EvmReaders)
        {
            foreach (var (name, id) in system.Feeds)
            {
                var (record, round, timestamp) = await StandingAsync(chain, id);
                Assert.Equal(8, round.Decimals);
                Assert.Equal(new BigInteger(record.Price), round.Answer);
                Assert.True(round.Answer > 0, $"{chain.Name}, {name}: {round}");
                Assert.Equal(new BigInteger(record.ObservedAtMillis), round.RoundId);
                Assert.Equal(round.RoundId, round.AnsweredInRound);
                // Never younger than the market's own word, nor than the block that is asked.
                Assert.Equal(long.Min(record.ObservedAtMillis / 1000, timestamp), round.UpdatedAt);
                Assert.Equal(round.UpdatedAt, round.StartedAt);
                // Each feed has its own address, and it is the one that the node reports.
                Assert.Equal(await chain.ProxyAsync(id), OnChain(chain.Name, name).Address, ignoreCase: true);
            }

            Assert.Equal(Expected.Length, (await Task.WhenAll(system.Feeds.Select(f => chain.ProxyAsync(f.Id)))).Distinct().Count());
        }
    }

    [Fact]
    public async Task EveryFeed_OfOneSequence_IsTheSignedRecordOnEveryChainAndInTheSnapshot()
    {
        await system.SettledAsync();
        foreach (var (name, id) in system.Feeds)
        {
            // The chains need updates at different times, so that not every sequence goes to all of them.
            var seen = new Dictionary<ulong, Sighting>();
            var sighting = await system.UntilFoundAsync($"one sequence of {name} is seen on every chain and in the node's own account of every chain", async () =>
            {
                foreach (var chain in system.Snapshot.Chains)
                {
                    var held = chain.Feeds.Single(f => f.Feed == name);
                    At(held.Sequence).Reported[chain.Name] = held;
                }

                foreach (var chain in system.Readers)
                {
                    if (await chain.ReadAsync(id) is { } record) At(record.Sequence).Read[chain.Name] = record;
                }

                return seen.Values.FirstOrDefault(s => s.Read.Count == 3 && s.Reported.Count == 3);
            });

            var record = sighting.Read.Values.First();
            Assert.All(sighting.Read.Values, r => Assert.Equal(record, r));
            Assert.Equal(await SignedAsync(id, record.Sequence), record);
            Assert.All(sighting.Reported.Values, reported =>
            {
                Assert.Equal(record.Price, reported.Price.E8);
                Assert.Equal(record.State, (int)reported.State);
                Assert.Equal(record.Session, (int)reported.Session);
                Assert.Equal(record.ObservedAtMillis, reported.ObservedAt!.Value.ToUnixTimeMilliseconds());
            });

            Sighting At(ulong sequence)
            {
                if (!seen.TryGetValue(sequence, out var at)) seen.Add(sequence, at = new Sighting([], []));
                return at;
            }

            Assert.True(record.ObservedAtMillis <= record.AttestedAtMillis);
            Assert.True(record.Bid <= record.Price && record.Price <= record.Ask);
            Assert.Equal((int)MarketSession.Regular, record.Session);

            // An hour's average lies where the price was since the opening gap, and the generated day moves a few percent at most.
            Assert.InRange(record.Ema, record.Price * 95 / 100, record.Price * 105 / 100);
            Assert.InRange(record.Confidence, 1, record.Price / 100);
        }
    }

    [Fact]
    public async Task EveryPrice_OfManyBatches_LiesInTheRangeThatItsMarketHad()
    {
        await system.SettledAsync();
        var until = system.In(NodaTime.Duration.FromSeconds(30));
        var seen = new Dictionary<(string Feed, ulong Sequence), PublishedRecord>();
        await system.WhileAsync("half a minute of market time passes", () => system.Devnet.Clock.Now > until, async () =>
        {
            foreach (var name in Shares)
            {
                foreach (var chain in system.Readers)
                {
                    if (await chain.ReadAsync(system.IdOf(name)) is { } record) seen[(name, record.Sequence)] = record;
                }
            }
        });

        var market = new HonestMarket(system.Devnet.Timeline);
        foreach (var ((name, _), record) in seen) market.RequireInRange(name, record);
        Assert.All(Shares, name => Assert.True(seen.Keys.Count(k => k.Feed == name) >= 3, $"{name} was published {seen.Keys.Count(k => k.Feed == name)} times"));
    }

    /// <summary>
    /// Record and round of one moment: a block that is being made already shows in calls at the one before it, so both are read again until nothing moved.
    /// </summary>
    private async Task<(PublishedRecord Record, Round Round, long Timestamp)> StandingAsync(EvmReader chain, FeedId id)
    {
        var standing = await system.UntilFoundAsync($"{chain.Name} stands still while a feed is read", async () =>
        {
            var (block, timestamp) = await chain.LatestBlockAsync();
            var record = await chain.ReadAsync(id, block);
            var round = await chain.ReadAggregatorAsync(id, block);
            return record is not null && record == await chain.ReadAsync(id) && block == (await chain.LatestBlockAsync()).Number
                ? Tuple.Create(record, round, timestamp)
                : null;
        });
        return (standing.Item1, standing.Item2, standing.Item3);
    }

    private ChainFeedSnapshot OnChain(string chain, string feed) => system.Snapshot.Chains.Single(c => c.Name == chain).Feeds.Single(f => f.Feed == feed);

    /// <summary>The record as the transaction of that sequence carried it, signed.</summary>
    private async Task<PublishedRecord> SignedAsync(FeedId id, ulong sequence) =>
        Assert.Single(await system.EvmReaders[0].RecordsAsync(id), r => r.Sequence == sequence);

    /// <summary>A sequence where it was seen, by chain: read from the chain, and in the node's snapshot.</summary>
    private sealed record Sighting(Dictionary<string, PublishedRecord> Read, Dictionary<string, ChainFeedSnapshot> Reported);
}
