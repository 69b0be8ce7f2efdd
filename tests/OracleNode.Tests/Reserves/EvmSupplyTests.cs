using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>Shares that tokens stand for, on a real engine, in each standard's own count.</summary>
public class EvmSupplyTests(LocalTokens local) : IClassFixture<LocalTokens>
{
    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    [Fact]
    public async Task Backed_Counted_IsScaledAlready()
    {
        var token = await local.DeployAsync("BackedToken");
        await local.CallAsync(token, "mint(uint256)", 1_000 * One);
        Assert.Equal(1_000 * One, (await ReadAsync(token, TokenStandard.Backed)).SharesE18);

        // A dividend that is due makes more shares of the same tokens; one that is staged does not.
        await local.CallAsync(token, "schedule(uint256,uint256)", One + (One / 100), local.NowSeconds - 1);
        await local.CallAsync(token, "schedule(uint256,uint256)", 10 * One, local.NowSeconds + 3_600);
        var reading = await ReadAsync(token, TokenStandard.Backed);
        Assert.Equal(1_010 * One, reading.SharesE18);
        Assert.Equal((One + (One / 100), 10 * One), (reading.Terms.Current.E18, reading.Terms.Next.E18));
        Assert.NotNull(reading.Terms.ActivationAt);
    }

    [Fact]
    public async Task Erc8056_Counted_IsRawTimesTheMultiplierOfTheBlock()
    {
        var token = await local.DeployAsync("ScaledToken");
        await local.CallAsync(token, "mint(uint256)", 3 * One);
        await local.CallAsync(token, "schedule(uint256,uint256)", 1_000_566_080_061_092_436, local.NowSeconds - 1);
        await local.CallAsync(token, "schedule(uint256,uint256)", 4 * One, local.NowSeconds + 3_600);
        Assert.Equal((UInt128)3_001_698_240_183_277_308, (await ReadAsync(token, TokenStandard.Erc8056)).SharesE18);
    }

    [Fact]
    public async Task Dinari_Counted_IsWhatBalancesShow()
    {
        var token = await local.DeployAsync("RebasingToken");
        await local.CallAsync(token, "mintTo(address,uint256)", token, 100 * One);
        await local.CallAsync(token, "setBalancePerShare(uint128)", 4 * One);
        var reading = await ReadAsync(token, TokenStandard.Dinari);
        Assert.Equal((400 * One, 4 * One), (reading.SharesE18, reading.Terms.Current.E18));
    }

    [Fact]
    public async Task NoToken_Read_IsAnError()
    {
        var error = await Assert.ThrowsAsync<ChainException>(() => ReadAsync(EvmAddress.Parse("0x00000000000000000000000000000000000000aa"), TokenStandard.Backed));
        Assert.Contains("totalSupply() answers nothing", error.Message);
        var vault = await local.DeployAsync("BackedWrapper");
        Assert.Contains("totalSupply() reverts", (await Assert.ThrowsAsync<ChainException>(() => ReadAsync(vault, TokenStandard.Backed))).Message);
    }

    [Fact]
    public async Task OtherChain_Read_IsAnError()
    {
        var options = local.Options;
        options.ChainId = 8453;
        var token = await local.DeployAsync("BackedToken");
        var source = new EvmSupply(options, LocalTokens.TokenAt(token, TokenStandard.Backed), TimeProvider.System, local.Http);
        Assert.Contains("of chain 42161, not 8453", (await Assert.ThrowsAsync<ChainException>(() => source.ReadAsync(TestContext.Current.CancellationToken))).Message);
    }

    [Theory]
    [InlineData(37, 1, "36 are believed")]
    [InlineData(0, 1, "more than can be counted")]
    public void Supply_BeyondBelief_IsAnError(int decimals, int multiplier, string expected) =>
        Assert.Contains(expected, Assert.Throws<ChainException>(() => SupplyArithmetic.SharesE18(UInt128.MaxValue, decimals, new Multiplier((uint)multiplier * One))).Message);

    [Fact]
    public void Supply_WithAFraction_IsRoundedUp() => Assert.Equal((UInt128)333_333_333_333_333_334, SupplyArithmetic.SharesE18(1, 0, new Multiplier(333_333_333_333_333_334)));

    [Fact]
    public void Supply_OfATinyUnit_IsRoundedUp() => Assert.Equal((UInt128)1, SupplyArithmetic.SharesE18(1, 36, Multiplier.One));

    private Task<SupplyReading> ReadAsync(EvmAddress token, TokenStandard standard) =>
        new EvmSupply(local.Options, LocalTokens.TokenAt(token, standard), TimeProvider.System, local.Http).ReadAsync(TestContext.Current.CancellationToken);
}
