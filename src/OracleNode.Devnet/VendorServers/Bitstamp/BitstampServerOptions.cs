namespace OracleNode.VendorServers.Bitstamp;

/// <summary>Limits of the Bitstamp server.</summary>
internal sealed class BitstampServerOptions : StreamOptions
{
    /// <summary>How long a client that was asked to connect anew may stay.</summary>
    public TimeSpan ReconnectGrace { get; set; } = TimeSpan.FromSeconds(5);
}
