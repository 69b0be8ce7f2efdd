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
    /// <summary>Within the outlier limit of the median, and not refuted.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>The word of another source of the upstream that would vote instead if this source were gone; 0 when there is none.</summary>
    public long Fallback { get; init; }

    /// <summary>Event time of <see cref="Fallback"/>; of two quotes or two prints the newer one counts.</summary>
    public Instant FallbackTime { get; init; }

    /// <summary>True when <see cref="Fallback"/> is a two-sided quote, which goes before any print.</summary>
    public bool IsFallbackQuote { get; init; }

    /// <summary>The same vote, knowing of another word of its upstream.</summary>
    public Vote Before(in Vote other)
    {
        var isBetter = Fallback == 0 || (other.IsQuote && !IsFallbackQuote) || (other.IsQuote == IsFallbackQuote && other.EventTime > FallbackTime);
        return isBetter && other.SourceSlot != SourceSlot
            ? this with { Fallback = other.Value, FallbackTime = other.EventTime, IsFallbackQuote = other.IsQuote }
            : this;
    }

    /// <summary>Why the other votes show that it cannot stand behind the price; <see cref="InputReason.NoData"/> when they do not.</summary>
    public InputReason Refuted { get; init; }
}
