using NodaTime;

namespace OracleNode.Pricing;

/// <summary>
/// exp(-elapsed / window) as an integer in units of 2^-62, by halving (2^-k, exact) and a Taylor series of at most 24 terms. Each term is cut
/// by less than one unit, so the result is within 2^-57 of the true value for every input, and the same on every machine.
/// </summary>
internal static class ExponentialDecay
{
    /// <summary>Fractional bits of the result.</summary>
    public const int FractionBits = 62;

    /// <summary>One, in these units.</summary>
    public const ulong One = 1UL << FractionBits;

    /// <summary>ln 2 in units of 2^-62, rounded down.</summary>
    private const ulong Ln2 = 3_196_577_161_300_663_914;

    /// <summary>The weight that is left after <paramref name="elapsed"/>; one when it is zero or negative.</summary>
    public static ulong Weight(Duration elapsed, Duration window)
    {
        var elapsedTicks = elapsed.BclCompatibleTicks;
        var windowTicks = window.BclCompatibleTicks;
        if (elapsedTicks <= 0) return One;
        if (elapsedTicks / windowTicks >= FractionBits) return 0;

        var exponent = ((UInt128)elapsedTicks << FractionBits) / (ulong)windowTicks;
        var halvings = (int)(exponent / Ln2);
        return halvings > FractionBits ? 0 : SmallWeight((ulong)(exponent - ((UInt128)halvings * Ln2))) >> halvings;
    }

    /// <summary>exp(-x) for 0 &lt;= x &lt; ln 2 (a little more does no harm).</summary>
    private static ulong SmallWeight(ulong x)
    {
        var sum = One;
        var term = One;
        for (uint n = 1; term != 0; n++)
        {
            term = (ulong)(Math.BigMul(term, x) >> FractionBits) / n;
            sum = n % 2 == 1 ? sum - term : sum + term;
        }

        return sum;
    }
}
