using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Configuration;

/// <summary>The names a configuration may call a token by: a feed made from it, its address, and its CAIP-19 asset.</summary>
internal static class TokenNames
{
    /// <summary>The assets of a configuration's token feeds by their names, valid or not.</summary>
    public static IReadOnlyDictionary<string, string> Of(NodeOptions options)
    {
        var assets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var feed in options.Feeds.Where(f => f.Token.Length > 0))
            foreach (var name in NamesOf(feed.Name, feed.Token))
                assets.TryAdd(name, feed.Token);
        return assets;
    }

    /// <summary>The tokens by their names.</summary>
    public static IReadOnlyDictionary<string, VenueToken> Of(NodeSettings settings)
    {
        var tokens = new Dictionary<string, VenueToken>(StringComparer.Ordinal);
        foreach (var feed in settings.Feeds.Where(f => f.Mint is not null))
        {
            var asset = settings.Options.Feeds.First(o => o.Name == feed.Feed.Name).Token;
            foreach (var name in NamesOf(feed.Feed.Name, asset)) tokens.TryAdd(name, new VenueToken(new TokenId(settings.Tokens.IndexOf(feed.Mint!)), asset));
        }

        return tokens;
    }

    private static string[] NamesOf(string feed, string asset) => [feed, asset, CaipAsset.AddressOf(asset)];
}
