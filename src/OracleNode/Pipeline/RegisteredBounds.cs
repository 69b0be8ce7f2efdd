using OracleNode.Configuration;
using OracleNode.Deployment;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>The narrowest absolute bounds that a feed is registered with on any chain; only its owner there can change them.</summary>
/// <param name="Min">Lowest price; none where it is not known.</param>
/// <param name="Max">Highest price; none where it is not known.</param>
internal readonly record struct RegisteredBounds(Price Min, Price Max)
{
    public bool Excludes(Price price) => (!Min.IsNone && price < Min) || (!Max.IsNone && price > Max);

    /// <summary>By place of feed, from the record of the deployment; empty where there is none.</summary>
    public static IReadOnlyList<RegisteredBounds> Of(NodeSettings settings) => settings.Record is not { } record
        ? []
        : [.. settings.Feeds.Select(f => record.Chains.SelectMany(c => c.Feeds).Where(r => r.Symbol == f.Feed.Name).Aggregate(default(RegisteredBounds), (narrowest, r) => narrowest.And(r)))];

    private RegisteredBounds And(FeedRecordEntry entry)
    {
        var (min, max) = (Parse(entry.MinPrice), Parse(entry.MaxPrice));
        return new RegisteredBounds(min > Min ? min : Min, Max.IsNone || (!max.IsNone && max < Max) ? max : Max);
    }

    private static Price Parse(string text)
    {
        Price.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var price, out _);
        return price;
    }
}
