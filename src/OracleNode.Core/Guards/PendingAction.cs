using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>A corporate action (or several of one date together) that a share's last price is from before of. <c>default</c> is none.</summary>
public readonly record struct PendingAction
{
    /// <summary>A step of no more than this cannot be told from a move of the market: what is left of it is judged as one.</summary>
    internal const int OrdinaryStepBps = 1_000;

    /// <summary>When its trade date began: from then on prices are of after it. Null when there is none.</summary>
    public Instant? OpensAt { get; init; }

    /// <summary>Shares after for shares before; 1:1 where only cash is paid; none when the price after it cannot be told.</summary>
    public ShareRatio Ratio { get; init; }

    /// <summary>Cash per share of before; none when there is none.</summary>
    public Price Cash { get; init; }

    /// <summary>Two different kinds of witness say so: it explains a price.</summary>
    public bool IsProven { get; init; }

    /// <summary>It became known only after prices of its trade date were published: it pauses nothing, and explains a jump that is like it.</summary>
    public bool IsLate { get; init; }

    /// <summary>True when there is one.</summary>
    public bool IsDue => OpensAt is not null;

    /// <summary>True when the price after it can be told from the one before.</summary>
    public bool IsPriced => IsDue && !Ratio.IsNone;

    /// <summary>What it makes of a price of before, 1e-8 units; 0 when that cannot be told.</summary>
    public long PriceAfter(long e8) => IsPriced ? Ratio.PriceAfter(e8 - Cash.E8) : 0;

    /// <summary>Is <paramref name="after"/> what it makes of <paramref name="before"/>; 1e-8 units. See <see cref="StepContinuity"/>.</summary>
    internal bool Explains(long after, long before) =>
        IsPriced && after > 0 && before > Cash.E8
        && StepContinuity.Holds((UInt128)after * (ulong)Ratio.New, (UInt128)(before - Cash.E8) * (ulong)Ratio.Old, StepOf(before));

    /// <summary>The whole step that it makes of a price of before: what is paid in cash counts as well.</summary>
    internal ShareRatio StepOf(long before) => Cash.IsNone ? Ratio : ShareRatio.Of(before, before - Cash.E8).Then(Ratio);
}

/// <summary>The corporate action that a share's price has taken last.</summary>
/// <param name="OpensAt">When its trade date began; null when there was none since the start.</param>
/// <param name="Ratio">Shares after for shares before; none when that is not known, 1:1 where only cash was paid.</param>
public readonly record struct AcceptedAction(Instant? OpensAt, ShareRatio Ratio);
