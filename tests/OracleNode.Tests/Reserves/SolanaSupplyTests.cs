using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Deployment;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>A mint's supply on a real engine, times its multiplier by the cluster's own clock.</summary>
public class SolanaSupplyTests(LocalSolanaCluster local) : IClassFixture<LocalSolanaCluster>
{
    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    [Fact]
    public async Task Mint_Counted_IsRawTimesTheMultiplierOfTheSlot()
    {
        var mint = SolanaKeypair.Generate().Address;
        await PlaceAsync(new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.5) { Supply = 1_000_000_00000001 });
        var reading = await ReadAsync(mint);
        Assert.Equal((1_500_000 * One) + (One * 3 / 200_000_000), reading.SharesE18);

        // Staged for later; then due.
        var now = NodaTime.SystemClock.Instance.GetCurrentInstant();
        await PlaceAsync(new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.5, 3, now + NodaTime.Duration.FromHours(1)) { Supply = 1_000_000_00000000 });
        var staged = await ReadAsync(mint);
        Assert.Equal((1_500_000 * One, One * 3 / 2, 3 * One), (staged.SharesE18, staged.Terms.Current.E18, staged.Terms.Next.E18));
        await PlaceAsync(new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.5, 3, now - NodaTime.Duration.FromHours(1)) { Supply = 1_000_000_00000000 });
        var due = await ReadAsync(mint);
        Assert.Equal((3_000_000 * One, 3 * One, null), (due.SharesE18, due.Terms.Current.E18, due.Terms.ActivationAt));
    }

    [Fact]
    public async Task NoMint_Read_IsAnError() =>
        Assert.Contains("no such account", (await Assert.ThrowsAsync<ChainException>(() => ReadAsync(SolanaKeypair.Generate().Address))).Message);

    [Fact]
    public async Task OtherCluster_Read_IsAnError()
    {
        var mint = SolanaKeypair.Generate().Address;
        await PlaceAsync(new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1));
        Assert.Contains("genesis hash", (await Assert.ThrowsAsync<ChainException>(() => ReadAsync(mint, "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"))).Message);
    }

    private Task PlaceAsync(Token2022Mint mint) => SolanaDeployer.PlaceMintAsync(local.Chain, mint, TestContext.Current.CancellationToken);

    private async Task<SupplyReading> ReadAsync(SolanaAddress mint, string? genesisHash = null)
    {
        var options = new SolanaTokenChainOptions
        {
            Name = "solana",
            RpcUrl = local.Chain.RpcUrl.ToString(),
            GenesisHash = genesisHash ?? local.Chain.GenesisHash.ToString(),
            RequestTimeout = TimeSpan.FromSeconds(20),
        };
        var token = new TokenDefinition("TSLAx-solana", $"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:{mint}", "solana", mint.ToString(), TokenStandard.ScaledUiAmount, "TSLAx", "Backed", null, null);
        using var supply = new SolanaSupply(options, token, TimeProvider.System);
        return await supply.ReadAsync(TestContext.Current.CancellationToken);
    }
}
