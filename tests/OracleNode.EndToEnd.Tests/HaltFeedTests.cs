using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.VendorServers.Halts;

namespace OracleNode;

/// <summary>What the exchanges' lists of halts say, as it stands on the chains.</summary>
[Collection(GeneratedDay.Name)]
public sealed class HaltFeedTests(GeneratedSystem system)
{
    [Fact]
    public async Task HaltPublishedByTheListingMarket_IsOnEveryChain_AndSoIsItsEnd()
    {
        await system.SettledAsync();
        var vendors = system.Devnet.Vendors.All;
        var halt = new HaltRow("TSLA", system.Devnet.Clock.Now, "LUDP", "NASDAQ");
        try
        {
            // A halted share prints nowhere: what would go on printing shows that there is no halt.
            foreach (var vendor in vendors) vendor.Faults.Stalled = true;
            halt = halt with { HaltedAt = system.Devnet.Clock.Now };
            system.Devnet.NasdaqTrader.Publish(halt);
            foreach (var feed in new[] { "TSLA", "TSLAx" })
                await system.UntilOnEveryChainAsync("is halted", feed, r => r.HaltReason == (int)HaltReason.VolatilityPause && !r.IsFresh);

            system.Devnet.NasdaqTrader.Publish(halt with { ResumesAt = system.Devnet.Clock.Now });
            await system.UntilAsync("the resumption is known", () => system.Snapshot.Feeds.Single(f => f.Name == "TSLA").HaltReason == HaltReason.None);
        }
        finally
        {
            foreach (var vendor in vendors) vendor.Faults.Stalled = false;
            system.Devnet.NasdaqTrader.Clear();
        }

        await system.UntilOnEveryChainAsync("is fresh again", "TSLA", r => r.HaltReason == 0 && r.IsFresh);
        await system.SettledAsync();
    }

    [Fact]
    public async Task HaltListedByAMarketThatDoesNotListIt_HaltsNothing()
    {
        await system.SettledAsync();
        var received = Received();
        try
        {
            system.Devnet.NasdaqTrader.Publish(new HaltRow("SPY", system.Devnet.Clock.Now, "T1", "NYSE Arca"));
            await system.UntilAsync("the list was read", () => Received() > received);
            var over = system.In(Duration.FromSeconds(10));
            await system.WhileAsync("nobody else says so", () => system.Devnet.Clock.Now > over, () =>
            {
                Assert.Equal(HaltReason.None, system.Snapshot.Feeds.Single(f => f.Name == "SPY").HaltReason);
                return Task.CompletedTask;
            });
        }
        finally
        {
            system.Devnet.NasdaqTrader.Clear();
        }
    }

    private long Received() => system.Snapshot.Sources.Single(s => s.Name == "nasdaq-halts").Received;
}
