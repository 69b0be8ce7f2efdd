using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Does the feed move as what it is related to. Of two that contradict each other the one that more evidence supports goes on:
/// <list type="bullet">
/// <item>a relation that agrees outweighs one that does not;</item>
/// <item>one relation against it holds the feed only when the feed moved farther: the larger move is the one to be explained;</item>
/// <item>two relations against it and none for it hold the feed whichever moved farther.</item>
/// </list>
/// On 24 August 2015 SPY fell 7.8 % and IVV, on the same index, 22 %: IVV holds and SPY is published.
/// </summary>
internal static class RelatedRule
{
    public static GuardVerdict Judge(long price, in GuardInputs inputs)
    {
        if (inputs.MoveReference.IsNone) return GuardVerdict.Pass;
        var own = Bps.Move(price, inputs.MoveReference.E8);
        var (against, support, farthest) = (0, 0, 0);
        Weigh(inputs.Related.First, own, ref against, ref support, ref farthest);
        Weigh(inputs.Related.Second, own, ref against, ref support, ref farthest);
        Weigh(inputs.Related.Third, own, ref against, ref support, ref farthest);
        if (against <= support) return GuardVerdict.Pass;
        return against - support >= 2 || Magnitude(own) > farthest
            ? GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.RelatedDisagrees)
            : GuardVerdict.Pass;
    }

    private static void Weigh(in RelatedMove related, int own, ref int against, ref int support, ref int farthest)
    {
        if (!related.IsKnown) return;
        if (long.Abs((long)own - related.MoveBps) <= related.ToleranceBps)
        {
            support++;
            return;
        }

        against++;
        farthest = int.Max(farthest, Magnitude(related.MoveBps));
    }

    private static int Magnitude(int move) => move < 0 ? -int.Max(move, -int.MaxValue) : move;
}
