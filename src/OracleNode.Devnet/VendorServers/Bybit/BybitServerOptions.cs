namespace OracleNode.VendorServers.Bybit;

/// <summary>Limits of the Bybit server.</summary>
internal sealed class BybitServerOptions : StreamOptions
{
    /// <summary>After how long without a change the best prices are sent again.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long without a word from the client it is cut.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Topics that one request may name.</summary>
    public int MaxTopics { get; set; } = 10;
}
