namespace OracleNode.Market;

public class FeedIdentityTests
{
    private const string Share = "figi:BBG000N9P426@XNAS";
    private const string Token = Share + ";solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB";

    // The expected ids come from an independent implementation of the layout and of keccak.
    [Theory]
    [InlineData(Share, FeedUnit.UnderlyingShare, "0x440965b4a7b72d07af057981b8445acd994362c870b3891d0e23e44e0695f2b8")]
    [InlineData(Token, FeedUnit.RawToken, "0x7ae51e6ebabd078003eb57b14ef90e2ceb645699b04d7d2162bc7778d13f6c1d")]
    public void Compute_DocumentedIdentity_MatchesIndependentComputation(string identity, FeedUnit unit, string expected)
    {
        Assert.Equal(expected, FeedIdentity.Compute(identity, "USD", unit, 8).ToString());
        Assert.Equal(expected, FeedIdentity.Compute(new Feed("X", new InstrumentId(0), identity, "USD", unit)).ToString());
    }

    [Fact]
    public void Compute_LongestTexts_Works() =>
        Assert.NotEqual(
            FeedIdentity.Compute(new string('i', 255), new string('q', 16), FeedUnit.UiToken, 8),
            FeedIdentity.Compute(new string('i', 254), new string('q', 16), FeedUnit.UiToken, 8));

    [Fact]
    public void Compute_CharacterMovedFromIdentityToQuote_ChangesId() =>
        Assert.NotEqual(
            FeedIdentity.Compute("figi:AB", "USD", FeedUnit.UnderlyingShare, 8),
            FeedIdentity.Compute("figi:A", "BUSD", FeedUnit.UnderlyingShare, 8));

    [Theory]
    [InlineData("", "USD")]
    [InlineData(Share, "")]
    [InlineData(Share, "SEVENTEEN-LETTERS")]
    [InlineData("figi: BBG", "USD")]
    [InlineData("figi:BBG\u00e9", "USD")]
    [InlineData("figi:BBG\n", "USD")]
    public void Compute_BadText_IsRefused(string identity, string quote) =>
        Assert.Throws<ArgumentException>(() => FeedIdentity.Compute(identity, quote, FeedUnit.UnderlyingShare, 8));

    [Fact]
    public void Compute_IdentityTooLong_IsRefused() =>
        Assert.Throws<ArgumentException>(() => FeedIdentity.Compute(new string('i', 256), "USD", FeedUnit.UnderlyingShare, 8));

    [Theory]
    [InlineData(FeedUnit.Unknown, 8)]
    [InlineData((FeedUnit)9, 8)]
    [InlineData(FeedUnit.RawToken, 18)]
    public void Compute_BadUnitOrDecimals_IsRefused(FeedUnit unit, int decimals) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FeedIdentity.Compute(Share, "USD", unit, decimals));
}
