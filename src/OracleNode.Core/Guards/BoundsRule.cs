using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>Absolute bounds and the price band. Nothing is ever clamped: a price that would have to be is held, with the reason.</summary>
internal static class BoundsRule
{
    /// <summary>A price on the bound itself is as suspect as one beyond: feeds that clamp stand exactly there while the market goes on.</summary>
    public static GuardVerdict JudgeAbsolute(long price, long low, long high)
    {
        if (price == low || price == high) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.AtBound);
        return (low > 0 && price < low) || (high > 0 && price > high)
            ? GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.OutsideBounds)
            : GuardVerdict.Pass;
    }

    /// <summary>
    /// Limit up, limit down: no trade is valid outside the band, from the opening print to the close. A band that the node computed may be wrong; what the quorum
    /// agreed on outside of it for long enough passes, and the decision says so.
    /// </summary>
    public static GuardVerdict JudgeBand(long price, MarketSession session, bool hasOpened, in GuardInputs inputs)
    {
        if (session != MarketSession.Regular || inputs.BandLow.IsNone || inputs.BandHigh.IsNone) return GuardVerdict.Pass;
        if (inputs.BandOrigin == BandOrigin.Stated && !hasOpened) return GuardVerdict.Pass;
        if (price >= inputs.BandLow.E8 && price <= inputs.BandHigh.E8) return GuardVerdict.Pass;
        return inputs.BandOrigin == BandOrigin.Lapsed
            ? GuardVerdict.Pass with { Reason = DecisionReason.BandLapsed }
            : GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.OutsideBand);
    }
}
