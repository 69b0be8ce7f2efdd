using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Are there enough distinct upstreams to price at all.</summary>
internal static class QuorumRule
{
    /// <param name="ballot">The votes.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="possibleUpstreams">Upstreams that may vote in this session, whether or not they do.</param>
    /// <param name="resumePending">Trading resumed after a halt and has not been seen to reopen.</param>
    /// <param name="openingPending">The session opened and never yet had a quorum.</param>
    public static GuardVerdict Judge(Ballot ballot, SessionPricing pricing, int possibleUpstreams, bool resumePending, bool openingPending)
    {
        if (possibleUpstreams >= pricing.Quorum)
        {
            // After a halt prints do not do: only two-sided quotes show that the book is back.
            if (resumePending && ballot.QuoteCount < pricing.Quorum) return GuardVerdict.Reopen(DecisionReason.AwaitingResume);
            if (openingPending && ballot.Count < pricing.Quorum) return GuardVerdict.Reopen(DecisionReason.AwaitingOpen);
        }

        if (ballot.Count >= pricing.Quorum) return GuardVerdict.Pass;
        if (ballot.AllStale) return GuardVerdict.Hold(HoldReasons.BelowQuorum | HoldReasons.Stale, DecisionReason.AllStale);
        var spread = ballot.Count + ballot.TooWideCount >= pricing.Quorum ? HoldReasons.Spread : HoldReasons.None;
        return GuardVerdict.Hold(HoldReasons.BelowQuorum | spread, DecisionReason.BelowQuorum);
    }
}
