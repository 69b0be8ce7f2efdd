using System.Text;

namespace OracleNode.Market;

public class PriceTests
{
    [Theory]
    [InlineData(1, "0.00000001")]
    [InlineData(100_000_000, "1")]
    [InlineData(11_412_500_000, "114.125")]
    [InlineData(1_000_000_000_000, "10000")]
    [InlineData(10_000_000, "0.1")]
    [InlineData(long.MaxValue, "92233720368.54775807")]
    public void ToString_Price_IsExactDecimal(long e8, string expected)
    {
        var price = Price.FromE8(e8);
        Assert.Equal(expected, price.ToString());
        Assert.Equal(expected, $"{price}");
        Assert.Equal(expected, $"{price:N2}");
    }

    [Fact]
    public void ToString_Default_SaysNone()
    {
        Assert.Equal("none", default(Price).ToString());
        Assert.Equal("none", default(Multiplier).ToString());
    }

    [Fact]
    public void TryFormat_ExactSpace_WritesAndLessIsRefused()
    {
        var price = Price.FromE8(11_412_500_000);
        Span<char> chars = stackalloc char[7];
        Span<byte> bytes = stackalloc byte[7];
        Assert.True(price.TryFormat(chars, out var charsWritten));
        Assert.True(price.TryFormat(bytes, out var bytesWritten));
        Assert.Equal("114.125", chars[..charsWritten].ToString());
        Assert.Equal("114.125", Encoding.ASCII.GetString(bytes[..bytesWritten]));

        Assert.False(price.TryFormat(chars[..6], out charsWritten));
        Assert.False(price.TryFormat(bytes[..6], out bytesWritten));
        Assert.Equal(0, charsWritten + bytesWritten);
    }

    [Theory]
    [InlineData(114.125, 11_412_500_000)]
    [InlineData(0.1, 10_000_000)]
    [InlineData(114.1, 11_410_000_000)]
    [InlineData(708123.45, 70_812_345_000_000)]
    [InlineData(1e-8, 1)]
    [InlineData(0.001953125, 195_312)] // 195312.5 units: a tie, to even
    [InlineData(0.005859375, 585_938)] // 585937.5 units: a tie, to even
    public void TryFromDoubleBits_Price_RoundsOnceHalfEven(double value, long e8)
    {
        Assert.True(Price.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var price, out var error));
        Assert.Equal(PriceError.None, error);
        Assert.Equal(e8, price.E8);
    }

    [Theory]
    [InlineData(0.0, PriceError.Zero)]
    [InlineData(-1.0, PriceError.Negative)]
    [InlineData(double.NaN, PriceError.NaN)]
    [InlineData(double.PositiveInfinity, PriceError.Infinity)]
    [InlineData(double.NegativeInfinity, PriceError.Infinity)]
    [InlineData(4e-9, PriceError.TooPrecise)]
    [InlineData(double.Epsilon, PriceError.TooPrecise)]
    [InlineData(92233720369.0, PriceError.Overflow)]
    [InlineData(double.MaxValue, PriceError.Overflow)]
    public void TryFromDoubleBits_NotAPrice_SaysWhy(double value, PriceError expected)
    {
        Assert.False(Price.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(value), out var price, out var error));
        Assert.Equal(expected, error);
        Assert.True(price.IsNone);
    }

    [Fact]
    public void TryFromDoubleBits_MinusZero_IsZero()
    {
        Assert.False(Price.TryFromDoubleBits(long.MinValue, out _, out var error));
        Assert.Equal(PriceError.Zero, error);
    }
}
