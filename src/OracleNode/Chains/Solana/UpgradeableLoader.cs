using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Instructions and accounts of loader v3, which deploys programs: code is written to a buffer, piece by piece, and the
/// buffer becomes a program's data. https://docs.rs/solana-loader-v3-interface
/// </summary>
internal static class UpgradeableLoader
{
    /// <summary>Bytes before the code in a buffer account.</summary>
    public const int BufferHeader = 37;

    /// <summary>Bytes before the code in a program-data account.</summary>
    public const int ProgramDataHeader = 45;

    /// <summary>Bytes of a program account.</summary>
    public const int ProgramLength = 36;

    private const uint BufferState = 1;
    private const uint ProgramState = 2;
    private const uint ProgramDataState = 3;

    private static readonly SolanaAddress RentSysvar = SolanaAddress.Parse("SysvarRent111111111111111111111111111111111");
    private static readonly SolanaAddress ClockSysvar = SolanaAddress.Parse("SysvarC1ock11111111111111111111111111111111");

    /// <summary>Where the code of a program is.</summary>
    public static SolanaAddress ProgramData(SolanaAddress program) => ProgramDerivedAddress.Find(SolanaPrograms.UpgradeableLoader, program.ToArray()).Address;

    /// <summary>0: makes a fresh account a buffer.</summary>
    public static SolanaInstruction InitializeBuffer(SolanaAddress buffer, SolanaAddress authority) =>
        new(SolanaPrograms.UpgradeableLoader, [AccountUse.Writable(buffer), AccountUse.Readonly(authority)], UInt32(0));

    /// <summary>1: writes code into a buffer.</summary>
    public static SolanaInstruction Write(SolanaAddress buffer, SolanaAddress authority, int offset, ReadOnlySpan<byte> code)
    {
        var data = new byte[4 + 4 + 8 + code.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(data, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), (uint)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(8), (ulong)code.Length);
        code.CopyTo(data.AsSpan(16));
        return new SolanaInstruction(SolanaPrograms.UpgradeableLoader, [AccountUse.Writable(buffer), AccountUse.Signer(authority)], data);
    }

    /// <summary>2: a fresh program account gets the buffer's code; the buffer is used up.</summary>
    public static SolanaInstruction DeployWithMaxDataLen(SolanaAddress payer, SolanaAddress program, SolanaAddress buffer, SolanaAddress authority, int maxDataLength)
    {
        var data = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(data, 2);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), (ulong)maxDataLength);
        AccountUse[] accounts =
        [
            AccountUse.WritableSigner(payer), AccountUse.Writable(ProgramData(program)), AccountUse.Writable(program), AccountUse.Writable(buffer),
            AccountUse.Readonly(RentSysvar), AccountUse.Readonly(ClockSysvar), AccountUse.Readonly(SolanaPrograms.System), AccountUse.Signer(authority),
        ];
        return new SolanaInstruction(SolanaPrograms.UpgradeableLoader, accounts, data);
    }

    /// <summary>4 without a new authority: the program can never be changed again.</summary>
    public static SolanaInstruction MakeImmutable(SolanaAddress program, SolanaAddress authority) =>
        new(SolanaPrograms.UpgradeableLoader, [AccountUse.Writable(ProgramData(program)), AccountUse.Signer(authority)], UInt32(4));

    /// <summary>Takes a buffer account apart; null when it is none.</summary>
    public static (SolanaAddress? Authority, byte[] Code)? ReadBuffer(byte[] data) =>
        data.Length >= BufferHeader && BinaryPrimitives.ReadUInt32LittleEndian(data) == BufferState
            ? (Option(data.AsSpan(4)), data[BufferHeader..])
            : null;

    /// <summary>Where a program account keeps its code; null when it is none.</summary>
    public static SolanaAddress? ReadProgram(byte[] data) =>
        data.Length == ProgramLength && BinaryPrimitives.ReadUInt32LittleEndian(data) == ProgramState ? new SolanaAddress(data.AsSpan(4)) : null;

    /// <summary>Takes a program-data account apart; null when it is none.</summary>
    public static (ulong Slot, SolanaAddress? Authority, byte[] Code)? ReadProgramData(byte[] data) =>
        data.Length >= ProgramDataHeader && BinaryPrimitives.ReadUInt32LittleEndian(data) == ProgramDataState
            ? (BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(4)), Option(data.AsSpan(12)), data[ProgramDataHeader..])
            : null;

    private static SolanaAddress? Option(ReadOnlySpan<byte> data) => data[0] == 1 ? new SolanaAddress(data.Slice(1, 32)) : null;

    private static byte[] UInt32(uint value)
    {
        var data = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(data, value);
        return data;
    }
}
