namespace OracleNode.Market;

public readonly partial record struct Price
{
    // Every number of so many digits fits a long, so the common shapes need no check per digit.
    private const int MaxUncheckedDigits = 18;

    private static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>
    /// Reads a JSON number (RFC 8259 section 6, exponents included) exactly: accepted only when it is a positive whole number
    /// of 1e-8 units, however it is written. Never throws, never rounds, never allocates.
    /// </summary>
    /// <param name="utf8">The whole number and nothing else.</param>
    /// <param name="price">The price, or <c>default</c>.</param>
    /// <param name="error">Why not, or <see cref="PriceError.None"/>. A number that is both is too precise rather than too large.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Price price, out PriceError error)
    {
        if (TryParsePlain(utf8, out var e8))
        {
            price = new Price(e8);
            error = PriceError.None;
            return true;
        }

        error = ParseAny(utf8, out e8);
        price = new Price(e8);
        return error == PriceError.None;
    }

    // What vendors send nearly always: digits, perhaps a point and up to eight more. Anything else goes the slow way.
    private static bool TryParsePlain(ReadOnlySpan<byte> utf8, out long e8)
    {
        e8 = 0;
        if (utf8.Length is 0 or > MaxUncheckedDigits) return false;

        ulong value = 0;
        var point = -1;
        for (var i = 0; i < utf8.Length; i++)
        {
            var digit = unchecked((uint)(utf8[i] - '0'));
            if (digit <= 9) value = unchecked((value * 10) + digit);
            else if (utf8[i] == '.' && point < 0) point = i;
            else return false;
        }

        var integerDigits = point < 0 ? utf8.Length : point;
        var fractionDigits = point < 0 ? 0 : utf8.Length - point - 1;
        if (integerDigits == 0 || (point >= 0 && fractionDigits == 0) || fractionDigits > Decimals) return false;
        if (utf8[0] == '0' && integerDigits > 1) return false;

        var scale = PowersOfTen[Decimals - fractionDigits];
        if (value == 0 || value > long.MaxValue / scale) return false;
        e8 = unchecked((long)(value * scale));
        return true;
    }

    private static PriceError ParseAny(ReadOnlySpan<byte> utf8, out long e8)
    {
        e8 = 0;
        if (utf8.IsEmpty) return PriceError.Empty;
        if (utf8[0] == '+') return PriceError.Sign;

        var negative = utf8[0] == '-';
        var error = ParseUnsigned(negative ? utf8[1..] : utf8, out var magnitude);
        if (!negative)
        {
            e8 = magnitude;
            return error;
        }

        // What is not a number stays what it is behind a minus sign, and minus zero is still no quote.
        return error is PriceError.None or PriceError.TooPrecise or PriceError.Overflow ? PriceError.Negative
            : error is PriceError.Empty ? PriceError.Malformed
            : error;
    }

    private static PriceError ParseUnsigned(ReadOnlySpan<byte> text, out long e8)
    {
        e8 = 0;
        if (text.IsEmpty) return PriceError.Empty;
        if (!IsDigit(text[0])) return NameOfWord(text);
        if (text.Length > 1 && text[0] == '0' && (text[1] | 0x20) == 'x') return PriceError.Hex;

        var digits = default(SignificantDigits);
        var i = 0;
        while (i < text.Length && IsDigit(text[i])) digits.Add(text[i++]);
        if (i > 1 && text[0] == '0') return PriceError.Malformed;

        var integerDigits = i;
        if (i < text.Length && text[i] == '.')
        {
            var first = ++i;
            while (i < text.Length && IsDigit(text[i])) digits.Add(text[i++]);
            if (i == first) return PriceError.Malformed;
        }

        long exponent = 0;
        if (i < text.Length && (text[i] | 0x20) == 'e' && !TryReadExponent(text, ref i, out exponent)) return PriceError.Malformed;
        if (i < text.Length) return PriceError.Malformed;

        return digits.ToE8(integerDigits, exponent, out e8);
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int i, out long exponent)
    {
        // Far beyond what any text's digits can balance, and far from overflowing when the digits' places are added.
        const long Saturation = 1_000_000_000_000;

        exponent = 0;
        i++;
        var negative = i < text.Length && text[i] == '-';
        if (i < text.Length && text[i] is (byte)'-' or (byte)'+') i++;
        var first = i;
        for (; i < text.Length && IsDigit(text[i]); i++) exponent = Math.Min((exponent * 10) + text[i] - '0', Saturation);
        if (negative) exponent = -exponent;
        return i > first;
    }

    private static PriceError NameOfWord(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 3 or > 8) return PriceError.LeadingJunk;
        Span<byte> lower = stackalloc byte[8];
        for (var i = 0; i < text.Length; i++) lower[i] = (byte)(text[i] | 0x20);
        lower = lower[..text.Length];
        if (lower.SequenceEqual("nan"u8)) return PriceError.NaN;
        if (lower.SequenceEqual("inf"u8) || lower.SequenceEqual("infinity"u8)) return PriceError.Infinity;
        return PriceError.LeadingJunk;
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    /// <summary>The digits of a decimal number from its first to its last that is not zero, and where they stand.</summary>
    private struct SignificantDigits
    {
        private ulong _value;
        private int _seen;
        private int _first;
        private int _last;

        public void Add(byte digit)
        {
            _seen++;
            if (digit == '0') return;
            if (_first == 0) _first = _seen;
            else if (_seen - _first < PowersOfTen.Length - 1) _value *= PowersOfTen[_seen - _last];

            // A number that spans more places than a long has is refused by its places alone.
            if (_seen - _first < PowersOfTen.Length - 1) _value += (ulong)(digit - '0');
            _last = _seen;
        }

        /// <summary>The number in 1e-8 units, given how many of the digits stood before the point and the power of ten behind them.</summary>
        public readonly PriceError ToE8(int integerDigits, long exponent, out long e8)
        {
            e8 = 0;
            if (_first == 0) return PriceError.Zero;
            var lowestPlace = integerDigits - _last + exponent + Decimals;
            var highestPlace = integerDigits - _first + exponent + Decimals;
            if (lowestPlace < 0) return PriceError.TooPrecise;
            if (highestPlace >= PowersOfTen.Length - 1) return PriceError.Overflow;

            // Nineteen places at most: less than 1e19, which fits unsigned.
            var value = _value * PowersOfTen[(int)lowestPlace];
            if (value > long.MaxValue) return PriceError.Overflow;
            e8 = (long)value;
            return PriceError.None;
        }
    }
}
