namespace OracleNode.VendorServers.Finazon;

/// <summary>The Finazon server's account and limits.</summary>
internal sealed class FinazonServerOptions
{
    /// <summary>The key that is let in.</summary>
    public string ApiKey { get; set; } = "devnet-finazon-key";

    /// <summary>Calls per second over all clients; more are answered with RESOURCE_EXHAUSTED.</summary>
    public int MaxCallsPerSecond { get; set; } = 200;

    /// <summary>Items of a page when the request names no size.</summary>
    public int DefaultPageSize { get; set; } = 30;

    /// <summary>The largest page.</summary>
    public int MaxPageSize { get; set; } = 1_000;

    /// <summary>Prints kept per symbol; older ones can no longer be asked for.</summary>
    public int MaxPrintsKept { get; set; } = 50_000;
}
