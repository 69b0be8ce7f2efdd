using System.Buffers.Binary;
using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>From header to the 47 bytes that are signed. See <c>Updates/README.md</c>.</summary>
public static class BatchMessage
{
    /// <summary>Version of header and envelope.</summary>
    public const byte Version = 1;

    /// <summary>Bytes of a header.</summary>
    public const int HeaderLength = 87;

    /// <summary>Bytes of the signed message: a 15-byte tag and a hash, so that SHA-512 over R, A and it takes one block.</summary>
    public const int Length = 47;

    private static ReadOnlySpan<byte> Tag => "OracleNodeBatch"u8;

    private static ReadOnlySpan<byte> DeploymentTag => "OracleNode deployment v1"u8;

    /// <summary>The id that keeps production, staging and test records from verifying against each other.</summary>
    /// <param name="name">Deployment name, ASCII.</param>
    public static ulong DeploymentId(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!System.Text.Ascii.IsValid(name)) throw new ArgumentException($"A deployment name is ASCII; '{name}' is not.", nameof(name));
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash([.. DeploymentTag, .. System.Text.Encoding.ASCII.GetBytes(name)], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Writes the 87 header bytes.</summary>
    public static void EncodeHeader(in BatchHeader header, Span<byte> destination)
    {
        destination[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], header.Deployment);
        BinaryPrimitives.WriteUInt32BigEndian(destination[9..], header.Epoch);
        BinaryPrimitives.WriteUInt64BigEndian(destination[13..], header.Sequence);
        BinaryPrimitives.WriteUInt16BigEndian(destination[21..], header.Count);
        header.RecordsRoot.CopyTo(destination[23..]);
        header.EvidenceRoot.CopyTo(destination[55..]);
    }

    /// <summary>Writes the 47 bytes to sign.</summary>
    public static void Write(in BatchHeader header, Span<byte> destination)
    {
        Span<byte> encoded = stackalloc byte[HeaderLength];
        EncodeHeader(header, encoded);
        Tag.CopyTo(destination);
        Keccak256.Hash(encoded, destination.Slice(Tag.Length, Hash32.Length));
    }
}
