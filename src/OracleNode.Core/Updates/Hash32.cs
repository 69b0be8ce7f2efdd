using System.Runtime.CompilerServices;

namespace OracleNode.Updates;

/// <summary>A 32-byte keccak256 hash; <c>default</c> is 32 zero bytes.</summary>
public readonly record struct Hash32
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly Bytes32 _bytes;

    /// <summary>Wraps 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"A hash is 32 bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>Copies the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(Hash32 other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <summary>Lower-case hex with 0x.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(_bytes);

    [InlineArray(Length)]
    private struct Bytes32
    {
        private byte _first;
    }
}
