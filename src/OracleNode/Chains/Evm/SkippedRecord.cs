using System.Buffers.Binary;

namespace OracleNode.Chains.Evm;

/// <summary>Why the contract passed over one record of a batch it accepted. The numbers are the contract's and are never reused.</summary>
internal enum SkipReason : byte
{
    None = 0,
    UnknownFeed = 1,
    BadEncoding = 2,
    WrongType = 3,
    NotNewer = 4,
    ObservedBackwards = 5,
    ObservedAfterAttested = 6,
    OutOfBounds = 7,
}

/// <summary>A record that was not stored.</summary>
/// <param name="Position">Its place in the whole batch.</param>
/// <param name="Reason">Why; a number this build does not know shows as such.</param>
internal readonly record struct SkippedRecord(int Position, SkipReason Reason)
{
    private const int EncodedLength = 3;

    /// <summary>Reads the contract's list: u16 position and u8 reason per record.</summary>
    /// <exception cref="FormatException">Not whole entries.</exception>
    public static SkippedRecord[] ReadAll(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EncodedLength != 0) throw new FormatException($"{bytes.Length} bytes are no list of skipped records");
        var records = new SkippedRecord[bytes.Length / EncodedLength];
        for (var i = 0; i < records.Length; i++)
        {
            var entry = bytes.Slice(i * EncodedLength, EncodedLength);
            records[i] = new SkippedRecord(BinaryPrimitives.ReadUInt16BigEndian(entry), (SkipReason)entry[2]);
        }

        return records;
    }

    /// <inheritdoc/>
    public override string ToString() => $"record {Position}: {Reason}";
}
