using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.VendorServers;

namespace OracleNode;

/// <summary>Vendors that die, lie and talk nonsense, and what the chains hold meanwhile.</summary>
[Collection(GeneratedDay.Name)]
public sealed class VendorFailureTests(GeneratedSystem system)
{
    private static readonly string[] Shares = ["TSLA", "AAPL", "SPY"];
    private static readonly string[] AllFeeds = [.. Shares, "TSLAx", "SPYx", "TSLAx-arbitrum", "AAPL-rh"];

    /// <summary>Longer than a quote of the regular session stays fresh, so that nothing said before can still vote.</summary>
    private static readonly Duration LongerThanFresh = Duration.FromSeconds(60);

    [Fact]
    public async Task OneVendor_Killed_ThePriceGoesOn()
    {
        await system.SettledAsync();
        var server = system.Devnet.Massive;
        try
        {
            await server.StopAsync();
            var over = system.In(LongerThanFresh);
            await system.WhileAsync("what the dead vendor said is stale", () => system.Devnet.Clock.Now > over, () =>
            {
                Assert.All(system.Snapshot.Feeds, f => Assert.True(f.State is FeedState.Live or FeedState.Degraded, $"{f.Name} is {f.State} for {f.HoldReasons}"));
                return Task.CompletedTask;
            });
            foreach (var feed in AllFeeds)
            {
                await system.UntilOnEveryChainAsync("is of the two that live", feed, r => r.IsFresh && r.Upstreams == 2 && r.ObservedAtMillis > (over - Duration.FromSeconds(10)).ToUnixTimeMilliseconds());
            }

            Assert.Contains(system.Snapshot.Sources, s => !s.Connected && s.Problem is not null);
        }
        finally
        {
            await server.StartAsync(LocalSystem.Cancelled);
        }

        await system.SettledAsync();
    }

    [Fact]
    public async Task AllVendorsButOne_Killed_HoldsBelowQuorumUntilTheyAreBack()
    {
        await system.SettledAsync();
        try
        {
            await system.Devnet.Massive.StopAsync();
            await system.Devnet.Finazon.StopAsync();

            var held = new Dictionary<string, IReadOnlyList<PublishedRecord>>();
            foreach (var feed in AllFeeds) held[feed] = await system.UntilOnEveryChainAsync("is held below quorum", feed, r => r.IsHeldFor(HoldReasons.BelowQuorum));

            // The one that lives goes on talking; nothing of it gets out, whatever is attested meanwhile.
            var heard = ReceivedFrom("alpaca-iex");
            var newest = held.Values.Max(records => records.Max(r => r.AttestedAtMillis));
            foreach (var feed in AllFeeds)
            {
                var later = await system.UntilOnEveryChainAsync("is attested twice more", feed, r => r.AttestedAtMillis > newest + 10_000);
                Assert.All(later.Zip(held[feed]), pair =>
                {
                    Assert.True(pair.First.IsHeldFor(HoldReasons.BelowQuorum), $"{feed}: {pair.First}");
                    Assert.Equal(pair.Second.ObservedAtMillis, pair.First.ObservedAtMillis);
                    Assert.Equal(pair.Second.Price, pair.First.Price);
                    Assert.Equal(0, pair.First.Upstreams);
                });
            }

            Assert.True(ReceivedFrom("alpaca-iex") > heard, "the vendor that lives was not heard");
        }
        finally
        {
            await system.Devnet.Massive.StartAsync(LocalSystem.Cancelled);
            await system.Devnet.Finazon.StartAsync(LocalSystem.Cancelled);
        }

        var back = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        foreach (var feed in AllFeeds) await system.UntilOnEveryChainAsync("is fresh again", feed, r => r.IsFresh && r.ObservedAtMillis > back);
        await system.SettledAsync();
    }

    [Theory]
    [InlineData("massive", 1.03)]
    [InlineData("alpaca", 0.5)]
    [InlineData("finazon", 10)]
    public async Task OneVendor_Lying_DoesNotMoveThePriceOutOfTheHonestRange(string vendor, double factor)
    {
        await system.SettledAsync();
        var market = new HonestMarket(system.Devnet.Timeline);
        try
        {
            Server(vendor).Faults.PriceFactor = (decimal)factor;
            foreach (var feed in Shares)
            {
                // The lie has arrived, and is not among what stands behind the price.
                var records = await system.UntilOnEveryChainAsync("leaves the liar out", feed, r => r.IsFresh && r.Upstreams == 2 && r.SourcesRejected >= 1);
                foreach (var record in records) market.RequireInRange(feed, record);
            }

            var over = system.In(Duration.FromSeconds(15));
            await system.WhileAsync("the lie goes on", () => system.Devnet.Clock.Now > over, async () =>
            {
                foreach (var feed in Shares)
                {
                    foreach (var chain in system.Readers)
                    {
                        var record = await chain.ReadAsync(system.IdOf(feed));
                        Assert.True(record!.IsFresh, $"{chain.Name}, {feed}: {record}");
                        market.RequireInRange(feed, record);
                    }

                    var own = system.Snapshot;
                    var price = own.Feeds.Single(f => f.Name == feed);
                    market.RequireInRange(feed, price.Price.E8, price.ObservedAt!.Value.ToUnixTimeMilliseconds(), own.TakenAt.ToUnixTimeMilliseconds());
                }
            });
        }
        finally
        {
            Server(vendor).Faults.PriceFactor = 1;
        }

        await system.SettledAsync();
    }

    [Theory]
    [InlineData("massive", "massive-nasdaq-basic")]
    [InlineData("alpaca", "alpaca-iex")]
    [InlineData("finazon", "finazon-sip")]
    public async Task Garbage_FromAVendor_IsCountedAndChangesNothing(string vendor, string source)
    {
        await system.SettledAsync();
        var market = new HonestMarket(system.Devnet.Timeline);
        var before = NonsenseFrom(source);
        var failed = system.Snapshot.Chains.Sum(c => c.Failed);

        Server(vendor).SendGarbage();
        await system.WhileAsync($"the nonsense of {vendor} is counted", () => NonsenseFrom(source) > before, () =>
        {
            Check();
            return Task.CompletedTask;
        });

        var sent = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        foreach (var feed in Shares)
        {
            foreach (var record in await system.UntilOnEveryChainAsync("goes on", feed, r => r.ObservedAtMillis > sent))
            {
                Assert.True(record.IsFresh, $"{feed}: {record}");
                market.RequireInRange(feed, record);
            }
        }

        Check();
        Assert.Equal(failed, system.Snapshot.Chains.Sum(c => c.Failed));
        await system.SettledAsync();

        void Check()
        {
            var own = system.Snapshot;
            foreach (var price in own.Feeds.Where(f => Shares.Contains(f.Name)))
            {
                Assert.True(price.State is FeedState.Live or FeedState.Degraded, $"{price.Name} is {price.State} for {price.HoldReasons}");
                market.RequireInRange(price.Name, price.Price.E8, price.ObservedAt!.Value.ToUnixTimeMilliseconds(), own.TakenAt.ToUnixTimeMilliseconds());
            }
        }
    }

    private IVendorServer Server(string vendor) => vendor switch
    {
        "massive" => system.Devnet.Massive,
        "alpaca" => system.Devnet.Alpaca,
        _ => system.Devnet.Finazon,
    };

    private long ReceivedFrom(string source) => system.Snapshot.Sources.Single(s => s.Name == source).Received;

    private long NonsenseFrom(string source)
    {
        var s = system.Snapshot.Sources.Single(s => s.Name == source);
        return s.Malformed + s.UnknownTypes;
    }
}
