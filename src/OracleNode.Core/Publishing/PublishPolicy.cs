using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>
/// Which feeds are worth a transaction on a chain. Pure: asked with the same inputs it answers the same, so that every
/// transaction can be explained afterwards. "May we trust this price" was answered before, once for all chains.
/// </summary>
public static class PublishPolicy
{
    /// <summary>
    /// How long a feed must have been Live (or Degraded) before that alone is published. In a fast market upstreams come apart and together with every update; every
    /// other state is news at once.
    /// </summary>
    public static readonly Duration StepDwell = Duration.FromSeconds(2);

    private const int WholeBps = 10_000;

    /// <summary>
    /// Decides for all feeds of a chain: first each on its own, then, when any is due, the near ones ride along, since one batch
    /// costs less than two. Allocates nothing.
    /// </summary>
    /// <param name="feeds">One input per feed.</param>
    /// <param name="now">Market time.</param>
    /// <param name="decisions">Receives one decision per feed, in the same order; as long as <paramref name="feeds"/>.</param>
    /// <param name="rests">
    /// Which of the decisions still stand, from one call to the next; empty, or as long as <paramref name="feeds"/>. The caller sets to <c>default</c> what belongs to
    /// an input that it changed, and leaves the rest, and <paramref name="decisions"/>, as they are. The decisions are the same with it and without.
    /// </param>
    /// <returns>How many feeds go into the batch; 0 when none is due.</returns>
    /// <exception cref="ArgumentException"><paramref name="decisions"/> or <paramref name="rests"/> has another length.</exception>
    public static int PlanBatch(ReadOnlySpan<PublishInput> feeds, Instant now, Span<PublishDecision> decisions, Span<PublishRest> rests = default) =>
        PlanBatch(new Inputs(feeds), now, decisions, rests);

    /// <inheritdoc cref="PlanBatch(ReadOnlySpan{PublishInput}, Instant, Span{PublishDecision}, Span{PublishRest})"/>
    public static int PlanBatch<TFeeds>(TFeeds feeds, Instant now, Span<PublishDecision> decisions, Span<PublishRest> rests)
        where TFeeds : struct, IPublishFeeds, allows ref struct
    {
        var count = feeds.Count;
        if (decisions.Length != count)
        {
            throw new ArgumentException($"{decisions.Length} decisions for {count} feeds; there is one for each.", nameof(decisions));
        }

        if (!rests.IsEmpty && rests.Length != count)
        {
            throw new ArgumentException($"{rests.Length} rests for {count} feeds; there is one for each, or none.", nameof(rests));
        }

        var due = 0;
        var nowMillis = now.ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            if (!rests.IsEmpty && rests[i].Stands(nowMillis)) continue;
            var feed = feeds[i];
            decisions[i] = Decide(in feed, now);
            if (decisions[i].Publish) due++;
            if (!rests.IsEmpty) rests[i] = decisions[i].Reason == PublishReason.Unchanged ? RestOf(in feed, nowMillis) : default;
        }

        if (due == 0) return 0;

        var planned = due;
        for (var i = 0; i < count; i++)
        {
            if (decisions[i].Reason != PublishReason.Unchanged || !IsNear(feeds[i], now)) continue;
            decisions[i] = new PublishDecision(PublishReason.RideAlong);
            if (!rests.IsEmpty) rests[i] = default;
            planned++;
        }

