using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>What a feed's number is, in the words of a table.</summary>
internal static class FeedLabels
{
    private const string CurrencyIdentity = "currency:";

    /// <summary>The unit, e.g. <c>USD per share</c>.</summary>
    public static string UnitOf(Feed feed) => feed.Unit switch
    {
        FeedUnit.UnderlyingShare => $"{feed.Quote} per share",
        FeedUnit.RawToken => $"{feed.Quote} per raw token",
        FeedUnit.UiToken => $"{feed.Quote} per displayed token",
        FeedUnit.WrapperShare => $"{feed.Quote} per wrapper share",
        FeedUnit.IndicativeShare => $"{feed.Quote} per share, indicated",
        FeedUnit.PremiumRatio => "ratio to its price",
        FeedUnit.ReserveRatio => "ratio to supply",
        FeedUnit.CurrencyUnit => $"{feed.Quote} per {feed.Identity[CurrencyIdentity.Length..]}",
        _ => feed.Unit.ToString(),
    };

    /// <summary>What the contracts are told; they add the unit themselves.</summary>
    public static string DescriptionOf(Feed feed)
    {
        var quoted = "-" + feed.Quote;
        return $"{(feed.Name.EndsWith(quoted, StringComparison.Ordinal) ? feed.Name[..^quoted.Length] : feed.Name)} / {feed.Quote}";
    }
}
