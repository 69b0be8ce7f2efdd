namespace OracleNode.VendorServers.Massive;

/// <summary>The Massive server's account.</summary>
internal sealed class MassiveServerOptions : StreamOptions
{
    /// <summary>The key that is let in.</summary>
    public string ApiKey { get; set; } = "devnet-massive-key";
}
