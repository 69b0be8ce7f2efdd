using System.Buffers.Binary;
using System.Security.Cryptography;
using OracleNode.Chains.Solana;

namespace OracleNode.Chains;

/// <summary>
/// A concentrated-liquidity pool as Raydium's pools are on mainnet, with its configuration and vaults, written from the layout's description. Every member may be a lie.
/// </summary>
internal sealed record RaydiumPool(SolanaAddress Address, SolanaAddress Mint0, SolanaAddress Mint1)
{
    private const int PoolLength = 1544;
    private const int ConfigLength = 117;
    private const int TokenAccountLength = 165;

    private static readonly SolanaAddress RaydiumProgram = SolanaAddress.Parse("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK");
    private static readonly SolanaAddress TokenProgram = SolanaAddress.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

    public SolanaAddress Program { get; init; } = RaydiumProgram;

    /// <summary>Name that the discriminator is made of.</summary>
    public string AccountName { get; init; } = "PoolState";

    public byte Decimals0 { get; init; } = 8;

    public byte Decimals1 { get; init; } = 6;

    public UInt128 Liquidity { get; init; } = 1_000_000_000_000;

    /// <summary>Square root of atoms of the second mint per atom of the first, 64 fraction bits.</summary>
    public UInt128 SqrtPriceX64 { get; init; } = (UInt128)1 << 64;

    public byte Status { get; init; }

    /// <summary>Unix seconds.</summary>
    public ulong OpensAt { get; init; }

    /// <summary>Millionths.</summary>
    public uint TradeFee { get; init; } = 2_500;

    public ulong Vault0Atoms { get; init; } = 1_000_000_000_000;

    public ulong Vault1Atoms { get; init; } = 1_000_000_000_000;

    /// <summary>What the first vault holds; the first mint unless it lies.</summary>
    public SolanaAddress? Vault0Mint { get; init; }

    /// <summary>Whether the account is cut off after so many bytes; 0 for whole.</summary>
    public int CutTo { get; init; }

    /// <summary>Places the pool, its configuration and its vaults.</summary>
    public async Task PlaceAsync(LiteSvmChain chain, CancellationToken cancellationToken)
    {
        await chain.SetAccountAsync(Config, RaydiumProgram, EncodeConfig(), cancellationToken);
        await chain.SetAccountAsync(Vault0, TokenProgram, EncodeVault(Vault0Mint ?? Mint0, Vault0Atoms), cancellationToken);
        await chain.SetAccountAsync(Vault1, TokenProgram, EncodeVault(Mint1, Vault1Atoms), cancellationToken);
        await MoveAsync(chain, cancellationToken);
    }

    /// <summary>Places the pool itself, once it stands: its price and what else of it has changed.</summary>
    public Task MoveAsync(LiteSvmChain chain, CancellationToken cancellationToken) => chain.SetAccountAsync(Address, Program, EncodePool(), cancellationToken);

    /// <summary>An SPL mint without extensions, such as USDC's.</summary>
    public static Task PlaceMintAsync(LiteSvmChain chain, SolanaAddress mint, byte decimals, CancellationToken cancellationToken)
    {
        var data = new byte[82];
        data[44] = decimals;
        data[45] = 1;
        return chain.SetAccountAsync(mint, TokenProgram, data, cancellationToken);
    }

    private SolanaAddress Config => Derived("config");

    private SolanaAddress Vault0 => Derived("vault0");

    private SolanaAddress Vault1 => Derived("vault1");

    private SolanaAddress Derived(string name) => new(SHA256.HashData([.. Address.ToArray(), .. System.Text.Encoding.ASCII.GetBytes(name)]));

    private byte[] EncodePool()
    {
        var data = new byte[PoolLength];
        Discriminator(AccountName).CopyTo(data, 0);
        Config.CopyTo(data.AsSpan(9));
        Address.CopyTo(data.AsSpan(41));
        Mint0.CopyTo(data.AsSpan(73));
        Mint1.CopyTo(data.AsSpan(105));
        Vault0.CopyTo(data.AsSpan(137));
        Vault1.CopyTo(data.AsSpan(169));
        data[233] = Decimals0;
        data[234] = Decimals1;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(235), 10);
        BinaryPrimitives.WriteUInt128LittleEndian(data.AsSpan(237), Liquidity);
        BinaryPrimitives.WriteUInt128LittleEndian(data.AsSpan(253), SqrtPriceX64);
        data[389] = Status;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(1080), OpensAt);
        return CutTo == 0 ? data : data[..CutTo];
    }

    private byte[] EncodeConfig()
    {
        var data = new byte[ConfigLength];
        Discriminator("AmmConfig").CopyTo(data, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(43), 120_000);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(47), TradeFee);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(51), 10);
        return data;
    }

    private byte[] EncodeVault(SolanaAddress mint, ulong atoms)
    {
        var data = new byte[TokenAccountLength];
        mint.CopyTo(data);
        Address.CopyTo(data.AsSpan(32));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(64), atoms);
        data[108] = 1;
        return data;
    }

    private static byte[] Discriminator(string name) => SHA256.HashData(System.Text.Encoding.ASCII.GetBytes("account:" + name))[..8];
}
