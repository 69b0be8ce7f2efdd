using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OracleNode.Chains.Solana;

/// <summary>The program's registry: who may sign, what is paused, how old an attestation may be.</summary>
internal sealed record RegistryAccount(
    bool Paused,
    ulong Deployment,
    SolanaAddress GenesisHash,
    SolanaAddress Base,
    SolanaAddress Owner,
    SolanaAddress PendingOwner,
    SolanaAddress Guardian,
    ulong MaxFutureMillis,
    ulong MaxAttestationAgeMillis,
    SignerSet Current,
    SignerSet Previous,
    SignerSet Pending)
{
    public const int Length = 1792;

    private static ReadOnlySpan<byte> Letters => "ONReg"u8;

    /// <summary>Reads the account's data.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="registry">The registry, when it is one.</param>
    /// <param name="error">What is wrong and what would be right, when it is not.</param>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RegistryAccount? registry, [NotNullWhen(false)] out string? error)
    {
        registry = null;
        error = AccountHeader.Check(data, Length, Letters);
        if (error is not null) return false;
        registry = new RegistryAccount(
            AccountHeader.IsPaused(data),
            BinaryPrimitives.ReadUInt64BigEndian(data[16..]),
            new SolanaAddress(data.Slice(24, 32)),
            new SolanaAddress(data.Slice(56, 32)),
            new SolanaAddress(data.Slice(88, 32)),
            new SolanaAddress(data.Slice(120, 32)),
            new SolanaAddress(data.Slice(152, 32)),
            BinaryPrimitives.ReadUInt64LittleEndian(data[184..]),
            BinaryPrimitives.ReadUInt64LittleEndian(data[192..]),
            SignerSet.Decode(data[208..736]),
            SignerSet.Decode(data[736..1264]),
            SignerSet.Decode(data[1264..1792]));
        return true;
    }
}

/// <summary>The keys of one epoch.</summary>
/// <param name="Epoch">0 = no set.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Revoked">Bit i = key i.</param>
/// <param name="ValidUntilUnixSeconds">0 = no end.</param>
/// <param name="Keys">By signer index.</param>
internal sealed record SignerSet(uint Epoch, byte Threshold, ushort Revoked, long ValidUntilUnixSeconds, IReadOnlyList<SolanaAddress> Keys)
{
    public const int MaxKeys = 16;

    public bool IsRevoked(int signerIndex) => (Revoked >> signerIndex & 1) != 0;

    internal static SignerSet Decode(ReadOnlySpan<byte> data)
    {
        var keys = new SolanaAddress[Math.Min(data[5], (byte)MaxKeys)];
        for (var i = 0; i < keys.Length; i++) keys[i] = new SolanaAddress(data.Slice(16 + 32 * i, 32));
        return new SignerSet(
            BinaryPrimitives.ReadUInt32LittleEndian(data),
            data[4],
            BinaryPrimitives.ReadUInt16LittleEndian(data[6..]),
            BinaryPrimitives.ReadInt64LittleEndian(data[8..]),
            keys);
    }
}
