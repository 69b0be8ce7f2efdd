using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OracleNode.Market;

/// <summary>
/// The 32-byte identity of a feed: keccak256 over instrument or token identity, quote currency, unit and decimals
/// (see <c>Updates/README.md</c>). The contract computes the same at registration.
/// </summary>
public readonly record struct FeedId
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly Bytes32 _bytes;

    /// <summary>Wraps 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public FeedId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"A feed id is 32 bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The first 8 bytes, big-endian: what a signed record carries. Collisions are refused at registration.</summary>
    public ulong Tag => BinaryPrimitives.ReadUInt64BigEndian(_bytes);

    /// <summary>Copies the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <inheritdoc/>
    public bool Equals(FeedId other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => Tag.GetHashCode();

    /// <summary>Lower-case hex with 0x.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(_bytes);

    [InlineArray(Length)]
    private struct Bytes32
    {
        private byte _first;
    }
}
