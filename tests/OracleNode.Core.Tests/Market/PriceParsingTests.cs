using System.Text;

namespace OracleNode.Market;

public class PriceParsingTests
{
    [Theory]
    [InlineData("114.125", 11_412_500_000)]
    [InlineData("1", 100_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("0.5", 50_000_000)]
    [InlineData("708123.45", 70_812_345_000_000)]
    [InlineData("114.12500000", 11_412_500_000)]
    [InlineData("114.12500000000000000000000000000000", 11_412_500_000)]
    [InlineData("1.14125e2", 11_412_500_000)]
    [InlineData("1.14125E+2", 11_412_500_000)]
    [InlineData("114125e-3", 11_412_500_000)]
    [InlineData("1e-8", 1)]
    [InlineData("1000000000000000000000e-21", 100_000_000)]
    [InlineData("0.000000000000000000000000000001e30", 100_000_000)]
    [InlineData("1e10", 1_000_000_000_000_000_000)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    [InlineData("9223372036854775807e-8", long.MaxValue)]
    [InlineData("1e00000000000000000000000000000000000002", 10_000_000_000)]
    public void TryParse_ExactNumber_GivesItsUnits(string text, long e8)
    {
        Assert.True(Parse(text, out var price, out var error));
        Assert.Equal(PriceError.None, error);
        Assert.Equal(e8, price.E8);
    }

    [Theory]
    [InlineData("", PriceError.Empty)]
    [InlineData("+1", PriceError.Sign)]
    [InlineData("-1", PriceError.Negative)]
    [InlineData("-114.125", PriceError.Negative)]
    [InlineData("-1e-400", PriceError.Negative)]
    [InlineData("-1e400", PriceError.Negative)]
    [InlineData("0", PriceError.Zero)]
    [InlineData("0.0", PriceError.Zero)]
    [InlineData("-0", PriceError.Zero)]
    [InlineData("0e99999999999999999999", PriceError.Zero)]
    [InlineData("0.000000000000000000000000", PriceError.Zero)]
    [InlineData("NaN", PriceError.NaN)]
    [InlineData("nan", PriceError.NaN)]
    [InlineData("-NaN", PriceError.NaN)]
    [InlineData("inf", PriceError.Infinity)]
    [InlineData("Infinity", PriceError.Infinity)]
    [InlineData("-Infinity", PriceError.Infinity)]
    [InlineData("0x1F", PriceError.Hex)]
    [InlineData("0X", PriceError.Hex)]
    [InlineData(" 1", PriceError.LeadingJunk)]
    [InlineData("$114.12", PriceError.LeadingJunk)]
    [InlineData(".5", PriceError.LeadingJunk)]
    [InlineData("\"1\"", PriceError.LeadingJunk)]
    [InlineData("null", PriceError.LeadingJunk)]
    [InlineData("--1", PriceError.LeadingJunk)]
    [InlineData("-", PriceError.Malformed)]
    [InlineData("1 ", PriceError.Malformed)]
    [InlineData("1.", PriceError.Malformed)]
    [InlineData("1..2", PriceError.Malformed)]
    [InlineData("1.2.3", PriceError.Malformed)]
    [InlineData("1.e5", PriceError.Malformed)]
    [InlineData("01", PriceError.Malformed)]
    [InlineData("00.5", PriceError.Malformed)]
    [InlineData("1e", PriceError.Malformed)]
    [InlineData("1e+", PriceError.Malformed)]
    [InlineData("1e+-2", PriceError.Malformed)]
    [InlineData("1e1.5", PriceError.Malformed)]
    [InlineData("1,000", PriceError.Malformed)]
    [InlineData("1_000", PriceError.Malformed)]
    [InlineData("114.12\0", PriceError.Malformed)]
    [InlineData("0.000000001", PriceError.TooPrecise)]
    [InlineData("114.123456789", PriceError.TooPrecise)]
    [InlineData("1e-9", PriceError.TooPrecise)]
    [InlineData("1e-99999999999999999999", PriceError.TooPrecise)]
    [InlineData("99999999999999999999.000000001", PriceError.TooPrecise)]
    [InlineData("92233720368.54775808", PriceError.Overflow)]
    [InlineData("92233720369", PriceError.Overflow)]
    [InlineData("1e11", PriceError.Overflow)]
    [InlineData("1e99999999999999999999", PriceError.Overflow)]
    [InlineData("123456789012345678901234567890", PriceError.Overflow)]
    public void TryParse_NotAPrice_SaysWhy(string text, PriceError expected)
    {
        Assert.False(Parse(text, out var price, out var error));
        Assert.Equal(expected, error);
        Assert.True(price.IsNone);
    }

    [Fact]
    public void TryParse_CommonAndRareShapes_AllocateNothing()
    {
        ReadOnlySpan<byte> plain = "114.125"u8;
        ReadOnlySpan<byte> exponent = "1.14125e2"u8;
        ReadOnlySpan<byte> junk = "infinity"u8;
        var parsed = 0;
        for (var i = 0; i < 100; i++) parsed += CountPrices(plain, exponent, junk);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) parsed += CountPrices(plain, exponent, junk);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2200, parsed);
    }

    private static int CountPrices(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c) =>
        (Price.TryParse(a, out _, out _) ? 1 : 0) + (Price.TryParse(b, out _, out _) ? 1 : 0) + (Price.TryParse(c, out _, out _) ? 1 : 0);

    private static bool Parse(string text, out Price price, out PriceError error) =>
        Price.TryParse(Encoding.UTF8.GetBytes(text), out price, out error);
}
