using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Instructions and account of the address lookup table program: a versioned transaction names an account of a table in one
/// byte instead of 32. https://docs.rs/solana-address-lookup-table-interface
/// </summary>
/// <param name="Active">False once its authority began to close it.</param>
/// <param name="Addresses">What it holds, in order.</param>
internal sealed record AddressLookupTable(bool Active, IReadOnlyList<SolanaAddress> Addresses)
{
    public static readonly SolanaAddress Program = SolanaAddress.Parse("AddressLookupTab1e1111111111111111111111111");

    /// <summary>Addresses that one Extend carries within a packet.</summary>
    public const int MostPerExtend = 20;

    /// <summary>Addresses that one table holds.</summary>
    public const int MostAddresses = 256;

    private const int Header = 56;

    /// <summary>Where the table of an authority and a slot is.</summary>
    public static (SolanaAddress Address, byte Bump) AddressOf(SolanaAddress authority, ulong slot) => ProgramDerivedAddress.Find(Program, authority.ToArray(), Slot(slot));

    /// <summary>Bytes of a table of so many addresses.</summary>
    public static int LengthOf(int addresses) => Header + 32 * addresses;

    /// <summary>0: creates the table of a recent slot.</summary>
    public static SolanaInstruction Create(SolanaAddress authority, SolanaAddress payer, ulong slot)
    {
        var (table, bump) = AddressOf(authority, slot);
        byte[] data = [0, 0, 0, 0, .. Slot(slot), bump];
        return new SolanaInstruction(Program, [AccountUse.Writable(table), AccountUse.Signer(authority), AccountUse.WritableSigner(payer), AccountUse.Readonly(SolanaPrograms.System)], data);
    }

    /// <summary>2: appends addresses.</summary>
    public static SolanaInstruction Extend(SolanaAddress table, SolanaAddress authority, SolanaAddress payer, IReadOnlyList<SolanaAddress> addresses)
    {
        var data = new byte[12 + 32 * addresses.Count];
        data[0] = 2;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), (ulong)addresses.Count);
        for (var i = 0; i < addresses.Count; i++) addresses[i].CopyTo(data.AsSpan(12 + 32 * i));
        return new SolanaInstruction(Program, [AccountUse.Writable(table), AccountUse.Signer(authority), AccountUse.WritableSigner(payer), AccountUse.Readonly(SolanaPrograms.System)], data);
    }

    /// <summary>Takes an account apart; null when it is no table.</summary>
    public static AddressLookupTable? TryDecode(byte[] data)
    {
        if (data.Length < Header || (data.Length - Header) % 32 != 0 || BinaryPrimitives.ReadUInt32LittleEndian(data) != 1) return null;
        var addresses = new SolanaAddress[(data.Length - Header) / 32];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = new SolanaAddress(data.AsSpan(Header + 32 * i, 32));
        return new AddressLookupTable(BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(4)) == ulong.MaxValue, addresses);
    }

    private static byte[] Slot(ulong slot)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, slot);
        return bytes;
    }
}
