namespace OracleNode.Chains.Solana;

/// <summary>Addresses that are the same on every Solana cluster.</summary>
internal static class SolanaPrograms
{
    public static readonly SolanaAddress System;
    public static readonly SolanaAddress ComputeBudget = SolanaAddress.Parse("ComputeBudget111111111111111111111111111111");
    public static readonly SolanaAddress Ed25519 = SolanaAddress.Parse("Ed25519SigVerify111111111111111111111111111");
    public static readonly SolanaAddress InstructionsSysvar = SolanaAddress.Parse("Sysvar1nstructions1111111111111111111111111");
    public static readonly SolanaAddress ClockSysvar = SolanaAddress.Parse("SysvarC1ock11111111111111111111111111111111");
    public static readonly SolanaAddress AddressLookupTable = SolanaAddress.Parse("AddressLookupTab1e1111111111111111111111111");
    public static readonly SolanaAddress NativeLoader = SolanaAddress.Parse("NativeLoader1111111111111111111111111111111");
    public static readonly SolanaAddress UpgradeableLoader = SolanaAddress.Parse("BPFLoaderUpgradeab1e11111111111111111111111");
    public static readonly SolanaAddress Loader2 = SolanaAddress.Parse("BPFLoader2111111111111111111111111111111111");
    public static readonly SolanaAddress LoaderV4 = SolanaAddress.Parse("LoaderV411111111111111111111111111111111111");
    public static readonly SolanaAddress Token2022 = SolanaAddress.Parse("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

    /// <summary>True when an account of this owner can be an executable program.</summary>
    public static bool IsLoader(SolanaAddress owner) => owner == UpgradeableLoader || owner == Loader2 || owner == LoaderV4;
}
