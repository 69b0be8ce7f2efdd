using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>What decides whether a source's word votes now.</summary>
/// <param name="Now">The tick.</param>
/// <param name="Session">The session.</param>
/// <param name="Pricing">Its rules.</param>
/// <param name="Allowed">By source slot: may it vote in this session.</param>
/// <param name="FutureTolerance">How far ahead of the node's clock an event may be.</param>
/// <param name="NotOlderThan">The last published <c>observedAt</c>; null when nothing was published yet.</param>
/// <param name="ResumedAt">When trading resumed after the last halt; only what is newer counts. Null when there was none.</param>
internal readonly record struct VoteContext(
    Instant Now, MarketSession Session, SessionPricing Pricing, bool[] Allowed, Duration FutureTolerance, Instant? NotOlderThan, Instant? ResumedAt);
