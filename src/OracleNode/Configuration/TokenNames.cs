using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Configuration;

/// <summary>The names by which a token is known: its own, its asset, its address where no other chain has that too, and those of the feeds made from it.</summary>
internal static class TokenNames
{
    /// <summary>The assets of a configuration's tokens by their names, valid or not.</summary>
    public static IReadOnlyDictionary<string, string> Of(NodeOptions options)
    {
        var assets = new Dictionary<string, string>(StringComparer.Ordinal);
        var listed = options.Tokens.List;
        var names = NamesOf([.. listed.Select(t => (t.Name, t.Asset, CaipAsset.AddressOf(t.Asset)))], [.. options.Feeds.Select(f => (f.Name, listed.FindIndex(t => t.Asset == f.Token)))]);
        foreach (var (name, place) in names) assets.TryAdd(name, listed[place].Asset);
        return assets;
    }

    /// <summary>The tokens by their names.</summary>
    public static IReadOnlyDictionary<string, VenueToken> Of(NodeSettings settings)
    {
        var tokens = new Dictionary<string, VenueToken>(StringComparer.Ordinal);
        var names = NamesOf([.. settings.Tokens.Select(t => (t.Name, t.Asset, t.Address))], [.. settings.Feeds.Select(f => (f.Feed.Name, f.TokenPlace ?? -1))]);
        foreach (var (name, place) in names) tokens.TryAdd(name, new VenueToken(new TokenId(place), settings.Tokens[place].Asset));
        return tokens;
    }

    /// <summary>In the order in which they are taken: a name of the token's own comes before another's.</summary>
    private static IEnumerable<(string Name, int Place)> NamesOf(IReadOnlyList<(string Name, string Asset, string Address)> tokens, IReadOnlyList<(string Name, int Place)> feeds) =>
    [
        .. tokens.Select((t, i) => (t.Name, i)),
        .. tokens.Select((t, i) => (t.Asset, i)),
        .. tokens.Select((t, i) => (t.Address, i)).Where(n => tokens.Count(t => t.Address == n.Address) == 1),
        .. feeds.Where(f => f.Place >= 0),
    ];
}
