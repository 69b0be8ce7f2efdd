namespace OracleNode.VendorServers.Kraken;

/// <summary>Limits of the Kraken server.</summary>
internal sealed class KrakenServerOptions : StreamOptions
{
    /// <summary>How often it says that it is there.</summary>
    public TimeSpan HeartbeatPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
