namespace OracleNode.Configuration;

/// <summary>When a record is worth a transaction, per session.</summary>
public sealed class PublishingOptions
{
    public SessionPublishingOptions PreMarket { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5), Attestation = TimeSpan.FromMinutes(5) };
    public SessionPublishingOptions Regular { get; set; } = new() { DeviationBps = 10, Heartbeat = TimeSpan.FromMinutes(1), Attestation = TimeSpan.FromMinutes(3) };
    public SessionPublishingOptions PostMarket { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5), Attestation = TimeSpan.FromMinutes(5) };
    public SessionPublishingOptions Overnight { get; set; } = new() { DeviationBps = 25, Heartbeat = TimeSpan.FromMinutes(5), Attestation = TimeSpan.FromMinutes(5) };

    /// <summary>Closed or unknown: an attestation that somebody is alive, never a new price.</summary>
    public ClosedPublishingOptions Closed { get; set; } = new();

    /// <summary>A feed this far along to its own trigger rides along in a batch that goes anyway, percent. 1 to 100.</summary>
    public int RideAlongPercent { get; set; } = 50;

    /// <summary>
    /// Market time that landing may take at worst. 1 s to 1 h. Every heartbeat and attestation must be shorter than its record's max age by this
    /// much, and a chain that owes news for longer is said to lag.
    /// </summary>
    public TimeSpan LandingMargin { get; set; } = TimeSpan.FromMinutes(1);

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
    public ClosedPublishingOverrideOptions Closed { get; set; } = new();
    public TimeSpan? LandingMargin { get; set; }
}

/// <summary>As <see cref="SessionPublishingOptions"/>; null leaves the value as it is.</summary>
public sealed class SessionPublishingOverrideOptions
{
    public int? DeviationBps { get; set; }
    public TimeSpan? Heartbeat { get; set; }
    public TimeSpan? Attestation { get; set; }
}

/// <summary>As <see cref="ClosedPublishingOptions"/>; null leaves the value as it is.</summary>
public sealed class ClosedPublishingOverrideOptions
{
    public int? DeviationBps { get; set; }
    public TimeSpan? Attestation { get; set; }
}

/// <summary>The triggers of one session.</summary>
public sealed class SessionPublishingOptions
{
    /// <summary>Move from the price the chain holds, bps. 1 to 5,000.</summary>
    public int DeviationBps { get; set; }

    /// <summary>Longest time between two records of a price of the moment. 1 s to 7 days, and shorter than <c>MaxAge</c>.</summary>
    public TimeSpan Heartbeat { get; set; }

    /// <summary>Longest time between two attestations of a price that stands: halted, held, paused. 1 s to 7 days, and shorter than <c>MaxAge</c>.</summary>
    public TimeSpan Attestation { get; set; }
}

/// <summary>The triggers while there is no market: no price is of the moment, so there is no heartbeat.</summary>
public sealed class ClosedPublishingOptions
{
    /// <summary>How far a chain's price may lie from the last good one, when that was observed later, bps. 1 to 5,000.</summary>
    public int DeviationBps { get; set; } = 25;

    /// <summary>Longest time between two attestations. 1 s to 7 days, and shorter than <c>ClosedMaxAge</c>.</summary>
    public TimeSpan Attestation { get; set; } = TimeSpan.FromMinutes(30);
}
