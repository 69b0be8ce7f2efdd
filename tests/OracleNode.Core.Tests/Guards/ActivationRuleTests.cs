using OracleNode.Market;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class ActivationRuleTests
{
    [Fact]
    public void Formula_ThatPublishesARatioAsAPrice_IsRefused() => // 15 February 2026: 1.12 where 2,200 was right
        Assert.Equal(ActivationVerdict.Deviates, ActivationRule.Judge(Cents(220_000), Cents(112), default, default, 1_000));

    [Fact]
    public void Cap_BelowTheLivePrice_IsRefused() => // 10 March 2026: a cap of 1.1934 where 1.2282 was live
        Assert.Equal(ActivationVerdict.ExcludesPrice, ActivationRule.Judge(Price.FromE8(1_2282_0000), Price.FromE8(1_2282_0000), default, Price.FromE8(1_1934_0000), 1_000));

    [Theory]
    [InlineData(11_000, ActivationVerdict.Accepted)]
    [InlineData(11_001, ActivationVerdict.Deviates)]
    [InlineData(9_000, ActivationVerdict.Accepted)]
    [InlineData(8_999, ActivationVerdict.Deviates)]
    public void Deviation_AtTheLimit_IsAccepted(double proposed, ActivationVerdict expected) =>
        Assert.Equal(expected, ActivationRule.Judge(Cents(10_000), Cents(proposed), default, default, 1_000));

    [Fact]
    public void Bounds_AtThePrice_ExcludeIt()
    {
        Assert.Equal(ActivationVerdict.ExcludesPrice, ActivationRule.Judge(Cents(10_000), Cents(10_000), Cents(10_000), default, 1_000));
        Assert.Equal(ActivationVerdict.Accepted, ActivationRule.Judge(Cents(10_000), Cents(10_000), Cents(9_999), Cents(10_001), 1_000));
    }

    [Fact]
    public void Configuration_WithoutAPriceWhereThereIsOne_IsRefused() =>
        Assert.Equal(ActivationVerdict.NoOutput, ActivationRule.Judge(Cents(10_000), default, default, default, 1_000));

    [Fact]
    public void Configuration_WithNothingToCompare_IsAccepted() =>
        Assert.Equal(ActivationVerdict.Accepted, ActivationRule.Judge(default, Cents(1), default, default, 1_000));
}
