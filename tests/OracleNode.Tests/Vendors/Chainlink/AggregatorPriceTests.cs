using System.Numerics;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Vendors.Chainlink;

public class AggregatorPriceTests
{
    [Theory]
    [InlineData("99980000", 8, 99_980_000)]
    [InlineData("1", 0, 100_000_000)]
    [InlineData("9998", 4, 99_980_000)]
    [InlineData("999800000000000000", 18, 99_980_000)]
    [InlineData("999800005000000000", 18, 99_980_000)]
    [InlineData("999800015000000000", 18, 99_980_002)]
    [InlineData("999800005000000001", 18, 99_980_001)]
    [InlineData("999800004999999999", 18, 99_980_000)]
    [InlineData("5000000001", 18, 1)]
    [InlineData("9223372036854775807", 8, long.MaxValue)]
    public void TryScale_OfAnyDecimals_IsExactOrRoundedHalfToEven(string answer, int decimals, long expected)
    {
        Assert.Null(AggregatorPrice.TryScale(BigInteger.Parse(answer), decimals, out var price));
        Assert.Equal(expected, price.E8);
    }

    [Theory]
    [InlineData("5000000000", 18, "less than half")]
    [InlineData("1", 18, "less than half")]
    [InlineData("9223372036854775808", 8, "more than any price")]
    [InlineData("92233720369", 0, "more than any price")]
    [InlineData("57896044618658097711785492504343953926634992332820282019728792003956564819967", 18, "more than any price")]
    public void TryScale_NoPrice_SaysWhy(string answer, int decimals, string word)
    {
        Assert.Contains(word, AggregatorPrice.TryScale(BigInteger.Parse(answer), decimals, out var price), StringComparison.Ordinal);
        Assert.True(price.IsNone);
    }

    [Property(MaxTest = 2000)]
    public bool TryScale_OfAnyAnswer_IsWithinHalfOfAUnit(ulong high, ulong low, byte any)
    {
        var (answer, decimals) = (((BigInteger)high << 32) + low + 1, any % (AggregatorPrice.MaxDecimals + 1));
        if (AggregatorPrice.TryScale(answer, decimals, out var price) is not null) return price.IsNone;
        // Twice the difference, in units of 1e-18 of a dollar.
        var difference = BigInteger.Abs((answer * BigInteger.Pow(10, 18 - decimals)) - (price.E8 * BigInteger.Pow(10, 10))) * 2;
        return decimals <= Price.Decimals ? difference.IsZero : difference <= BigInteger.Pow(10, 10);
    }
}
