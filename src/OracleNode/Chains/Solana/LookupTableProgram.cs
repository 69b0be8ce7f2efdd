using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>Instructions of the address lookup table program; a table itself is a <see cref="LookupTable"/>. https://docs.rs/solana-address-lookup-table-interface</summary>
internal static class LookupTableProgram
{
    /// <summary>Addresses that one Extend carries within a packet.</summary>
    public const int MostPerExtend = 20;

    private const int Header = 56;

    /// <summary>Where the table of an authority and a slot is.</summary>
    public static (SolanaAddress Address, byte Bump) AddressOf(SolanaAddress authority, ulong slot) => ProgramDerivedAddress.Find(SolanaPrograms.AddressLookupTable, authority.ToArray(), Slot(slot));

    /// <summary>Bytes of a table of so many addresses.</summary>
    public static int LengthOf(int addresses) => Header + 32 * addresses;

    /// <summary>0: creates the table of a recent slot.</summary>
    public static SolanaInstruction Create(SolanaAddress authority, SolanaAddress payer, ulong slot)
    {
        var (table, bump) = AddressOf(authority, slot);
        byte[] data = [0, 0, 0, 0, .. Slot(slot), bump];
        return new SolanaInstruction(SolanaPrograms.AddressLookupTable, [AccountUse.Writable(table), AccountUse.Signer(authority), AccountUse.WritableSigner(payer), AccountUse.Readonly(SolanaPrograms.System)], data);
    }

    /// <summary>2: appends addresses.</summary>
    public static SolanaInstruction Extend(SolanaAddress table, SolanaAddress authority, SolanaAddress payer, IReadOnlyList<SolanaAddress> addresses)
    {
        var data = new byte[12 + 32 * addresses.Count];
        data[0] = 2;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), (ulong)addresses.Count);
        for (var i = 0; i < addresses.Count; i++) addresses[i].CopyTo(data.AsSpan(12 + 32 * i));
        return new SolanaInstruction(SolanaPrograms.AddressLookupTable, [AccountUse.Writable(table), AccountUse.Signer(authority), AccountUse.WritableSigner(payer), AccountUse.Readonly(SolanaPrograms.System)], data);
    }

    private static byte[] Slot(ulong slot)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, slot);
        return bytes;
    }
}
