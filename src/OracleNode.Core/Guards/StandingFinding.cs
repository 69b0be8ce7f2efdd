using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What stands against publishing a feed, whatever is measured: the node's clock, and the operator.</summary>
internal static class StandingFinding
{
    /// <summary>The first that stands against it gives the reason.</summary>
    public static CrossFinding Of(in GuardInputs inputs)
    {
        var finding = default(CrossFinding);
        if (inputs.Operator == OperatorOrder.Pause) finding = new CrossFinding(HoldReasons.Operator, DecisionReason.OperatorPause);
        else if (inputs.Operator == OperatorOrder.Hold) finding = new CrossFinding(HoldReasons.Operator, DecisionReason.OperatorHold);
        return inputs.Clock == GuardSignal.Bad ? finding.And(new CrossFinding(HoldReasons.Clock, DecisionReason.ClockUntrusted)) : finding;
    }
}
