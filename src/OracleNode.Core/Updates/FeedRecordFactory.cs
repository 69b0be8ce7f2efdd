using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>Turns a feed's decision into the record that would be signed.</summary>
public static class FeedRecordFactory
{
    /// <summary>
    /// Makes the record. Of a feed that is not Live or Degraded it carries the price and the time that were signed last, which is what readers have seen: the last
    /// good price of the decision may be newer, decided too late to be published, and would open a round while there is no market.
    /// </summary>
    /// <param name="decision">What pricing and guards decided.</param>
    /// <param name="id">The feed.</param>
    /// <param name="signed">The record of the feed that was signed last, or found on chain at the start; null when there is none.</param>
    /// <returns>Null when there is nothing to publish: the feed never had a good price.</returns>
    public static FeedRecord? Create(FeedDecision decision, FeedId id, in FeedRecord? signed = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (!decision.HasPrice) return null;

        var record = Create(decision, id.Tag);
        return decision.IsFresh || signed is not { } last ? record : WithPriceOf(last, record, decision);
    }

    private static FeedRecord Create(FeedDecision decision, ulong tag) =>
        new()
        {
            FeedTag = tag,
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

    private static FeedRecord WithPriceOf(in FeedRecord last, in FeedRecord now, FeedDecision decision)
    {
        if (now.Token is not { } terms)
        {
            return last.Token is null ? WithAllOf(last, now) : now;
        }

        if (last.Token is not { } then) return now;
        if (decision.HasBasis && then.IsBasis) return WithAllOf(last, now) with { Token = then };
        if (terms.Multiplier == then.Multiplier || decision.IsPricedByTheShare) return WithAllOf(last, now) with { Token = terms with { Underlying = then.Underlying } };

        // The multiplier has changed since: the share price that was signed, times the new one. Its bid and ask were not signed.
        if (!terms.Multiplier.TryMultiplyRoundHalfEven(then.Underlying, out var price)) return now;
        return now with
        {
            Price = price,
            Bid = default,
            Ask = default,
            ObservedAtUnixMillis = last.ObservedAtUnixMillis,
            Token = terms with { Underlying = then.Underlying },
        };
    }

    private static FeedRecord WithAllOf(in FeedRecord last, in FeedRecord now) => now with
    {
        Price = last.Price,
        ConfidenceE8 = last.ConfidenceE8,
        Bid = last.Bid,
        Ask = last.Ask,
        Ema = last.Ema,
        ObservedAtUnixMillis = last.ObservedAtUnixMillis,
    };

    /// <summary>What a chain holds, in the words of the fold that goes on from it.</summary>
    public static RestoredFeed ToRestored(in FeedRecord record) => new(
        record.Price, record.ConfidenceE8, record.Bid, record.Ask, record.Ema,
        Instant.FromUnixTimeMilliseconds(record.ObservedAtUnixMillis), record.State, record.HaltReason)
    {
        HoldReasons = record.HoldReasons,
        Multiplier = record.Token?.Multiplier ?? default,
        Underlying = record.Token?.Underlying ?? default,
        NextMultiplier = record.Token?.NextMultiplier ?? default,
        ActivationAt = record.Token is { ActivationUnixSeconds: > 0 } terms ? Instant.FromUnixTimeSeconds(terms.ActivationUnixSeconds) : null,
    };

    // Counts are for people; more than 255 sources is "many".
    private static byte Saturate(int count) => (byte)Math.Clamp(count, 0, byte.MaxValue);
}
