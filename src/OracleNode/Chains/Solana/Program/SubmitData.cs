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

    private static int Siblings(ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < PathOffset) return 0;
        int count = BinaryPrimitives.ReadUInt16BigEndian(envelope[CountOffset..]), first = BinaryPrimitives.ReadUInt16BigEndian(envelope[FirstOffset..]);
        int level = envelope[LevelOffset];
        var isRun = first < count && level <= MerkleTree.TopLevel(count) && first % (1 << level) == 0;
        return isRun ? MerkleTree.PathLength(first, level, count) : 0;
    }
}
