using NodaTime;

namespace OracleNode.MarketData;

/// <summary>A market event as one vendor tells it.</summary>
/// <param name="DeliverAt">Market time at which the vendor has it; never before the event itself.</param>
/// <param name="Event">What it tells.</param>
internal readonly record struct VendorEvent(Instant DeliverAt, MarketEvent Event);
