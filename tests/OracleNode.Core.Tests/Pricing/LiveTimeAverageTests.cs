using NodaTime;

namespace OracleNode.Pricing;

public class LiveTimeAverageTests
{
    private static readonly Duration Hour = Duration.FromHours(1);

    private static LiveTimeAverage Seeded(long e8)
    {
        var average = default(LiveTimeAverage);
        average.Seed(e8);
        return average;
    }

    [Fact]
    public void Average_Unseeded_HasNoValue()
    {
        Assert.False(default(LiveTimeAverage).HasValue);
        Assert.Equal(0, default(LiveTimeAverage).E8);
    }

    [Fact]
    public void Average_AfterOneWindow_HasCoveredAllButOneOverE()
    {
        var average = Seeded(100_0000_0000);
        average.Advance(200_0000_0000, Hour, Hour);
        Assert.Equal(163_2120_5588, average.E8);
        average = Seeded(200_0000_0000);
        average.Advance(100_0000_0000, Hour, Hour);
        Assert.Equal(136_7879_4412, average.E8);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_600)]
    [InlineData(36_000)]
    public void Average_HoweverOftenAdvanced_IsTheSame(int steps)
    {
        var average = Seeded(100_0000_0000);
        for (var i = 0; i < steps; i++) average.Advance(200_0000_0000, Hour / steps, Hour);
        Assert.InRange(average.E8, 163_2120_5587, 163_2120_5589);
    }

    [Fact]
    public void Average_OfAConstantPrice_NeverMoves()
    {
        var average = Seeded(123_4567_8901);
        for (var i = 0; i < 1_000; i++) average.Advance(123_4567_8901, Duration.FromMilliseconds(i), Hour);
        Assert.Equal(123_4567_8901, average.E8);
    }

    [Fact]
    public void Average_OfTheLargestPrices_DoesNotOverflow()
    {
        var average = Seeded(SourceState.MaxPriceE8);
        average.Advance(1, Hour, Hour);
        Assert.Equal(36_787_944_117_144_233, average.E8);
        average.Advance(SourceState.MaxPriceE8, Duration.FromDays(7), Hour);
        Assert.Equal(SourceState.MaxPriceE8, average.E8);
    }
}
