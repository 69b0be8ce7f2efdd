using OracleNode.Market;

namespace OracleNode.Deployment;

/// <summary>The feeds of a node against those of a record.</summary>
internal static class RecordedFeeds
{
    /// <summary>What is wrong with a feed in the record; null when it is there as configured.</summary>
    public static string? ProblemOf(Feed feed, ChainRecord record)
    {
        var id = FeedIdentity.Compute(feed);
        if (record.Feeds.Any(f => f.Id == id.ToString())) return null;
        // Unit and quote are part of the id: a feed under the same name with another id says which of them differs.
        return record.Feeds.FirstOrDefault(f => f.Symbol == feed.Name) is { } other
            ? $"feed {feed.Name} is recorded as {other.Unit} in {other.Quote} with {other.Decimals} decimals of '{other.Identity}', configured as {feed.Unit} in {feed.Quote} with {Price.Decimals} decimals of '{feed.Identity}'"
            : $"feed {feed.Name} ({id}) is not on record; add it to the configuration's Deploy section and run deploy";
    }

    /// <summary>What is wrong with a feed as a chain has it; null when it is as configured.</summary>
    public static string? ProblemOf(Feed feed, byte unit, byte decimals, long minPriceE8, long maxPriceE8)
    {
        if (unit != (byte)feed.Unit || decimals != Price.Decimals) return $"feed {feed.Name} stands with unit {unit} and {decimals} decimals, configured is {(byte)feed.Unit} ({feed.Unit}) and {Price.Decimals}";
        return minPriceE8 > 0 && maxPriceE8 >= minPriceE8 ? null : $"feed {feed.Name} stands with bounds {minPriceE8}e-8 .. {maxPriceE8}e-8, which let no price in";
    }

    /// <summary>What is wrong with who owns contract or registry; null when it is as recorded, or offered to the recorded owner and not yet accepted.</summary>
    public static string? ProblemOfOwner(string owner, string pendingOwner, ChainRecord record) =>
        owner == record.Owner || (owner == record.Deployer && pendingOwner == record.Owner) ? null : $"owner is {owner} (offered to {pendingOwner}), recorded is {record.Owner}";
}
