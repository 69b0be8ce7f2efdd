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

    /// <summary>Upstreams that must say an auction's print where the listing market's own source does not.</summary>
    private const int Witnesses = 2;

    private readonly TradeSlot[] _openings = new TradeSlot[upstreams];
    private readonly bool[] _isListingMarkets = new bool[upstreams];
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
    /// <param name="isListingMarket">It is the listing market's own source.</param>
    /// <param name="last">The last published price; none when there is none.</param>
    /// <param name="closeLimitBps">A closing print farther from it is not taken for the official close: one upstream must not set it at will.</param>
    public void Observe(in Observation print, int upstreamSlot, bool isListingMarket, Price last, int closeLimitBps)
    {
        const ConditionFlags Doubtful = ConditionFlags.Suspicious | ConditionFlags.UnknownCode | ConditionFlags.OddLot;
        if ((print.Conditions & TradeEligibility.Auction) == 0 || (print.Conditions & Doubtful) != 0 || print.Last.IsNone || print.Last.E8 > SourceState.MaxPriceE8) return;
        var slot = new TradeSlot(HasEvent: true, print.Last.E8, print.Conditions, print.EventTime, print.TradeId);
        if ((print.Conditions & (ConditionFlags.OpeningPrint | ConditionFlags.ReopeningPrint)) != 0)
        {
            ref var opening = ref _openings[upstreamSlot];
            if (!opening.HasEvent || opening.EventTime <= slot.EventTime) (opening, _isListingMarkets[upstreamSlot]) = (slot, isListingMarket);
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

    /// <summary>
    /// Does an auction print of the last minutes, newer than <paramref name="after"/>, stand within the limit of the price: the listing market's own, or one that two
    /// upstreams say. What one vendor calls an auction is a print of one vendor.
    /// </summary>
    public bool Evidence(long price, Instant? after, Instant now, int limitBps)
    {
        var upstreams = 0;
        for (var i = 0; i < _openings.Length; i++)
        {
            ref readonly var opening = ref _openings[i];
            if (!opening.HasEvent || opening.EventTime <= after || now - opening.EventTime > EvidenceAge) continue;
            if (Bps.Exceeds(long.Abs(opening.Price - price), price, limitBps)) continue;
            if (_isListingMarkets[i] || ++upstreams >= Witnesses) return true;
        }

        return false;
    }

    /// <summary>
    /// An opening or reopening print of that time or later that is more than one vendor's word: the listing market's own, one that two upstreams say alike, or one at
    /// what the quorum agrees on.
    /// </summary>
    /// <param name="from">Earliest event time.</param>
    /// <param name="agreed">The quorum's price now, 1e-8 units; 0 for none.</param>
    /// <param name="toleranceBps">How far two words of one price may be apart.</param>
    /// <param name="price">The print's price.</param>
    public bool TryConfirm(Instant from, long agreed, int toleranceBps, out Price price)
    {
        for (var i = 0; i < _openings.Length; i++)
        {
            if (!IsSince(_openings[i], from) || !(_isListingMarkets[i] || IsNear(_openings[i].Price, agreed, toleranceBps) || IsSaidByAnother(i, from, toleranceBps))) continue;
            price = Price.FromE8(_openings[i].Price);
            return true;
        }

        price = default;
        return false;
    }

    /// <summary>Does anybody still say such a print: it was not cancelled, and nothing else took its place.</summary>
    public bool IsSaid(Price price, Instant from, int toleranceBps)
    {
        foreach (ref readonly var opening in _openings.AsSpan())
            if (IsSince(opening, from) && IsNear(opening.Price, price.E8, toleranceBps))
                return true;
        return false;
    }

    private bool IsSaidByAnother(int place, Instant from, int toleranceBps)
    {
        for (var i = 0; i < _openings.Length; i++)
            if (i != place && IsSince(_openings[i], from) && IsNear(_openings[i].Price, _openings[place].Price, toleranceBps))
                return true;
        return false;
    }

    private static bool IsSince(in TradeSlot print, Instant from) => print.HasEvent && print.EventTime >= from;

    private static bool IsNear(long price, long other, int toleranceBps) => other > 0 && !Bps.Exceeds(long.Abs(price - other), other, toleranceBps);

    private static bool Names(in Observation named, in TradeSlot print)
    {
        if (!print.HasEvent) return false;
        return named.TradeId != 0 && print.Id != 0 ? named.TradeId == print.Id : named.Last.E8 == print.Price && named.EventTime >= print.EventTime;
    }
}
