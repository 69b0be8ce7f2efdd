using NodaTime;

namespace OracleNode.Pricing;

/// <summary>One upstream's vote: the newest usable quote of its sources, else their newest usable print.</summary>
/// <param name="UpstreamSlot">The upstream.</param>
/// <param name="SourceSlot">The source whose word it is.</param>
/// <param name="IsQuote">True for a two-sided quote.</param>
/// <param name="Value">The quote's mid, rounded down, or the print's price; 1e-8 units.</param>
/// <param name="Bid">The quote's bid; for a print, its price.</param>
/// <param name="Ask">The quote's ask; for a print, its price.</param>
/// <param name="EventTime">Event time.</param>
internal readonly record struct Vote(int UpstreamSlot, int SourceSlot, bool IsQuote, long Value, long Bid, long Ask, Instant EventTime)
{
    /// <summary>Within the outlier limit of the median.</summary>
    public bool IsAccepted { get; init; }
}
