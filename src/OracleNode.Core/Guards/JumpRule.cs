using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A price far from the last accepted one, from the official close or from the moving average holds until enough distinct upstreams have each stood
/// beyond the limit, on the same side, for the confirmation time (<see cref="StandWatch"/>). Farther than the evidence tier from the last accepted
/// one, time alone confirms nothing: an auction print, a corporate action's price or an operator's confirmation near it has to say so too. The same goes for
/// small steps that add up: farther than the average's tier from what the price was on average, of the last hour or since there was evidence.
/// </summary>
/// <remarks>
/// At least two upstreams must confirm, also where one is a quorum: one vendor alone never makes a jump. Overnight a lone
/// source's jump therefore holds until a second one agrees or the next session opens.
/// </remarks>
internal sealed class JumpRule(int upstreams)
{
    /// <summary>One upstream's word never confirms a jump.</summary>
    public const int MinWitnesses = 2;

    private readonly StandWatch _fromLast = new(upstreams);
    private readonly StandWatch _fromClose = new(upstreams);
    private readonly StandWatch _fromAverage = new(upstreams);

    /// <summary>Forgets every stand: nothing said before counts as confirmation.</summary>
    public void Reset()
    {
        _fromLast.Reset();
        _fromClose.Reset();
        _fromAverage.Reset();
    }

    /// <summary>Notes where each upstream stands. To be called at every tick with votes.</summary>
    public void Watch(ReadOnlySpan<Vote> votes, in JumpReferences references, SessionPricing pricing, Instant now)
    {
        _fromLast.Watch(votes, references.Last, pricing.JumpLimitBps, now);
        _fromClose.Watch(votes, references.Close, pricing.CloseJumpLimitBps, now);
        _fromAverage.Watch(votes, references.Average, pricing.AverageJumpLimitBps, now);
    }

    /// <summary>Against the last accepted price.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="price">The measured price.</param>
    /// <param name="reference">The last accepted price; 0 when there is none.</param>
    /// <param name="hasEvidence">Something else than time speaks for the jump.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="now">Market time.</param>
    public GuardVerdict JudgeLast(ReadOnlySpan<Vote> votes, long price, long reference, bool hasEvidence, SessionPricing pricing, Instant now)
    {
        if (reference == 0) return GuardVerdict.Pass;
        var side = Bps.SideBeyond(price, reference, pricing.JumpLimitBps);
        if (side == 0) return GuardVerdict.Pass;
        var isBeyondTier = IsBeyondTier(price, reference, pricing);
        if (isBeyondTier && !hasEvidence) return GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.JumpNeedsEvidence);
        if (_fromLast.Witnesses(votes, side, pricing.JumpConfirmation, now) < Needed(pricing))
            return GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.JumpUnconfirmed);
        return GuardVerdict.Pass with { Reason = isBeyondTier ? DecisionReason.JumpEvidenced : DecisionReason.JumpConfirmed };
    }

    /// <summary>Against the official close.</summary>
    public GuardVerdict JudgeClose(ReadOnlySpan<Vote> votes, long price, in JumpReferences references, SessionPricing pricing, Instant now) =>
        JudgeDrift(_fromClose, votes, price, references.Last, references.Close, pricing.CloseJumpLimitBps, pricing, now, DecisionReason.JumpFromClose);

    /// <summary>Against the moving average.</summary>
    public GuardVerdict JudgeAverage(ReadOnlySpan<Vote> votes, long price, in JumpReferences references, SessionPricing pricing, Instant now) =>
        JudgeDrift(_fromAverage, votes, price, references.Last, references.Average, pricing.AverageJumpLimitBps, pricing, now, DecisionReason.JumpFromAverage);

    /// <summary>True when only evidence could confirm the price.</summary>
    public static bool IsBeyondTier(long price, long reference, SessionPricing pricing) =>
        Bps.Exceeds(long.Abs(price - reference), reference, pricing.EvidenceTierBps);

    /// <summary>What small steps may add up to without evidence, however many upstreams make them.</summary>
    public static bool IsBeyondPace(long price, long pace, SessionPricing pricing) =>
        pace != 0 && Bps.Exceeds(long.Abs(price - pace), pace, pricing.AverageEvidenceTierBps);

    /// <summary>References that the price may drift away from: once it was published beyond the limit, that side is confirmed.</summary>
    private static GuardVerdict JudgeDrift(
        StandWatch stands, ReadOnlySpan<Vote> votes, long price, long last, long reference, int limitBps, SessionPricing pricing, Instant now, DecisionReason reason)
    {
        if (reference == 0) return GuardVerdict.Pass;
        var side = Bps.SideBeyond(price, reference, limitBps);
        if (side == 0 || (last != 0 && Bps.SideBeyond(last, reference, limitBps) == side)) return GuardVerdict.Pass;
        return stands.Witnesses(votes, side, pricing.JumpConfirmation, now) >= Needed(pricing)
            ? GuardVerdict.Pass with { Reason = DecisionReason.JumpConfirmed }
            : GuardVerdict.Hold(HoldReasons.Jump, reason);
    }

    private static int Needed(SessionPricing pricing) => int.Max(MinWitnesses, pricing.Quorum);
}

/// <summary>What a price is compared with, in 1e-8 units; 0 for what is not known.</summary>
/// <param name="Last">The last published price.</param>
/// <param name="Close">The official close.</param>
/// <param name="Average">The moving average.</param>
/// <param name="Pace">The same average, started anew with every price that evidence spoke for: what small steps are added up from.</param>
internal readonly record struct JumpReferences(long Last, long Close, long Average, long Pace);
