using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>Instructions of the compute budget program. https://docs.rs/solana-compute-budget-interface</summary>
internal static class ComputeBudgetProgram
{
    /// <summary>Most compute units one transaction may ask for.</summary>
    public const uint MaxComputeUnitLimit = 1_400_000;

    /// <summary>Compute units the transaction may use; what is asked for is what the priority fee is charged on.</summary>
    public static SolanaInstruction SetComputeUnitLimit(uint units) => WithUInt32(2, units);

    /// <summary>Priority fee per compute unit, in micro-lamports.</summary>
    public static SolanaInstruction SetComputeUnitPrice(ulong microLamports)
    {
        var data = new byte[9];
        data[0] = 3;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(1), microLamports);
        return new SolanaInstruction(SolanaPrograms.ComputeBudget, [], data);
    }

    /// <summary>Bytes of account data the transaction may load; a small limit is scheduled sooner than the 64 MiB default.</summary>
    public static SolanaInstruction SetLoadedAccountsDataSizeLimit(uint bytes) => WithUInt32(4, bytes);

    private static SolanaInstruction WithUInt32(byte discriminator, uint value)
    {
        var data = new byte[5];
        data[0] = discriminator;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(1), value);
        return new SolanaInstruction(SolanaPrograms.ComputeBudget, [], data);
    }
}
