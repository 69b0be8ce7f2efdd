using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>What a venue's pairs are quoted in, and the pairs of a configured source.</summary>
internal static class TokenPairs
{
    /// <summary>Dollars, and the currencies that stand for them. They are different, and nothing here treats one as the other.</summary>
    public static readonly IReadOnlyList<string> QuoteCurrencies = ["USD", "USDC", "USDT"];

    /// <summary>The currencies whose price in dollars a venue may tell.</summary>
    public static readonly IReadOnlyList<string> PeggedCurrencies = ["USDC", "USDT"];

    /// <summary>Who prices a currency in dollars.</summary>
    public static readonly IReadOnlyList<VendorKind> CurrencyVendors = [VendorKind.Kraken, VendorKind.Bitstamp, VendorKind.Chainlink];

    /// <summary>The pair that prices a currency in dollars, as the vendor writes it; null where that follows from nothing.</summary>
    public static string? DollarPairOf(VendorKind vendor, string currency) => vendor switch
    {
        VendorKind.Kraken => $"{currency}/USD",
        VendorKind.Bitstamp => $"{currency.ToLowerInvariant()}usd",
        _ => null,
    };

    /// <summary>What a symbol is quoted in; null when that is none of <see cref="QuoteCurrencies"/>.</summary>
    public static string? QuoteOf(VendorKind vendor, string symbol)
    {
        if (vendor == VendorKind.Bybit) return QuoteCurrencies.Where(c => c != "USD").FirstOrDefault(c => symbol.Length > c.Length && symbol.EndsWith(c, StringComparison.Ordinal));
        var slash = symbol.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? QuoteCurrencies.FirstOrDefault(c => symbol[(slash + 1)..] == c) : null;
    }

    /// <summary>The pairs of a source, in the order of their first mention.</summary>
    /// <param name="options">A valid source.</param>
    /// <param name="tokens">The configured tokens by every name a source may use.</param>
    /// <param name="unit">What the venue trades.</param>
    public static IReadOnlyList<TokenPair> Of(SourceOptions options, IReadOnlyDictionary<string, VenueToken> tokens, FeedUnit unit) =>
    [
        .. options.Symbols.GroupBy(s => s.Symbol, StringComparer.Ordinal).Select(group => group.First().Currency.Length > 0
            ? new TokenPair(group.Key, [], group.First().Currency, FeedUnit.CurrencyUnit)
            : new TokenPair(group.Key, [.. group.Select(s => tokens[s.Token].Id)], QuoteOf(options.Vendor, group.Key)!, unit)),
    ];

    /// <summary>The pairs by their symbols; the id that is found is a pair's place.</summary>
    public static SymbolTable Index(IReadOnlyList<TokenPair> pairs) => new(pairs.Select((p, i) => new VendorSymbol(p.Symbol, new InstrumentId(i))));
}
