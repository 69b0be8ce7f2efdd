using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// What an operator stopped stays stopped, also over a restart, until the operator resumes it; what is retired stays retired. Nothing else in a feed
/// needs a hand to come back.
/// </summary>
internal struct OperatorLatch
{
    /// <summary>Paused, Retired, or Unknown while nothing is stopped.</summary>
    public FeedState Stopped { get; private set; }

    /// <summary>True when it was found on chain and nobody has spoken since.</summary>
    public bool IsFromChain { get; private set; }

    /// <summary>Takes over what the chains hold. A pause for a corporate action alone is not the operator's: its own guard judges it anew.</summary>
    public void Restore(FeedState state, HoldReasons holds)
    {
        var isOperators = state == FeedState.Paused && (holds == HoldReasons.None || (holds & HoldReasons.Operator) != 0);
        if (state != FeedState.Retired && !isOperators) return;
        Stopped = state;
        IsFromChain = true;
    }

    /// <summary>Takes an order.</summary>
    public void Take(OperatorOrder order)
    {
        if (Stopped == FeedState.Retired || order is not (OperatorOrder.Pause or OperatorOrder.Resume)) return;
        Stopped = order == OperatorOrder.Pause ? FeedState.Paused : FeedState.Unknown;
        IsFromChain = false;
    }

    /// <summary>What the latch asks for.</summary>
    public readonly GuardVerdict Judge() => Stopped switch
    {
        FeedState.Retired => new GuardVerdict(GuardOutcome.Retire, HoldReasons.None, DecisionReason.StoppedOnChain),
        FeedState.Paused => new GuardVerdict(
            GuardOutcome.Pause, HoldReasons.Operator, IsFromChain ? DecisionReason.StoppedOnChain : DecisionReason.OperatorPause),
        _ => GuardVerdict.Pass,
    };
}
