using OracleNode.MarketData;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Bitstamp;
using OracleNode.VendorServers.Bybit;
using OracleNode.VendorServers.Finazon;
using OracleNode.VendorServers.Kraken;
using OracleNode.VendorServers.Massive;

namespace OracleNode.VendorServers;

/// <summary>The vendors' accounts, limits and latencies, and what the markets of tokens list.</summary>
internal sealed class VendorSetOptions
{
    public VendorViewOptions Views { get; set; } = new();

    public MassiveServerOptions Massive { get; set; } = new();

    public AlpacaServerOptions Alpaca { get; set; } = new();

    public FinazonServerOptions Finazon { get; set; } = new();

    public KrakenServerOptions Kraken { get; set; } = new();

    /// <summary>What Kraken lists; without any there is no Kraken.</summary>
    public IReadOnlyList<TokenPairSpec> KrakenPairs { get; set; } = [];

    public BybitServerOptions Bybit { get; set; } = new();

    /// <summary>What Bybit lists; without any there is no Bybit.</summary>
    public IReadOnlyList<TokenPairSpec> BybitPairs { get; set; } = [];

    public BitstampServerOptions Bitstamp { get; set; } = new();

    /// <summary>The currencies that Bitstamp lists; without any there is no Bitstamp.</summary>
    public IReadOnlyList<TokenPairSpec> BitstampPairs { get; set; } = [];
}
