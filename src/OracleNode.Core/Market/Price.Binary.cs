namespace OracleNode.Market;

public readonly partial record struct Price
{
    /// <summary>
    /// The price nearest to an IEEE 754 binary64 number, for vendors that send nothing better: rounded once, half to even, to
    /// 1e-8 units, in integers. Never throws, never allocates.
    /// </summary>
    /// <param name="ieee754Bits">The number's 64 bits.</param>
    /// <param name="price">The price, or <c>default</c>.</param>
    /// <param name="error">Why not, or <see cref="PriceError.None"/>.</param>
    public static bool TryFromDoubleBits(long ieee754Bits, out Price price, out PriceError error)
    {
        error = RoundToE8(new BinaryFraction(ieee754Bits), out var e8);
        price = new Price(e8);
        return error == PriceError.None;
    }

    private static PriceError RoundToE8(BinaryFraction number, out long e8)
    {
        e8 = 0;
        if (number.IsNaN) return PriceError.NaN;
        if (number.IsInfinity) return PriceError.Infinity;
        if (number.IsZero) return PriceError.Zero;
        if (number.IsNegative) return PriceError.Negative;
        if (!number.TryScaleRoundHalfEven(One, out var scaled) || scaled > long.MaxValue) return PriceError.Overflow;
        if (scaled == 0) return PriceError.TooPrecise;
        e8 = (long)scaled;
        return PriceError.None;
    }
}
