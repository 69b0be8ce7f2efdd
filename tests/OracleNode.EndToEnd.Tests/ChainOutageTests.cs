using OracleNode.Fixtures;
using OracleNode.Health;
using OracleNode.Readers;

namespace OracleNode;

/// <summary>One chain fails; the others do not notice, and the node says which.</summary>
[Collection(GeneratedDay.Name)]
public sealed class ChainOutageTests(GeneratedSystem system)
{
    // Batches that the others land meanwhile: more than can have been under way when it began.
    private const int MoreBatches = 4;

    [Fact]
    public async Task Chain_ThatMakesNoBlocks_DoesNotStopTheOthers()
    {
        await system.SettledAsync();
        var chain = system.Devnet.Arbitrum;
        var failed = OwnAccountOf(chain.Name).Failed;
        using (await chain.PauseAsync(LocalSystem.Cancelled))
        {
            var before = await SequencesAsync(chain.Name);
            await OthersGoOnAsync(chain.Name);
            await system.UntilAsync("the node says that the chain lands nothing", () => OwnAccountOf(chain.Name) is { Problem: not null } own && own.Failed > failed);
            Assert.Equal(before, await SequencesAsync(chain.Name));
        }

        await RecoversAsync(chain.Name);
    }

    [Theory]
    [InlineData("base", "gone")]
    [InlineData("solana", "gone")]
    [InlineData("arbitrum", "silent")]
    public async Task Chain_WhoseEndpointFails_DoesNotStopTheOthers(string chain, string failure)
    {
        await system.SettledAsync();
        if (failure == "gone") await system.Wires[chain].CutAsync();
        else system.Wires[chain].Silence();
        try
        {
            await system.UntilAsync("the node says that the chain is lost", () => OwnAccountOf(chain) is { Connected: false, Problem: not null });
            var before = await SequencesAsync(chain);
            await OthersGoOnAsync(chain);
            Assert.Equal(before, await SequencesAsync(chain));
            Assert.False(OwnAccountOf(chain).Connected);
        }
        finally
        {
            system.Wires[chain].Mend();
        }

        await RecoversAsync(chain);
    }

    private ChainSnapshot OwnAccountOf(string chain) => system.Snapshot.Chains.Single(c => c.Name == chain);

    private async Task OthersGoOnAsync(string chain)
    {
        var landed = system.Snapshot.Chains.ToDictionary(c => c.Name, c => c.Landed);
        var others = system.Readers.Where(r => r.Name != chain).ToList();
        var since = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        foreach (var other in others)
        {
            await system.UntilAsync($"{other.Name} lands {MoreBatches} more batches", () => OwnAccountOf(other.Name).Landed >= landed[other.Name] + MoreBatches);
            foreach (var (name, id) in system.Feeds)
            {
                await system.UntilAsync($"{other.Name} holds a fresh {name}", async () => await other.ReadAsync(id) is { IsFresh: true } r && r.AttestedAtMillis > since);
            }

            Assert.Null(OwnAccountOf(other.Name).Problem);
        }
    }

    private async Task RecoversAsync(string chain)
    {
        var since = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        var reader = system.Readers.Single(r => r.Name == chain);
        foreach (var (name, id) in system.Feeds)
        {
            await system.UntilAsync($"{chain} holds a fresh {name} again", async () => await reader.ReadAsync(id) is { IsFresh: true } r && r.AttestedAtMillis > since);
        }

        await system.UntilAsync("the node finds nothing wrong with it", () => OwnAccountOf(chain) is { Connected: true, Problem: null });
    }

    private async Task<IReadOnlyList<ulong>> SequencesAsync(string chain)
    {
        var reader = system.Readers.Single(r => r.Name == chain);
        var sequences = new List<ulong>();
        foreach (var (_, id) in system.Feeds) sequences.Add((await reader.ReadAsync(id))?.Sequence ?? 0);
        return sequences;
    }
}
