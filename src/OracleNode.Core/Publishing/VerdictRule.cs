using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>
/// The verdict about one feed on one chain. Pure. It looks at what the chain says as well as at what the node says, and believes the worse of the
/// two: at the close the market's word counts before it has landed, at the open only after.
/// </summary>
public static class VerdictRule
{
    /// <summary>Judges. Allocates nothing.</summary>
    /// <param name="input">What is known.</param>
    /// <param name="now">Market time.</param>
    public static VerdictFinding Judge(in VerdictInput input, Instant now)
    {
        if (!input.IsRestored) return new(FeedVerdict.Unknown, VerdictReason.NotRestored);
        if (input.Differs) return new(FeedVerdict.Diverged, VerdictReason.Differs);
        if (!input.WasRead) return new(FeedVerdict.Dead, VerdictReason.NotRead);
        if (input.Landed is not { } landed) return new(FeedVerdict.Dead, VerdictReason.NothingAttested);
        if (BatchSequence.IsAhead(landed.Sequence, now)) return new(FeedVerdict.Diverged, VerdictReason.AttestedAhead);

        // Whatever the session: a closed market whose attestation ran out is not closed and well.
        if (IsPastMaxAge(in landed, now)) return new(FeedVerdict.Dead, VerdictReason.AttestationTooOld);
        // Every reader reverts, whatever is stored; and that a chain which is stopped takes nothing (Solana) is no lag.
        if (input.IsPausedOnChain) return new(FeedVerdict.Paused, VerdictReason.StoppedOnChain);
        if (input.Candidate is not { } candidate) return new(FeedVerdict.Stale, VerdictReason.NoRecord);

        // A late renewal is no lag: the chain says all of it, and max age judges how long it may.
        if (input.OwesNews && !input.CanSign) return new(FeedVerdict.Stale, VerdictReason.NotSigned);
        if (input.OwesNews && input.OwedFor > input.LandingMargin) return new(FeedVerdict.Stale, VerdictReason.Lags);
        return VerdictFinding.Worse(Of(in candidate), Of(in landed.RecordInPlace));
    }

    /// <summary>May the record no longer be relied on? The same bound that readers on chain have.</summary>
    private static bool IsPastMaxAge(in LandedRecord landed, Instant now) =>
        now.ToUnixTimeMilliseconds() - landed.AttestedAtUnixMillis > landed.Record.MaxAgeSeconds * 1000L;

    private static VerdictFinding Of(in FeedRecord record)
    {
        if (record.State == FeedState.Retired) return new(FeedVerdict.Paused, VerdictReason.Retired);
        if (record.State == FeedState.Paused) return new(FeedVerdict.Paused, VerdictReason.Pause);

        // A halt goes on overnight: the next open will not be one.
        if (record.HaltReason != HaltReason.None) return new(FeedVerdict.Halted, VerdictReason.Halt);
        return record.State switch
        {
            FeedState.Live or FeedState.Degraded => new(FeedVerdict.Ok, VerdictReason.Fresh),
            FeedState.Closed => new(FeedVerdict.ClosedOk, VerdictReason.MarketClosed),
            FeedState.Reopening => new(FeedVerdict.Stale, VerdictReason.Reopening),
            FeedState.Held => new(FeedVerdict.Stale, VerdictReason.Held),
            _ => new(FeedVerdict.Stale, VerdictReason.StateUnknown),
        };
    }
}
