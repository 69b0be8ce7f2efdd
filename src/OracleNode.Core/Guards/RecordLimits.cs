namespace OracleNode.Guards;

/// <summary>What the signed record can hold (see <c>Updates/README.md</c>): what does not fit is held, never cut.</summary>
internal static class RecordLimits
{
    /// <summary>Offsets from the price are 48-bit two's complement, with the lowest value taken for "none".</summary>
    private const long MaxOffset = (1L << 47) - 1;

    /// <summary>The confidence is an unsigned 48-bit number.</summary>
    private const long MaxConfidence = (1L << 48) - 1;

    /// <summary>All in 1e-8 units; 0 for a bid, ask or average that is not there.</summary>
    public static bool Fit(long price, long confidence, long bid, long ask, long ema) =>
        confidence <= MaxConfidence && OffsetFits(bid, price) && OffsetFits(ask, price) && OffsetFits(ema, price);

    private static bool OffsetFits(long value, long price) => value == 0 || long.Abs(value - price) <= MaxOffset;
}
