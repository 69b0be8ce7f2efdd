using NodaTime;

namespace OracleNode.Market;

/// <summary>What the calendar says of an instant.</summary>
/// <param name="Session">The session; <see cref="MarketSession.Unknown"/> outside the calendar's validity.</param>
/// <param name="ClosedReason">Why it is closed, when it is.</param>
/// <param name="NextChangeAt">The next instant at which the session changes; null when the calendar does not reach it.</param>
public readonly record struct SessionInfo(MarketSession Session, ClosedReason ClosedReason, Instant? NextChangeAt);
