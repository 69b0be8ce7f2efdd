using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// One share's price band as the node computes it, for where no vendor says one. There is none outside the regular session, nor while trading is halted.
/// </summary>
internal sealed class ComputedBand(LuldTier tier)
{
    private readonly LuldReference _reference = new();
    private Instant? _regularEnd;

    /// <summary>The listing market's opening or reopening print.</summary>
    public void TakeAuction(in Observation print)
    {
        if (tier != LuldTier.None && _regularEnd is not null && (print.Conditions & (ConditionFlags.OpeningPrint | ConditionFlags.ReopeningPrint)) != 0)
            _reference.Start(print.Last, print.ReceiveTime);
    }

    /// <summary>Another session, or the same one.</summary>
    public void Note(in SessionInfo session)
    {
        var end = session.Session == MarketSession.Regular ? session.NextChangeAt : null;
        if (end == _regularEnd) return;
        _regularEnd = end;
        _reference.Clear();
    }

    /// <summary>What the feed decided: a fresh price moves the reference, a halt clears it.</summary>
    public void Learn(FeedDecision decision, Instant now)
    {
        if (decision.HaltReason != HaltReason.None) _reference.Clear();
        else if (tier != LuldTier.None && decision.IsFresh) _reference.Observe(decision.Price, now);
    }

    /// <summary>The band now.</summary>
    public PriceBand At(Instant now) =>
        tier != LuldTier.None && _regularEnd is { } end && now < end ? LuldBand.Around(tier, _reference.Price, default, now, end) : default;
}
