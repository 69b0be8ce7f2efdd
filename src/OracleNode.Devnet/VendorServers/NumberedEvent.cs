using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>A market event with the number its vendor gives it: rising per symbol, the same for every client.</summary>
internal readonly record struct NumberedEvent(MarketEvent Event, long Sequence);
