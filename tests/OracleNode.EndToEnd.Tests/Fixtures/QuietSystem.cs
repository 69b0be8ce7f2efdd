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
        await system.Devnet.StopNodeAsync();
        // What the node had under way may still land; Solana's engine executes on arrival.
        foreach (var chain in system.EvmReaders) await system.UntilAsync($"nothing waits on {chain.Name}", async () => await chain.WaitingAsync() == 0);
        Relayers =
        [
            await EvmRelayer.CreateAsync(system.Devnet.Arbitrum, system.Devnet.Evm[0].Deployed.Contract),
            await EvmRelayer.CreateAsync(system.Devnet.Base, system.Devnet.Evm[1].Deployed.Contract),
            await SolanaRelayer.CreateAsync(system.Devnet),
        ];
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
