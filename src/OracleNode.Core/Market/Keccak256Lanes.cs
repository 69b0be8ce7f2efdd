using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OracleNode.Market;

/// <summary>
/// keccak256 of four messages of one length at once, one in each lane of a vector: a tree over a thousand records hashes five thousand blocks,
/// which one at a time is most of what a batch costs. The permutation is that of FIPS 202, section 3.2.
/// </summary>
internal static class Keccak256Lanes
{
    /// <summary>Messages hashed at once.</summary>
    public const int Count = 4;

    private const int RateBytes = 136;
    private const int StateWords = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>True where the machine has vectors that make this worth while.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    /// <summary>Writes the four hashes back to back.</summary>
    /// <param name="a">First message.</param>
    /// <param name="b">Second, of the same length.</param>
    /// <param name="c">Third, of the same length.</param>
    /// <param name="d">Fourth, of the same length.</param>
    /// <param name="hashes">128 bytes; may overlap the messages.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is no room for the hashes.</exception>
    public static void Hash(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, Span<byte> hashes)
    {
        if (b.Length != a.Length || c.Length != a.Length || d.Length != a.Length)
            throw new ArgumentException($"Messages of {a.Length}, {b.Length}, {c.Length} and {d.Length} bytes are not of one length.");
        if (hashes.Length < Count * Keccak256.Length) throw new ArgumentException($"Four hashes need {Count * Keccak256.Length} bytes, not {hashes.Length}.", nameof(hashes));

        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[StateWords];
        state.Clear();
        while (a.Length >= RateBytes)
        {
            Absorb(state, a, b, c, d);
            Permute(state);
            a = a[RateBytes..];
            b = b[RateBytes..];
            c = c[RateBytes..];
            d = d[RateBytes..];
        }

        Span<byte> last = stackalloc byte[Count * RateBytes];
        last.Clear();
        Pad(a, last[..RateBytes]);
        Pad(b, last.Slice(RateBytes, RateBytes));
        Pad(c, last.Slice(2 * RateBytes, RateBytes));
        Pad(d, last.Slice(3 * RateBytes, RateBytes));
        Absorb(state, last[..RateBytes], last.Slice(RateBytes, RateBytes), last.Slice(2 * RateBytes, RateBytes), last.Slice(3 * RateBytes, RateBytes));
        Permute(state);
        for (var word = 0; word < Keccak256.Length / sizeof(ulong); word++)
        {
            for (var lane = 0; lane < Count; lane++)
                BinaryPrimitives.WriteUInt64LittleEndian(hashes[((lane * Keccak256.Length) + (word * sizeof(ulong)))..], state[word].GetElement(lane));
        }
    }

    private static void Pad(ReadOnlySpan<byte> rest, Span<byte> block)
    {
        rest.CopyTo(block);
        block[rest.Length] = 0x01;
        block[RateBytes - 1] |= 0x80;
    }

