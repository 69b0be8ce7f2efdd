using Microsoft.Extensions.Logging.Abstractions;
using OracleNode.Chains.Evm;
using OracleNode.Guards;
using OracleNode.Pipeline;
using OracleNode.Reserves;
using OracleNode.Tokens;

namespace OracleNode.Wrappers;

/// <summary>Rates of vaults on a real engine: raw tokens per share, whatever the token's multiplier does.</summary>
public class WrapperRateReaderTests(LocalTokens local) : IClassFixture<LocalTokens>
{
    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    [Fact]
    public async Task BackedWrapper_Read_IsOneRawToken_AcrossASplit()
    {
        var (token, wrapper) = (await local.DeployAsync("BackedToken"), await local.DeployAsync("BackedWrapper"));
        await local.CallAsync(wrapper, "hold(address)", token);
        await local.CallAsync(token, "schedule(uint256,uint256)", 1_005_714_999_999_999_999, local.NowSeconds - 1);
        Assert.Equal((One, (string?)null), Rate(await ReadAsync(wrapper, token, TokenStandard.Backed, WrapperFormula.BackedWrapped)));
        await local.CallAsync(token, "schedule(uint256,uint256)", 10_057_149_999_999_999_990, local.NowSeconds - 1);
        Assert.Equal((One, (string?)null), Rate(await ReadAsync(wrapper, token, TokenStandard.Backed, WrapperFormula.BackedWrapped)));
    }

    [Fact]
    public async Task Vault_Read_GrowsWithWhatItIsSent_AndNotWithASplit()
    {
        var (token, vault) = await VaultAsync();
        var first = await ReadAsync(vault, token);
        Assert.InRange(first.RateE18, One - 1, One);

        await local.CallAsync(token, "setBalancePerShare(uint128)", 10 * One);
        var split = await ReadAsync(vault, token);
        Assert.InRange(split.RateE18, One - 1, One);

        // Whoever sends it tokens raises the rate.
        await local.CallAsync(token, "mintTo(address,uint256)", vault, 50 * 10 * One);
        var given = await ReadAsync(vault, token);
        Assert.InRange(given.RateE18, One + (One / 20) - 10, One + (One / 20));
        Assert.Equal(first.CodeHash, given.CodeHash);
        Assert.True(given.Height > first.Height);
    }

    [Fact]
    public async Task VaultBehindAProxy_Upgraded_AnswersWithOtherCode()
    {
        var (token, first) = await VaultAsync();
        var (proxy, later) = (await local.DeployAsync("Proxy"), await local.DeployAsync("LaterVault"));
        await local.CallAsync(proxy, "upgradeTo(address)", first);
        await local.CallAsync(proxy, "hold(address,uint256)", token, 1_000 * One);
        await local.CallAsync(token, "mintTo(address,uint256)", proxy, 1_000 * One);
        var before = await ReadAsync(proxy, token);
        Assert.Equal((await ReadAsync(first, token)).CodeHash, before.CodeHash);
        await local.CallAsync(proxy, "upgradeTo(address)", later);
        var after = await ReadAsync(proxy, token);
        Assert.Equal(before.RateE18, after.RateE18);
        Assert.NotEqual(before.CodeHash, after.CodeHash);
    }

    [Fact]
    public async Task VaultOfAnotherToken_Read_HasNoRate()
    {
        var (_, vault) = await VaultAsync();
        var other = await local.DeployAsync("RebasingToken");
        var answer = await ReadAsync(vault, other);
        Assert.Equal(UInt128.Zero, answer.RateE18);
        Assert.Contains("asset() is", answer.Error);
    }

    [Fact]
    public async Task NoVault_Read_HasNoRate()
    {
        var token = await local.DeployAsync("RebasingToken");
        Assert.Contains("convertToAssets(uint256) reverts", (await ReadAsync(token, token)).Error);
        Assert.NotNull((await ReadAsync(EvmAddress.Parse("0x00000000000000000000000000000000000000aa"), token)).Error);
        Assert.Contains("no rate", (await ReadAsync(await EmptyVaultAsync(token), token)).Error);
    }

    [Fact]
    public async Task Watcher_Looking_PutsRatesIntoTheLog()
    {
        var (token, vault) = await VaultAsync();
        var definition = Definition(vault, token, TokenStandard.Dinari, WrapperFormula.DinariWrapped);
        var inputs = new RareInputQueue(new PipelineSignal());
        using var watcher = new WrapperWatcher([(definition, local.Options)], local.Http, inputs, local.Clock, TimeProvider.System, NullLogger<WrapperWatcher>.Instance);
        await watcher.LookAsync(TestContext.Current.CancellationToken);
        await watcher.LookAsync(TestContext.Current.CancellationToken);
        var report = Assert.Single(watcher.Reports).Report();
        Assert.Equal((null, 1L), (report.Problem, report.Accepted));

        await local.CallAsync(token, "mintTo(address,uint256)", vault, One);
        await watcher.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, Assert.Single(watcher.Reports).Report().Accepted);
    }

    private static (UInt128, string?) Rate(WrapperAnswer answer) => (answer.RateE18, answer.Error);

    private async Task<(EvmAddress Token, EvmAddress Vault)> VaultAsync()
    {
        var (token, vault) = (await local.DeployAsync("RebasingToken"), await local.DeployAsync("Vault"));
        await local.CallAsync(vault, "hold(address,uint256)", token, 1_000 * One);
        await local.CallAsync(token, "mintTo(address,uint256)", vault, 1_000 * One);
        return (token, vault);
    }

    private async Task<EvmAddress> EmptyVaultAsync(EvmAddress token)
    {
        var vault = await local.DeployAsync("Vault");
        await local.CallAsync(vault, "hold(address,uint256)", token, UInt128.MaxValue - 1);
        return vault;
    }

    private Task<WrapperAnswer> ReadAsync(EvmAddress wrapper, EvmAddress token, TokenStandard standard = TokenStandard.Dinari, WrapperFormula formula = WrapperFormula.DinariWrapped) =>
        new WrapperRateReader(local.Options, Definition(wrapper, token, standard, formula), TimeProvider.System, local.Http).ReadAsync(TestContext.Current.CancellationToken);

    private static WrapperDefinition Definition(EvmAddress wrapper, EvmAddress token, TokenStandard standard, WrapperFormula formula) =>
        new("wTSLAx", $"eip155:42161/erc20:{EvmHex.Data(wrapper.ToArray())}", wrapper, formula, LocalTokens.TokenAt(token, standard));
}
