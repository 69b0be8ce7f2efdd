using System.Security.Cryptography;

namespace OracleNode.Deployment;

/// <summary>The linked program as it is committed in <c>src/onchain/solana/build</c>.</summary>
internal static class SolanaArtifact
{
    /// <summary>The shared object this program was built with.</summary>
    public static byte[] Embedded { get; } = EmbeddedFile.Read("oracle_feeds.so");

    /// <summary>sha256 of it, lower-case hex with 0x.</summary>
    public static string Hash { get; } = HashOf(Embedded);

    /// <summary>
    /// sha256 of executable data as a chain holds it. Zeros after as many bytes as our code has are room that the account
    /// keeps for a longer one, and do not count.
    /// </summary>
    public static string HashOf(ReadOnlySpan<byte> executable)
    {
        var code = executable.Length > Embedded.Length && !executable[Embedded.Length..].ContainsAnyExcept((byte)0) ? executable[..Embedded.Length] : executable;
        return "0x" + Convert.ToHexStringLower(SHA256.HashData(code));
    }
}
