namespace OracleNode.Vendors.Finazon;

/// <summary>What is particular to Finazon.</summary>
public sealed class FinazonOptions
{
    /// <summary>Time between two polls of one ticker. 100 ms to 10 min.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request may take. 100 ms to 1 min.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Trades per page. 1 to 1000.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Pages per poll; older trades than these hold are passed over and counted. 1 to 100.</summary>
    public int MaxPages { get; set; } = 5;

    /// <summary>How far back the first poll looks. 1 s to 1 h.</summary>
    public TimeSpan Lookback { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The vendor's code of the consolidated dataset, for snapshots.</summary>
    public string Dataset { get; set; } = "sip_non_pro";

    /// <summary>Requests under way at once. 1 to 64.</summary>
    public int MaxConcurrentRequests { get; set; } = 4;
}
