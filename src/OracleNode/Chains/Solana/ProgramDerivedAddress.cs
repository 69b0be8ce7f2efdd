using System.Numerics;
using System.Security.Cryptography;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Addresses that belong to a program and have no key: a hash over seeds, the program and a mark, with the first bump from
/// 255 down that puts it off the curve. https://solana.com/docs/core/pda
/// </summary>
internal static class ProgramDerivedAddress
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * BigInteger.ModPow(121666, P - 2, P));

    private static ReadOnlySpan<byte> Mark => "ProgramDerivedAddress"u8;

    /// <summary>The address and its bump.</summary>
    public static (SolanaAddress Address, byte Bump) Find(SolanaAddress program, params ReadOnlySpan<byte[]> seeds)
    {
        byte[] seed = [];
        foreach (var part in seeds) seed = [.. seed, .. part];
        for (var bump = 255; bump >= 0; bump--)
        {
            var hash = SHA256.HashData([.. seed, (byte)bump, .. program.ToArray(), .. Mark]);
            if (!IsOnCurve(hash)) return (new SolanaAddress(hash), (byte)bump);
        }

        throw new InvalidOperationException($"No bump puts the seeds of program {program} off the curve.");
    }

    /// <summary>True when the bytes decompress to a point of edwards25519: when there is an x for their y.</summary>
    internal static bool IsOnCurve(ReadOnlySpan<byte> bytes)
    {
        Span<byte> y = stackalloc byte[32];
        bytes.CopyTo(y);
        y[31] &= 0x7F;
        var ySquared = BigInteger.ModPow(new BigInteger(y, isUnsigned: true), 2, P);
        var xSquared = Mod((ySquared - 1) * BigInteger.ModPow(Mod(D * ySquared + 1), P - 2, P));
        return xSquared.IsZero || BigInteger.ModPow(xSquared, (P - 1) / 2, P).IsOne;
    }

    private static BigInteger Mod(BigInteger value)
    {
        var remainder = value % P;
        return remainder.Sign < 0 ? remainder + P : remainder;
    }
}
