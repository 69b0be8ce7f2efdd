using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// What the listing market's auctions said: opening and reopening prints, which are evidence for a jump, and the closing print, which is the
/// official close. A print alone moves no price: it adds to what the quorum of upstreams says.
/// </summary>
internal sealed class AuctionPrints(int upstreams)
{
    /// <summary>An auction print older than this explains nothing of now.</summary>
    private static readonly Duration EvidenceAge = Duration.FromMinutes(10);

    private readonly TradeSlot[] _openings = new TradeSlot[upstreams];
    private TradeSlot _close;

    /// <summary>Event time of the newest opening print; null when none was seen.</summary>
    public Instant? OpenedAt { get; private set; }

    /// <summary>The official close that was seen; none when there was none.</summary>
    public Price OfficialClose
    {
        get
        {
            Price.TryFromE8(_close.Price, out var close);
            return close;
        }
    }

    /// <summary>Notes a print that may be of an auction.</summary>
    /// <param name="print">The print.</param>
    /// <param name="upstreamSlot">Whose it is.</param>
    /// <param name="last">The last published price; none when there is none.</param>
    /// <param name="closeLimitBps">A closing print farther from it is not taken for the official close: one upstream must not set it at will.</param>
    public void Observe(in Observation print, int upstreamSlot, Price last, int closeLimitBps)
    {
        const ConditionFlags Doubtful = ConditionFlags.Suspicious | ConditionFlags.UnknownCode | ConditionFlags.OddLot;
        if ((print.Conditions & TradeEligibility.Auction) == 0 || (print.Conditions & Doubtful) != 0 || print.Last.IsNone) return;
        var slot = new TradeSlot(HasEvent: true, print.Last.E8, print.Conditions, print.EventTime, print.TradeId);
        if ((print.Conditions & (ConditionFlags.OpeningPrint | ConditionFlags.ReopeningPrint)) != 0)
        {
            ref var opening = ref _openings[upstreamSlot];
            if (!opening.HasEvent || opening.EventTime <= slot.EventTime) opening = slot;
            if ((print.Conditions & ConditionFlags.OpeningPrint) != 0 && (OpenedAt is not { } opened || opened < slot.EventTime)) OpenedAt = slot.EventTime;
        }

        if ((print.Conditions & ConditionFlags.ClosingPrint) == 0 || last.IsNone) return;
        if (_close.HasEvent && slot.EventTime < _close.EventTime) return;
        if (!Bps.Exceeds(long.Abs(slot.Price - last.E8), last.E8, closeLimitBps)) _close = slot;
    }

    /// <summary>A corporate action: the close is that of other shares.</summary>
    public void Rebase(in PendingAction action)
    {
        var close = action.PriceAfter(_close.Price);
        _close = close > 0 ? _close with { Price = close } : default;
    }

    /// <summary>A print was cancelled or corrected.</summary>
    public void Retract(in Observation named, int upstreamSlot)
    {
        ref var opening = ref _openings[upstreamSlot];
        if (Names(named, opening)) opening = default;
        if (Names(named, _close)) _close = default;
    }

    /// <summary>Does an auction print of this hour, newer than <paramref name="after"/>, stand within the limit of the price.</summary>
    public bool Evidence(long price, Instant? after, Instant now, int limitBps)
    {
        foreach (ref readonly var opening in _openings.AsSpan())
        {
            if (!opening.HasEvent || opening.EventTime <= after || now - opening.EventTime > EvidenceAge) continue;
            if (!Bps.Exceeds(long.Abs(opening.Price - price), price, limitBps)) return true;
        }

        return false;
    }

    private static bool Names(in Observation named, in TradeSlot print)
    {
        if (!print.HasEvent) return false;
        return named.TradeId != 0 && print.Id != 0 ? named.TradeId == print.Id : named.Last.E8 == print.Price && named.EventTime >= print.EventTime;
    }
}
