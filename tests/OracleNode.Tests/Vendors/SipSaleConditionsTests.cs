using OracleNode.Market;

namespace OracleNode.Vendors;

public class SipSaleConditionsTests
{
    private const ConditionFlags Auctions = ConditionFlags.OpeningPrint | ConditionFlags.ClosingPrint | ConditionFlags.ReopeningPrint;

    [Theory]
    [InlineData(SipTape.Cta, " @FKOX569E")]
    [InlineData(SipTape.Utp, " @FKOX569ADSY1B")]
    public void FlagsOf_CodesThatUpdateLast_AreEligible(SipTape tape, string codes) =>
        Assert.All(codes, c => Assert.Equal(ConditionFlags.None, SipSaleConditions.FlagsOf((byte)c, tape) & ~Auctions));

    [Theory]
    [InlineData(SipTape.Cta, "BWCHIMQNRUV7PZ4G")]
    [InlineData(SipTape.Utp, "WCHIMQNRUV7PZ4G")]
    [InlineData(SipTape.Unknown, "BWCHIMQNRUV7PZ4G")]
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

    [Theory]
    [InlineData('O', ConditionFlags.OpeningPrint)]
    [InlineData('Q', ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible)]
    [InlineData('5', ConditionFlags.ReopeningPrint)]
    [InlineData('6', ConditionFlags.ClosingPrint)]
    [InlineData('9', ConditionFlags.ClosingPrint)]
    [InlineData('M', ConditionFlags.ClosingPrint | ConditionFlags.NotLastEligible)]
    [InlineData('F', ConditionFlags.None)]
    public void FlagsOf_Auctions_AreNamed(char code, ConditionFlags expected) =>
        Assert.All(new[] { SipTape.Cta, SipTape.Utp, SipTape.Unknown }, tape => Assert.Equal(expected, SipSaleConditions.FlagsOf((byte)code, tape)));

    [Fact]
    public void FlagsOf_SoldLast_IsEligibleAsAFirstPrintOnly() =>
        Assert.Equal(ConditionFlags.OnlyIfFirst, SipSaleConditions.FlagsOf((byte)'L', SipTape.Cta));

    [Fact]
    public void FlagsOf_FormT_IsExtendedHoursOnly() =>
        Assert.Equal(ConditionFlags.ExtendedHours, SipSaleConditions.FlagsOf((byte)'T', SipTape.Utp));
}
