using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>Turns a feed's decision into the record that would be signed.</summary>
public static class FeedRecordFactory
{
    /// <summary>Makes the record.</summary>
    /// <param name="decision">What pricing and guards decided.</param>
    /// <param name="id">The feed.</param>
    /// <returns>Null when there is nothing to publish: the feed never had a good price.</returns>
    public static FeedRecord? Create(FeedDecision decision, FeedId id)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (!decision.HasPrice) return null;

        return new FeedRecord
        {
            FeedTag = id.Tag,
            Price = decision.Price,
            ConfidenceE8 = decision.ConfidenceE8,
            Bid = decision.Bid,
            Ask = decision.Ask,
            Ema = decision.Ema,
            Session = decision.Session,
            ClosedReason = decision.ClosedReason,
            HaltReason = decision.HaltReason,
            State = decision.State,
            HoldReasons = decision.HoldReasons,
            SourcesUsed = Saturate(decision.SourcesUsed),
            SourcesRejected = Saturate(decision.SourcesRejected),
            Upstreams = Saturate(decision.Upstreams),
            ObservedAtUnixMillis = decision.ObservedAt.ToUnixTimeMilliseconds(),
            NextChangeAtUnixSeconds = decision.NextChangeAt?.ToUnixTimeSeconds() ?? 0,
            MaxAgeSeconds = (uint)(decision.MaxAge.BclCompatibleTicks / NodaConstants.TicksPerSecond),
            Token = decision.Multiplier.IsNone ? null : new TokenTerms(
                decision.Multiplier, decision.NextMultiplier, decision.ActivationAt?.ToUnixTimeSeconds() ?? 0, decision.Underlying),
        };
    }

    /// <summary>What a chain holds, in the words of the fold that goes on from it.</summary>
    public static RestoredFeed ToRestored(in FeedRecord record) => new(
        record.Price, record.ConfidenceE8, record.Bid, record.Ask, record.Ema,
        Instant.FromUnixTimeMilliseconds(record.ObservedAtUnixMillis), record.State, record.HaltReason)
    {
        HoldReasons = record.HoldReasons,
        Multiplier = record.Token?.Multiplier ?? default,
        Underlying = record.Token?.Underlying ?? default,
    };

    // Counts are for people; more than 255 sources is "many".
    private static byte Saturate(int count) => (byte)Math.Clamp(count, 0, byte.MaxValue);
}
