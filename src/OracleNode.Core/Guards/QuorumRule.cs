using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Are there enough distinct upstreams to price at all.</summary>
internal static class QuorumRule
{
    public static GuardVerdict Judge(Ballot ballot, SessionPricing pricing)
    {
        if (ballot.Count >= pricing.Quorum) return GuardVerdict.Pass;
        if (ballot.AllStale) return GuardVerdict.Hold(HoldReasons.BelowQuorum | HoldReasons.Stale, DecisionReason.AllStale);
        var spread = ballot.Count + ballot.TooWideCount >= pricing.Quorum ? HoldReasons.Spread : HoldReasons.None;
        return GuardVerdict.Hold(HoldReasons.BelowQuorum | spread, DecisionReason.BelowQuorum);
    }
}
