using System.Buffers.Binary;

namespace OracleNode.Chains.Evm;

/// <summary>Recursive length prefix, encoding only: what a transaction and a contract address are made of.</summary>
internal static class Rlp
{
    private const byte ShortString = 0x80;
    private const byte ShortList = 0xC0;

    /// <summary>A byte string.</summary>
    public static byte[] Bytes(ReadOnlySpan<byte> value) =>
        value is [< ShortString] ? value.ToArray() : WithPrefix(ShortString, value);

    /// <summary>An unsigned integer: big-endian without leading zeros, zero is the empty string.</summary>
    public static byte[] Integer(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return Integer(bytes);
    }

    /// <summary>An unsigned big-endian integer whose leading zeros are dropped.</summary>
    public static byte[] Integer(ReadOnlySpan<byte> bigEndian) => Bytes(bigEndian.TrimStart((byte)0));

    /// <summary>A list of encoded items.</summary>
    public static byte[] List(params ReadOnlySpan<byte[]> items)
    {
        var length = 0;
        foreach (var item in items) length += item.Length;
        var payload = new byte[length];
        var at = 0;
        foreach (var item in items)
        {
            item.CopyTo(payload, at);
            at += item.Length;
        }

        return WithPrefix(ShortList, payload);
    }

    private static byte[] WithPrefix(byte kind, ReadOnlySpan<byte> payload)
    {
        const int LongestShort = 55;
        if (payload.Length <= LongestShort) return [(byte)(kind + payload.Length), .. payload];

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, payload.Length);
        length = length.TrimStart((byte)0);
        return [(byte)(kind + LongestShort + length.Length), .. length, .. payload];
    }
}
