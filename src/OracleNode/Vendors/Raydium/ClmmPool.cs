using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using OracleNode.Chains.Solana;

namespace OracleNode.Vendors.Raydium;

/// <summary>
/// What a pool's account says. Layout: raydium-io/raydium-clmm, programs/amm/src/states/pool.rs and config.rs (packed, little-endian, behind Anchor's 8-byte
/// discriminator). Later versions only added at the end, so the length is bounded from below alone.
/// </summary>
/// <param name="Config">Account with the fee.</param>
/// <param name="Mint0">The smaller of the two mints.</param>
/// <param name="Mint1">The larger.</param>
/// <param name="Vault0">Holds what the pool has of the first.</param>
/// <param name="Vault1">Holds what the pool has of the second.</param>
/// <param name="Decimals0">Of the first mint.</param>
/// <param name="Decimals1">Of the second mint.</param>
/// <param name="Liquidity">In range now.</param>
/// <param name="SqrtPriceX64">Square root of atoms of the second per atom of the first, 64 fraction bits.</param>
/// <param name="IsSwapDisabled">Whether its owner stopped swaps.</param>
/// <param name="OpensAt">Unix seconds before which nobody can swap.</param>
internal sealed record ClmmPool(
    SolanaAddress Config, SolanaAddress Mint0, SolanaAddress Mint1, SolanaAddress Vault0, SolanaAddress Vault1, int Decimals0, int Decimals1,
    UInt128 Liquidity, UInt128 SqrtPriceX64, bool IsSwapDisabled, ulong OpensAt)
{
    /// <summary>Raydium's concentrated-liquidity program on every cluster.</summary>
    public static readonly SolanaAddress Program = SolanaAddress.Parse("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK");

    /// <summary>The account's whole length today.</summary>
    public const int Length = 1544;

    internal const int ConfigOffset = 9;
    internal const int MintsOffset = 73;
    internal const int VaultsOffset = 137;
    internal const int DecimalsOffset = 233;
    internal const int LiquidityOffset = 237;
    internal const int SqrtPriceOffset = 253;
    internal const int StatusOffset = 389;
    internal const int OpenTimeOffset = 1080;

    private const int MinLength = OpenTimeOffset + sizeof(ulong);
    private const int SwapDisabledBit = 1 << 4;
    private const int FeeOffset = 47;
    private const int FeeDenominator = 1_000_000;

    /// <summary>First bytes of a pool's account.</summary>
    public static ReadOnlySpan<byte> Discriminator => PoolDiscriminator;

    /// <summary>First bytes of a configuration's account.</summary>
    public static ReadOnlySpan<byte> ConfigDiscriminator => AmmConfigDiscriminator;

    private static readonly byte[] PoolDiscriminator = SHA256.HashData("account:PoolState"u8)[..8];
    private static readonly byte[] AmmConfigDiscriminator = SHA256.HashData("account:AmmConfig"u8)[..8];

    /// <summary>Reads a pool.</summary>
    /// <returns>Null when read; else what was found and what would be right.</returns>
    public static string? TryRead(SolanaAccount? account, out ClmmPool pool)
    {
        pool = null!;
        if (account is null) return "there is no such account";
        if (account.Owner != Program) return $"its owner is {account.Owner}, not Raydium's program {Program}";
        ReadOnlySpan<byte> data = account.Data;
        if (data.Length < MinLength) return $"it has {data.Length} bytes, a pool at least {MinLength}";
        if (!data.StartsWith(Discriminator)) return $"it begins with {Convert.ToHexStringLower(data[..8])}, a pool with {Convert.ToHexStringLower(Discriminator)}";
        var (mint0, mint1) = (AddressAt(data, MintsOffset), AddressAt(data, MintsOffset + SolanaAddress.Length));
        if (data.Slice(MintsOffset, SolanaAddress.Length).SequenceCompareTo(data.Slice(MintsOffset + SolanaAddress.Length, SolanaAddress.Length)) >= 0)
            return $"its mints {mint0} and {mint1} are not in order";
        pool = new ClmmPool(
            AddressAt(data, ConfigOffset), mint0, mint1, AddressAt(data, VaultsOffset), AddressAt(data, VaultsOffset + SolanaAddress.Length),
            data[DecimalsOffset], data[DecimalsOffset + 1],
            BinaryPrimitives.ReadUInt128LittleEndian(data[LiquidityOffset..]), BinaryPrimitives.ReadUInt128LittleEndian(data[SqrtPriceOffset..]),
            (data[StatusOffset] & SwapDisabledBit) != 0, BinaryPrimitives.ReadUInt64LittleEndian(data[OpenTimeOffset..]));
        return null;
    }

    /// <summary>Reads the fee of a pool's configuration, in millionths.</summary>
    /// <returns>Null when read; else what was found and what would be right.</returns>
    public static string? TryReadFee(SolanaAccount? account, out int fee)
    {
        fee = 0;
        if (account is null) return "its configuration is missing";
        if (account.Owner != Program || account.Data.Length < FeeOffset + sizeof(uint) || !account.Data.AsSpan().StartsWith(ConfigDiscriminator)) return "its configuration is no account of Raydium's program with a fee";
        var read = BinaryPrimitives.ReadUInt32LittleEndian(account.Data.AsSpan(FeeOffset));
        if (read >= FeeDenominator) return $"its fee is {read} millionths";
        fee = (int)read;
        return null;
    }

    private static SolanaAddress AddressAt(ReadOnlySpan<byte> data, int offset) => new(data.Slice(offset, SolanaAddress.Length));
}
