using OracleNode.Market;

namespace OracleNode.Vendors;

public class SipSaleConditionsTests
{
    [Theory]
    [InlineData(SipTape.Cta, " @FKOX569E")]
    [InlineData(SipTape.Utp, " @FKOX569ADSY1B")]
    public void FlagsOf_CodesThatUpdateLast_AreEligible(SipTape tape, string codes) =>
        Assert.All(codes, c => Assert.Equal(ConditionFlags.None, SipSaleConditions.FlagsOf((byte)c, tape)));

    [Theory]
    [InlineData(SipTape.Cta, "BWCHIMQNRUV7LPZ4G")]
    [InlineData(SipTape.Utp, "WCHIMQNRUV7LPZ4G")]
    [InlineData(SipTape.Unknown, "BWCHIMQNRUV7LPZ4G")]
    public void FlagsOf_CodesThatDoNot_AreNot(SipTape tape, string codes) =>
        Assert.All(codes, c => Assert.True(SipSaleConditions.FlagsOf((byte)c, tape).HasFlag(ConditionFlags.NotLastEligible), c.ToString()));

    [Theory]
    [InlineData(SipTape.Cta, "ADSY1")]
    [InlineData(SipTape.Utp, "E")]
    public void FlagsOf_CodeOfTheOtherTape_IsUnknown(SipTape tape, string codes) =>
        Assert.All(codes, c => Assert.Equal(ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode, SipSaleConditions.FlagsOf((byte)c, tape)));

    [Fact]
    public void FlagsOf_EveryOtherByte_IsUnknown()
    {
        const string known = " @FKOX569EADSY1BWTUI4LPZGCHMQNRV7";
        var others = Enumerable.Range(0, 256).Where(b => !known.Contains((char)b, StringComparison.Ordinal));
        Assert.All(others, b => Assert.True(SipSaleConditions.FlagsOf((byte)b, SipTape.Unknown).HasFlag(ConditionFlags.UnknownCode)));
    }

    [Fact]
    public void FlagsOf_FormT_IsExtendedHoursOnly() =>
        Assert.Equal(ConditionFlags.ExtendedHours, SipSaleConditions.FlagsOf((byte)'T', SipTape.Utp));
}
