using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Do the votes say the same thing, and does what they say fit the signed record.</summary>
internal static class AgreementRule
{
    public static GuardVerdict Judge(in PriceMeasurement measured, SessionPricing pricing, long emaE8)
    {
        var verdict = GuardVerdict.Pass;

        // An even number has no middle vote. To take the midpoint of two that contradict each other would average a lie in.
        if (measured.MiddlesDisagree)
            verdict = verdict.And(GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.MiddlesDisagree));
        if (measured.Accepted < pricing.Quorum)
            verdict = verdict.And(GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.OutliersBreakQuorum));
        if (Bps.Exceeds(measured.ConfidenceE8, measured.Price, pricing.ConfidenceCapBps))
            verdict = verdict.And(GuardVerdict.Hold(HoldReasons.Confidence, DecisionReason.ConfidenceTooWide));
        if (!RecordLimits.Fit(measured.Price, measured.ConfidenceE8, measured.Bid, measured.Ask, emaE8))
            verdict = verdict.And(GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit));
        return verdict;
    }
}
