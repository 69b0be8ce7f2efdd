using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>
/// Is a price after a step the one of before in other units. It is when |ln x| lies below both |ln r| / 4 and 0.2, where x is the price after it times the
/// step over the one before, and r the step: so far a market may move in between, and never so far that the price of before would pass for the one after.
/// </summary>
/// <remarks>
/// In whole numbers: x as a fraction of 1e18 rounded up is compared with e^0.2 rounded down, and its fourth power, every product rounded up, with r rounded down. What
/// is accepted is therefore within the limits exactly; what is refused within them is nearer to a limit than 1e-16 of x.
/// </remarks>
internal static class StepContinuity
{
    private const ulong One = 1_000_000_000_000_000_000;

    /// <summary>e^0.2, rounded down.</summary>
    private const ulong Widest = 1_221_402_758_160_169_833;

    private const int KeptBits = 67;

    /// <param name="after">The price after the step in units of before (the share price times new shares), below 2^127.</param>
    /// <param name="before">The price before it (times old shares), below 2^127.</param>
    /// <param name="step">The step; none where it is not known: then 0.2 alone is the limit.</param>
    public static bool Holds(UInt128 after, UInt128 before, ShareRatio step)
    {
        if (after == 0 || before == 0) return false;
        var (high, low) = after > before ? (after, before) : (before, after);
        var excess = high - low;
        if (excess >= low) return false;
        while (low >> KeptBits != 0) (excess, low) = ((excess + 1) >> 1, low >> 1);
        var x = One + DivideRoundUp(excess * One, low);
        if (x > Widest) return false;
        if (step.IsNone) return true;

        var square = DivideRoundUp(x * x, One);
        var (larger, smaller) = step.New > step.Old ? (step.New, step.Old) : (step.Old, step.New);
        return DivideRoundUp(square * square, One) < (UInt128)larger * One / (ulong)smaller;
    }

    private static UInt128 DivideRoundUp(UInt128 value, UInt128 by) => (value + (by - 1)) / by;
}
