using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using SimpleBase;

namespace OracleNode.Chains.Solana;

/// <summary>A 32-byte Solana address (public key, program or derived account); <c>default</c> is the system program.</summary>
public readonly record struct SolanaAddress
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Longest seed that <see cref="WithSeed"/> takes, in bytes.</summary>
    public const int MaxSeedLength = 32;

    /// <summary>32 bytes never need more base58 digits than this; longer text is not decoded at all.</summary>
    private const int MaxTextLength = 44;

    // SimpleBase reads past its table on a character beyond it, so only the alphabet's own get there.
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    private readonly Bytes32 _bytes;

    /// <summary>Wraps 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public SolanaAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"A Solana address is 32 bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>Reads base58 text of exactly 32 bytes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SolanaAddress address)
    {
        address = default;
        if (text is null || text.Length is < Length or > MaxTextLength || text.AsSpan().ContainsAnyExcept(Alphabet)) return false;
        Span<byte> bytes = stackalloc byte[2 * MaxTextLength];
        if (!Base58.Bitcoin.TryDecode(text, bytes, out var written) || written != Length) return false;
        address = new SolanaAddress(bytes[..Length]);
        return true;
    }

    /// <summary>Reads base58 text of exactly 32 bytes.</summary>
    /// <exception cref="FormatException">The text is not the base58 of 32 bytes.</exception>
    public static SolanaAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not a Solana address: expected the base58 of 32 bytes.");

    /// <summary>
    /// The address that the system program's CreateAccountWithSeed gives: sha256(base || seed || owner).
    /// </summary>
    /// <exception cref="ArgumentException">The seed is longer than 32 bytes.</exception>
    public static SolanaAddress WithSeed(SolanaAddress baseAddress, string seed, SolanaAddress owner)
    {
        var seedLength = Encoding.UTF8.GetByteCount(seed);
        if (seedLength > MaxSeedLength)
        {
            throw new ArgumentException($"Seed '{seed}' has {seedLength} bytes; the system program takes at most {MaxSeedLength}.", nameof(seed));
        }

        Span<byte> input = stackalloc byte[Length + MaxSeedLength + Length];
        baseAddress.CopyTo(input);
        Encoding.UTF8.GetBytes(seed, input[Length..]);
        owner.CopyTo(input[(Length + seedLength)..]);
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(input[..(Length + seedLength + Length)], hash);
        return new SolanaAddress(hash);
    }

    /// <summary>Copies the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <inheritdoc/>
    public bool Equals(SolanaAddress other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(((ReadOnlySpan<byte>)_bytes)[..4]);

    /// <summary>Base58.</summary>
    public override string ToString() => Base58.Bitcoin.Encode(_bytes);

    [InlineArray(Length)]
    private struct Bytes32
    {
        private byte _first;
    }
}
