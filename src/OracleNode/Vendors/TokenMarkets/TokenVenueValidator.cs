using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Vendors.Chainlink;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>Checks what only the markets of tokens have: pairs of tokens and currencies, and their own options.</summary>
internal static class TokenVenueValidator
{
    private const int MaxDepthBps = 1_000;

    /// <summary>Adds every error, each with key, value and what would be right.</summary>
    public static void Validate(SourceOptions source, string key, IReadOnlyDictionary<string, string> tokens, List<string> errors)
    {
        if (source.Symbols.Count == 0) errors.Add($"{key}:Symbols is empty: name at least one pair.");
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < source.Symbols.Count; i++)
        {
            var symbol = source.Symbols[i];
            var at = $"{key}:Symbols:{i}";
            if (symbol.Instrument.Length > 0) errors.Add($"{at}:Instrument = '{symbol.Instrument}': {source.Vendor} is a market of tokens and says nothing of a share; name the {(source.Vendor.HasCurrenciesOnly() ? "Currency" : "Token")}.");
            if (symbol.Token.Length > 0 == symbol.Currency.Length > 0) errors.Add($"{at}:Token = '{symbol.Token}': set either Token, or Currency for a pair that prices a currency in USD.");
            if (symbol.Token.Length > 0 && !tokens.ContainsKey(symbol.Token)) errors.Add($"{at}:Token = '{symbol.Token}': must be the name of a token feed, or its token's address or CAIP-19 asset.");
            if (symbol.Token.Length > 0 && source.Vendor.HasCurrenciesOnly()) errors.Add($"{at}:Token = '{symbol.Token}': {source.Vendor} is read for currencies only; remove it and name the Currency.");
            if (source.Vendor == VendorKind.Raydium && tokens.TryGetValue(symbol.Token, out var asset) && !CaipAsset.TryParseSolanaToken(asset, out _, out _))
                errors.Add($"{at}:Token = '{symbol.Token}': must be a token on Solana, where the pool is.");
            if (!seen.Add((symbol.Symbol, symbol.Token))) errors.Add($"{at}:Symbol = '{symbol.Symbol}': occurs twice with the same token.");
            if (symbol.Currency.Length > 0) ValidateCurrency(source, symbol, at, errors);
            ValidateSymbol(source, symbol, at, errors);
        }

