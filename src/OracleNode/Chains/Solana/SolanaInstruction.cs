namespace OracleNode.Chains.Solana;

/// <summary>How an instruction uses an account.</summary>
/// <param name="Address">The account.</param>
/// <param name="IsSigner">Its key signs the transaction.</param>
/// <param name="IsWritable">The instruction may change it.</param>
internal readonly record struct AccountUse(SolanaAddress Address, bool IsSigner, bool IsWritable)
{
    public static AccountUse Readonly(SolanaAddress address) => new(address, false, false);
    public static AccountUse Writable(SolanaAddress address) => new(address, false, true);
    public static AccountUse Signer(SolanaAddress address) => new(address, true, false);
    public static AccountUse WritableSigner(SolanaAddress address) => new(address, true, true);
}

/// <summary>One call of one program.</summary>
internal sealed record SolanaInstruction(SolanaAddress Program, IReadOnlyList<AccountUse> Accounts, ReadOnlyMemory<byte> Data);
