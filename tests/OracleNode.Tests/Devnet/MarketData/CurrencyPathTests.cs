using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

public class CurrencyPathTests
{
    private static readonly Instant Morning = Instant.FromUtc(2026, 6, 10, 13, 30);

    [Theory]
    [InlineData("USDC", 3.1)]
    [InlineData("USDT", 9.1)]
    public void At_ADay_IsCloseToOneNeverStandsAndNeverJumps(string currency, double widestBps)
    {
        var path = Enumerable.Range(0, 86_400).Select(s => CurrencyPath.At(7, currency, Morning + Duration.FromSeconds(s)).E8).ToList();
        Assert.All(path, e8 => Assert.InRange(Math.Abs(e8 - Price.One) * 10_000.0 / Price.One, 0, widestBps));
        Assert.All(path.Zip(path.Skip(1)), p => Assert.InRange(Math.Abs(p.Second - p.First), 0, 2_000));
        // Within any minute it has been somewhere else.
        Assert.All(path.Chunk(60), minute => Assert.True(minute.Distinct().Count() > 10));
    }

    [Fact]
    public void At_SameSeed_IsTheSameInAnyOrder_AndAnotherSeedOrCurrencyIsNot()
    {
        var times = Enumerable.Range(0, 100).Select(i => Morning + Duration.FromMilliseconds(1_237 * i)).ToList();
        var ahead = times.Select(t => CurrencyPath.At(7, "USDC", t)).ToList();
        Assert.Equal(ahead, times.AsEnumerable().Reverse().Select(t => CurrencyPath.At(7, "USDC", t)).Reverse());
        Assert.NotEqual(ahead, times.Select(t => CurrencyPath.At(8, "USDC", t)));
        Assert.NotEqual(ahead, times.Select(t => CurrencyPath.At(7, "USDT", t)));
    }

    [Fact]
    public void At_TheDollar_IsOne_AndAnUnknownCurrencyIsRefused()
    {
        Assert.Equal(Price.One, CurrencyPath.At(7, "USD", Morning).E8);
        Assert.Throws<ArgumentOutOfRangeException>(() => CurrencyPath.At(7, "DAI", Morning));
    }

    [Fact]
    public void Path_BeforeTheEpoch_StaysWithinItsRange()
    {
        foreach (var ms in Enumerable.Range(-50, 100)) Assert.InRange(SmoothPath.At(1, "x", Duration.FromMilliseconds(7), Instant.FromUnixTimeMilliseconds(ms)), -SmoothPath.Range, SmoothPath.Range);
    }
}
