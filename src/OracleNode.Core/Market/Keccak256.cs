using System.Buffers;
using Org.BouncyCastle.Crypto.Digests;

namespace OracleNode.Market;

/// <summary>keccak256, the hash of the EVM and of Solana's <c>sol_keccak256</c> (not SHA3-256: the padding differs).</summary>
public static class Keccak256
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int Length = 32;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    // A digest object keeps its state between calls, and making one costs more than a short hash: one per thread, reset by DoFinal.
    [ThreadStatic]
    private static KeccakDigest? Digest;

    /// <summary>True for a hash as people and configurations write it: 0x and 64 lower-case hex digits.</summary>
    public static bool IsText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 2 + (2 * Length) && text.StartsWith("0x", StringComparison.Ordinal) && !text.AsSpan(2).ContainsAnyExcept(LowerHex);
    }

    /// <summary>Writes the hash of <paramref name="data"/> into the first 32 bytes of <paramref name="destination"/>. The two may overlap.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"A keccak256 hash needs {Length} bytes, not {destination.Length}.", nameof(destination));
        }

        var digest = Digest ??= new KeccakDigest(Length * 8);
        digest.BlockUpdate(data);
        digest.DoFinal(destination[..Length]);
    }
}
