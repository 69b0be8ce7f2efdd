using System.Text;

namespace OracleNode.Chains.Solana;

/// <summary>The start that every account of the program has: an 8-byte discriminator and a version.</summary>
internal static class AccountHeader
{
    /// <summary>Null when size, discriminator and version are right; else what was found and what would be right.</summary>
    public static string? Check(ReadOnlySpan<byte> data, int length, ReadOnlySpan<byte> discriminator, byte version)
    {
        if (data.Length != length) return $"it has {data.Length} bytes, not {length}";
        if (!data[..8].SequenceEqual(discriminator))
        {
            return $"it begins with {Convert.ToHexStringLower(data[..8])}, not with '{Encoding.ASCII.GetString(discriminator)}'";
        }

        return data[8] == version ? null : $"it has version {data[8]}; this node knows version {version}";
    }
}
