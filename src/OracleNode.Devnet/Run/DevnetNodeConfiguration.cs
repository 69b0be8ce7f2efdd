using System.Text.Json.Nodes;
using OracleNode.Chains;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Finazon;
using OracleNode.VendorServers.Massive;

namespace OracleNode.Run;

/// <summary>Writes the configuration that the node of a run is started with: the shape of the shipped one, with this run's addresses.</summary>
internal static class DevnetNodeConfiguration
{
    /// <summary>Names of the sources that are markets of tokens or currencies.</summary>
    public const string Kraken = "kraken";

    /// <inheritdoc cref="Kraken"/>
    public const string Bybit = "bybit";

    /// <inheritdoc cref="Kraken"/>
    public const string Bitstamp = "bitstamp";

    /// <summary>Environment variables that the configuration names for the vendors' keys, and their values.</summary>
    public static IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["ORACLENODE_DEVNET_MASSIVE_KEY"] = new MassiveServerOptions().ApiKey,
        ["ORACLENODE_DEVNET_ALPACA_KEY"] = new AlpacaServerOptions().KeyId,
        ["ORACLENODE_DEVNET_ALPACA_SECRET"] = new AlpacaServerOptions().Secret,
        ["ORACLENODE_DEVNET_FINAZON_KEY"] = new FinazonServerOptions().ApiKey,
    };

    public static JsonObject Create(
        string deployment, string record, DevnetKeys keys, IReadOnlyList<DevnetInstrument> instruments, IReadOnlyList<DevnetToken> tokens, IReadOnlyList<DevnetEvmToken> evmTokens,
        Uri massive, Uri alpaca, Uri finazon, Uri nasdaqTrader, Uri nyse, Uri xstocks, Uri? kraken, Uri? bybit, Uri? bybitListing, Uri? bitstamp, string redis,
        IReadOnlyList<(AnvilChain Chain, EvmDeployment Deployed)> evm, LiteSvmChain solana, uint epoch, double speed)
    {
        var symbols = instruments.Select(i => i.Ticker).ToList();
        return new JsonObject
        {
            ["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Information" } },
            ["OracleNode"] = new JsonObject
            {
                ["Node"] = "devnet-1",
                ["NodeSlot"] = 0,
                ["Deployment"] = deployment,
                ["Signing"] = new JsonObject { ["KeyFile"] = keys.SignerFile, ["Epoch"] = epoch, ["SignerIndex"] = 0 },
                // The record has the contracts' addresses.
                ["Contracts"] = record,
                ["Instruments"] = Array(instruments.Select(i => new JsonObject { ["Ticker"] = i.Ticker, ["Figi"] = i.Figi, ["Isin"] = i.Isin, ["ListingMic"] = i.Mic })),
                ["Feeds"] = Array(
                [
                    .. instruments.Select(i => new JsonObject { ["Name"] = i.Ticker, ["Instrument"] = i.Ticker, ["Unit"] = "UnderlyingShare", ["Profile"] = i.IsEtf ? "Etf" : "Stock", ["Pricing"] = Ages(speed) }),
                    .. tokens.Select(t => new JsonObject { ["Name"] = t.Name, ["Underlying"] = t.Underlying, ["Unit"] = "RawToken", ["Token"] = t.Asset }),
                    .. evmTokens.Select(t => new JsonObject { ["Name"] = t.Name, ["Underlying"] = t.Underlying, ["Unit"] = "RawToken", ["Token"] = t.Asset }),
                ]),
                ["Sources"] = Array(
                [
                    SourceOf("massive-nasdaq-basic", "Massive", "nasdaq-basic", massive, "ORACLENODE_DEVNET_MASSIVE_KEY", null, symbols),
                    SourceOf("alpaca-iex", "Alpaca", "iex", alpaca, "ORACLENODE_DEVNET_ALPACA_KEY", "ORACLENODE_DEVNET_ALPACA_SECRET", symbols),
                    SourceOf("finazon-sip", "Finazon", "sip", finazon, "ORACLENODE_DEVNET_FINAZON_KEY", null, symbols),
                    HaltsOf("nasdaq-halts", "NasdaqTrader", nasdaqTrader, symbols),
                    HaltsOf("nyse-halts", "Nyse", nyse, symbols),
                    .. kraken is null ? [] : new[] { KrakenOf(kraken, tokens) },
                    .. bybit is null ? [] : new[] { BybitOf(bybit, bybitListing!, tokens) },
                    .. bitstamp is null ? [] : new[] { BitstampOf(bitstamp, tokens) },
                ]),

                // Market time is scaled here, and with it every message's journey: there is no other clock to compare it with.
                ["Clock"] = new JsonObject { ["CompareWithVendors"] = speed == 1, ["CompareWithChains"] = false },
                // Blocks come every 100 ms here, so triggers may be as tight as on a quick L2.
                ["Publishing"] = new JsonObject
                {
                    ["PreMarket"] = Cadence(5, 20, speed),
                    ["Regular"] = Cadence(5, 20, speed),
                    ["PostMarket"] = Cadence(5, 20, speed),
                    ["Overnight"] = Cadence(10, 60, speed),
                    ["LandingMargin"] = Text(LandingSeconds(speed)),
                    ["Closed"] = new JsonObject { ["DeviationBps"] = 25, ["Attestation"] = Scaled(60, speed) },
                },
                ["Chains"] = new JsonObject
                {
                    ["Evm"] = Array(evm.Select(e => new JsonObject
                    {
                        ["Name"] = e.Chain.Name,
                        ["RpcUrl"] = e.Chain.RpcUrl.ToString(),
                        ["ChainId"] = e.Chain.ChainId,
                        ["RelayerKeyFile"] = keys.RelayerFile,
                        ["ReceiptPollInterval"] = "00:00:00.050",
                    })),
                    ["Solana"] = Array(
                    [
                        new JsonObject
                        {
                            ["Name"] = solana.Name,
                            ["RpcUrl"] = solana.RpcUrl.ToString(),
                            ["GenesisHash"] = solana.GenesisHash.ToString(),
                            ["PayerKeyFile"] = keys.PayerFile,
                            ["StatusPollInterval"] = "00:00:00.100",
                        },
                    ]),
                },
                ["Tokens"] = TokensOf(tokens, evmTokens, solana, [.. evm.Select(e => e.Chain)], speed),
                ["XStocks"] = tokens.Count == 0 ? null : new JsonObject
                {
                    ["CorporateActions"] = true,
                    ["Url"] = xstocks.ToString(),
                    ["Symbols"] = Array(tokens.Select(t => new JsonObject { ["Instrument"] = t.Underlying, ["Symbol"] = t.Name })),
                    ["Period"] = "00:00:05",
                },
                ["Redis"] = new JsonObject { ["Configuration"] = redis },
                ["Health"] = new JsonObject { ["Listen"] = "http://127.0.0.1:0" },
            },
        };
    }

    private static JsonObject TokensOf(IReadOnlyList<DevnetToken> tokens, IReadOnlyList<DevnetEvmToken> evmTokens, LiteSvmChain solana, IReadOnlyList<AnvilChain> evm, double speed) => new()
    {
        ["Solana"] = Array(
        [
            new JsonObject
            {
                ["Name"] = solana.Name,
                ["RpcUrl"] = solana.RpcUrl.ToString(),
                ["GenesisHash"] = solana.GenesisHash.ToString(),
                // The mints are mainnet's, and so are their assets.
                ["Reference"] = DevnetToken.SolanaMainnet,
                ["PollInterval"] = "00:00:01",
                ["MaxChainLag"] = Text(Math.Max(300, 100 * speed)),
            },
        ]),
        ["Evm"] = Array(evm.Select(c => new JsonObject
        {
            ["Name"] = c.Name,
            ["RpcUrl"] = c.RpcUrl.ToString(),
            ["ChainId"] = c.ChainId,
            ["PollInterval"] = "00:00:01",
            ["MaxChainLag"] = Text(Math.Max(300, 100 * speed)),
        })),
        ["List"] = Array(
        [
            .. tokens.Select(t => new JsonObject { ["Name"] = t.Name, ["Asset"] = t.Asset, ["Issue"] = t.Name, ["Issuer"] = "Backed", ["Standard"] = "ScaledUiAmount" }),
            .. evmTokens.Select(t => new JsonObject { ["Name"] = t.Name, ["Asset"] = t.Asset, ["Issue"] = t.Issue, ["Issuer"] = t.Issuer, ["Standard"] = t.Standard.ToString() }),
        ]),
    };

    private static JsonObject SourceOf(string name, string vendor, string upstream, Uri url, string key, string? secret, List<string> symbols)
    {
        var source = new JsonObject
        {
            ["Name"] = name,
            ["Vendor"] = vendor,
            ["Upstream"] = upstream,
            ["Url"] = url.ToString(),
            ["ApiKey"] = "env:" + key,
            ["Symbols"] = Array(symbols.Select(s => new JsonObject { ["Instrument"] = s })),
        };
        if (vendor is "Massive" or "Alpaca")
        {
            // The same server, another question.
            source["CorporateActions"] = true;
            source["CorporateActionsUrl"] = new UriBuilder(url) { Scheme = "http", Path = vendor == "Massive" ? "/stocks/v1" : "/v1/corporate-actions" }.Uri.ToString();
            source["CorporateActionsPeriod"] = "00:00:05";
        }

        if (secret is not null) source["ApiSecret"] = "env:" + secret;
        if (vendor == "Finazon") source["Finazon"] = new JsonObject { ["PollPeriod"] = "00:00:00.500" };
        return source;
    }

    private static JsonObject HaltsOf(string name, string vendor, Uri url, List<string> symbols) => new()
    {
        ["Name"] = name,
        ["Vendor"] = vendor,
        ["Upstream"] = name,
        ["Url"] = url.ToString(),
        ["Symbols"] = Array(symbols.Select(s => new JsonObject { ["Instrument"] = s })),
        ["Halts"] = new JsonObject { ["PollPeriod"] = "00:00:05" },
    };

    private static JsonObject KrakenOf(Uri url, IReadOnlyList<DevnetToken> tokens) => new()
    {
        ["Name"] = Kraken,
        ["Vendor"] = "Kraken",
        ["Upstream"] = "kraken",
        ["Url"] = url.ToString(),
        ["Symbols"] = Array(
        [
            .. DevnetFeeds.KrakenPairsOf(tokens).Select(p => new JsonObject
            {
                ["Symbol"] = p.Symbol,
                [p.Underlying is null ? "Currency" : "Token"] = p.Symbol.Split('/')[0],
            }),
        ]),
    };

    private static JsonObject BybitOf(Uri url, Uri listing, IReadOnlyList<DevnetToken> tokens) => new()
    {
        ["Name"] = Bybit,
        ["Vendor"] = "Bybit",
        ["Upstream"] = "bybit",
        ["Url"] = url.ToString(),
        ["Symbols"] = Array(tokens.Select(t => new JsonObject { ["Symbol"] = DevnetFeeds.BybitSymbolOf(t), ["Token"] = t.Name })),
        ["Bybit"] = new JsonObject { ["InstrumentsUrl"] = listing.ToString(), ["InstrumentsPeriod"] = "00:00:05" },
    };

    private static JsonObject BitstampOf(Uri url, IReadOnlyList<DevnetToken> tokens) => new()
    {
        ["Name"] = Bitstamp,
        ["Vendor"] = "Bitstamp",
        ["Upstream"] = "bitstamp",
        ["Url"] = url.ToString(),
        ["Symbols"] = Array(DevnetFeeds.BitstampPairsOf(tokens).Select(p => new JsonObject { ["Symbol"] = p.Symbol, ["Currency"] = p.Currency })),
    };

    // A heartbeat counts market time; scaled with it, a fast replay does not ask for more transactions per real second.
    private static JsonObject Cadence(int deviationBps, int heartbeatSeconds, double speed) => new()
    {
        ["DeviationBps"] = deviationBps,
        ["Heartbeat"] = Scaled(heartbeatSeconds, speed),
        ["Attestation"] = Scaled(heartbeatSeconds, speed),
    };

    // So that a record outlives the time to the next one at any speed; up to four times as fast it lives as long as in production.
    private static JsonObject Ages(double speed) => new()
    {
        ["PreMarket"] = Age(600, 20, speed),
        ["Regular"] = Age(300, 20, speed),
        ["PostMarket"] = Age(600, 20, speed),
        ["Overnight"] = Age(600, 60, speed),
        ["ClosedMaxAge"] = MaxAge(3600, 60, speed),
    };

    /// <summary>How long a record of a feed that is made from others may be relied on: an hour, or longer in a fast replay, as for the shares.</summary>
    public static string DerivedMaxAge(double speed) => MaxAge(3600, 60, speed);

    private static JsonObject Age(int seconds, int heartbeatSeconds, double speed) => new() { ["MaxAge"] = MaxAge(seconds, heartbeatSeconds, speed) };

    private static string MaxAge(int seconds, int heartbeatSeconds, double speed) => Text(Math.Max(seconds, (2 * heartbeatSeconds * speed) + LandingSeconds(speed)));

    private static double LandingSeconds(double speed) => Math.Max(60, Math.Round(30 * speed));

    private static string Scaled(int seconds, double speed) => Text(Math.Max(1, Math.Round(seconds * speed)));

    private static string Text(double seconds) => TimeSpan.FromSeconds(Math.Ceiling(seconds)).ToString("c", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => [.. nodes];
}
