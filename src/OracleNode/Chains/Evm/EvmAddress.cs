using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using OracleNode.Market;

namespace OracleNode.Chains.Evm;

/// <summary>A 20-byte EVM address; <c>default</c> is the zero address, which nobody owns.</summary>
public readonly record struct EvmAddress
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 20;

    private readonly Bytes20 _bytes;

    /// <summary>Wraps 20 bytes.</summary>
    /// <exception cref="ArgumentException">Not 20 bytes.</exception>
    public EvmAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"An address is {Length} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>True for the zero address.</summary>
    public bool IsZero => !((ReadOnlySpan<byte>)_bytes).ContainsAnyExcept((byte)0);

    /// <summary>The account of an uncompressed public key: the last 20 bytes of keccak256 over its 64 coordinate bytes.</summary>
    /// <param name="coordinates">x and y, 32 bytes each, without a prefix.</param>
    public static EvmAddress OfPublicKey(ReadOnlySpan<byte> coordinates)
    {
        if (coordinates.Length != 64) throw new ArgumentException($"The coordinates of a public key are 64 bytes, not {coordinates.Length}.", nameof(coordinates));
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(coordinates, hash);
        return new EvmAddress(hash[12..]);
    }

    /// <summary>Where a contract lands that an account creates with a nonce.</summary>
    public static EvmAddress OfCreation(EvmAddress creator, ulong nonce)
    {
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(Rlp.List(Rlp.Bytes(creator.ToArray()), Rlp.Integer(nonce)), hash);
        return new EvmAddress(hash[12..]);
    }

    /// <summary>Reads 0x and 40 hex digits. Mixed case must be the checksum of EIP-55; one case only carries none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EvmAddress address)
    {
        address = default;
        if (text is null || text.Length != 2 + 2 * Length || !text.StartsWith("0x", StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[Length];
        if (Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        var parsed = new EvmAddress(bytes);
        var digits = text.AsSpan(2);
        var mixed = digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F');
        if (mixed && !string.Equals(parsed.ToString(), text, StringComparison.Ordinal)) return false;
        address = parsed;
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static EvmAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address: 0x and 40 hex digits, in checksum case when the case is mixed.");

    /// <summary>Copies the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>A new array of the 20 bytes.</summary>
    public byte[] ToArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <inheritdoc/>
    public bool Equals(EvmAddress other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <summary>0x and 40 hex digits in the checksum case of EIP-55.</summary>
    public override string ToString()
    {
        var digits = Convert.ToHexStringLower(_bytes).ToCharArray();
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(Encoding.ASCII.GetBytes(digits), hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0x0F;
            if (nibble >= 8) digits[i] = char.ToUpperInvariant(digits[i]);
        }

        return "0x" + new string(digits);
    }

    [InlineArray(Length)]
    private struct Bytes20
    {
        private byte _first;
    }
}
