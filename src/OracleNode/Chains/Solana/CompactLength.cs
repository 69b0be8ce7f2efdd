namespace OracleNode.Chains.Solana;

/// <summary>
/// Solana's compact-u16 (short vec) length: 7 bits per byte, low bits first, at most 3 bytes.
/// https://solana.com/docs/core/transactions
/// </summary>
internal static class CompactLength
{
    /// <summary>Bytes that <paramref name="value"/> takes.</summary>
    public static int SizeOf(int value) => value switch
    {
        < 0 or > ushort.MaxValue => throw new ArgumentOutOfRangeException(nameof(value), value, "A compact length is 0 to 65535."),
        < 0x80 => 1,
        < 0x4000 => 2,
        _ => 3,
    };

    /// <summary>Writes the length and returns the bytes taken.</summary>
    public static int Write(Span<byte> destination, int value)
    {
        var size = SizeOf(value);
        for (var i = 0; i < size; i++)
        {
            var bits = (value >> (7 * i)) & 0x7F;
            destination[i] = (byte)(i + 1 < size ? bits | 0x80 : bits);
        }

        return size;
    }

    /// <summary>Reads a length; refuses overlong, overflowing and cut-off encodings.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int size)
    {
        value = 0;
        size = 0;
        for (var i = 0; i < 3 && i < source.Length; i++)
        {
            value |= (source[i] & 0x7F) << (7 * i);
            if ((source[i] & 0x80) != 0) continue;
            size = i + 1;
            return value <= ushort.MaxValue && size == SizeOf(value);
        }

        return false;
    }
}
