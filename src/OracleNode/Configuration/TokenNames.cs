using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>The names a configuration may call a token by: a feed made from it, its address, and its CAIP-19 asset.</summary>
internal static class TokenNames
{
    /// <summary>Every name that the token feeds of a configuration allow, valid or not.</summary>
    public static IReadOnlySet<string> Of(NodeOptions options) =>
        options.Feeds.Where(f => f.Token.Length > 0).SelectMany(f => NamesOf(f.Name, f.Token)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The tokens by their names.</summary>
    public static IReadOnlyDictionary<string, TokenId> Of(NodeSettings settings)
    {
        var tokens = new Dictionary<string, TokenId>(StringComparer.Ordinal);
        foreach (var feed in settings.Feeds.Where(f => f.Mint is not null))
            foreach (var name in NamesOf(feed.Feed.Name, settings.Options.Feeds.First(o => o.Name == feed.Feed.Name).Token))
                tokens.TryAdd(name, new TokenId(settings.Tokens.IndexOf(feed.Mint!)));
        return tokens;
    }

    private static IEnumerable<string> NamesOf(string feed, string asset) => [feed, asset, asset[(asset.LastIndexOf(':') + 1)..]];
}
