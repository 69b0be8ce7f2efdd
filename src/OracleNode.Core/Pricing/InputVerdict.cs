using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>One source's part in a decision: what it said, when, and what became of it.</summary>
/// <param name="Source">The source.</param>
/// <param name="Upstream">Its configured upstream.</param>
/// <param name="Reason">What became of it.</param>
/// <param name="Kind">What it is about: a quote, a trade, or none when there is nothing to show.</param>
/// <param name="Value">A quote's mid (rounded down) or a trade's price; none when it has no value.</param>
/// <param name="Bid">A quote's bid.</param>
/// <param name="Ask">A quote's ask.</param>
/// <param name="EventTime">Event time of it; the Unix epoch when there is nothing to show.</param>
public readonly record struct InputVerdict(
    SourceId Source, UpstreamId Upstream, InputReason Reason, ObservationKind Kind, Price Value, Price Bid, Price Ask, Instant EventTime)
{
    /// <summary>True when it stands behind the published price.</summary>
    public bool IsUsed => Reason == InputReason.Used;

    /// <summary>True when it said something and that was refused for what it is (not merely superseded or out of its session).</summary>
    public bool IsRejected => Reason is not (InputReason.NoData or InputReason.Used or InputReason.NotPublished
        or InputReason.Superseded or InputReason.NotInSession);
}
