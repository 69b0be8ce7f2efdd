using FsCheck.Xunit;

namespace OracleNode.Chains.Evm;

public class EvmFeesTests
{
    private static readonly UInt128 Gwei = 1_000_000_000;

    [Fact]
    public void First_RoomUnderTheCap_TwiceTheBaseFeeAndTheTip() =>
        Assert.Equal(new EvmFees(Gwei, 21 * Gwei), EvmFees.First(10 * Gwei, Gwei, 100 * Gwei, 2 * Gwei));

    [Fact]
    public void First_TipAboveItsCap_Capped() =>
        Assert.Equal(new EvmFees(2 * Gwei, 22 * Gwei), EvmFees.First(10 * Gwei, 50 * Gwei, 100 * Gwei, 2 * Gwei));

    [Fact]
    public void First_CapBelowTwiceTheBaseFee_OffersTheCap() =>
        Assert.Equal(new EvmFees(Gwei, 12 * Gwei), EvmFees.First(10 * Gwei, Gwei, 12 * Gwei, 2 * Gwei));

    [Fact]
    public void First_BaseFeeAboveTheCap_Nothing() =>
        Assert.Null(EvmFees.First(100 * Gwei + 1, 0, 100 * Gwei, 0));

    [Fact]
    public void Replacement_ZeroTip_StillRaisesIt() =>
        Assert.Equal(new EvmFees(1, 1125), EvmFees.Replacement(new EvmFees(0, 1000), null, 1250, 100 * Gwei));

    [Fact]
    public void Replacement_FreshFeesHigher_TakesThem() =>
        Assert.Equal(new EvmFees(7, 9000), EvmFees.Replacement(new EvmFees(5, 1000), new EvmFees(7, 9000), 1250, 100 * Gwei));

    [Fact]
    public void Replacement_AboveTheCap_Nothing() =>
        Assert.Null(EvmFees.Replacement(new EvmFees(1, 100), null, 1250, 112));

    [Property]
    public void First_AnyMarket_StaysWithinItsCaps(ulong baseFee, ulong tip, ulong feeCap, ulong tipCap)
    {
        // What an endpoint answers may be any 128-bit number.
        var wildTip = (UInt128)tip << 60;
        if (EvmFees.First(baseFee, wildTip, feeCap, tipCap) is not { } fees)
        {
            Assert.True(baseFee > feeCap);
            return;
        }

        Assert.True(fees.MaxFeePerGas <= feeCap);
        Assert.True(fees.MaxFeePerGas >= baseFee);
        Assert.True(fees.MaxPriorityFeePerGas <= UInt128.Min(tipCap, fees.MaxFeePerGas));
    }

    [Property]
    public void Replacement_AnyFees_EachPartOutbidsByAnEighthOrNothing(uint tip, ulong fee, ulong feeCap)
    {
        var previous = new EvmFees(UInt128.Min(tip, fee), fee);
        if (EvmFees.Replacement(previous, null, 1250, feeCap) is not { } raised) return;
        Assert.True(raised.MaxFeePerGas * 8 >= previous.MaxFeePerGas * 9 && raised.MaxFeePerGas > previous.MaxFeePerGas);
        Assert.True(raised.MaxPriorityFeePerGas * 8 >= previous.MaxPriorityFeePerGas * 9 && raised.MaxPriorityFeePerGas > previous.MaxPriorityFeePerGas);
        Assert.True(raised.MaxFeePerGas <= feeCap && raised.MaxPriorityFeePerGas <= raised.MaxFeePerGas);
    }
}
