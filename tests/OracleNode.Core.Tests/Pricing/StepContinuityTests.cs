using System.Numerics;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>|ln x| below both |ln r| / 4 and 0.2, by whole numbers: what is accepted is within, what is refused within is nearer than 1e-15 to a limit.</summary>
public class StepContinuityTests
{
    private const ulong Billion = 1_000_000_000;

    [Theory]
    [InlineData(1_221_402_757, 10, true)] // e^0.2 = 1.22140275816...
    [InlineData(1_221_402_759, 10, false)]
    [InlineData(818_730_754, 10, true)] // e^-0.2 = 0.81873075307...
    [InlineData(818_730_753, 10, false)]
    [InlineData(1_189_207_115, 2, true)] // 2^(1/4) = 1.18920711500272...
    [InlineData(1_189_207_116, 2, false)]
    [InlineData(840_896_416, 2, true)] // 2^(-1/4) = 0.84089641525371...
    [InlineData(840_896_415, 2, false)]
    public void Price_AtTheLimit_IsTheLastAccepted(ulong billionths, long ratio, bool expected)
    {
        Assert.Equal(expected, StepContinuity.Holds(billionths, Billion, new ShareRatio(ratio, 1)));
        Assert.Equal(expected, StepContinuity.Holds(billionths, Billion, new ShareRatio(1, ratio)));
        Assert.Equal(expected, StepContinuity.Holds((UInt128)billionths << 90, (UInt128)Billion << 90, new ShareRatio(ratio, 1)));
    }

    [Fact]
    public void Step_NotKnown_LeavesTheWidestLimit()
    {
        Assert.True(StepContinuity.Holds(1_221_402_757, Billion, default));
        Assert.False(StepContinuity.Holds(1_221_402_759, Billion, default));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(ulong.MaxValue, 1)]
    public void Prices_ThatAreNone_OrFarApart_DoNotHold(ulong after, ulong before) => Assert.False(StepContinuity.Holds(after, before, new ShareRatio(10, 1)));

    [Property(MaxTest = 2000)]
    public void Rule_OfAnyNumbers_IsTheExactOne(uint after, uint before, byte now, byte old)
    {
        var (x, y) = ((BigInteger)(before / 2) + (after % (before + 1L)), (BigInteger)before);
        var ratio = ShareRatio.Of(now + 1, old + 1);
        if (x <= 0 || y == 0) return;
        var (high, low) = x > y ? (x, y) : (y, x);
        var (larger, smaller) = ratio.New > ratio.Old ? (ratio.New, ratio.Old) : (ratio.Old, ratio.New);

        // (high / low)^4 < larger / smaller, exactly; and high / low < e^0.2 to 18 digits.
        var isWithin = BigInteger.Pow(high, 4) * smaller < BigInteger.Pow(low, 4) * larger && high * 1_000_000_000_000_000_000 <= low * 1_221_402_758_160_169_833;
        var margin = BigInteger.Pow(high, 4) * smaller * (BigInteger.Pow(10, 15) + 1) < BigInteger.Pow(low, 4) * larger * BigInteger.Pow(10, 15) && high * 1_000_000_000_000_000_000 < low * 1_221_402_758_160_168_000;
        var holds = StepContinuity.Holds((UInt128)x, (UInt128)y, ratio);
        if (holds) Assert.True(isWithin);
        else Assert.False(margin);
    }

    [Property(MaxTest = 1000)]
    public void PriceOfBefore_OfASplit_NeverPassesForTheOneAfter(uint price, byte now, byte old)
    {
        var ratio = ShareRatio.Of(now + 1, old + 1);
        if (price == 0 || ratio == new ShareRatio(1, 1)) return;

        // What a market makes of it meanwhile within the limits to one side is not within them to the other.
        Assert.False(StepContinuity.Holds((UInt128)price * (ulong)ratio.New, (UInt128)price * (ulong)ratio.Old, ratio));
    }
}
