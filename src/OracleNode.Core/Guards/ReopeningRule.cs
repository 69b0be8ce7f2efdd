using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A session that opens and a market that resumes need fresh two-sided quotes of the quorum before there is a price: a print may be of before, and a
/// carried-over close is none. Where few upstreams quote, prints of the quorum do once the guard's time is over: after a halt only with the auction's print that ended it.
/// </summary>
internal static class ReopeningRule
{
    /// <param name="ballot">The votes; after a halt only words from after it are among them.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="resumedAt">When trading resumed, while that is pending; null when it is not.</param>
    /// <param name="hasReopened">The reopening auction's print is known, by more than one vendor's word.</param>
    /// <param name="guard">How long all quotes are asked for.</param>
    /// <param name="now">Market time.</param>
    public static GuardVerdict JudgeResume(Ballot ballot, SessionPricing pricing, Instant? resumedAt, bool hasReopened, Duration guard, Instant now)
    {
        if (resumedAt is not { } since) return GuardVerdict.Pass;
        var isEnough = ballot.QuoteCount >= pricing.Quorum || (hasReopened && now - since >= guard && ballot.Count >= pricing.Quorum);
        return isEnough ? GuardVerdict.Pass : GuardVerdict.Reopen(DecisionReason.AwaitingResume);
    }

    /// <param name="ballot">The votes.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="openedAt">When the session opened, while it never yet had a quorum; null otherwise.</param>
    /// <param name="now">Market time.</param>
    public static GuardVerdict JudgeOpening(Ballot ballot, SessionPricing pricing, Instant? openedAt, Instant now)
    {
        if (openedAt is not { } since) return GuardVerdict.Pass;
        var isEnough = now - since < pricing.OpeningGuard ? QuotesSince(ballot, since) >= pricing.Quorum : ballot.Count >= pricing.Quorum;
        return isEnough ? GuardVerdict.Pass : GuardVerdict.Reopen(DecisionReason.AwaitingOpen);
    }

    private static int QuotesSince(Ballot ballot, Instant since)
    {
        var quotes = 0;
        foreach (ref readonly var vote in ballot.Votes)
            if (vote.IsQuote && vote.EventTime >= since)
                quotes++;
        return quotes;
    }
}
