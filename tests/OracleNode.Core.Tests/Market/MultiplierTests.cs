namespace OracleNode.Market;

public class MultiplierTests
{
    private static readonly Price Share = Price.FromE8(11_412_500_001);

    [Theory]
    [InlineData(1.0, "1")]
    [InlineData(20.0, "20")]
    [InlineData(0.5, "0.5")]
    [InlineData(1.0025, "1.002499999999999947")] // the double below 1.0025, to 18 places
    [InlineData(1e-18, "0.000000000000000001")]
    public void TryFromDoubleBits_PositiveNormal_IsExactTo18Places(double value, string expected)
    {
        Assert.True(Multiplier.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var multiplier));
        Assert.Equal(expected, multiplier.ToString());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(2.2250738585072009e-308)] // the largest subnormal
    [InlineData(2.2250738585072014e-308)] // normal, and rounds to zero
    [InlineData(4e20)]
    [InlineData(double.MaxValue)]
    public void TryFromDoubleBits_NotAMultiplier_IsRefused(double value)
    {
        Assert.False(Multiplier.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var multiplier));
        Assert.True(multiplier.IsNone);
    }

    [Fact]
    public void TryFromDoubleBits_MinusZero_IsRefused() => Assert.False(Multiplier.TryFromDoubleBits(long.MinValue, out _));

    [Fact]
    public void TryMultiply_One_ChangesNothing()
    {
        Assert.True(Multiplier.One.TryMultiplyRoundHalfEven(Share, out var price));
        Assert.Equal(Share, price);
    }

    [Theory]
    [InlineData(1, 0, 0, 1)] // 0.5
    [InlineData(3, 2, 1, 2)] // 1.5
    [InlineData(5, 2, 2, 3)] // 2.5
    [InlineData(4, 2, 2, 2)] // 2
    public void TryMultiply_Half_RoundsAsNamed(long e8, long halfEven, long down, long up)
    {
        var half = new Multiplier(500_000_000_000_000_000);
        Assert.Equal((halfEven > 0, halfEven), (half.TryMultiplyRoundHalfEven(Price.FromE8(e8), out var nearest), nearest.E8));
        Assert.Equal((down > 0, down), (half.TryMultiplyRoundDown(Price.FromE8(e8), out var below), below.E8));
        Assert.Equal((up > 0, up), (half.TryMultiplyRoundUp(Price.FromE8(e8), out var above), above.E8));
        Assert.True(half.TryMultiplyRoundUp(e8, out var confidence));
        Assert.Equal(up, confidence);
    }

    [Fact]
    public void TryMultiply_SmallestRest_RoundsUpOnlyWhereNamed()
    {
        var justAboveOne = new Multiplier(Multiplier.One.E18 + 1);
        Assert.True(justAboveOne.TryMultiplyRoundUp(Share, out var up));
        Assert.True(justAboveOne.TryMultiplyRoundDown(Share, out var down));
        Assert.Equal(Share.E8 + 1, up.E8);
        Assert.Equal(Share, down);
    }

    [Fact]
    public void TryMultiply_Confidence_KeepsZeroAndRefusesNegative()
    {
        Assert.True(Multiplier.One.TryMultiplyRoundUp(0, out var zero));
        Assert.Equal(0, zero);
        Assert.False(Multiplier.One.TryMultiplyRoundUp(-1, out _));
    }

    [Fact]
    public void TryMultiply_NoneOnEitherSide_IsRefused()
    {
        Assert.False(default(Multiplier).TryMultiplyRoundHalfEven(Share, out _));
        Assert.False(default(Multiplier).TryMultiplyRoundUp(1, out _));
        Assert.False(Multiplier.One.TryMultiplyRoundHalfEven(default, out _));
    }

    [Fact]
    public void TryMultiply_TooLarge_IsRefused()
    {
        var most = Price.FromE8(long.MaxValue);
        Assert.False(new Multiplier(Multiplier.One.E18 + 1).TryMultiplyRoundUp(most, out Price _));
        Assert.False(new Multiplier(UInt128.MaxValue).TryMultiplyRoundHalfEven(Price.FromE8(1), out _));
        Assert.False(new Multiplier(UInt128.MaxValue).TryMultiplyRoundUp(long.MaxValue, out _));
        Assert.True(Multiplier.One.TryMultiplyRoundHalfEven(most, out var same));
        Assert.Equal(most, same);
    }

    [Fact]
    public void TryCompound_AnyTwo_IsTheirProductRoundedHalfToEven()
    {
        var random = new Random(7);
        var scale = System.Numerics.BigInteger.Pow(10, 18);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b) = (Any(), Any());
            var exact = System.Numerics.BigInteger.DivRem((System.Numerics.BigInteger)a * (System.Numerics.BigInteger)b, scale, out var rest);
            if (rest * 2 > scale || (rest * 2 == scale && !exact.IsEven)) exact++;
            var fits = a != 0 && b != 0 && exact > 0 && exact <= (System.Numerics.BigInteger)UInt128.MaxValue && a / (UInt128)scale <= long.MaxValue && b / (UInt128)scale <= long.MaxValue;
            Assert.Equal(fits, new Multiplier(a).TryCompoundRoundHalfEven(new Multiplier(b), out var product));
            Assert.Equal(fits ? exact : 0, (System.Numerics.BigInteger)product.E18);
        }

        UInt128 Any() => random.Next(8) switch
        {
            0 => 0,
            1 => (UInt128)scale,
            2 => (UInt128)scale / 2,
            3 => UInt128.MaxValue >> random.Next(128),
            _ => new UInt128((ulong)random.NextInt64() >> random.Next(64), (ulong)random.NextInt64() >> random.Next(64)),
        };
    }
}
