using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>A feed went from one state to another, or holds for other reasons than before: every hold has an entry and an exit.</summary>
/// <param name="At">The tick.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state since.</param>
/// <param name="Entered">Reasons to hold that were not there before.</param>
/// <param name="Left">Reasons to hold that are gone.</param>
/// <param name="Reason">The rule that decided.</param>
/// <param name="HaltReason">The halt, when there is one.</param>
public readonly record struct FeedTransition(
    Instant At, FeedState From, FeedState To, HoldReasons Entered, HoldReasons Left, DecisionReason Reason, HaltReason HaltReason);

/// <summary>The last transitions of one feed, for the host to drain: fixed memory, the oldest goes first when nobody drains.</summary>
public sealed class TransitionLog
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 16;

    private readonly FeedTransition[] _transitions = new FeedTransition[Capacity];
    private FeedState _state;
    private HoldReasons _holds;
    private int _start;

    internal TransitionLog()
    {
    }

    /// <summary>Number of transitions not yet drained.</summary>
    public int Count { get; private set; }

    /// <summary>Transitions lost because nobody drained.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes the oldest one out; false when there is none.</summary>
    public bool TryTake(out FeedTransition transition)
    {
        transition = default;
        if (Count == 0) return false;
        transition = _transitions[_start];
        _start = (_start + 1) % Capacity;
        Count--;
        return true;
    }

    /// <summary>The state found on chain at the start: no transition.</summary>
    internal void Restore(FeedState state) => _state = state;

    /// <summary>Notes a decision.</summary>
    internal void Observe(FeedDecision decision)
    {
        if (decision.State == _state && decision.HoldReasons == _holds) return;
        if (Count == Capacity)
        {
            _start = (_start + 1) % Capacity;
            Count--;
            Dropped++;
        }

        _transitions[(_start + Count) % Capacity] = new FeedTransition(
            decision.DecidedAt, _state, decision.State, decision.HoldReasons & ~_holds, _holds & ~decision.HoldReasons, decision.Reason, decision.HaltReason);
        Count++;
        (_state, _holds) = (decision.State, decision.HoldReasons);
    }
}