        foreach (var group in source.Symbols.GroupBy(s => s.Symbol, StringComparer.Ordinal).Where(g => g.Any(s => s.Currency.Length > 0) && g.Count() > 1))
            errors.Add($"{key}:Symbols: '{group.Key}' prices a currency and can stand for nothing else; name it once.");
        ValidateOptions(source, key, errors);
    }

    private static void ValidateCurrency(SourceOptions source, SymbolOptions symbol, string at, List<string> errors)
    {
        if (!TokenPairs.CurrencyVendors.Contains(source.Vendor)) errors.Add($"{at}:Currency = '{symbol.Currency}': {source.Vendor} prices nothing in USD; only {string.Join(", ", TokenPairs.CurrencyVendors)} do.");
        else if (!TokenPairs.PeggedCurrencies.Contains(symbol.Currency)) errors.Add($"{at}:Currency = '{symbol.Currency}': must be {string.Join(" or ", TokenPairs.PeggedCurrencies)}.");
        else if (TokenPairs.DollarPairOf(source.Vendor, symbol.Currency) is { } pair && symbol.Symbol != pair) errors.Add($"{at}:Symbol = '{symbol.Symbol}': must be {pair}, the pair that prices it in dollars.");
    }

    private static void ValidateSymbol(SourceOptions source, SymbolOptions symbol, string at, List<string> errors)
    {
        if (source.Vendor == VendorKind.Raydium)
        {
            if (!SolanaAddress.TryParse(symbol.Symbol, out _)) errors.Add($"{at}:Symbol = '{symbol.Symbol}': must be the address of a pool, the base58 of 32 bytes.");
            return;
        }

        if (source.Vendor == VendorKind.Chainlink)
        {
            if (source.Symbols.Count(s => s.Currency == symbol.Currency) > 1) errors.Add($"{at}:Currency = '{symbol.Currency}': occurs twice; one aggregator of a source tells it.");
            if (!ChainlinkOptions.IsContract(symbol.Symbol)) errors.Add($"{at}:Symbol = '{symbol.Symbol}': must be {ChainlinkOptions.ContractText}.");
            return;
        }

        // The pair of a currency is checked with the currency: there is one for each.
        if (source.Vendor == VendorKind.Bitstamp) return;
        var example = source.Vendor == VendorKind.Kraken ? "TSLAx/USD" : "TSLAXUSDT";
        if (!SymbolTable.IsWritable(symbol.Symbol)) errors.Add($"{at}:Symbol = '{symbol.Symbol}': must be the pair as {source.Vendor} writes it, such as {example}: 1 to {SymbolTable.MaxSymbolLength} of A-Z a-z 0-9 . - / _");
        else if (symbol.Token.Length > 0 && TokenPairs.QuoteOf(source.Vendor, symbol.Symbol) is null)
            errors.Add($"{at}:Symbol = '{symbol.Symbol}': must be quoted in {string.Join(", ", TokenPairs.QuoteCurrencies.Where(c => source.Vendor == VendorKind.Kraken || c != "USD"))}, such as {example}.");
    }

    private static void ValidateOptions(SourceOptions source, string key, List<string> errors)
    {
        switch (source.Vendor)
        {
            case VendorKind.Kraken:
                SourceOptionsValidator.Within(source.Kraken.DepthBps, 1, MaxDepthBps, $"{key}:Kraken:DepthBps", errors);
                if (source.Kraken.Unit is not (FeedUnit.UiToken or FeedUnit.RawToken)) errors.Add($"{key}:Kraken:Unit = '{source.Kraken.Unit}': must be UiToken or RawToken.");
                break;
            case VendorKind.Bybit:
                SourceOptionsValidator.Within(source.Bybit.DepthBps, 1, MaxDepthBps, $"{key}:Bybit:DepthBps", errors);
                SourceOptionsValidator.Within(source.Bybit.InstrumentsPeriod, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), $"{key}:Bybit:InstrumentsPeriod", errors);
                if (source.Bybit.InstrumentsUrl.Length > 0 && !(Uri.TryCreate(source.Bybit.InstrumentsUrl, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))))
                    errors.Add($"{key}:Bybit:InstrumentsUrl = '{source.Bybit.InstrumentsUrl}': must begin with https:// (http:// only on this machine), because anybody on the way could stop a market.");
                break;
            case VendorKind.Bitstamp:
                // A book is told when it changes: between two changes only answered heartbeats, one per ping, show that the vendor is there.
                if (source.PingInterval > source.SilenceTimeout / 2) errors.Add($"{key}:PingInterval = '{source.PingInterval}': must be at most half of SilenceTimeout ({source.SilenceTimeout}), or a book that does not change would be silence.");
                break;
            case VendorKind.Chainlink:
                source.Chainlink.Validate($"{key}:Chainlink", errors);
                break;
            default:
                SourceOptionsValidator.Within(source.Raydium.DepthBps, 1, MaxDepthBps, $"{key}:Raydium:DepthBps", errors);
                SourceOptionsValidator.Within(source.Raydium.PollPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), $"{key}:Raydium:PollPeriod", errors);
                SourceOptionsValidator.Within(source.Raydium.RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), $"{key}:Raydium:RequestTimeout", errors);
                if (source.Raydium.Commitment is not (SolanaCommitment.Confirmed or SolanaCommitment.Finalized)) errors.Add($"{key}:Raydium:Commitment = '{source.Raydium.Commitment}': must be Confirmed or Finalized.");
                if (!SolanaAddress.TryParse(source.Raydium.GenesisHash, out _)) errors.Add($"{key}:Raydium:GenesisHash = '{source.Raydium.GenesisHash}': must be the cluster's genesis hash: the base58 of 32 bytes.");
                if (!SolanaAddress.TryParse(source.Raydium.QuoteMint, out _)) errors.Add($"{key}:Raydium:QuoteMint = '{source.Raydium.QuoteMint}': must be the mint of USDC there: the base58 of 32 bytes.");
                break;
        }
    }
}
