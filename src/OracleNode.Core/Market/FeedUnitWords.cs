namespace OracleNode.Market;

/// <summary>What a feed's number is of, as a person reads it after the number: <c>USD per share</c>, never a bare currency, and for a ratio none.</summary>
public static class FeedUnitWords
{
    private const string CurrencyPrefix = "currency:";

    /// <summary>The words for a feed's price, confidence, bid, ask and average.</summary>
    public static string Of(Feed feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        return feed.Unit switch
        {
            FeedUnit.UnderlyingShare => $"{feed.Quote} per share",
            FeedUnit.RawToken => $"{feed.Quote} per raw token",
            FeedUnit.UiToken => $"{feed.Quote} per displayed token",
            FeedUnit.WrapperShare => $"{feed.Quote} per wrapper share",
            FeedUnit.PremiumRatio => "of the token's price by its share (1 is par)",
            FeedUnit.IndicativeShare => $"{feed.Quote} per share, indicative",
            FeedUnit.ReserveRatio => "of the shares that tokens stand for (1 is covered)",
            FeedUnit.CurrencyUnit => $"{feed.Quote} per {(feed.Identity.StartsWith(CurrencyPrefix, StringComparison.Ordinal) ? feed.Identity[CurrencyPrefix.Length..] : feed.Name)}",
            _ => "of an unknown unit",
        };
    }
}
