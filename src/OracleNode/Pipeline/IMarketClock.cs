using NodaTime;

namespace OracleNode.Pipeline;

/// <summary>
/// Market time: what rules, records and chains call now. In production it is the system clock, and no setting changes
/// that; Devnet and replay scale it. Timeouts, pings, backoff and TTLs use <see cref="TimeProvider"/> instead.
/// </summary>
public interface IMarketClock
{
    /// <summary>Now, in market time.</summary>
    Instant Now { get; }
}
