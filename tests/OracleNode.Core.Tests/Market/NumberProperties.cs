using System.Numerics;
using FsCheck;
using FsCheck.Xunit;

namespace OracleNode.Market;

/// <summary>Rounding checked against exact rationals.</summary>
public class NumberProperties
{
    [Property(MaxTest = 5000)]
    public void TryFromDoubleBits_AnyBits_IsAPriceOrAnError(DoNotSize<long> any)
    {
        var bits = any.Item;
        Assert.Equal(Price.TryFromDoubleBits(bits, out var price, out var error), error == PriceError.None);
        Assert.Equal(error == PriceError.None, !price.IsNone);
        Multiplier.TryFromDoubleBits(bits, out _);
    }

    [Property(MaxTest = 5000)]
    public void TryFromDoubleBits_PlausiblePrice_IsNearestEven(DoNotSize<int> cents, byte exponent, DoNotSize<long> noise)
    {
        var value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits((cents.Item & 0xFFF_FFFF | 1) / 100.0) ^ (noise.Item & 0xFFFF)) * Math.Pow(2, (exponent % 40) - 20);
        if (!Price.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var price, out var error))
        {
            Assert.True(error is PriceError.TooPrecise or PriceError.Overflow);
            return;
        }

        var (numerator, denominator) = Rational(value);
        Assert.Equal(RoundHalfEven(numerator * Price.One, denominator), price.E8);
    }

    [Property(MaxTest = 5000)]
    public void TryFromDoubleBits_PlausibleMultiplier_IsNearestEven(DoNotSize<int> a, DoNotSize<int> b)
    {
        var value = (double)(a.Item & int.MaxValue | 1) / (b.Item & int.MaxValue | 1);
        Assert.True(Multiplier.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var multiplier));
        var (numerator, denominator) = Rational(value);
        Assert.Equal(RoundHalfEven(numerator * 1_000_000_000_000_000_000, denominator), (BigInteger)multiplier.E18);
    }

    [Property(MaxTest = 5000)]
    public void TryMultiply_AnyPair_AgreesWithBigIntegers(DoNotSize<ulong> high, DoNotSize<ulong> low, byte shift, DoNotSize<long> any, byte priceShift)
    {
        var e8 = any.Item >> (priceShift % 64);
        if (!Price.TryFromE8(e8, out var price)) return;
        var multiplier = new Multiplier(new UInt128(high.Item, low.Item) >> (shift % 128));
        if (multiplier.IsNone) return;

        BigInteger scale = 1_000_000_000_000_000_000;
        var product = (BigInteger)multiplier.E18 * e8;
        AssertRounded(RoundHalfEven(product, scale), multiplier.TryMultiplyRoundHalfEven(price, out var nearest), nearest);
        AssertRounded(product / scale, multiplier.TryMultiplyRoundDown(price, out var down), down);
        AssertRounded((product + scale - 1) / scale, multiplier.TryMultiplyRoundUp(price, out var up), up);
    }

    private static void AssertRounded(BigInteger expected, bool ok, Price actual)
    {
        Assert.Equal(expected > 0 && expected <= long.MaxValue, ok);
        if (ok) Assert.Equal(expected, actual.E8);
    }

    private static (BigInteger Numerator, BigInteger Denominator) Rational(double value)
    {
        BigInteger denominator = 1;
        while (value != Math.Floor(value))
        {
            value *= 2;
            denominator *= 2;
        }

        return (new BigInteger(value), denominator);
    }

    private static BigInteger RoundHalfEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = remainder * 2;
        return twice > denominator || (twice == denominator && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
