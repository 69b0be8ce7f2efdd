using System.Buffers.Binary;
using System.Text;

namespace OracleNode.Chains.Solana;

/// <summary>Instructions of the system program. https://docs.rs/solana-system-interface</summary>
internal static class SystemProgram
{
    /// <summary>Creates the account at <see cref="SolanaAddress.WithSeed"/>, paid by the funder.</summary>
    /// <param name="funder">Pays the lamports; signs.</param>
    /// <param name="baseAddress">Base of the derivation; signs.</param>
    /// <param name="seed">At most 32 bytes.</param>
    /// <param name="lamports">At least the rent-exempt minimum of the size.</param>
    /// <param name="space">Bytes of data.</param>
    /// <param name="owner">Program that will own it.</param>
    public static SolanaInstruction CreateAccountWithSeed(
        SolanaAddress funder, SolanaAddress baseAddress, string seed, ulong lamports, ulong space, SolanaAddress owner)
    {
        var created = SolanaAddress.WithSeed(baseAddress, seed, owner);
        var seedBytes = Encoding.UTF8.GetBytes(seed);
        var data = new byte[4 + 32 + 8 + seedBytes.Length + 8 + 8 + 32];
        var rest = data.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(rest, 3);
        baseAddress.CopyTo(rest[4..]);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[36..], (ulong)seedBytes.Length);
        seedBytes.CopyTo(rest[44..]);
        rest = rest[(44 + seedBytes.Length)..];
        BinaryPrimitives.WriteUInt64LittleEndian(rest, lamports);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], space);
        owner.CopyTo(rest[16..]);

        AccountUse[] accounts = baseAddress == funder
            ? [AccountUse.WritableSigner(funder), AccountUse.Writable(created)]
            : [AccountUse.WritableSigner(funder), AccountUse.Writable(created), AccountUse.Signer(baseAddress)];
        return new SolanaInstruction(SolanaPrograms.System, accounts, data);
    }
}
