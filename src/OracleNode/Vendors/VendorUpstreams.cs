using NodaTime;

namespace OracleNode.Vendors;

/// <summary>What the channel behind an address is.</summary>
/// <param name="Upstream">Where its data is born; null when it may not be used, or cannot be told from the address.</param>
/// <param name="Refusal">Why it may not be used; null when it may.</param>
public readonly record struct ChannelIdentity(string? Upstream, string? Refusal);

/// <summary>
/// Which channel of which vendor is born where. Votes are counted per upstream, so a wrong label would let one market vote
/// twice: what is known here beats what a configuration says.
/// </summary>
public static class VendorUpstreams
{
    /// <summary>The consolidated tapes, whoever resells them.</summary>
    public const string Sip = "sip";

    /// <summary>Nasdaq's own book and the Nasdaq/FINRA reporting facility.</summary>
    public const string NasdaqBasic = "nasdaq-basic";

    /// <summary>The IEX exchange.</summary>
    public const string Iex = "iex";

    /// <summary>Cboe EDGX.</summary>
    public const string Edgx = "edgx";

    /// <summary>Blue Ocean ATS, overnight; the vendor derives its own overnight channel from it, so both are one vote.</summary>
    public const string BlueOcean = "blue-ocean";

    /// <summary>Nasdaq Trader's list of halts of all listing markets.</summary>
    public const string NasdaqHalts = "nasdaq-halts";

    /// <summary>NYSE's list of halts of all listing markets.</summary>
    public const string NyseHalts = "nyse-halts";

    /// <summary>Kraken's spot market of tokens.</summary>
    public const string Kraken = "kraken";

    /// <summary>Bybit's spot market of tokens.</summary>
    public const string Bybit = "bybit";

    /// <summary>Raydium's concentrated-liquidity pools on Solana.</summary>
    public const string RaydiumClmm = "raydium-clmm";

    /// <summary>Bitstamp's spot market of currencies.</summary>
    public const string Bitstamp = "bitstamp";

    /// <summary>Chainlink's network, on whichever chain it reports: its aggregators are one vote.</summary>
    public const string Chainlink = "chainlink";

    private static readonly string[] ChainlinkUpstreams = [Chainlink];
    private static readonly string[] KrakenUpstreams = [Kraken];
    private static readonly string[] BybitUpstreams = [Bybit];
    private static readonly string[] RaydiumUpstreams = [RaydiumClmm];
    private static readonly string[] BitstampUpstreams = [Bitstamp];
    private static readonly string[] NasdaqTraderUpstreams = [NasdaqHalts];
    private static readonly string[] NyseUpstreams = [NyseHalts];
    private static readonly string[] NasdaqListings = ["XNAS"];
    private static readonly string[] NyseListings = ["XNYS", "ARCX", "XASE"];

    private static readonly string[] MassiveUpstreams = [NasdaqBasic, Sip, Iex, Edgx];
    private static readonly string[] AlpacaUpstreams = [Iex, Sip, BlueOcean];
    private static readonly string[] FinazonUpstreams = [Sip];

    /// <summary>The upstreams a vendor has a channel for.</summary>
    public static IReadOnlyList<string> Of(VendorKind vendor) => vendor switch
    {
        VendorKind.Massive => MassiveUpstreams,
        VendorKind.Alpaca => AlpacaUpstreams,
        VendorKind.Finazon => FinazonUpstreams,
        VendorKind.NasdaqTrader => NasdaqTraderUpstreams,
        VendorKind.Nyse => NyseUpstreams,
        VendorKind.Kraken => KrakenUpstreams,
        VendorKind.Bybit => BybitUpstreams,
        VendorKind.Raydium => RaydiumUpstreams,
        VendorKind.Bitstamp => BitstampUpstreams,
        VendorKind.Chainlink => ChainlinkUpstreams,
        _ => [],
    };

    /// <summary>The listing markets whose own word a list of halts is.</summary>
    public static IReadOnlyList<string> DefaultListingMics(VendorKind vendor) => vendor switch
    {
        VendorKind.NasdaqTrader => NasdaqListings,
        VendorKind.Nyse => NyseListings,
        _ => [],
    };

    /// <summary>The vendor's own address of its market status, or null when it has none.</summary>
    public static Uri? DefaultMarketStatusUrl(VendorKind vendor) => vendor switch
    {
        VendorKind.Massive => new Uri("https://api.massive.com/v1/marketstatus/now"),
        VendorKind.Alpaca => new Uri("https://api.alpaca.markets/v2/clock"),
        _ => null,
    };

    /// <summary>The vendor's own address of its corporate actions, or null when it has none.</summary>
    public static Uri? DefaultCorporateActionsUrl(VendorKind vendor) => vendor switch
    {
        VendorKind.Massive => new Uri("https://api.massive.com/stocks/v1"),
        VendorKind.Alpaca => new Uri("https://data.alpaca.markets/v1/corporate-actions"),
        _ => null,
    };

