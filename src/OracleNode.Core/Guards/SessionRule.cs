using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>Is there a session at all, and is the node's clock fit to say so.</summary>
internal static class SessionRule
{
    public static GuardVerdict Judge(Instant now, in SessionInfo session, Instant? observedAt)
    {
        // A record attested before its own observedAt is refused by every chain.
        if (now < observedAt) return GuardVerdict.Hold(HoldReasons.Clock, DecisionReason.ClockBehind);
        if (now >= session.NextChangeAt) return GuardVerdict.Hold(HoldReasons.CalendarConflict, DecisionReason.SessionExpired);
        return session.Session switch
        {
            MarketSession.Closed => new GuardVerdict(GuardOutcome.Close, HoldReasons.None, DecisionReason.SessionClosed),
            MarketSession.PreMarket or MarketSession.Regular or MarketSession.PostMarket or MarketSession.Overnight => GuardVerdict.Pass,
            _ => GuardVerdict.Hold(HoldReasons.CalendarConflict, DecisionReason.CalendarUnknown),
        };
    }
}
