using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Relayers;

namespace OracleNode.Fixtures;

/// <summary>The generated day with the node stopped: what the chains hold changes only by what a test sends.</summary>
public sealed class QuietSystem(GeneratedSystem system) : IAsyncLifetime
{
    internal GeneratedSystem System => system;

    internal IReadOnlyList<(string Name, FeedId Id)> Feeds { get; private set; } = [];

    /// <summary>One for each chain, in the readers' order.</summary>
    internal IReadOnlyList<IRelayer> Relayers { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await system.SettledAsync();
        Feeds = [.. system.Feeds];
        // There is a batch that every chain is past, whatever ran before.
        foreach (var (name, id) in Feeds)
        {
            var known = (await HeldAsync(id)).Max(r => r.Sequence);
            await system.UntilOnEveryChainAsync("is newer than the first that was seen", name, r => r.Sequence > known);
        }

        await system.StopNodeAsync();
        Relayers = await TestBatches.RelayersAsync(system.Devnet);
    }

    public async ValueTask DisposeAsync() => await system.StartNodeAsync();

    /// <summary>What every chain holds of a feed.</summary>
    internal async Task<IReadOnlyList<PublishedRecord>> HeldAsync(FeedId id)
    {
        var held = new List<PublishedRecord>();
        foreach (var reader in system.Readers) held.Add((await reader.ReadAsync(id))!);
        return held;
    }
}
