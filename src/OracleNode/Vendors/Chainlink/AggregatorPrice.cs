using System.Globalization;
using System.Numerics;
using OracleNode.Market;

namespace OracleNode.Vendors.Chainlink;

/// <summary>An aggregator's answer as a price. Whole numbers throughout.</summary>
internal static class AggregatorPrice
{
    /// <summary>Most decimals that an aggregator may have.</summary>
    public const int MaxDecimals = 18;

    /// <summary>Scales an answer to 1e-8: exactly where it has no more decimals than a price, else rounded half to even.</summary>
    /// <param name="answer">Positive.</param>
    /// <param name="decimals">Its decimals, 0 to <see cref="MaxDecimals"/>.</param>
    /// <param name="price">The price.</param>
    /// <returns>Null when there is one; else what was found.</returns>
    public static string? TryScale(BigInteger answer, int decimals, out Price price)
    {
        price = default;
        var scaled = decimals <= Price.Decimals ? answer * BigInteger.Pow(10, Price.Decimals - decimals) : RoundHalfToEven(answer, BigInteger.Pow(10, decimals - Price.Decimals));
        if (scaled.Sign <= 0) return string.Create(CultureInfo.InvariantCulture, $"its answer {answer} with {decimals} decimals is less than half of 1e-{Price.Decimals} of a dollar");
        if (scaled > long.MaxValue) return string.Create(CultureInfo.InvariantCulture, $"its answer, of {answer.GetBitLength()} bits with {decimals} decimals, is more than any price");
        price = Price.FromE8((long)scaled);
        return null;
    }

    private static BigInteger RoundHalfToEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var side = (remainder * 2).CompareTo(denominator);
        return side > 0 || (side == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
