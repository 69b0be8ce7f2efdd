using NodaTime;
using OracleNode.Market;
using OracleNode.Operator;

namespace OracleNode.Reserves;

/// <summary>A large step of one token's multiplier.</summary>
/// <param name="At">The time of the first block that was read with <paramref name="To"/>: the step applied then or before.</param>
/// <param name="From">The multiplier of before.</param>
/// <param name="To">The multiplier of after.</param>
internal readonly record struct SeenStep(Instant At, Multiplier From, Multiplier To);

/// <summary>A token's multiplier as its supply was last read, and its large steps, oldest first.</summary>
/// <param name="Current">The multiplier.</param>
/// <param name="Steps">The steps; at most <see cref="MultiplierBook.MaxSteps"/>.</param>
internal sealed record SeenMultiplier(Multiplier Current, IReadOnlyList<SeenStep> Steps);

/// <summary>
/// The large steps of one token's multiplier, by the blocks of which its supply was read; kept over a restart, since a statement of before a step outlives one. Not for
/// use by two threads at once.
/// </summary>
/// <param name="asset">The token, CAIP-19.</param>
/// <param name="stepBps">A step above it is a large one: what pauses the token.</param>
/// <param name="editions">Where it is kept.</param>
internal sealed class MultiplierBook(string asset, int stepBps, DocumentEditions editions)
{
    /// <summary>Steps that are kept; of more, the oldest go.</summary>
    public const int MaxSteps = 16;

    private SeenMultiplier? _seen = editions.MultiplierOf(asset);

    /// <summary>The multiplier of the newest block that was read; none when there is none.</summary>
    public Multiplier Current => _seen?.Current ?? default;

    /// <summary>A block was read.</summary>
    /// <returns>Why it could not be written down; null when all is well.</returns>
    public string? Note(Multiplier current, Instant chainTime)
    {
        if (current == Current) return null;
        IReadOnlyList<SeenStep> steps = _seen?.Steps ?? [];
        if (_seen is { } before && IsLarge(before.Current, current)) steps = [.. steps.TakeLast(MaxSteps - 1), new SeenStep(chainTime, before.Current, current)];
        _seen = new SeenMultiplier(current, steps);
        return editions.KeepMultiplier(asset, _seen);
    }

    /// <summary>The large steps that were seen, oldest first.</summary>
    public IReadOnlyList<SeenStep> Steps => _seen?.Steps ?? [];

    /// <summary>Is it a step for which the token is paused; one beyond belief is.</summary>
    public bool IsLarge(Multiplier from, Multiplier to) => ShareRatio.Of(from, to) is var step && (step.IsNone || step.IsBeyond(stepBps));
}
