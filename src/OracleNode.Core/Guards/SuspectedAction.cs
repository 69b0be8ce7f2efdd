using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>Which corporate action that may not explain a price would: only one kind of witness tells of it, or its date is another.</summary>
internal static class SuspectedAction
{
    /// <summary>A witness may be wrong by some days, as two of them may be apart.</summary>
    private static readonly Duration DaysApart = Duration.FromDays(ActionWitness.DaysApart);

    /// <summary>What is smaller is an ordinary move.</summary>
    private const int SmallStepBps = 100;

    /// <summary>The first that makes one price of the other (<see cref="PendingAction.Explains"/>), as one that became known late; none when there is none. Allocates nothing.</summary>
    /// <param name="known">All that is known of the instrument; null for nothing.</param>
    /// <param name="price">The price now, 1e-8 units.</param>
    /// <param name="before">The last published price, 1e-8 units.</param>
    /// <param name="settledUntil">Proven actions that began no later are in that price already.</param>
    /// <param name="taken">The last one that was taken over.</param>
    /// <param name="now">Market time.</param>
    public static PendingAction Find(IReadOnlyList<CorporateAction>? known, long price, long before, Instant settledUntil, in AcceptedAction taken, Instant now)
    {
        for (var i = 0; i < known?.Count; i++)
        {
            var action = known[i];

            // Cash alone is a move like any other, and its size is not what a jump is.
            if (!action.ChangesThePrice || !action.Ratio.IsBeyond(SmallStepBps) || action.OpensAt == taken.OpensAt) continue;
            if (action.OpensAt - now > DaysApart || now - action.OpensAt > DaysApart || (action.IsProven && action.OpensAt <= settledUntil)) continue;
            var pending = new PendingAction { OpensAt = action.OpensAt, Ratio = action.Ratio, Cash = action.Cash, IsLate = true };
            if (pending.Explains(price, before)) return pending;
        }

        return default;
    }
}
