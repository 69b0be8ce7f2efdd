namespace OracleNode.Configuration;

/// <summary>When a record is worth a transaction, per session.</summary>
public sealed class PublishingOptions
{
    public SessionPublishingOptions PreMarket { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5) };
    public SessionPublishingOptions Regular { get; set; } = new() { DeviationBps = 10, Heartbeat = TimeSpan.FromMinutes(1) };
    public SessionPublishingOptions PostMarket { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5) };
    public SessionPublishingOptions Overnight { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5) };

    /// <summary>Closed or unknown: an attestation that the node is alive, never a new price.</summary>
    public SessionPublishingOptions Closed { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(30) };

    /// <summary>A feed this far along to its own trigger rides along in a batch that goes anyway, percent. 1 to 100.</summary>
    public int RideAlongPercent { get; set; } = 50;

    /// <summary>Exceptions for a chain, a feed, or a feed on a chain; of several that fit, the last one wins value by value.</summary>
    public List<PublishingOverrideOptions> Overrides { get; set; } = [];
}

/// <summary>Other triggers for what it names; what is left out stays.</summary>
public sealed class PublishingOverrideOptions
{
    /// <summary>Chain name; empty for every chain.</summary>
    public string Chain { get; set; } = "";

    /// <summary>Feed name; empty for every feed.</summary>
    public string Feed { get; set; } = "";

    public SessionPublishingOverrideOptions PreMarket { get; set; } = new();
    public SessionPublishingOverrideOptions Regular { get; set; } = new();
    public SessionPublishingOverrideOptions PostMarket { get; set; } = new();
    public SessionPublishingOverrideOptions Overnight { get; set; } = new();
    public SessionPublishingOverrideOptions Closed { get; set; } = new();
}

/// <summary>As <see cref="SessionPublishingOptions"/>; null leaves the value as it is.</summary>
public sealed class SessionPublishingOverrideOptions
{
    public int? DeviationBps { get; set; }
    public TimeSpan? Heartbeat { get; set; }
}

/// <summary>The triggers of one session.</summary>
public sealed class SessionPublishingOptions
{
    /// <summary>Move from the price the chain holds, bps. 1 to 10,000.</summary>
    public int DeviationBps { get; set; }

    /// <summary>Longest time between two attestations on the chain. 1 s to 24 h.</summary>
    public TimeSpan Heartbeat { get; set; }
}
