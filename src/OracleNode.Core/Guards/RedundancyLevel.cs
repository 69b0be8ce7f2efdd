using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>How many upstreams a feed can lose before it holds: worth an alarm before it bites.</summary>
public enum RedundancyLevel : byte
{
    /// <summary>There is no session, so nothing to be lost.</summary>
    None = 0,
    /// <summary>Below the quorum: it holds already.</summary>
    Lost = 1,
    /// <summary>At the quorum: the loss of one more upstream holds it.</summary>
    AtQuorum = 2,
    /// <summary>Above the quorum, and fewer than wanted or than could vote.</summary>
    Reduced = 3,
    /// <summary>Everything that could vote does, and that is at least what is wanted.</summary>
    Full = 4,
}

/// <summary>From the votes to the level.</summary>
internal static class Redundancy
{
    /// <param name="available">Upstreams whose word counts towards the quorum now.</param>
    /// <param name="possible">Upstreams that may vote in the session.</param>
    /// <param name="pricing">The session's rules; null when there is no session.</param>
    public static RedundancyLevel Of(int available, int possible, SessionPricing? pricing)
    {
        if (pricing is null) return RedundancyLevel.None;
        if (available < pricing.Quorum) return RedundancyLevel.Lost;
        if (available == pricing.Quorum) return RedundancyLevel.AtQuorum;
        return available < pricing.WantedUpstreams || available < possible ? RedundancyLevel.Reduced : RedundancyLevel.Full;
    }
}
