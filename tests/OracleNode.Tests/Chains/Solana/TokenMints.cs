using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>Token-2022 mints for tests, built from the layout's description and not by the code under test.</summary>
internal static class TokenMints
{
    public static byte[] Value(double multiplier, long effectiveAt, double newMultiplier)
    {
        var value = new byte[56];
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(32), multiplier);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(40), effectiveAt);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(48), newMultiplier);
        return value;
    }

    public static byte[] Mint(params (ushort Type, byte[] Value)[] extensions)
    {
        var data = new List<byte>(new byte[166]);
        data[44] = 8;
        data[45] = 1;
        data[165] = 1;
        foreach (var (type, value) in extensions)
        {
            data.AddRange([(byte)type, (byte)(type >> 8), (byte)value.Length, (byte)(value.Length >> 8)]);
            data.AddRange(value);
        }

        return [.. data];
    }

    public static byte[] Scaled(double multiplier, long effectiveAt, double newMultiplier) =>
        Mint((12, new byte[32]), (25, Value(multiplier, effectiveAt, newMultiplier)), (26, new byte[33]));

    public static SolanaAccount Account(byte[] data) => new(SolanaPrograms.Token2022, 1, false, data);
}
