using OracleNode.Market;

namespace OracleNode.Run;

public class FeedLabelsTests
{
    private static readonly Feed Token = new("TSLAx", new InstrumentId(0), "figi:X@XNAS;solana:y/token:z", "USD", FeedUnit.RawToken);

    [Fact]
    public void Unit_OfEveryKind_IsSaidAndNoTwoAreAlike()
    {
        var feeds = Enum.GetValues<FeedUnit>()[1..].Select(u => Token with { Unit = u, Identity = u == FeedUnit.CurrencyUnit ? "currency:USDC" : Token.Identity }).Append(Token with { Quote = "USDC" });
        var labels = feeds.Select(FeedLabels.UnitOf).ToList();
        Assert.Equal(9, labels.Distinct().Count());
        Assert.Contains("USDC per raw token", labels);
        Assert.Contains("USD per USDC", labels);
        // A ratio is no money.
        Assert.All(labels.Where(l => l.StartsWith("ratio", StringComparison.Ordinal)), l => Assert.DoesNotContain("USD", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Description_OfAQuotedToken_NamesTheCurrencyOnce()
    {
        Assert.Equal("TSLAx / USD", FeedLabels.DescriptionOf(Token));
        Assert.Equal("TSLAx / USDC", FeedLabels.DescriptionOf(Token with { Name = "TSLAx-USDC", Quote = "USDC" }));
    }
}
