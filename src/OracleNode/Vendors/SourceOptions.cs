using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Bybit;
using OracleNode.Vendors.Chainlink;
using OracleNode.Vendors.Finazon;
using OracleNode.Vendors.Halts;
using OracleNode.Vendors.Kraken;
using OracleNode.Vendors.Massive;
using OracleNode.Vendors.Raydium;

namespace OracleNode.Vendors;

/// <summary>One vendor channel.</summary>
public sealed class SourceOptions
{
    /// <summary>Unique name, e.g. <c>alpaca-iex</c>.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Whose protocol.</summary>
    public VendorKind Vendor { get; set; }

    /// <summary>Where the channel's data is born, e.g. <c>iex</c>; refused when <see cref="VendorUpstreams"/> knows better.</summary>
    public string Upstream { get; set; } = string.Empty;

    /// <summary>Address of the channel; empty for the vendor's own address of that upstream.</summary>
    public string Url { get; set; } = string.Empty;

    /// <summary>Reference to the key (<c>env:NAME</c> or <c>file:/path</c>), never the key.</summary>
    public string ApiKey { get; set; } = string.Empty;

    /// <summary>Reference to the second half of the key, where the vendor has one (Alpaca).</summary>
    public string ApiSecret { get; set; } = string.Empty;

    /// <summary>What to ask for.</summary>
    public List<SymbolOptions> Symbols { get; set; } = [];

    /// <summary>New York time from which the source has data; null for what is known of the upstream, else all day.</summary>
    public TimeOnly? CoverageFrom { get; set; }

    /// <summary>New York time at which it ends; before <see cref="CoverageFrom"/> when it crosses midnight.</summary>
    public TimeOnly? CoverageTo { get; set; }

    /// <summary>How long nothing may come in a session that should have data before the connection is made anew. 1 s to 1 h.</summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long connecting may take, and then the handshake. 1 s to 2 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an idle connection is probed. 1 s to 10 min.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a probe may stay unanswered. 1 s to 10 min.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest message, in bytes. 4 KiB to 16 MiB.</summary>
    public int MaxFrameBytes { get; set; } = 1 << 20;

    /// <summary>How far an event may lie ahead of the market clock before it is refused. 0 to 1 min.</summary>
    /// <remarks>The rules refuse much less by themselves; what is refused here is not even seen by the watch over the node's own clock.</remarks>
    public TimeSpan MaxClockLead { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait before trying again.</summary>
    public ReconnectOptions Reconnect { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Massive"/>.</summary>
    public MassiveOptions Massive { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Alpaca"/>.</summary>
    public AlpacaOptions Alpaca { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Finazon"/>.</summary>
    public FinazonOptions Finazon { get; set; } = new();

    /// <summary>Whether the vendor is asked every minute which session it believes to be in (Massive and Alpaca).</summary>
    public bool MarketStatus { get; set; }

    /// <summary>Address of that question; empty for the vendor's own.</summary>
    public string MarketStatusUrl { get; set; } = string.Empty;

    /// <summary>Whether the vendor is asked for corporate actions of its instruments (Massive and Alpaca).</summary>
    public bool CorporateActions { get; set; }

    /// <summary>Address of that question; empty for the vendor's own.</summary>
    public string CorporateActionsUrl { get; set; } = string.Empty;

    /// <summary>How often it is asked for them, a fifth to either side. 1 s to 1 day.</summary>
    public TimeSpan CorporateActionsPeriod { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>For lists of halts: the listing markets (MICs) it speaks for, whose halts need no second witness; empty for what is known of the vendor.</summary>
    public List<string> ListingMics { get; set; } = [];

    /// <summary>For <see cref="VendorKind.NasdaqTrader"/> and <see cref="VendorKind.Nyse"/>.</summary>
    public HaltFeedOptions Halts { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Kraken"/>.</summary>
    public KrakenOptions Kraken { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Bybit"/>.</summary>
    public BybitOptions Bybit { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Raydium"/>.</summary>
    public RaydiumOptions Raydium { get; set; } = new();

    /// <summary>For <see cref="VendorKind.Chainlink"/>.</summary>
    public ChainlinkOptions Chainlink { get; set; } = new();
}

/// <summary>One instrument of a source; of a market of tokens, one pair.</summary>
public sealed class SymbolOptions
{
    /// <summary>The instrument's name in this configuration.</summary>
    public string Instrument { get; set; } = string.Empty;

    /// <summary>As the vendor writes it; empty when it is the instrument's name.</summary>
    public string Symbol { get; set; } = string.Empty;

    /// <summary>For a market of tokens: the token that the pair trades, by its feed's name, its address or its CAIP-19 asset.</summary>
    public string Token { get; set; } = string.Empty;

    /// <summary>For Kraken, Bitstamp and Chainlink: the currency whose price in USD it is, <c>USDC</c> or <c>USDT</c>, in place of a token.</summary>
    public string Currency { get; set; } = string.Empty;

    /// <summary>What goes on the wire.</summary>
    internal string WireSymbol => Symbol.Length == 0 ? Instrument : Symbol;
}

/// <summary>Delays between attempts; all are jittered.</summary>
public sealed class ReconnectOptions
{
    /// <summary>Least delay. 10 ms to 1 min.</summary>
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Largest delay of what passes by itself. Up to 10 min.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>First delay when another connection holds the account's place, or requests are too many; doubles to <see cref="OperatorDelay"/>.</summary>
    public TimeSpan YieldDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Delay when an operator must act first (wrong key, plan). Up to 1 h.</summary>
    public TimeSpan OperatorDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection must stand for the delays to start from the least again.</summary>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromMinutes(2);
}