    private static void Absorb(Span<Vector256<ulong>> state, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        for (var at = 0; at < RateBytes; at += sizeof(ulong))
        {
            state[at / sizeof(ulong)] ^= Vector256.Create(
                BinaryPrimitives.ReadUInt64LittleEndian(a[at..]), BinaryPrimitives.ReadUInt64LittleEndian(b[at..]),
                BinaryPrimitives.ReadUInt64LittleEndian(c[at..]), BinaryPrimitives.ReadUInt64LittleEndian(d[at..]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateLeft(Vector256<ulong> value, int bits) =>
        Vector256.ShiftLeft(value, bits) | Vector256.ShiftRightLogical(value, 64 - bits);

    /// <summary>Twenty-four rounds: theta, rho and pi, chi, iota. Written out, so that the state stays in registers as far as it can.</summary>
    private static void Permute(Span<Vector256<ulong>> state)
    {
        var a0 = state[0];
        var a1 = state[1];
        var a2 = state[2];
        var a3 = state[3];
        var a4 = state[4];
        var a5 = state[5];
        var a6 = state[6];
        var a7 = state[7];
        var a8 = state[8];
        var a9 = state[9];
        var a10 = state[10];
        var a11 = state[11];
        var a12 = state[12];
        var a13 = state[13];
        var a14 = state[14];
        var a15 = state[15];
        var a16 = state[16];
        var a17 = state[17];
        var a18 = state[18];
        var a19 = state[19];
        var a20 = state[20];
        var a21 = state[21];
        var a22 = state[22];
        var a23 = state[23];
        var a24 = state[24];
        foreach (var constant in RoundConstants)
        {
            var c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
            var c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
            var c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
            var c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
            var c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
            var d0 = c4 ^ RotateLeft(c1, 1);
            var d1 = c0 ^ RotateLeft(c2, 1);
            var d2 = c1 ^ RotateLeft(c3, 1);
            var d3 = c2 ^ RotateLeft(c4, 1);
            var d4 = c3 ^ RotateLeft(c0, 1);
            var b0 = a0 ^ d0;
            var b1 = RotateLeft(a6 ^ d1, 44);
            var b2 = RotateLeft(a12 ^ d2, 43);
            var b3 = RotateLeft(a18 ^ d3, 21);
            var b4 = RotateLeft(a24 ^ d4, 14);
            var b5 = RotateLeft(a3 ^ d3, 28);
            var b6 = RotateLeft(a9 ^ d4, 20);
            var b7 = RotateLeft(a10 ^ d0, 3);
            var b8 = RotateLeft(a16 ^ d1, 45);
            var b9 = RotateLeft(a22 ^ d2, 61);
            var b10 = RotateLeft(a1 ^ d1, 1);
            var b11 = RotateLeft(a7 ^ d2, 6);
            var b12 = RotateLeft(a13 ^ d3, 25);
            var b13 = RotateLeft(a19 ^ d4, 8);
            var b14 = RotateLeft(a20 ^ d0, 18);
            var b15 = RotateLeft(a4 ^ d4, 27);
            var b16 = RotateLeft(a5 ^ d0, 36);
            var b17 = RotateLeft(a11 ^ d1, 10);
            var b18 = RotateLeft(a17 ^ d2, 15);
            var b19 = RotateLeft(a23 ^ d3, 56);
            var b20 = RotateLeft(a2 ^ d2, 62);
            var b21 = RotateLeft(a8 ^ d3, 55);
            var b22 = RotateLeft(a14 ^ d4, 39);
            var b23 = RotateLeft(a15 ^ d0, 41);
            var b24 = RotateLeft(a21 ^ d1, 2);
            a0 = b0 ^ Vector256.AndNot(b2, b1) ^ Vector256.Create(constant);
            a1 = b1 ^ Vector256.AndNot(b3, b2);
            a2 = b2 ^ Vector256.AndNot(b4, b3);
            a3 = b3 ^ Vector256.AndNot(b0, b4);
            a4 = b4 ^ Vector256.AndNot(b1, b0);
            a5 = b5 ^ Vector256.AndNot(b7, b6);
            a6 = b6 ^ Vector256.AndNot(b8, b7);
            a7 = b7 ^ Vector256.AndNot(b9, b8);
            a8 = b8 ^ Vector256.AndNot(b5, b9);
            a9 = b9 ^ Vector256.AndNot(b6, b5);
            a10 = b10 ^ Vector256.AndNot(b12, b11);
            a11 = b11 ^ Vector256.AndNot(b13, b12);
            a12 = b12 ^ Vector256.AndNot(b14, b13);
            a13 = b13 ^ Vector256.AndNot(b10, b14);
            a14 = b14 ^ Vector256.AndNot(b11, b10);
            a15 = b15 ^ Vector256.AndNot(b17, b16);
            a16 = b16 ^ Vector256.AndNot(b18, b17);
            a17 = b17 ^ Vector256.AndNot(b19, b18);
            a18 = b18 ^ Vector256.AndNot(b15, b19);
            a19 = b19 ^ Vector256.AndNot(b16, b15);
            a20 = b20 ^ Vector256.AndNot(b22, b21);
            a21 = b21 ^ Vector256.AndNot(b23, b22);
            a22 = b22 ^ Vector256.AndNot(b24, b23);
            a23 = b23 ^ Vector256.AndNot(b20, b24);
            a24 = b24 ^ Vector256.AndNot(b21, b20);
        }

        state[0] = a0;
        state[1] = a1;
        state[2] = a2;
        state[3] = a3;
        state[4] = a4;
        state[5] = a5;
        state[6] = a6;
        state[7] = a7;
        state[8] = a8;
        state[9] = a9;
        state[10] = a10;
        state[11] = a11;
        state[12] = a12;
        state[13] = a13;
        state[14] = a14;
        state[15] = a15;
        state[16] = a16;
        state[17] = a17;
        state[18] = a18;
        state[19] = a19;
        state[20] = a20;
        state[21] = a21;
        state[22] = a22;
        state[23] = a23;
        state[24] = a24;
    }
}
