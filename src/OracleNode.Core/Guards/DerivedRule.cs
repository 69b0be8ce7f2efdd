using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules on what few markets say of a derived number; the same for every such feed.</summary>
internal static class DerivedRule
{
    /// <summary>Are there enough votes, and do they agree.</summary>
    public static GuardVerdict JudgeVotes(DerivedBallot ballot, in DerivedMeasurement measured, int quorum)
    {
        if (ballot.Count < quorum)
        {
            var holds = HoldReasons.BelowQuorum | (ballot.AllStale ? HoldReasons.Stale : HoldReasons.None) | (ballot.AnyTooWide ? HoldReasons.Spread : HoldReasons.None);
            return GuardVerdict.Hold(holds, ballot.AllStale ? DecisionReason.AllStale : DecisionReason.BelowQuorum);
        }

        if (measured.MiddlesDisagree) return GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.MiddlesDisagree);
        return measured.Accepted < quorum ? GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.OutliersBreakQuorum) : GuardVerdict.Pass;
    }

    /// <summary>Is the number one that may be published.</summary>
    public static GuardVerdict JudgeNumber(in DerivedMeasurement measured, Price min, Price max, long average)
    {
        if (measured.Value <= 0 || !RecordLimits.Fit(measured.Value, measured.ConfidenceE8, measured.Low, measured.High, average))
            return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);
        if (measured.Value == min.E8 || measured.Value == max.E8) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.AtBound);
        return measured.Value < min.E8 || measured.Value > max.E8 ? GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.OutsideBounds) : GuardVerdict.Pass;
    }

    /// <summary>What is stopped, or held because it may be another thing than before, is no basis for anything.</summary>
    public static GuardVerdict JudgeBasis(FeedDecision basis)
    {
        const HoldReasons NoBasis = HoldReasons.CorporateAction | HoldReasons.Operator | HoldReasons.IssuerPause | HoldReasons.Identity | HoldReasons.Clock | HoldReasons.CalendarConflict;
        if (!basis.HasPrice) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        if (basis.State is FeedState.Paused or FeedState.Retired or FeedState.Unknown)
            return GuardVerdict.Hold(basis.HoldReasons == HoldReasons.None ? HoldReasons.Operator : basis.HoldReasons, DecisionReason.BasisHeld);
        var holds = basis.HoldReasons & NoBasis;
        return holds != HoldReasons.None ? GuardVerdict.Hold(holds, DecisionReason.BasisHeld) : GuardVerdict.Pass;
    }
}
