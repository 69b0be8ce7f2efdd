using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Deployment;

public class PlanTextTests
{
    [Theory]
    [InlineData(0ul, ChainKind.Evm, "0 ETH")]
    [InlineData(1ul, ChainKind.Evm, "0.000000000000000001 ETH")]
    [InlineData(1_500_000_000_000_000_000ul, ChainKind.Evm, "1.5 ETH")]
    [InlineData(5_000ul, ChainKind.Solana, "0.000005 SOL")]
    [InlineData(10_000_000_000ul, ChainKind.Solana, "10 SOL")]
    public void Amount_OfSmallestUnits_IsExact(ulong smallest, ChainKind kind, string expected) => Assert.Equal(expected, PlanText.Amount(smallest, kind));

    [Theory]
    [InlineData(1L, true)]
    [InlineData(1_023L, true)]
    [InlineData(1_024L, false)]
    [InlineData(123_00000000L, true)]
    [InlineData(1023_00000000L, true)]
    [InlineData(1234_00000000L, false)]
    [InlineData(45_000_000_00000000L, true)]
    [InlineData(46_000_000_00000000L, false)] // 2^52 and more has no place in the hot word
    public void Bound_OfManyDigits_IsExactOnlyWithinTheContractsForm(long e8, bool exact) => Assert.Equal(exact, PlannedFeed.IsExactBound(Price.FromE8(e8)));

    [Fact]
    public void DerivedAddress_OfAWellKnownProgram_IsItsProgramData()
    {
        // A program and the address of its code, as LiteSVM's loader creates it, is covered by deploying; this fixes the curve test.
        Assert.True(ProgramDerivedAddress.IsOnCurve(Convert.FromHexString("5866666666666666666666666666666666666666666666666666666666666666")));
        using var key = SolanaKeypair.Generate();
        Assert.True(ProgramDerivedAddress.IsOnCurve(key.Address.ToArray()));
        Assert.False(ProgramDerivedAddress.IsOnCurve(UpgradeableLoader.ProgramData(key.Address).ToArray()));
    }
}
