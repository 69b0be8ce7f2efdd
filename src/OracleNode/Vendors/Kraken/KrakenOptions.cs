using OracleNode.Market;

namespace OracleNode.Vendors.Kraken;

/// <summary>What is particular to Kraken.</summary>
public sealed class KrakenOptions
{
    /// <summary>How far from the best price a level may be to count as depth, in bps. 1 to 1000.</summary>
    public int DepthBps { get; set; } = 50;

    /// <summary>What one unit of a token's price buys: UiToken (one share, as Kraken shows and trades it by default) or RawToken.</summary>
    public FeedUnit Unit { get; set; } = FeedUnit.UiToken;
}
