using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>From what the rules ask for to the state of the feed.</summary>
internal static class StateTransition
{
    /// <param name="verdict">What the rules ask for.</param>
    /// <param name="accepted">Upstreams behind the price, when it passes.</param>
    /// <param name="pricing">The session's rules; null when there is no session.</param>
    public static FeedState Next(in GuardVerdict verdict, int accepted, SessionPricing? pricing) => verdict.Outcome switch
    {
        GuardOutcome.Close => FeedState.Closed,
        GuardOutcome.Reopen => FeedState.Reopening,
        GuardOutcome.Pause => FeedState.Paused,
        GuardOutcome.Retire => FeedState.Retired,
        GuardOutcome.Pass when pricing is not null =>
            pricing.AlwaysDegraded || accepted < pricing.WantedUpstreams ? FeedState.Degraded : FeedState.Live,
        _ => FeedState.Held,
    };
}
