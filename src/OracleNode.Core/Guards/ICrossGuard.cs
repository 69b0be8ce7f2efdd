using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// A rule over several feeds: the same price on unrelated symbols, a fund against its basket, one vendor wrong everywhere. Pure: the same
/// calls in the same order give the same answers, and none of them allocates.
/// </summary>
/// <remarks>
/// The order, which <see cref="MarketFold"/> keeps: every input goes to <see cref="Observe"/> before it goes to its feed; a tick begins with one
/// <see cref="Measure"/>, when no feed has decided yet, so that what the feeds say is what they said at the tick before; then each share's feed is
/// asked for with <see cref="Judge"/> just before it decides. Thus a lie that only shows across symbols is stopped before any feed takes
/// it for its last good price: it is one guard more, before any vote counts.
/// </remarks>
public interface ICrossGuard
{
    /// <summary>Takes note of an input.</summary>
    void Observe(in MarketInput input);

    /// <summary>Looks at the market as a whole.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="session">What the calendar says of it.</param>
    /// <param name="market">Every feed as of the tick before.</param>
    void Measure(Instant now, in SessionInfo session, MarketFold market);

    /// <summary>What this rule has against a share's feed at this tick.</summary>
    /// <param name="feed">Place of the feed.</param>
    CrossFinding Judge(int feed);
}

/// <summary>What a rule over several feeds has against one of them. <c>default</c>: nothing.</summary>
/// <param name="Holds">The flags it raises; none lets the feed decide by itself.</param>
/// <param name="Reason">The rule.</param>
public readonly record struct CrossFinding(HoldReasons Holds, DecisionReason Reason)
{
    /// <summary>True when the feed must hold.</summary>
    public bool IsHold => Holds != HoldReasons.None;

    /// <summary>Two findings: the first that holds gives the reason, and all flags are shown.</summary>
    public CrossFinding And(in CrossFinding later) => IsHold ? this with { Holds = Holds | later.Holds } : later;
}
