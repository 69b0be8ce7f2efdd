using FsCheck.Xunit;

namespace OracleNode.Chains.Solana;

public class PriorityFeeTests
{
    [Fact]
    public void Choose_NoRecentFees_PaysTheFloor() => Assert.Equal(7ul, PriorityFee.Choose([], 75, 0, 7, 100));

    [Theory]
    [InlineData(0, 10ul)]
    [InlineData(50, 30ul)]
    [InlineData(75, 40ul)]
    [InlineData(100, 50ul)]
    public void Choose_RecentFees_PaysThePercentile(int percentile, ulong expected) =>
        Assert.Equal(expected, PriorityFee.Choose([50, 10, 30, 20, 40], percentile, 0, 1, 1_000));

    [Fact]
    public void Choose_BlockhashExpiredTwice_PaysFourTimes() => Assert.Equal(40ul, PriorityFee.Choose([10], 50, 2, 1, 1_000));

    [Fact]
    public void Choose_FloorOfZeroAndAnExpiry_StillRises() => Assert.Equal(1ul, PriorityFee.Choose([], 50, 1, 0, 1_000));

    [Property]
    public void Choose_AnyMarket_StaysWithinBounds(ulong[] recent, byte percentile, byte expiries, ulong a, ulong b)
    {
        var (min, max) = (Math.Min(a, b), Math.Max(a, b));
        Assert.InRange(PriorityFee.Choose(recent, percentile % 101, expiries, min, max), min, max);
    }
}
