using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>Which prints and quotes may set a price, by their conditions.</summary>
internal static class TradeEligibility
{
    /// <summary>Any of these bars a print or a quote in every session; a code the adapter does not know is one of them.</summary>
    private const ConditionFlags Barred =
        ConditionFlags.NotLastEligible | ConditionFlags.OddLot | ConditionFlags.OutOfSequence | ConditionFlags.AveragePrice
        | ConditionFlags.DerivativelyPriced | ConditionFlags.Suspicious | ConditionFlags.UnknownCode;

    /// <summary>Prints of the listing market's auctions.</summary>
    public const ConditionFlags Auction = ConditionFlags.OpeningPrint | ConditionFlags.ReopeningPrint | ConditionFlags.ClosingPrint;

    /// <summary>Why no word with these conditions counts, whatever it says; <see cref="InputReason.Used"/> when they do not say so.</summary>
    public static InputReason NotAnObservation(ConditionFlags conditions)
    {
        if ((conditions & (ConditionFlags.TestData | ConditionFlags.CarriedForward)) == 0) return InputReason.Used;
        return (conditions & ConditionFlags.TestData) != 0 ? InputReason.TestData : InputReason.CarriedForward;
    }

    /// <summary>False when the conditions bar it in every session.</summary>
    public static bool MayVote(ConditionFlags conditions) => (conditions & Barred) == 0;

    /// <summary>
    /// Form T prints count outside the regular session only. A print of a vendor that sends no conditions counts in the regular
    /// session only: outside of it nothing tells an ordinary print from one that may not set a price.
    /// </summary>
    public static bool MayVoteIn(ConditionFlags conditions, MarketSession session)
    {
        var barred = session == MarketSession.Regular ? ConditionFlags.ExtendedHours : ConditionFlags.ConditionsAbsent;
        return (conditions & barred) == 0;
    }
}
