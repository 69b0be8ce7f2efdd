using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>One feed's account.</summary>
/// <param name="Paused">Stopped by guardian or owner.</param>
/// <param name="Unit">What one unit of the price buys, as registered.</param>
/// <param name="Decimals">Of the price.</param>
/// <param name="MinPriceE8">Lowest price it takes, 1e-8.</param>
/// <param name="MaxPriceE8">Highest price it takes, 1e-8.</param>
/// <param name="Id">Feed id, computed by the program.</param>
/// <param name="Registry">The registry it belongs to.</param>
/// <param name="Sequence">Of the stored record; 0 when nothing was ever stored.</param>
/// <param name="Slot">In which it was stored.</param>
/// <param name="RecordBytes">The record as signed; empty when nothing was ever stored.</param>
/// <param name="Record">The record; null when nothing was ever stored.</param>
internal sealed record FeedAccount(
    bool Paused, byte Unit, byte Decimals, long MinPriceE8, long MaxPriceE8, FeedId Id, SolanaAddress Registry, ulong Sequence, ulong Slot, ReadOnlyMemory<byte> RecordBytes, FeedRecord? Record)
{
    public const int Length = 240;
    private const int RecordOffset = 128;

    private static ReadOnlySpan<byte> Letters => "ONFed"u8;

    /// <summary>Reads the account's data.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="feed">The feed, when it is one.</param>
    /// <param name="error">What is wrong and what would be right, when it is not.</param>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FeedAccount? feed, [NotNullWhen(false)] out string? error)
    {
        feed = null;
        error = AccountHeader.Check(data, Length, Letters);
        if (error is not null) return false;

        var id = new FeedId(data.Slice(16, 32));
        var sequence = BinaryPrimitives.ReadUInt64LittleEndian(data[96..]);
        var type = data[AccountHeader.StoredTypeOffset];
        var recordLength = RecordCodec.LengthOfType(type);
        FeedRecord? record = null;
        if (type == 0)
        {
            if (sequence != 0) error = $"it has sequence {sequence} but no record";
        }
        else if (recordLength == 0)
        {
            error = $"it names a record of type {type}, which this node does not know";
        }
        else
        {
            var decoded = RecordCodec.TryDecode(data.Slice(RecordOffset, recordLength), out var found);
            if (decoded != RecordError.None) error = $"its record of {recordLength} bytes is not canonical: {decoded}";
            else if (found.FeedTag != id.Tag) error = $"its record is of feed tag {found.FeedTag:x16}, the account of {id.Tag:x16}";
            else if (sequence == 0) error = "it has a record but sequence 0";
            record = found;
        }

        if (error is not null) return false;
        feed = new FeedAccount(
            AccountHeader.IsPaused(data),
            data[8],
            data[9],
            BinaryPrimitives.ReadInt64LittleEndian(data[80..]),
            BinaryPrimitives.ReadInt64LittleEndian(data[88..]),
            id,
            new SolanaAddress(data.Slice(48, 32)),
            sequence,
            BinaryPrimitives.ReadUInt64LittleEndian(data[112..]),
            data.Slice(RecordOffset, recordLength).ToArray(),
            record);
        return true;
    }
}
