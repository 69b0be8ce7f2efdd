using System.Text;

namespace OracleNode.Vendors.TokenMarkets;

public class QuantityTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.000", 0)]
    [InlineData("0e5", 0)]
    [InlineData("1", 100_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("1e-8", 1)]
    [InlineData("1098.3947558", 109_839_475_580)]
    [InlineData("1.999999999", 199_999_999)]
    [InlineData("0.000000001", 0)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    public void TryParseE8_Quantity_IsExactAndNeverMore(string text, long e8)
    {
        Assert.True(QuantityText.TryParseE8(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(e8, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("-0.000000001")]
    [InlineData("NaN")]
    [InlineData("1.0000000001e1")]
    [InlineData("92233720368.54775808")]
    [InlineData("1e300")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    public void TryParseE8_NoQuantity_IsRefused(string text) => Assert.False(QuantityText.TryParseE8(Encoding.UTF8.GetBytes(text), out _));
}
