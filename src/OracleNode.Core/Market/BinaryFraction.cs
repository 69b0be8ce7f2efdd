namespace OracleNode.Market;

/// <summary>An IEEE 754 binary64 number taken apart into integers: significand x 2^exponent.</summary>
internal readonly struct BinaryFraction
{
    private const int FractionBits = 52;
    private const int ExponentMask = 0x7FF;

    // The exponent of the significand's lowest bit in the smallest normal number, less one.
    private const int ExponentBias = 1023 + FractionBits;

    private readonly ulong _bits;

    public BinaryFraction(long bits) => _bits = unchecked((ulong)bits);

    public bool IsNegative => _bits >> 63 == 1;
    public bool IsZero => BiasedExponent == 0 && Fraction == 0;
    public bool IsNaN => BiasedExponent == ExponentMask && Fraction != 0;
    public bool IsInfinity => BiasedExponent == ExponentMask && Fraction == 0;

    /// <summary>Not zero, subnormal, infinite or NaN.</summary>
    public bool IsNormal => BiasedExponent is > 0 and < ExponentMask;

    private int BiasedExponent => (int)(_bits >> FractionBits) & ExponentMask;
    private ulong Fraction => _bits & ((1UL << FractionBits) - 1);

    /// <summary>
    /// The magnitude of a finite number times <paramref name="scale"/>, rounded half to even; false when it passes 128 bits. The
    /// scale is below 2^63, so that with 53 bits of significand the product fits.
    /// </summary>
    public bool TryScaleRoundHalfEven(long scale, out UInt128 scaled)
    {
        var significand = IsNormal ? Fraction | (1UL << FractionBits) : Fraction;
        var exponent = Math.Max(BiasedExponent, 1) - ExponentBias;
        var product = (UInt128)significand * (ulong)scale;

        if (exponent >= 0)
        {
            var fits = exponent < 128 && product <= UInt128.MaxValue >> exponent;
            scaled = fits ? product << exponent : 0;
            return fits;
        }

        // The product has at most 116 bits: shifted by 118 or more it is below a half.
        if (exponent <= -118)
        {
            scaled = 0;
            return true;
        }

        scaled = product >> -exponent;
        var remainder = product - (scaled << -exponent);
        var half = UInt128.One << (-exponent - 1);
        if (remainder > half || (remainder == half && (scaled & 1) == 1)) scaled++;
        return true;
    }
}
