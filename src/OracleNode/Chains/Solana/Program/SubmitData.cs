using System.Buffers.Binary;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>
/// The data of a Submit: the envelope as it is signed, with what spares the program compute units: how many siblings its path
/// has, and before each record the 0x00 with which its leaf begins.
/// </summary>
internal static class SubmitData
{
    private const byte Opcode = 6;

    /// <summary>Opcode, number of signatures, number of siblings.</summary>
    private const int Prefix = 3;

    private const int CountOffset = 21;
    private const int FirstOffset = BatchEnvelope.PrefixLength;
    private const int LevelOffset = FirstOffset + 2;
    private const int PathOffset = LevelOffset + 1;

    /// <summary>Encodes it. An envelope that is none is carried as it comes: refusing it is the program's part.</summary>
    /// <param name="signatures">Instruction index and signer index of each, ascending by signer.</param>
    /// <param name="envelope">Envelope without signatures.</param>
    public static byte[] Encode(IReadOnlyList<(int InstructionIndex, byte SignerIndex)> signatures, ReadOnlySpan<byte> envelope)
    {
        var siblings = Siblings(envelope);
        var data = new List<byte>(3 + 2 * signatures.Count + envelope.Length + 16) { Opcode, (byte)signatures.Count, (byte)siblings };
        foreach (var (instructionIndex, signerIndex) in signatures)
        {
            data.Add((byte)instructionIndex);
            data.Add(signerIndex);
        }

        var at = Math.Min(PathOffset + 32 * siblings, envelope.Length);
        data.AddRange(envelope[..at]);
        while (at < envelope.Length)
        {
            var rest = envelope.Length - at;
            var length = RecordCodec.LengthOfType(envelope[at]);
            if (length == 0 || length > rest) length = rest;
            data.Add(0);
            data.AddRange(envelope.Slice(at, length));
            at += length;
        }

        return [.. data];
    }

    /// <summary>Takes the data of a Submit apart; null for any other instruction, and for what <see cref="Encode"/> would not make.</summary>
    public static (IReadOnlyList<(int InstructionIndex, byte SignerIndex)> Signatures, byte[] Envelope)? TryDecode(ReadOnlySpan<byte> data)
    {
        if (data.Length < Prefix || data[0] != Opcode || data.Length < Prefix + 2 * data[1]) return null;
        var signatures = new (int, byte)[data[1]];
        for (var i = 0; i < signatures.Length; i++) signatures[i] = (data[Prefix + 2 * i], data[Prefix + 1 + 2 * i]);

        var rest = data[(Prefix + 2 * signatures.Length)..];
        var records = PathOffset + 32 * data[2];
        if (rest.Length < records) return null;
        var envelope = new List<byte>(rest.Length);
        envelope.AddRange(rest[..records]);
        rest = rest[records..];
        while (rest.Length > 1)
        {
            var length = RecordCodec.LengthOfType(rest[1]);
            if (rest[0] != 0 || length == 0 || length > rest.Length - 1) return null;
            envelope.AddRange(rest.Slice(1, length));
            rest = rest[(1 + length)..];
        }

        return rest.IsEmpty ? (signatures, [.. envelope]) : null;
    }

    private static int Siblings(ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < PathOffset) return 0;
        int count = BinaryPrimitives.ReadUInt16BigEndian(envelope[CountOffset..]), first = BinaryPrimitives.ReadUInt16BigEndian(envelope[FirstOffset..]);
        int level = envelope[LevelOffset];
        var isRun = first < count && level <= MerkleTree.TopLevel(count) && first % (1 << level) == 0;
        return isRun ? MerkleTree.PathLength(first, level, count) : 0;
    }
}
