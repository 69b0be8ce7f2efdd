using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Do the votes say the same thing, and does what they say fit the signed record.</summary>
internal static class AgreementRule
{
    /// <summary>An even number has no middle vote. To take the midpoint of two that contradict each other would average a lie in.</summary>
    public static GuardVerdict JudgeMiddles(in PriceMeasurement measured) => measured.MiddlesDisagree
        ? GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.MiddlesDisagree)
        : GuardVerdict.Pass;

    /// <summary>The dispersion after outliers: the quorum must stand behind the price.</summary>
    public static GuardVerdict JudgeDispersion(in PriceMeasurement measured, SessionPricing pricing) => measured.Accepted < pricing.Quorum
        ? GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.OutliersBreakQuorum)
        : GuardVerdict.Pass;

    /// <summary>The confidence, which covers the loss of any one upstream, has a cap.</summary>
    public static GuardVerdict JudgeConfidence(in PriceMeasurement measured, SessionPricing pricing) =>
        Bps.Exceeds(measured.ConfidenceE8, measured.Price, pricing.ConfidenceCapBps)
            ? GuardVerdict.Hold(HoldReasons.Confidence, DecisionReason.ConfidenceTooWide)
            : GuardVerdict.Pass;

    /// <summary>What the record cannot hold is held, never cut.</summary>
    public static GuardVerdict JudgeRecord(in PriceMeasurement measured, long emaE8) =>
        RecordLimits.Fit(measured.Price, measured.ConfidenceE8, measured.Bid, measured.Ask, emaE8)
            ? GuardVerdict.Pass
            : GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);
}
