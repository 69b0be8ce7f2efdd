using OracleNode.MarketData;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Finazon;
using OracleNode.VendorServers.Massive;

namespace OracleNode.VendorServers;

/// <summary>The three vendors' accounts, limits and latencies.</summary>
internal sealed class VendorSetOptions
{
    public VendorViewOptions Views { get; set; } = new();

    public MassiveServerOptions Massive { get; set; } = new();

    public AlpacaServerOptions Alpaca { get; set; } = new();

    public FinazonServerOptions Finazon { get; set; } = new();
}
