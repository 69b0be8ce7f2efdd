using System.Text;

namespace OracleNode.Chains.Solana;

/// <summary>The first word that every account of the program has: five letters, version, flags, and of a feed the type of its record.</summary>
internal static class AccountHeader
{
    /// <summary>Where the type of a feed's stored record stands.</summary>
    public const int StoredTypeOffset = 7;

    private const byte Version = 2;
    private const int VersionOffset = 5;
    private const int FlagsOffset = 6;

    /// <summary>Null when size, letters and version are right; else what was found and what would be right.</summary>
    public static string? Check(ReadOnlySpan<byte> data, int length, ReadOnlySpan<byte> letters)
    {
        if (data.Length != length) return $"it has {data.Length} bytes, not {length}";
        if (!data[..letters.Length].SequenceEqual(letters))
        {
            return $"it begins with {Convert.ToHexStringLower(data[..letters.Length])}, not with '{Encoding.ASCII.GetString(letters)}'";
        }

        return data[VersionOffset] == Version ? null : $"it has version {data[VersionOffset]}; this node knows version {Version}";
    }

    /// <summary>Whether the account is stopped.</summary>
    public static bool IsPaused(ReadOnlySpan<byte> data) => (data[FlagsOffset] & 1) != 0;
}
