namespace OracleNode.Pricing;

/// <summary>Comparisons in basis points, exact for every 64-bit value: nothing is divided, so nothing is rounded.</summary>
internal static class Bps
{
    /// <summary>Basis points in one.</summary>
    public const int Scale = 10_000;

    /// <summary>Below it (87,960 dollars) every product here fits 64 bits, since no limit is above 1,000,000 bps.</summary>
    private const long Narrow = 1L << 43;

    /// <summary>True when <paramref name="difference"/> is more than <paramref name="bps"/> of <paramref name="basis"/>.</summary>
    public static bool Exceeds(long difference, long basis, int bps) =>
        IsNarrow(difference) && IsNarrow(basis)
            ? difference * Scale > basis * bps
            : (Int128)difference * Scale > (Int128)basis * bps;

    /// <summary><paramref name="bps"/> of <paramref name="basis"/>, rounded up.</summary>
    public static long OfRoundUp(long basis, int bps) => IsNarrow(basis)
        ? ((basis * bps) + (Scale - 1)) / Scale
        : (long)(((Int128)basis * bps + (Scale - 1)) / Scale);

    /// <summary>On which side of <paramref name="reference"/> a value lies by more than <paramref name="bps"/>: -1, +1, or 0 when within.</summary>
    public static int SideBeyond(long value, long reference, int bps)
    {
        if (!Exceeds(long.Abs(value - reference), reference, bps)) return 0;
        return value > reference ? 1 : -1;
    }

    private static bool IsNarrow(long value) => value is >= 0 and < Narrow;

    /// <summary>The move from <paramref name="reference"/> to <paramref name="value"/>, both above zero, rounded towards zero and cut at a hundredfold.</summary>
    public static int Move(long value, long reference)
    {
        var move = ((Int128)value - reference) * Scale / reference;
        return (int)Int128.Min(move, 100 * Scale);
    }
}
