namespace OracleNode.Market;

/// <summary>Shares after a step for shares before it: 10 and 1 for a ten for one split, 1 and 20 for a reverse one. Both positive; <c>default</c> is none.</summary>
/// <param name="New">Shares after it.</param>
/// <param name="Old">Shares before it.</param>
public readonly record struct ShareRatio(long New, long Old)
{
    /// <summary>No split was ever farther from one than this, to either side.</summary>
    public const long Farthest = 10_000;

    /// <summary>More would not fit a product with a price into 128 bits.</summary>
    private const long Largest = 1L << 62;

    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => New <= 0 || Old <= 0;

    /// <summary>The same step the other way.</summary>
    public ShareRatio Inverse => new(Old, New);

    /// <summary>A ratio of whole shares in lowest terms; none when either is not positive, or it is farther from one than <see cref="Farthest"/>.</summary>
    public static ShareRatio Of(long newShares, long oldShares)
    {
        if (newShares <= 0 || oldShares <= 0) return default;
        var (larger, smaller) = newShares > oldShares ? (newShares, oldShares) : (oldShares, newShares);
        if ((Int128)larger > (Int128)smaller * Farthest) return default;
        var divisor = GreatestCommonDivisor(newShares, oldShares);
        return new ShareRatio(newShares / divisor, oldShares / divisor);
    }

    /// <summary>
    /// The step from one multiplier to the next. Exact where both fit 62 bits once common factors are gone, else cut to that: off by less than 2^-47 of it. None
    /// when either is none, or it is farther from one than <see cref="Farthest"/>.
    /// </summary>
    public static ShareRatio Of(Multiplier before, Multiplier after)
    {
        if (before.IsNone || after.IsNone) return default;
        var (old, now) = (before.E18, after.E18);
        var divisor = GreatestCommonDivisor(now, old);
        (old, now) = (old / divisor, now / divisor);
        while (old >= (UInt128)Largest || now >= (UInt128)Largest) (old, now) = (old >> 1, now >> 1);
        return Of((long)now, (long)old);
    }

    /// <summary>Both steps, one after the other; none when either is, or when the product does not fit.</summary>
    public ShareRatio Then(ShareRatio next)
    {
        if (IsNone || next.IsNone) return default;

        // Crosswise first, so that 10:1 and then 1:10 is one.
        var (a, b) = (GreatestCommonDivisor(New, next.Old), GreatestCommonDivisor(next.New, Old));
        var (now, old) = ((Int128)(New / a) * (next.New / b), (Int128)(Old / b) * (next.Old / a));
        return now >= Largest || old >= Largest ? default : Of((long)now, (long)old);
    }

    /// <summary>True when it is farther from one than so many bps of one: 100 shares becoming 101 is 100.</summary>
    public bool IsBeyond(int bps) => !IsNone && Int128.Abs((Int128)New - Old) * 10_000 > (Int128)Old * bps;

    /// <summary>True when the two say the same, to a basis point of it: a chain keeps a ratio as a fraction, an issuer's list as whole shares.</summary>
    public bool Agrees(ShareRatio other)
    {
        if (IsNone || other.IsNone) return false;
        var (own, others) = ((UInt128)New * (ulong)other.Old, (UInt128)other.New * (ulong)Old);
        var apart = own > others ? own - others : others - own;
        return apart <= (own > others ? others : own) / 10_000;
    }

    /// <summary>What a price becomes when one share becomes <see cref="New"/> over <see cref="Old"/>: rounded half to even, 0 where there is no price or none is left.</summary>
    public long PriceAfter(long e8)
    {
        if (e8 <= 0 || IsNone) return 0;
        var (quotient, rest) = UInt128.DivRem((UInt128)e8 * (ulong)Old, (ulong)New);
        var twice = rest << 1;
        if (twice > (ulong)New || (twice == (ulong)New && (quotient & 1) == 1)) quotient++;
        return quotient > long.MaxValue ? 0 : (long)quotient;
    }

    /// <summary><c>10:1</c>, the same in every culture; <c>none</c> for <c>default</c>.</summary>
    public override string ToString() => IsNone ? "none" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{New}:{Old}");

    private static long GreatestCommonDivisor(long a, long b) => (long)GreatestCommonDivisor((UInt128)a, (UInt128)b);

    private static UInt128 GreatestCommonDivisor(UInt128 a, UInt128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
