using System.Globalization;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>Checks the rules of a currency's feed against the sources that read it: what would hold it in a quiet market is said before it does.</summary>
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
