namespace OracleNode.Pricing;

public class SplitRatiosTests
{
    private const long Before = 1_000_000_000_000;

    [Theory]
    [InlineData(740_800, false)]
    [InlineData(740_700, true)] // 3:2 less a tenth
    [InlineData(606_061, true)]
    [InlineData(606_060, false)]
    [InlineData(555_556, false)]
    [InlineData(555_555, true)] // 2:1 less a tenth
    [InlineData(454_546, true)]
    [InlineData(454_545, false)]
    [InlineData(444_444, true)] // 5:2 and 3:1 lie side by side
    [InlineData(303_031, true)]
    [InlineData(303_030, false)]
    [InlineData(277_777, true)] // 4:1
    [InlineData(227_273, true)]
    [InlineData(227_272, false)]
    [InlineData(222_222, true)] // everything beyond
    [InlineData(100_000, true)]
    [InlineData(1, true)]
    [InlineData(1_349_999, false)]
    [InlineData(1_350_000, true)]
    [InlineData(1_650_000, true)]
    [InlineData(1_650_001, false)]
    [InlineData(2_000_000, true)]
    [InlineData(20_000_000, true)]
    [InlineData(1_000_000, false)]
    [InlineData(800_000, false)]
    public void Move_NearAUsualRatio_MayBeASplit(long millionths, bool isNear) => Assert.Equal(isNear, SplitRatios.IsNear(Before / 1_000_000 * millionths, Before));

    [Fact]
    public void Price_OfAnySize_IsJudged()
    {
        Assert.True(SplitRatios.IsNear(long.MaxValue, 1));
        Assert.True(SplitRatios.IsNear(1, long.MaxValue));
        Assert.True(SplitRatios.IsNear(long.MaxValue, long.MaxValue / 2));
        Assert.False(SplitRatios.IsNear(long.MaxValue, long.MaxValue));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-5, 5)]
    public void Move_FromOrToNoPrice_IsNone(long price, long before) => Assert.False(SplitRatios.IsNear(price, before));
}
