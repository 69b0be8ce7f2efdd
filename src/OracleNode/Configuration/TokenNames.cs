using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>The names by which a token is known: its own, its asset, its address where no other chain has that too, and those of the feeds made from it.</summary>
internal static class TokenNames
{
    /// <summary>Every name that a configuration allows, valid or not.</summary>
    public static IReadOnlySet<string> Of(NodeOptions options) =>
        NamesOf([.. options.Tokens.List.Select(t => (t.Name, t.Asset, AddressOf(t.Asset)))], [.. options.Feeds.Select(f => (f.Name, options.Tokens.List.FindIndex(t => t.Asset == f.Token)))])
            .Select(n => n.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The tokens by their names.</summary>
    public static IReadOnlyDictionary<string, TokenId> Of(NodeSettings settings)
    {
        var tokens = new Dictionary<string, TokenId>(StringComparer.Ordinal);
        var names = NamesOf([.. settings.Tokens.Select(t => (t.Name, t.Asset, t.Address))], [.. settings.Feeds.Select(f => (f.Feed.Name, f.TokenPlace ?? -1))]);
        foreach (var (name, place) in names) tokens.TryAdd(name, new TokenId(place));
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

    private static string AddressOf(string asset) => asset[(asset.LastIndexOf(':') + 1)..];
}
