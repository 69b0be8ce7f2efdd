using System.Numerics;
using FsCheck.Xunit;
using NodaTime;

namespace OracleNode.Pricing;

public class ExponentialDecayTests
{
    private static readonly Duration Hour = Duration.FromHours(1);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Weight_OfNoTime_IsOne(int seconds) =>
        Assert.Equal(ExponentialDecay.One, ExponentialDecay.Weight(Duration.FromSeconds(seconds), Hour));

    [Fact]
    public void Weight_AfterTwoDays_IsNothing() => Assert.Equal(0UL, ExponentialDecay.Weight(Duration.FromDays(2), Hour));

    [Fact]
    public void Weight_OfEveryTime_IsWithinItsErrorBound()
    {
        foreach (var ticks in new[] { 1L, 10_000, 1_000_000, 10_000_000, 450_000_000, 3_000_000_000, 24_953_298_500, 24_953_298_501, 36_000_000_000, 360_000_000_000, 1_500_000_000_000 })
            AssertWithinBound(ticks);
    }

    [Property]
    public void Weight_OfAnyTime_IsWithinItsErrorBound(uint ticks) => AssertWithinBound(ticks);

    private static void AssertWithinBound(long ticks)
    {
        var weight = ExponentialDecay.Weight(Duration.FromTicks(ticks), Hour);
        var error = BigInteger.Abs(((BigInteger)weight << 64) - ExactTimes2ToThe126(ticks, Hour.BclCompatibleTicks));
        Assert.True(error < BigInteger.One << (126 - 57), $"exp(-{ticks}/{Hour.BclCompatibleTicks}) is off by {error} x 2^-126.");
    }

    /// <summary>The plain series with 256 fractional bits, for arguments up to about 50.</summary>
    private static BigInteger ExactTimes2ToThe126(long ticks, long window)
    {
        const int bits = 256;
        var x = ((BigInteger)ticks << bits) / window;
        var (sum, term) = (BigInteger.One << bits, BigInteger.One << bits);
        for (var n = 1; !term.IsZero; n++)
        {
            term = (term * x >> bits) / n;
            sum += n % 2 == 1 ? -term : term;
        }

        return sum >> (bits - 126);
    }
}
