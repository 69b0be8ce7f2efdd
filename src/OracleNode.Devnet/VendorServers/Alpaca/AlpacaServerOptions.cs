namespace OracleNode.VendorServers.Alpaca;

/// <summary>The Alpaca server's account.</summary>
internal sealed class AlpacaServerOptions : StreamOptions
{
    /// <summary>The key id that is let in.</summary>
    public string KeyId { get; set; } = "devnet-alpaca-key";

    /// <summary>Its secret.</summary>
    public string Secret { get; set; } = "devnet-alpaca-secret";

    /// <summary>Trade and quote subscriptions together, as on the free plan.</summary>
    public int MaxSubscriptions { get; set; } = 30;
}
