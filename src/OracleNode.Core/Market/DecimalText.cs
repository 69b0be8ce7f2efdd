namespace OracleNode.Market;

/// <summary>Writes scaled integers as decimal numbers, in ASCII and without a culture.</summary>
internal static class DecimalText
{
    /// <summary>The most characters <see cref="Write"/> needs: 39 digits and a point.</summary>
    public const int MaxLength = 40;

    /// <summary>Writes <paramref name="value"/> / 10^<paramref name="decimals"/> without trailing zeros and returns the length.</summary>
    public static int Write(Span<byte> destination, UInt128 value, int decimals)
    {
        while (decimals > 0 && value % 10 == 0)
        {
            value /= 10;
            decimals--;
        }

        Span<byte> reversed = stackalloc byte[MaxLength];
        var length = 0;
        for (var place = 0; value != 0 || place <= decimals; place++)
        {
            if (place == decimals && decimals > 0) reversed[length++] = (byte)'.';
            reversed[length++] = (byte)('0' + (int)(value % 10));
            value /= 10;
        }

        reversed = reversed[..length];
        reversed.Reverse();
        reversed.CopyTo(destination);
        return length;
    }
}