    /// <summary>The vendor's own address of an upstream, or null when it has none.</summary>
    public static Uri? DefaultUrl(VendorKind vendor, string upstream) => (vendor, upstream) switch
    {
        (VendorKind.Massive, NasdaqBasic) => new Uri("wss://nasdaq-basic-business.massive.com/stocks"),
        (VendorKind.Massive, Sip) => new Uri("wss://socket.massive.com/stocks"),
        (VendorKind.Massive, Iex) => new Uri("wss://iex-business.massive.com/stocks"),
        (VendorKind.Massive, Edgx) => new Uri("wss://edgx-business.massive.com/stocks"),
        (VendorKind.Alpaca, Iex) => new Uri("wss://stream.data.alpaca.markets/v2/iex"),
        (VendorKind.Alpaca, Sip) => new Uri("wss://stream.data.alpaca.markets/v2/sip"),
        (VendorKind.Alpaca, BlueOcean) => new Uri("wss://stream.data.alpaca.markets/v1beta1/boats"),
        (VendorKind.Finazon, Sip) => new Uri("https://grpc-v1-2.finazon.io:443"),
        (VendorKind.NasdaqTrader, NasdaqHalts) => new Uri("https://www.nasdaqtrader.com/rss.aspx?feed=tradehalts"),
        (VendorKind.Kraken, Kraken) => new Uri("wss://ws.kraken.com/v2"),
        (VendorKind.Bybit, Bybit) => new Uri("wss://stream.bybit.com/v5/public/spot"),
        (VendorKind.Bitstamp, Bitstamp) => new Uri("wss://ws.bitstamp.net"),
        (VendorKind.Nyse, NyseHalts) => new Uri("https://www.nyse.com/api/trade-halts/current/download"),
        _ => null,
    };

    /// <summary>The hours in which an upstream has data.</summary>
    public static Coverage CoverageOf(string upstream) => upstream switch
    {
        Iex => new Coverage(new LocalTime(8, 0), new LocalTime(17, 0)),
        Sip or NasdaqBasic or Edgx => new Coverage(new LocalTime(4, 0), new LocalTime(20, 0)),
        BlueOcean => new Coverage(new LocalTime(20, 0), new LocalTime(4, 0)),
        _ => Coverage.AllDay,
    };

    /// <summary>
    /// What an address is known to serve. Addresses that are not the vendor's own (a proxy, a double) are told by their path
    /// where the vendor names channels by path, else only the label is left to go by.
    /// </summary>
    public static ChannelIdentity Identify(VendorKind vendor, Uri url) => vendor switch
    {
        VendorKind.Massive => IdentifyMassive(url.Host),
        VendorKind.Alpaca => IdentifyAlpaca(url.AbsolutePath.Trim('/'), IsOf(url.Host, "alpaca.markets")),
        VendorKind.Finazon => new ChannelIdentity(Sip, null),
        VendorKind.NasdaqTrader => new ChannelIdentity(NasdaqHalts, null),
        VendorKind.Nyse => new ChannelIdentity(NyseHalts, null),
        VendorKind.Kraken => new ChannelIdentity(Kraken, null),
        VendorKind.Bybit => IdentifyBybit(url),
        VendorKind.Raydium => new ChannelIdentity(RaydiumClmm, null),
        VendorKind.Bitstamp => new ChannelIdentity(Bitstamp, null),
        VendorKind.Chainlink => new ChannelIdentity(Chainlink, null),
        _ => new ChannelIdentity(null, "Vendor must be Massive, Alpaca, Finazon, NasdaqTrader, Nyse, Kraken, Bybit, Raydium, Bitstamp or Chainlink."),
    };

    private static ChannelIdentity IdentifyBybit(Uri url) => url.AbsolutePath.TrimEnd('/') == "/v5/public/spot"
        ? new ChannelIdentity(Bybit, null)
        : new ChannelIdentity(null, $"{url.AbsolutePath} is not the public spot channel, /v5/public/spot: a perpetual is another market than the token's.");

    private static ChannelIdentity IdentifyMassive(string host)
    {
        if (!IsOf(host, "massive.com") && !IsOf(host, "polygon.io")) return default;
        var channel = host[..host.IndexOf('.', StringComparison.Ordinal)].ToLowerInvariant();
        return channel switch
        {
            "socket" => new ChannelIdentity(Sip, null),
            "nasdaq-basic-business" => new ChannelIdentity(NasdaqBasic, null),
            // The same market without its quotes, so the same vote.
            "nasdaq-last-sale-business" => new ChannelIdentity(NasdaqBasic, null),
            "iex-business" => new ChannelIdentity(Iex, null),
            "edgx-business" => new ChannelIdentity(Edgx, null),
            _ when channel.StartsWith("delayed", StringComparison.Ordinal) => new ChannelIdentity(null, $"{host} is delayed by 15 minutes and may not set a price."),
            _ => new ChannelIdentity(null, $"it is not known where the data of {host} is born, so it cannot be given a vote."),
        };
    }

    private static ChannelIdentity IdentifyAlpaca(string path, bool isVendorHost) => path.ToLowerInvariant() switch
    {
        "v2/iex" => new ChannelIdentity(Iex, null),
        "v2/sip" => new ChannelIdentity(Sip, null),
        "v1beta1/boats" or "v1beta1/overnight" => new ChannelIdentity(BlueOcean, null),
        "v2/delayed_sip" => new ChannelIdentity(null, "v2/delayed_sip is delayed by 15 minutes and may not set a price."),
        "v2/test" => new ChannelIdentity(null, "v2/test sends invented prices."),
        _ => new ChannelIdentity(null, isVendorHost ? $"/{path} is not a known channel; known are v2/iex, v2/sip, v1beta1/boats, v1beta1/overnight." : null),
    };

    private static bool IsOf(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
