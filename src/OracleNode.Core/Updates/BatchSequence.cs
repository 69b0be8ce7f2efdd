using NodaTime;

namespace OracleNode.Updates;

/// <summary>
/// The rule for sequences: attestation time in Unix ms x 16 + node slot, at least the last one + 1. Bounded by the
/// registries' future check, never back after a restart, never the same from two nodes in the same millisecond.
/// </summary>
public static class BatchSequence
{
    /// <summary>Node slots that share a deployment: 0 to 15.</summary>
    public const int Slots = 16;

    /// <summary>How far the time inside a sequence may run ahead of market time before signing must stop.</summary>
    public static Duration MaxLead { get; } = Duration.FromSeconds(1);

    /// <summary>Was it attested further ahead of <paramref name="now"/> than <see cref="MaxLead"/>? Then a clock is wrong, or somebody lies.</summary>
    public static bool IsAhead(ulong sequence, Instant now) =>
        sequence / Slots > (ulong)Math.Max(0, now.ToUnixTimeMilliseconds() + (MaxLead.ToInt64Nanoseconds() / NodaConstants.NanosecondsPerMillisecond));

    /// <summary>The next sequence.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="nodeSlot">0 to 15.</param>
    /// <param name="last">Highest sequence known from this node or any chain; 0 for none.</param>
    /// <param name="next">The sequence to sign.</param>
    /// <returns>False when the last sequence lies more than <see cref="MaxLead"/> ahead of <paramref name="now"/>: the clock went back, or somebody signed the future.</returns>
    public static bool TryNext(Instant now, int nodeSlot, ulong last, out ulong next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodeSlot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(nodeSlot, Slots);
        var nowMillis = now.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(nowMillis, nameof(now));

        // Nothing follows the last few numbers there are; a chain's word may be any of them.
        next = 0;
        if (last > ulong.MaxValue - (2 * Slots)) return false;

        var candidate = ((ulong)nowMillis * Slots) + (ulong)nodeSlot;
        if (candidate <= last)
        {
            // The next one above the last in this node's own residue class.
            var slotOfLast = last % Slots;
            candidate = last - slotOfLast + (ulong)nodeSlot;
            if (candidate <= last) candidate += Slots;
        }

        next = candidate;
        return !IsAhead(candidate, now);
    }
}
