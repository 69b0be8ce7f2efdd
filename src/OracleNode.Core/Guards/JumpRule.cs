using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A price far from the last accepted one holds until enough distinct upstreams have each stood beyond the limit, on the same side, for the
/// confirmation time. Each upstream has its own clock: it starts when its vote goes beyond, runs on however far the vote moves the same
/// way (so that a crash confirms while it is still falling), and starts over when the vote comes back inside, changes side or is gone.
/// </summary>
/// <remarks>
/// At least two upstreams must confirm, also where one is a quorum: one vendor alone never makes a jump. Overnight a lone
/// source's jump therefore holds until a second one agrees or the next session opens.
/// </remarks>
internal sealed class JumpRule
{
    /// <summary>One upstream's word never confirms a jump.</summary>
    public const int MinWitnesses = 2;

    private readonly Stand[] _stands;

    public JumpRule(int upstreams) => _stands = new Stand[upstreams];

    /// <summary>Forgets every stand: nothing said before counts as confirmation.</summary>
    public void Reset() => Array.Clear(_stands);

    /// <summary>Notes where each upstream stands against the last accepted price. To be called at every tick with votes.</summary>
    public void Watch(ReadOnlySpan<Vote> votes, long reference, SessionPricing pricing, Instant now)
    {
        foreach (ref var stand in _stands.AsSpan()) stand.IsSeen = false;
        foreach (ref readonly var vote in votes)
        {
            ref var stand = ref _stands[vote.UpstreamSlot];
            var side = Bps.SideBeyond(vote.Value, reference, pricing.JumpLimitBps);
            if (side != stand.Side || now < stand.Since) stand = new Stand { Side = side, Since = now };
            stand.IsSeen = true;
        }

        foreach (ref var stand in _stands.AsSpan())
            if (!stand.IsSeen)
                stand = default;
    }

    /// <summary>Judges the measured price against the last accepted one.</summary>
    public GuardVerdict Judge(ReadOnlySpan<Vote> votes, long price, long reference, SessionPricing pricing, Instant now)
    {
        var side = Bps.SideBeyond(price, reference, pricing.JumpLimitBps);
        if (side == 0) return GuardVerdict.Pass;
        if (Bps.Exceeds(long.Abs(price - reference), reference, pricing.EvidenceTierBps))
            return GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.JumpNeedsEvidence);

        var witnesses = 0;
        foreach (ref readonly var vote in votes)
        {
            ref readonly var stand = ref _stands[vote.UpstreamSlot];
            if (vote.IsAccepted && stand.Side == side && now - stand.Since >= pricing.JumpConfirmation) witnesses++;
        }

        return witnesses >= int.Max(MinWitnesses, pricing.Quorum)
            ? GuardVerdict.Pass with { Reason = DecisionReason.JumpConfirmed }
            : GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.JumpUnconfirmed);
    }

    private struct Stand
    {
        public int Side;
        public Instant Since;
        public bool IsSeen;
    }
}
