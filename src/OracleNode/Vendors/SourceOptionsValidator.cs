namespace OracleNode.Vendors;

/// <summary>Checks the configured sources: every error at once, each with key, value and what would be right.</summary>
public static class SourceOptionsValidator
{
    /// <summary>All errors of all sources; empty when there are none.</summary>
    /// <param name="sources">As configured.</param>
    /// <param name="instruments">Names of the configured instruments.</param>
    /// <param name="tokens">The CAIP-19 assets of the configured tokens by every name that they may be called by; null for none.</param>
    public static IReadOnlyList<string> Validate(IReadOnlyList<SourceOptions> sources, IReadOnlySet<string> instruments, IReadOnlyDictionary<string, string>? tokens = null)
    {
        var errors = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < sources.Count; i++)
        {
            var key = $"Sources:{i}";
            if (!names.Add(sources[i].Name)) errors.Add($"{key}:Name = '{sources[i].Name}': must be unique.");
            ValidateOne(sources[i], key, instruments, tokens ?? new Dictionary<string, string>(), errors);
        }

        return errors;
    }

    /// <summary>The address a source connects to: the configured one, or the vendor's own; null when there is neither.</summary>
    public static Uri? UrlOf(SourceOptions source) =>
        source.Url.Length == 0 ? VendorUpstreams.DefaultUrl(source.Vendor, source.Upstream)
        : Uri.TryCreate(source.Url, UriKind.Absolute, out var url) ? url : null;

    /// <summary>Where a source's market status is asked for; null when the vendor has none.</summary>
    public static Uri? MarketStatusUrlOf(SourceOptions source) =>
        source.MarketStatusUrl.Length == 0 ? VendorUpstreams.DefaultMarketStatusUrl(source.Vendor)
        : Uri.TryCreate(source.MarketStatusUrl, UriKind.Absolute, out var url) ? url : null;

    /// <summary>Where a source's corporate actions are asked for; null when the vendor has none.</summary>
    public static Uri? CorporateActionsUrlOf(SourceOptions source) =>
        source.CorporateActionsUrl.Length == 0 ? VendorUpstreams.DefaultCorporateActionsUrl(source.Vendor)
        : Uri.TryCreate(source.CorporateActionsUrl, UriKind.Absolute, out var url) ? url : null;

    /// <summary>The listing markets a source speaks for; none for a source of prices.</summary>
    public static IReadOnlyList<string> ListingMicsOf(SourceOptions source) =>
        !source.Vendor.IsHaltFeed() ? [] : source.ListingMics.Count > 0 ? source.ListingMics : VendorUpstreams.DefaultListingMics(source.Vendor);

    private static void ValidateOne(SourceOptions source, string key, IReadOnlySet<string> instruments, IReadOnlyDictionary<string, string> tokens, List<string> errors)
    {
        if (source.Name.Length == 0) errors.Add($"{key}:Name is missing: a unique name such as 'alpaca-iex'.");
        if (VendorUpstreams.Of(source.Vendor).Count == 0)
        {
            errors.Add($"{key}:Vendor = '{source.Vendor}': must be Massive, Alpaca, Finazon, NasdaqTrader, Nyse, Kraken, Bybit, Raydium, Bitstamp or Chainlink.");
        }
        else
        {
            ValidateChannel(source, key, errors);
        }

        if (source.Vendor.HasSharePrices()) Secret(source.ApiKey, $"{key}:ApiKey", errors);
        else if (source.ApiKey.Length > 0) errors.Add($"{key}:ApiKey: {source.Vendor} is public and has none; remove it.");
        if (source.Vendor == VendorKind.Alpaca) Secret(source.ApiSecret, $"{key}:ApiSecret", errors);
        else if (source.ApiSecret.Length > 0) errors.Add($"{key}:ApiSecret: only Alpaca has one; remove it.");

        if (source.Vendor.IsTokenVenue()) TokenMarkets.TokenVenueValidator.Validate(source, key, tokens, errors);
        else ValidateSymbols(source, key, instruments, errors);
        if (source.CoverageFrom is null != source.CoverageTo is null) errors.Add($"{key}:CoverageFrom and CoverageTo: set both or neither.");

        Within(source.SilenceTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), $"{key}:SilenceTimeout", errors);
        Within(source.ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), $"{key}:ConnectTimeout", errors);
        Within(source.PingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), $"{key}:PingInterval", errors);
        Within(source.PingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), $"{key}:PingTimeout", errors);
        Within(source.MaxClockLead, TimeSpan.Zero, TimeSpan.FromMinutes(1), $"{key}:MaxClockLead", errors);
        Within(source.MaxFrameBytes, 4 << 10, 16 << 20, $"{key}:MaxFrameBytes", errors);
        ValidateReconnect(source.Reconnect, $"{key}:Reconnect", errors);
        if (source.Vendor == VendorKind.Finazon) ValidateFinazon(source.Finazon, $"{key}:Finazon", errors);
        ValidateHalts(source, key, errors);
        ValidateMarketStatus(source, key, errors);
        ValidateCorporateActions(source, key, errors);
    }

    private static void ValidateHalts(SourceOptions source, string key, List<string> errors)
    {
        if (!source.Vendor.IsHaltFeed())
        {
            if (source.ListingMics.Count > 0) errors.Add($"{key}:ListingMics: only a list of halts (NasdaqTrader, Nyse) speaks for a listing market; remove it.");
            return;
        }

        Within(source.Halts.PollPeriod, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), $"{key}:Halts:PollPeriod", errors);
        Within(source.Halts.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), $"{key}:Halts:RequestTimeout", errors);
        foreach (var mic in source.ListingMics)
            if (mic.Length != 4 || !mic.All(char.IsAsciiLetterUpper))
                errors.Add($"{key}:ListingMics = '{mic}': must be a MIC of 4 capital letters, e.g. XNAS.");
        var normalised = source.Symbols.Select(s => Halts.HaltSymbol.Normalise(s.WireSymbol)).ToList();
        foreach (var (symbol, i) in normalised.Select((s, i) => (s, i)))
            if (symbol.Length == 0 || normalised.IndexOf(symbol) != i)
                errors.Add($"{key}:Symbols:{i}:Symbol = '{source.Symbols[i].WireSymbol}': must be a symbol that no other spells in another way.");
    }

    private static void ValidateMarketStatus(SourceOptions source, string key, List<string> errors)
    {
        if (!source.MarketStatus)
        {
            if (source.MarketStatusUrl.Length > 0) errors.Add($"{key}:MarketStatusUrl = '{source.MarketStatusUrl}': set MarketStatus to true, or remove it.");
            return;
        }

        if (source.Vendor is not (VendorKind.Massive or VendorKind.Alpaca)) errors.Add($"{key}:MarketStatus = 'True': only Massive and Alpaca tell one; remove it.");
        else if (MarketStatusUrlOf(source) is not { } url || !(url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)))
            errors.Add($"{key}:MarketStatusUrl = '{source.MarketStatusUrl}': must begin with https:// (http:// only on this machine), because the key is sent over it.");
    }

    private static void ValidateCorporateActions(SourceOptions source, string key, List<string> errors)
    {
        if (!source.CorporateActions)
        {
            if (source.CorporateActionsUrl.Length > 0) errors.Add($"{key}:CorporateActionsUrl = '{source.CorporateActionsUrl}': set CorporateActions to true, or remove it.");
            return;
        }

        Within(source.CorporateActionsPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), $"{key}:CorporateActionsPeriod", errors);
        if (source.Vendor is not (VendorKind.Massive or VendorKind.Alpaca)) errors.Add($"{key}:CorporateActions = 'True': only Massive and Alpaca tell them; remove it.");
        else if (CorporateActionsUrlOf(source) is not { } url || !(url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)))
            errors.Add($"{key}:CorporateActionsUrl = '{source.CorporateActionsUrl}': must begin with https:// (http:// only on this machine), because the key is sent over it.");
    }

    private static void ValidateChannel(SourceOptions source, string key, List<string> errors)
    {
        var known = VendorUpstreams.Of(source.Vendor);
        if (!known.Contains(source.Upstream))
        {
            errors.Add($"{key}:Upstream = '{source.Upstream}': {source.Vendor} has {string.Join(", ", known)}.");
            return;
        }

        if (UrlOf(source) is not { } url)
        {
            errors.Add($"{key}:Url = '{source.Url}': must be an absolute address such as {VendorUpstreams.DefaultUrl(source.Vendor, source.Upstream)?.ToString() ?? $"that of {(source.Vendor == VendorKind.Chainlink ? "an EVM JSON-RPC" : "a Solana RPC")} endpoint"}.");
            return;
        }

        var (plain, secure) = source.Vendor is VendorKind.Finazon or VendorKind.Raydium or VendorKind.Chainlink || source.Vendor.IsHaltFeed() ? ("http", "https") : ("ws", "wss");
        if (url.Scheme != secure && !(url.Scheme == plain && url.IsLoopback))
        {
            errors.Add($"{key}:Url = '{Shown(source, url)}': must begin with {secure}:// ({plain}:// only on this machine), because {(source.Vendor.IsHaltFeed() ? "anybody on the way could halt a market" : source.Vendor.IsTokenVenue() ? "anybody on the way could make a price" : "the key is sent over it")}.");
        }

        var identity = VendorUpstreams.Identify(source.Vendor, url);
        if (identity.Refusal is not null) errors.Add($"{key}:Url = '{url}': {identity.Refusal}");
        else if (identity.Upstream is not null && identity.Upstream != source.Upstream)
        {
            errors.Add($"{key}:Upstream = '{source.Upstream}': the data of {url} is born at '{identity.Upstream}'; say so, or change Url.");
        }
    }

    /// <summary>An RPC endpoint's path or query may hold a key.</summary>
    private static string Shown(SourceOptions source, Uri url) => source.Vendor is VendorKind.Raydium or VendorKind.Chainlink ? url.GetLeftPart(UriPartial.Authority) : url.ToString();

    private static void ValidateSymbols(SourceOptions source, string key, IReadOnlySet<string> instruments, List<string> errors)
    {
        if (source.Symbols.Count == 0) errors.Add($"{key}:Symbols is empty: name at least one instrument.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < source.Symbols.Count; i++)
        {
            var symbol = source.Symbols[i];
            if (symbol.Token.Length > 0 || symbol.Currency.Length > 0) errors.Add($"{key}:Symbols:{i}:{(symbol.Token.Length > 0 ? "Token" : "Currency")}: only a market of tokens or currencies (Kraken, Bybit, Raydium, Bitstamp, Chainlink) has one; remove it.");
            if (!instruments.Contains(symbol.Instrument)) errors.Add($"{key}:Symbols:{i}:Instrument = '{symbol.Instrument}': no such instrument is configured.");
            if (!SymbolTable.IsWritable(symbol.WireSymbol)) errors.Add($"{key}:Symbols:{i}:Symbol = '{symbol.WireSymbol}': 1 to {SymbolTable.MaxSymbolLength} of A-Z a-z 0-9 . - / _");
            if (!seen.Add(symbol.WireSymbol)) errors.Add($"{key}:Symbols:{i}:Symbol = '{symbol.WireSymbol}': occurs twice.");
        }
    }

    private static void ValidateReconnect(ReconnectOptions reconnect, string key, List<string> errors)
    {
        Within(reconnect.MinDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), $"{key}:MinDelay", errors);
        Within(reconnect.MaxDelay, reconnect.MinDelay, TimeSpan.FromMinutes(10), $"{key}:MaxDelay", errors);
        Within(reconnect.YieldDelay, reconnect.MinDelay, TimeSpan.FromHours(1), $"{key}:YieldDelay", errors);
        Within(reconnect.OperatorDelay, reconnect.MinDelay, TimeSpan.FromHours(1), $"{key}:OperatorDelay", errors);
        Within(reconnect.StableAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), $"{key}:StableAfter", errors);
    }

    private static void ValidateFinazon(Finazon.FinazonOptions finazon, string key, List<string> errors)
    {
        Within(finazon.PollPeriod, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), $"{key}:PollPeriod", errors);
        Within(finazon.RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), $"{key}:RequestTimeout", errors);
        Within(finazon.Lookback, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), $"{key}:Lookback", errors);
        Within(finazon.PageSize, 1, 1000, $"{key}:PageSize", errors);
        Within(finazon.MaxPages, 1, 100, $"{key}:MaxPages", errors);
        Within(finazon.MaxConcurrentRequests, 1, 64, $"{key}:MaxConcurrentRequests", errors);
        if (!finazon.Dataset.StartsWith("sip_", StringComparison.Ordinal)) errors.Add($"{key}:Dataset = '{finazon.Dataset}': must be a consolidated dataset such as sip_non_pro or sip_pro, so that snapshot and trades are one upstream.");
    }

    private static void Secret(string reference, string key, List<string> errors)
    {
        // The value is not repeated: where a reference is expected someone may have put the secret itself.
        if (!SecretReference.TryParse(reference, out _)) errors.Add($"{key}: must be a reference, env:NAME or file:/absolute/path, never the key itself.");
    }

    internal static void Within<T>(T value, T least, T most, string key, List<string> errors)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) errors.Add($"{key} = '{value}': must be {least} to {most}.");
    }
}
