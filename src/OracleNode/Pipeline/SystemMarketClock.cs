using NodaTime;

namespace OracleNode.Pipeline;

/// <summary>Market time in production: the system clock.</summary>
internal sealed class SystemMarketClock(TimeProvider time) : IMarketClock
{
    public Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());
}
