using System.Globalization;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>Checks the rules of a currency's feed, and of a token's peg, against the sources that read it: what would hold it in a quiet market is said before it does.</summary>
internal static class CurrencyReaders
{
    /// <summary>Adds every error, each with key, value and what would be right.</summary>
    /// <param name="options">All feeds as configured.</param>
    /// <param name="feeds">The feeds that could be made.</param>
    /// <param name="sources">All sources as configured.</param>
    /// <param name="path">Where the feeds stand, e.g. <c>OracleNode:Feeds</c>.</param>
    /// <param name="errors">Receives the errors.</param>
    public static void Check(List<FeedOptions> options, IReadOnlyList<FeedSettings> feeds, List<SourceOptions> sources, string path, List<string> errors)
    {
        foreach (var rules in feeds.Select(f => f.Derived).OfType<CurrencyFeedRules>())
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{path}:{options.FindIndex(o => o.Name == rules.Feed.Name)}:{nameof(FeedOptions.CurrencyRules)}");
            foreach (var source in rules.Sources)
            {
                if (sources[source.Id.Index] is { Vendor: VendorKind.Chainlink } reader) CheckAggregators(rules, reader, key, errors);
            }
        }

        for (var i = 0; i < options.Count; i++)
            if (options[i].TokenLimits.PegCurrency is { Length: > 0 } currency)
                CheckPeg(currency, sources, string.Create(CultureInfo.InvariantCulture, $"{path}:{i}:{nameof(FeedOptions.TokenLimits)}:{nameof(TokenLimitsOptions.PegCurrency)}"), errors);
    }

    /// <summary>A peg that fewer than two upstreams tell is never known: its token would be Degraded for ever.</summary>
    private static void CheckPeg(string currency, List<SourceOptions> sources, string key, List<string> errors)
    {
        var readers = sources.Where(s => s.Symbols.Any(p => p.Currency == currency)).Select(s => s.Upstream).Distinct(StringComparer.Ordinal).Count();
        if (readers < 2)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} = '{currency}': must be a currency that sources of two upstreams at least price, by an entry in Symbols whose Currency it is; there are {readers}."));
    }

    private static void CheckAggregators(CurrencyFeedRules rules, SourceOptions reader, string key, List<string> errors)
    {
        var (settings, chainlink) = (rules.Settings, reader.Chainlink);
        var oldest = Duration.FromTimeSpan(chainlink.PollPeriod + chainlink.MaxBlockAge);
        if (settings.OutlierLimitBps < chainlink.DeviationBps)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key}:OutlierLimitBps = '{settings.OutlierLimitBps}': must be at least {chainlink.DeviationBps} (Chainlink:DeviationBps of {reader.Name}): a standing answer may be so far off."));
        if (settings.Freshness < oldest)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key}:Freshness = '{settings.Freshness.ToTimeSpan()}': must be at least {oldest.ToTimeSpan()} (Chainlink:PollPeriod and MaxBlockAge of {reader.Name}): a reading may be so old."));
    }
}
