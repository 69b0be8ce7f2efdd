using FsCheck.Xunit;

namespace OracleNode.Market;

public class ShareRatioTests
{
    [Theory]
    [InlineData(10, 1, "10:1")]
    [InlineData(20, 2, "10:1")]
    [InlineData(1, 20, "1:20")]
    [InlineData(3, 2, "3:2")]
    [InlineData(0, 1, "none")]
    [InlineData(1, 0, "none")]
    [InlineData(-2, 1, "none")]
    [InlineData(10_000, 1, "10000:1")]
    [InlineData(10_001, 1, "none")]
    [InlineData(1, long.MaxValue, "none")]
    public void Ratio_OfShares_IsInLowestTerms(long now, long old, string expected) => Assert.Equal(expected, ShareRatio.Of(now, old).ToString());

    [Fact]
    public void Ratio_OfMultipliers_IsTheStepBetweenThem()
    {
        Assert.Equal(new ShareRatio(10, 1), ShareRatio.Of(Multiplier.One, new Multiplier(Multiplier.One.E18 * 10)));
        Assert.Equal(new ShareRatio(7, 1), ShareRatio.Of(new Multiplier(1_003_269_000_000_000_001), new Multiplier(7_022_883_000_000_000_007)));
        Assert.True(ShareRatio.Of(default, Multiplier.One).IsNone);
        Assert.True(ShareRatio.Of(new Multiplier(1), new Multiplier(UInt128.MaxValue)).IsNone);
    }

    [Theory]
    [InlineData(101, 100, 100, false)]
    [InlineData(10_101, 10_000, 100, true)]
    [InlineData(99, 100, 100, false)]
    [InlineData(9_899, 10_000, 100, true)]
    public void Ratio_Beyond_IsMoreThanSoManyBps(long now, long old, int bps, bool expected) => Assert.Equal(expected, ShareRatio.Of(now, old).IsBeyond(bps));

    [Theory]
    [InlineData(100_000_000_000, 10, 1, 10_000_000_000)]
    [InlineData(5, 2, 1, 2)] // 2.5 to even
    [InlineData(7, 2, 1, 4)] // 3.5 to even
    [InlineData(1, 10, 1, 0)]
    [InlineData(0, 10, 1, 0)]
    [InlineData(100, 1, 20, 2_000)]
    [InlineData(long.MaxValue, 1, 20, 0)]
    public void Price_AfterAStep_IsRoundedHalfToEven(long e8, long now, long old, long expected) => Assert.Equal(expected, ShareRatio.Of(now, old).PriceAfter(e8));

    [Fact]
    public void Ratio_ThenItsInverse_IsOne() => Assert.Equal(new ShareRatio(1, 1), new ShareRatio(10, 3).Then(new ShareRatio(3, 10)));

    [Property(MaxTest = 500)]
    public void Ratios_OneAfterTheOther_AreTheirProduct(ushort a, ushort b, ushort c, ushort d)
    {
        var (first, second) = (ShareRatio.Of((a % 99) + 1, (b % 99) + 1), ShareRatio.Of((c % 99) + 1, (d % 99) + 1));
        Assert.Equal(ShareRatio.Of((long)((a % 99) + 1) * ((c % 99) + 1), (long)((b % 99) + 1) * ((d % 99) + 1)), first.Then(second));
        Assert.Equal(first, first.Then(second).Then(second.Inverse));
    }

    [Property(MaxTest = 500)]
    public void Ratio_OfAnyMultipliers_IsNearTheirQuotient(ulong before, ulong after, byte zeros)
    {
        var (old, now) = (((UInt128)before << (zeros % 60)) + 1, ((UInt128)after << (zeros % 60)) + 1);
        var ratio = ShareRatio.Of(new Multiplier(old), new Multiplier(now));
        if (ratio.IsNone) return;
        var exact = (System.Numerics.BigInteger)now * ratio.Old - (System.Numerics.BigInteger)old * ratio.New;
        Assert.True(System.Numerics.BigInteger.Abs(exact) << 45 <= (System.Numerics.BigInteger)now * ratio.Old);
    }

    [Fact]
    public void Ratios_ThatAChainRounded_AgreeWithWholeShares()
    {
        Assert.True(new ShareRatio(7, 1).Agrees(ShareRatio.Of(new Multiplier(1_003_269_123_456_789_012), new Multiplier(7_022_883_864_197_523_083))));
        Assert.False(new ShareRatio(7, 1).Agrees(new ShareRatio(7_002, 1_000)));
        Assert.False(new ShareRatio(7, 1).Agrees(default));
    }
}
