using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>
/// The latest word of one source: its quote, its last eligible print of each kind, and what was last refused. Only event time decides
/// what is newer; of two with the same event time the one that arrived later counts.
/// </summary>
internal sealed class SourceState(Source source, int upstreamSlot)
{
    /// <summary>A billion dollars: no share costs it, and every sum below stays far from the end of 64 bits.</summary>
    public const long MaxPriceE8 = 1_000_000_000 * Price.One;

    public Source Source { get; } = source;

    /// <summary>Place of its upstream among the feed's upstreams.</summary>
    public int UpstreamSlot { get; } = upstreamSlot;

    public QuoteSlot Quote;

    /// <summary>The last print of regular trading, and the last Form T print; apart, since a late Form T print must not hide the other.</summary>
    public TradeSlot RegularTrade, ExtendedTrade;

    /// <summary>The last refusal.</summary>
    public Refusal LastRefusal;

    /// <summary>Takes a quote in, or says why not.</summary>
    public InputReason ApplyQuote(in Observation quote)
    {
        if (Quote.HasEvent && quote.EventTime < Quote.EventTime) return InputReason.OutOfOrder;
        if (quote.Bid.E8 > MaxPriceE8 || quote.Ask.E8 > MaxPriceE8) return InputReason.Malformed;
        if (!TradeEligibility.MayVote(quote.Conditions)) return InputReason.NotEligible;

        // A side that is gone is the source's newest word, so it counts at once; a crossed book is an artefact of timing, so it does not.
        var withdrawn = quote.Bid.IsNone || quote.Ask.IsNone;
        if (!withdrawn && quote.Bid > quote.Ask) return InputReason.Crossed;
        Quote = new QuoteSlot(HasEvent: true, IsWithdrawn: withdrawn, quote.Bid.E8, quote.Ask.E8, quote.EventTime);
        return InputReason.Used;
    }

    /// <summary>Takes a print in, or says why not.</summary>
    public InputReason ApplyTrade(in Observation trade)
    {
        if (trade.Last.IsNone || trade.Last.E8 > MaxPriceE8) return InputReason.Malformed;
        if ((trade.Conditions & ConditionFlags.Suspicious) != 0 && Retract(trade)) return InputReason.Used;
        if (!TradeEligibility.MayVote(trade.Conditions)) return InputReason.NotEligible;
        ref var slot = ref ((trade.Conditions & ConditionFlags.ExtendedHours) != 0 ? ref ExtendedTrade : ref RegularTrade);
        if (slot.HasEvent && trade.EventTime < slot.EventTime) return InputReason.OutOfOrder;
        slot = new TradeSlot(HasEvent: true, trade.Last.E8, trade.Conditions, trade.EventTime);
        return InputReason.Used;
    }

    /// <summary>
    /// A print said again as suspicious (cancelled, corrected, doubted) stops voting. It is told by its price: vendors stamp the
    /// cancellation, not the print, and a print of the same price taken for it costs one vote until the next one.
    /// </summary>
    private bool Retract(in Observation trade)
    {
        return RetractFrom(ref RegularTrade, trade) | RetractFrom(ref ExtendedTrade, trade);

        static bool RetractFrom(ref TradeSlot slot, in Observation trade)
        {
            if (!slot.HasEvent || slot.Price != trade.Last.E8 || slot.EventTime > trade.EventTime) return false;
            slot = default;
            return true;
        }
    }

    /// <summary>The newest print that may vote in the session; false when there is none.</summary>
    public bool TryTrade(MarketSession session, out TradeSlot trade)
    {
        var regular = RegularTrade.HasEvent && TradeEligibility.MayVoteIn(RegularTrade.Conditions, session);
        var extended = ExtendedTrade.HasEvent && TradeEligibility.MayVoteIn(ExtendedTrade.Conditions, session);
        trade = regular && (!extended || RegularTrade.EventTime >= ExtendedTrade.EventTime) ? RegularTrade : ExtendedTrade;
        return regular || extended;
    }
}

/// <summary>A source's newest quote event: two-sided, or a withdrawal.</summary>
internal readonly record struct QuoteSlot(bool HasEvent, bool IsWithdrawn, long Bid, long Ask, Instant EventTime)
{
    /// <summary>The mid, rounded down; only of a two-sided quote.</summary>
    public long Mid => Bid + ((Ask - Bid) / 2);
}

/// <summary>A source's newest eligible print.</summary>
internal readonly record struct TradeSlot(bool HasEvent, long Price, ConditionFlags Conditions, Instant EventTime);

/// <summary>What a source said that was not taken in.</summary>
internal readonly record struct Refusal(InputReason Reason, ObservationKind Kind, Price Value, Price Bid, Price Ask, Instant EventTime);
