using System.Globalization;
using FsCheck;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Vendors.CorporateActions;

public class RateTextTests
{
    [Theory]
    [InlineData("10", "1", 10, 1)]
    [InlineData("1", "8", 1, 8)]
    [InlineData("3", "2", 3, 2)]
    [InlineData("1.5", "1", 3, 2)]
    [InlineData("1", "0.1", 10, 1)]
    [InlineData("0.125", "1.000", 1, 8)]
    [InlineData("20.0", "10", 2, 1)]
    [InlineData("0.333333333", "1", 333_333_333, 1_000_000_000)]
    public void Rates_Read_AreWholeSharesInLowestTerms(string newRate, string oldRate, long newShares, long oldShares)
    {
        Assert.True(RateText.TryRatio(newRate, oldRate, out var ratio));
        Assert.Equal(new ShareRatio(newShares, oldShares), ratio);
    }

    [Theory]
    [InlineData("0.05", 21, 20)]
    [InlineData("1", 2, 1)]
    [InlineData("0.001", 1001, 1000)]
    public void SharesOnTop_Read_AreARatio(string rate, long newShares, long oldShares)
    {
        Assert.True(RateText.TryOnTop(rate, out var ratio));
        Assert.Equal(new ShareRatio(newShares, oldShares), ratio);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e1")]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("NaN")]
    [InlineData("1 ")]
    [InlineData("1.0000000001")]
    [InlineData("99999999999999999999")]
    [InlineData("10001")]
    public void WhatIsNoRate_Read_IsNone(string rate)
    {
        Assert.False(RateText.TryRatio(rate, "1", out _));
        Assert.False(RateText.TryRatio("1", rate, out _));
    }

    [Property(MaxTest = 2000)]
    public void AnyText_Read_IsExactOrNone(NonNull<string> newRate, PositiveInt thousandths)
    {
        RateText.TryRatio(newRate.Get, "1", out _);
        RateText.TryOnTop(newRate.Get, out _);
        var text = (thousandths.Get / 1000m).ToString(CultureInfo.InvariantCulture);
        if (RateText.TryRatio(text, "1", out var ratio)) Assert.Equal(thousandths.Get * ratio.Old, 1000L * ratio.New);
    }
}