        return planned;
    }

    /// <summary>Decides for one feed on its own. Allocates nothing.</summary>
    public static PublishDecision Decide(in PublishInput feed, Instant now) => Decide(feed.View, now);

    /// <inheritdoc cref="Decide(in PublishInput, Instant)"/>
    public static PublishDecision Decide(in PublishView feed, Instant now) => new(ReasonFor(in feed, now));

    private static PublishReason ReasonFor(in PublishView feed, Instant now)
    {
        // A feed that never had a good price publishes nothing, not even that; a price of zero is none.
        ref readonly var candidate = ref feed.Candidate;
        if (!feed.HasCandidate || candidate.Price.IsNone) return PublishReason.NoCandidate;

        // A second transaction would race the first for the same feed, and pay twice for one of them.
        if (feed.InFlight) return PublishReason.InFlight;

        // Readers of a chain that holds nothing have no price at all.
        ref readonly var record = ref feed.Landed;
        if (!feed.HasLanded) return PublishReason.First;

        // The chain takes no observation older than its own: sending it would only burn the fee.
        if (candidate.ObservedAtUnixMillis < record.ObservedAtUnixMillis) return PublishReason.Superseded;

        // A price that may no longer be relied on, or may again, is news whatever it is.
        if (StateDiffers(in candidate, in record) && !IsPassingStep(in candidate, in record, now - feed.StateSince)) return PublishReason.StateChange;

        // Readers judge the price by its session, and the claim the chain holds is, or becomes, wrong.
        if (SessionDiffers(in candidate, in record)) return PublishReason.SessionChange;

        // A token's price and its multiplier must change together in the eyes of a reader.
        if (TermsDiffer(in candidate, in record)) return PublishReason.MultiplierChange;

        // The session is the candidate's: what the market is doing now decides how closely it is followed.
        var cadence = feed.Settings[candidate.Session];
        if (HasMoved(in candidate, in record, cadence, WholeBps)) return PublishReason.Deviation;

        // Moved or not, open or closed: an attestation says that somebody still stands behind the price.
        var stands = Stands(in candidate);
        if (!IsAged(feed.AttestedAtUnixMillis, now, stands ? cadence.Attestation : cadence.Heartbeat, WholeBps)) return PublishReason.Unchanged;
        return stands ? PublishReason.Attestation : PublishReason.Heartbeat;
    }

    /// <summary>For a feed that is <see cref="PublishReason.Unchanged"/>: until when it is, as long as nothing of the input changes. Only its age can then make it due.</summary>
    private static PublishRest RestOf(in PublishView feed, long nowMillis)
    {
        ref readonly var candidate = ref feed.Candidate;

        // A step that passes is looked at until it has.
        if (StateDiffers(in candidate, in feed.Landed)) return default;
        var cadence = feed.Settings[candidate.Session];
        var interval = (Stands(in candidate) ? cadence.Attestation : cadence.Heartbeat).ToInt64Nanoseconds();
        return new PublishRest(nowMillis, feed.AttestedAtUnixMillis + ((interval + NodaConstants.NanosecondsPerMillisecond - 1) / NodaConstants.NanosecondsPerMillisecond));
    }

    /// <summary>Is it the last good price rather than one of this moment?</summary>
    private static bool Stands(in FeedRecord record) => record.State is not (FeedState.Live or FeedState.Degraded);

    private static bool StateDiffers(in FeedRecord candidate, in FeedRecord landed) =>
        candidate.State != landed.State || candidate.HoldReasons != landed.HoldReasons || candidate.HaltReason != landed.HaltReason;

    private static bool IsPassingStep(in FeedRecord candidate, in FeedRecord landed, Duration age) =>
        age >= Duration.Zero && age < StepDwell
        && candidate.State is FeedState.Live or FeedState.Degraded
        && landed.State is FeedState.Live or FeedState.Degraded
        && candidate.HaltReason == landed.HaltReason;

    private static bool SessionDiffers(in FeedRecord candidate, in FeedRecord landed) =>
        candidate.Session != landed.Session
        || candidate.ClosedReason != landed.ClosedReason
        || candidate.NextChangeAtUnixSeconds != landed.NextChangeAtUnixSeconds;

    // The underlying price moves with every tick; it is no term, and the token's price moves with it.
    private static bool TermsDiffer(in FeedRecord candidate, in FeedRecord landed)
    {
        var ours = candidate.Token;
        var theirs = landed.Token;
        if (ours is null && theirs is null) return false;

        // Nor is the time of what a price starts from: that moves with every tick as well.
        if (ours is { IsBasis: true } && theirs is { IsBasis: true }) return false;
        return ours?.Multiplier != theirs?.Multiplier || ours?.NextMultiplier != theirs?.NextMultiplier || ours?.ActivationUnixSeconds != theirs?.ActivationUnixSeconds;
    }

    /// <summary>For a feed that is <see cref="PublishReason.Unchanged"/>: has it used up its share of a trigger?</summary>
    private static bool IsNear(in PublishView feed, Instant now)
    {
        ref readonly var candidate = ref feed.Candidate;
        var cadence = feed.Settings[candidate.Session];
        return HasMoved(in candidate, in feed.Landed, cadence, feed.Settings.RideAlongBps)
            || IsAged(feed.AttestedAtUnixMillis, now, Stands(in candidate) ? cadence.Attestation : cadence.Heartbeat, feed.Settings.RideAlongBps);
    }

    /// <summary>Has the price moved, either way, by at least that share of the deviation? Exact: compared as products, in 128 bits.</summary>
    private static bool HasMoved(in FeedRecord candidate, in FeedRecord landed, PublishCadence cadence, int shareBps)
    {
        // A price that stands moves only with an observation the chain has not seen. Two nodes that stopped at two prices of one observation
        // would answer each other without end.
        if (Stands(in candidate) && candidate.ObservedAtUnixMillis == landed.ObservedAtUnixMillis) return false;

        // 63 bits times 10^8 at most: cannot overflow, and the checked 128-bit product costs ten times the plain one.
        var move = (ulong)Math.Abs(candidate.Price.E8 - landed.Price.E8);
        return unchecked((UInt128)move * (WholeBps * WholeBps) >= (UInt128)(ulong)landed.Price.E8 * (uint)(cadence.DeviationBps * shareBps));
    }

    /// <summary>Is the attestation at least that share of the interval old? One from the future (another node's clock) is not.</summary>
    private static bool IsAged(long attestedAtUnixMillis, Instant now, Duration interval, int shareBps)
    {
        var age = now.ToUnixTimeMilliseconds() - attestedAtUnixMillis;
        return age >= 0 && unchecked((UInt128)(ulong)age * (ulong)(NodaConstants.NanosecondsPerMillisecond * (long)WholeBps) >= (UInt128)(ulong)interval.ToInt64Nanoseconds() * (uint)shareBps);
    }

    private readonly ref struct Inputs(ReadOnlySpan<PublishInput> feeds) : IPublishFeeds
    {
        private readonly ReadOnlySpan<PublishInput> _feeds = feeds;

        public int Count => _feeds.Length;

        public PublishView this[int feed] => _feeds[feed].View;
    }
}
