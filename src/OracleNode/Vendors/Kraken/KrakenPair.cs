using NodaTime;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Kraken;

/// <summary>One pair as Kraken tells it on the connection that stands.</summary>
internal sealed class KrakenPair(PairMarket market)
{
    /// <summary>Its market.</summary>
    public PairMarket Market { get; } = market;

    /// <summary>Decimals of its prices in the checksum; -1 while not known.</summary>
    public int PriceDecimals { get; private set; } = -1;

    /// <summary>Decimals of its quantities in the checksum; -1 while not known.</summary>
    public int QuantityDecimals { get; private set; } = -1;

    /// <summary>Whether the pair's own status is <c>online</c>.</summary>
    public bool IsOnline { get; set; }

    /// <summary>No new snapshot is asked for before.</summary>
    public Instant NextSnapshotAt { get; set; }

    /// <summary>Takes the precision over.</summary>
    public void SetPrecision(long price, long quantity) => (PriceDecimals, QuantityDecimals) = (Bounded(price), Bounded(quantity));

    /// <summary>Nothing that belonged to a connection before is known any more.</summary>
    public void Forget()
    {
        Market.Forget();
        (PriceDecimals, QuantityDecimals, IsOnline, NextSnapshotAt) = (-1, -1, false, default);
    }

    // What is finer than anything that can be checked is as good as unknown.
    private static int Bounded(long decimals) => decimals <= OracleNode.Market.Price.Decimals ? (int)decimals : -1;
}
