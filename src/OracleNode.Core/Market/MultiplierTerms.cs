using NodaTime;

namespace OracleNode.Market;

/// <summary>A token's multiplier as read from its chain.</summary>
/// <param name="Current">The multiplier in force when it was read.</param>
/// <param name="Next">The staged multiplier; none when nothing is staged.</param>
/// <param name="ActivationAt">When the staged one takes over; null when nothing is staged.</param>
/// <param name="ReadAt">When it was read (market time).</param>
public readonly record struct MultiplierTerms(Multiplier Current, Multiplier Next, Instant? ActivationAt, Instant ReadAt)
{
    /// <summary>
    /// The chain's own time at the reading. It decides whether a staged multiplier is due, and only the next reading tells how it went on; null where it is not
    /// known: then the node's time decides.
    /// </summary>
    public Instant? ChainTime { get; init; }

    /// <summary>
    /// The same reading as it stands at <paramref name="now"/>: a staged multiplier takes over at its activation without any event on
    /// chain, and one that equals the current is no change at all.
    /// </summary>
    public MultiplierTerms At(Instant now)
    {
        if (Next.IsNone || ActivationAt is not { } activation) return this with { Next = default, ActivationAt = null };
        if (activation <= (ChainTime ?? now)) return this with { Current = Next, Next = default, ActivationAt = null };
        return Next == Current ? this with { Next = default, ActivationAt = null } : this;
    }
}
