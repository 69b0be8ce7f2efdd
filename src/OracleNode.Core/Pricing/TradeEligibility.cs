using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>Which prints and quotes may set a price, by their conditions.</summary>
internal static class TradeEligibility
{
    /// <summary>Any of these bars a print or a quote in every session; a code the adapter does not know is one of them.</summary>
    private const ConditionFlags Barred =
        ConditionFlags.NotLastEligible | ConditionFlags.OddLot | ConditionFlags.OutOfSequence | ConditionFlags.AveragePrice
        | ConditionFlags.DerivativelyPriced | ConditionFlags.Suspicious | ConditionFlags.UnknownCode;

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
