using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>
/// The latest words of one source: its quote, its last eligible prints of each kind, and what was last refused. Only event time decides
/// what is newer; of two with the same event time the one that arrived later counts.
/// </summary>
internal sealed class SourceState(Source source, int upstreamSlot)
{
    /// <summary>A billion dollars: no share costs it, and every sum below stays far from the end of 64 bits.</summary>
    public const long MaxPriceE8 = 1_000_000_000 * Price.One;

    /// <summary>One quote out of order is chance, so many in a row are a clock that went back.</summary>
    private const int RegressionLimit = 5;

    /// <summary>A print older than this is of another trading day: the next one is a first.</summary>
    private static readonly Duration TradingDay = Duration.FromHours(12);

    private int _regressions;

    public Source Source { get; } = source;

    /// <summary>Place of its upstream among the feed's upstreams.</summary>
    public int UpstreamSlot { get; } = upstreamSlot;

    // What every tick reads comes first and stands together: of a thousand feeds no cache holds all, and each line of it is fetched anew.
    public QuoteSlot Quote;

    /// <summary>Set from outside: for what, and until when, its words do not vote.</summary>
    public Suspension Suspension;

    public SourceBreaker Breaker;
    public FreezeWatch Freeze;

    /// <summary>What it said that is not judged yet.</summary>
    public DoubtedWord Doubt;

    /// <summary>The prints of regular trading, and the Form T prints; apart, since a late Form T print must not hide the other.</summary>
    public PrintRing RegularPrints, ExtendedPrints;

    /// <summary>The last refusal.</summary>
    public Refusal LastRefusal;

    /// <summary>Why its words do not vote now, whatever they say; <see cref="InputReason.Used"/> when they may.</summary>
    public InputReason Barred(Instant now)
    {
        if (Breaker.IsQuarantined) return InputReason.Quarantined;
        return now < Suspension.Until ? Suspension.Reason : InputReason.Used;
    }

    /// <summary>Takes a quote in, or says why not.</summary>
    public InputReason ApplyQuote(in Observation quote)
    {
        if (Quote.HasEvent && quote.EventTime < Quote.EventTime)
        {
            if (++_regressions >= RegressionLimit)
            {
                _regressions = 0;
                Breaker.NoteFault();
            }

            return InputReason.OutOfOrder;
        }

        _regressions = 0;
        if (quote.Bid.E8 > MaxPriceE8 || quote.Ask.E8 > MaxPriceE8) return InputReason.Malformed;
        if (!TradeEligibility.MayVote(quote.Conditions)) return InputReason.NotEligible;

        // A side that is gone is the source's newest word, so it counts at once; a crossed book is an artefact of timing, so it does not.
        var withdrawn = quote.Bid.IsNone || quote.Ask.IsNone;
        if (!withdrawn && quote.Bid > quote.Ask) return InputReason.Crossed;
        if (!Freeze.Observe(quote.Bid.E8, quote.Ask.E8, quote.EventTime, quote.ReceiveTime)) return InputReason.FrozenTime;
        Quote = new QuoteSlot(HasEvent: true, IsWithdrawn: withdrawn, quote.Bid.E8, quote.Ask.E8, quote.EventTime);
        return InputReason.Used;
    }

    /// <summary>Takes a print in, or says why not.</summary>
    public InputReason ApplyTrade(in Observation trade)
    {
        if (trade.Last.IsNone || trade.Last.E8 > MaxPriceE8) return InputReason.Malformed;
        if ((trade.Conditions & ConditionFlags.Suspicious) != 0 && Retract(trade) == InputReason.Used) return InputReason.Used;
        if (!TradeEligibility.MayVote(trade.Conditions)) return InputReason.NotEligible;
        ref var prints = ref ((trade.Conditions & ConditionFlags.ExtendedHours) != 0 ? ref ExtendedPrints : ref RegularPrints);
        if ((trade.Conditions & ConditionFlags.OnlyIfFirst) != 0 && prints.Count > 0 && trade.EventTime - prints.Newest.EventTime < TradingDay)
            return InputReason.NotEligible;
        var print = new TradeSlot(HasEvent: true, trade.Last.E8, trade.Conditions, trade.EventTime, trade.TradeId);
        return prints.TryAdd(print) ? InputReason.Used : InputReason.OutOfOrder;
    }

    /// <summary>A print that is cancelled, corrected or said again as suspicious stops voting; the one before it does again.</summary>
    public InputReason Retract(in Observation named)
    {
        var found = RegularPrints.Retract(named.TradeId, named.Last.E8, named.EventTime)
            || ExtendedPrints.Retract(named.TradeId, named.Last.E8, named.EventTime);
        return found ? InputReason.Used : InputReason.NothingToRetract;
    }

    /// <summary>The newest print that may vote in the session; false when there is none.</summary>
    public bool TryTrade(MarketSession session, out TradeSlot trade)
    {
        var (regularPrint, extendedPrint) = (RegularPrints.Newest, ExtendedPrints.Newest);
        var regular = regularPrint.HasEvent && TradeEligibility.MayVoteIn(regularPrint.Conditions, session);
        var extended = extendedPrint.HasEvent && TradeEligibility.MayVoteIn(extendedPrint.Conditions, session);
        trade = regular && (!extended || regularPrint.EventTime >= extendedPrint.EventTime) ? regularPrint : extendedPrint;
        return regular || extended;
    }
}

/// <summary>A source's newest quote event: two-sided, or a withdrawal.</summary>
internal readonly record struct QuoteSlot(bool HasEvent, bool IsWithdrawn, long Bid, long Ask, Instant EventTime)
{
    /// <summary>The mid, rounded down; only of a two-sided quote.</summary>
    public long Mid => Bid + ((Ask - Bid) / 2);
}

/// <summary>What a source said that was not taken in.</summary>
/// <param name="At">When it said so: by its stamp, or where that is what is wrong, by its arrival. A stamp from the future must not hide what follows.</param>
internal readonly record struct Refusal(InputReason Reason, ObservationKind Kind, Price Value, Price Bid, Price Ask, Instant EventTime, Instant At);

/// <summary>Why and until when a source's words do not vote; over by default.</summary>
internal readonly record struct Suspension(InputReason Reason, Instant Until);
