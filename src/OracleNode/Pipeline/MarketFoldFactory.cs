using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>From the checked configuration to the fold that the node and the replay both drive.</summary>
internal static class MarketFoldFactory
{
    /// <summary>Makes the fold; feeds are in the configuration's order, tokens in that of <see cref="NodeSettings.Tokens"/>.</summary>
    public static MarketFold Create(NodeSettings settings, TradingCalendar calendar)
    {
        var tokens = settings.Tokens.Select(t => new TokenListing(t.Name, t.Issue, t.Issuer, t.CodeHash)).ToList();
        return new MarketFold([.. settings.Feeds.Select(Rules)], calendar, comparesVendorClocks: settings.Options.Clock.CompareWithVendors, actions: settings.CorporateActions, listings: tokens);

        FeedRules Rules(FeedSettings feed) => feed.Pricing is { } pricing
            ? new ShareFeedRules(feed.Feed, pricing, feed.Sources) { Related = feed.Related, Luld = feed.Luld, LuldLeveragePercent = feed.LuldLeveragePercent, Tickers = settings.Instruments[feed.Feed.Instrument.Index].Tickers }
            : feed.Derived ?? (FeedRules)new TokenFeedRules(feed.Feed, feed.Underlying!.Value, new TokenId(feed.TokenPlace!.Value), feed.Token!)
            {
                HasReserves = settings.Options.Reserves.Issues.Any(i => i.Issue == settings.Tokens[feed.TokenPlace!.Value].Issue),
            };
    }
}
