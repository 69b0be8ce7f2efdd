namespace OracleNode.Vendors;

/// <summary>A market-data vendor whose protocol the node speaks.</summary>
public enum VendorKind
{
    Unknown = 0,
    /// <summary>Massive (formerly Polygon.io), websocket.</summary>
    Massive = 1,
    /// <summary>Alpaca market data v2, websocket.</summary>
    Alpaca = 2,
    /// <summary>Finazon, gRPC, polled.</summary>
    Finazon = 3,
    /// <summary>Nasdaq Trader's list of halts, polled RSS. It has no prices.</summary>
    NasdaqTrader = 4,
    /// <summary>NYSE's list of halts, polled CSV. It has no prices.</summary>
    Nyse = 5,
    /// <summary>Kraken spot, websocket v2. It trades tokens; it has no prices of shares.</summary>
    Kraken = 6,
    /// <summary>Bybit spot, v5 websocket. It trades tokens; it has no prices of shares.</summary>
    Bybit = 7,
    /// <summary>A Raydium concentrated-liquidity pool, read over Solana RPC. It trades tokens; it has no prices of shares.</summary>
    Raydium = 8,
    /// <summary>Chainlink's price feeds, read over EVM JSON-RPC. They say what currencies are worth; prices of shares are not taken from them.</summary>
    Chainlink = 9,
    /// <summary>Bitstamp spot, websocket v2. It says what currencies are worth; it has no prices of shares or tokens.</summary>
    Bitstamp = 10,
}

/// <summary>What a vendor is asked for.</summary>
internal static class VendorKinds
{
    /// <summary>True when it says halts and nothing else: it never votes on a price.</summary>
    public static bool IsHaltFeed(this VendorKind vendor) => vendor is VendorKind.NasdaqTrader or VendorKind.Nyse;

    /// <summary>True when it is a market of tokens, or of the currencies they are quoted in: it says nothing of a share, and never votes on its price.</summary>
    public static bool IsTokenVenue(this VendorKind vendor) => vendor is VendorKind.Kraken or VendorKind.Bybit or VendorKind.Raydium or VendorKind.Chainlink or VendorKind.Bitstamp;

    /// <summary>True when it says what currencies are worth and lists no token.</summary>
    public static bool HasCurrenciesOnly(this VendorKind vendor) => vendor is VendorKind.Chainlink or VendorKind.Bitstamp;

    /// <summary>True when it has prices of shares, so that it may vote.</summary>
    public static bool HasSharePrices(this VendorKind vendor) => !vendor.IsHaltFeed() && !vendor.IsTokenVenue();
}
