namespace OracleNode.Market;

public readonly partial record struct Multiplier
{
    private const long Scale = 1_000_000_000_000_000_000;

    private enum Rounding
    {
        Down,
        HalfEven,
        Up,
    }

    /// <summary>
    /// The multiplier that a Token-2022 mint's ScaledUiAmount extension stores as an IEEE 754 binary64 number, rounded once, half
    /// to even, to 1e-18, in integers. Token-2022 itself accepts only positive normal numbers; so does this. False also for one
    /// that rounds to zero or does not fit 128 bits.
    /// </summary>
    /// <param name="bits">The number's 64 bits.</param>
    /// <param name="multiplier">The multiplier, or <c>default</c>.</param>
    public static bool TryFromDoubleBits(long bits, out Multiplier multiplier)
    {
        multiplier = default;
        var number = new BinaryFraction(bits);
        if (number.IsNegative || !number.IsNormal) return false;
        if (!number.TryScaleRoundHalfEven(Scale, out var e18) || e18 == 0) return false;
        multiplier = new Multiplier(e18);
        return true;
    }

    /// <summary>
    /// The one step from a share price to a token price: underlying x multiplier, rounded half to even to 1e-8.
    /// False when either is none, or the result is no price (zero, or beyond 64 bits).
    /// </summary>
    public bool TryMultiplyRoundHalfEven(Price underlying, out Price price) => TryMultiply(underlying, Rounding.HalfEven, out price);

    /// <summary>As <see cref="TryMultiplyRoundHalfEven"/>, rounded down: for a bid.</summary>
    public bool TryMultiplyRoundDown(Price underlying, out Price price) => TryMultiply(underlying, Rounding.Down, out price);

    /// <summary>As <see cref="TryMultiplyRoundHalfEven"/>, rounded up: for an ask.</summary>
    public bool TryMultiplyRoundUp(Price underlying, out Price price) => TryMultiply(underlying, Rounding.Up, out price);

    /// <summary>
    /// A confidence (a width of 0 or more, in 1e-8 units) x multiplier, rounded up, so that it never narrows. False when the width is negative,
    /// the multiplier is none or the result is beyond 64 bits.
    /// </summary>
    public bool TryMultiplyRoundUp(long confidenceE8, out long scaledE8)
    {
        scaledE8 = 0;
        return confidenceE8 >= 0 && !IsNone && TryMultiply(confidenceE8, Rounding.Up, out scaledE8);
    }

    /// <summary>
    /// A multiplier of a multiplier: raw tokens per wrapper share, times shares per raw token. Rounded half to even to 1e-18. False when either is none, or the
    /// product is, or does not fit 128 bits.
    /// </summary>
    public bool TryCompoundRoundHalfEven(Multiplier other, out Multiplier product)
    {
        product = default;
        if (IsNone || other.IsNone) return false;
        var (whole, rest) = UInt128.DivRem(E18, Scale);
        var (otherWhole, otherRest) = UInt128.DivRem(other.E18, Scale);
        if (whole > long.MaxValue || otherWhole > long.MaxValue) return false;

        // 63 bits each: every partial product fits 128 bits, the first only without its scale.
        var units = whole * otherWhole;
        if (units > UInt128.MaxValue / Scale) return false;
        var (quotient, remainder) = UInt128.DivRem(rest * otherRest, Scale);
        var sum = units * Scale;
        foreach (var part in (ReadOnlySpan<UInt128>)[whole * otherRest, rest * otherWhole, quotient])
        {
            if (sum > UInt128.MaxValue - part) return false;
            sum += part;
        }

        if (remainder > Scale / 2 || (remainder == Scale / 2 && (sum & 1) == 1))
        {
            if (sum == UInt128.MaxValue) return false;
            sum++;
        }

        product = new Multiplier(sum);
        return sum != 0;
    }

    private bool TryMultiply(Price underlying, Rounding rounding, out Price price)
    {
        price = default;
        return TryMultiply(underlying.E8, rounding, out var e8) && Price.TryFromE8(e8, out price);
    }

    private bool TryMultiply(long e8, Rounding rounding, out long product)
    {
        product = 0;

        // Whole shares and the rest apart: each partial product of two 64-bit numbers fits 128 bits.
        var (whole, rest) = UInt128.DivRem(E18, Scale);
        if (whole > long.MaxValue) return e8 == 0;

        var (quotient, remainder) = UInt128.DivRem((ulong)e8 * rest, Scale);
        var total = ((ulong)e8 * whole) + quotient;
        var roundUp = rounding switch
        {
            Rounding.Down => false,
            Rounding.Up => remainder != 0,
            _ => remainder > Scale / 2 || (remainder == Scale / 2 && (total & 1) == 1),
        };
        if (roundUp) total++;
        if (total > long.MaxValue) return false;
        product = (long)total;
        return true;
    }

    /// <summary>The exact decimal number without trailing zeros, the same in every culture; <c>none</c> for <c>default</c>.</summary>
    public override string ToString()
    {
        if (IsNone) return "none";
        Span<byte> ascii = stackalloc byte[DecimalText.MaxLength];
        return System.Text.Encoding.ASCII.GetString(ascii[..DecimalText.Write(ascii, E18, 18)]);
    }
}
