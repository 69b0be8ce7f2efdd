using System.Buffers.Binary;
using NodaTime;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Vendors.Raydium;

/// <summary>One configured pool.</summary>
/// <param name="Address">Its account.</param>
/// <param name="Token">The token that it trades.</param>
/// <param name="Mint">The token's mint.</param>
internal sealed record PoolSpec(SolanaAddress Address, TokenId Token, SolanaAddress Mint);

/// <summary>Everything about a pool that stands at one slot, in the order in which it is asked for.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Pool">The pool's account.</param>
/// <param name="Config">Its configuration's.</param>
/// <param name="Vault0">Its first vault's.</param>
/// <param name="Vault1">Its second vault's.</param>
/// <param name="TokenMint">The token's mint.</param>
/// <param name="QuoteMint">The other mint.</param>
/// <param name="Clock">The clock of the chain.</param>
internal sealed record PoolAccounts(
    ulong Slot, SolanaAccount? Pool, SolanaAccount? Config, SolanaAccount? Vault0, SolanaAccount? Vault1, SolanaAccount? TokenMint, SolanaAccount? QuoteMint, SolanaAccount? Clock);

/// <summary>From accounts to a quote. Pure; everything is checked against everything else, since an endpoint may answer anything.</summary>
internal sealed class RaydiumParser(SourceId source, UpstreamId upstream, SolanaAddress quoteMint, int depthBps)
{
    private const int MaxDecimals = 18;
    private const int MintLength = 82;
    private const int DecimalsOffset = 44;
    private const int InitialisedOffset = 45;
    private const int TokenAccountLength = 165;
    private const int AmountOffset = 64;
    private const int ClockTimeOffset = 32;

    private static readonly SolanaAddress TokenProgram = SolanaAddress.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
    private static readonly SolanaAddress SysvarOwner = SolanaAddress.Parse("Sysvar1111111111111111111111111111111111111");

    /// <summary>Makes the quote.</summary>
    /// <returns>Null when made; else what was found and what would be right.</returns>
    public string? TryRead(PoolSpec spec, PoolAccounts accounts, out TokenMarketQuote quote)
    {
        quote = null!;
        if (ClmmPool.TryRead(accounts.Pool, out var pool) is { } error) return error;
        var tokenIsFirst = pool.Mint0 == spec.Mint;
        if ((tokenIsFirst ? pool.Mint1 : pool.Mint0) != quoteMint || (!tokenIsFirst && pool.Mint1 != spec.Mint))
            return $"it trades {pool.Mint0} against {pool.Mint1}, not the token {spec.Mint} against {quoteMint}";
        if (ClmmPool.TryReadFee(accounts.Config, out var fee) is { } feeError) return feeError;
        var (tokenDecimals, quoteDecimals) = tokenIsFirst ? (pool.Decimals0, pool.Decimals1) : (pool.Decimals1, pool.Decimals0);
        if (CheckMint(accounts.TokenMint, spec.Mint, tokenDecimals) is { } tokenError) return tokenError;
        if (CheckMint(accounts.QuoteMint, quoteMint, quoteDecimals) is { } quoteError) return quoteError;
        if (TryReadVault(accounts.Vault0, pool.Mint0, out var vault0) is { } vaultError) return vaultError;
        if (TryReadVault(accounts.Vault1, pool.Mint1, out var vault1) is { } otherError) return otherError;
        if (!TryReadTime(accounts.Clock, out var at)) return "the chain's clock is missing or says no time";

        // No liquidity in range, or no price yet: nobody can trade, and there is nothing to divide by.
        var isEmpty = pool.Liquidity == 0 || pool.SqrtPriceX64 == 0;
        var (bid, ask) = isEmpty ? default : PoolPrice.Of(pool, tokenIsFirst, fee);
        var (bidDepth, askDepth) = bid.IsNone ? default : PoolPrice.Depth(pool, tokenIsFirst, depthBps, tokenIsFirst ? vault0 : vault1, tokenIsFirst ? vault1 : vault0);
        var isOpen = !pool.IsSwapDisabled && (ulong)at.ToUnixTimeSeconds() >= pool.OpensAt;
        quote = new TokenMarketQuote(source, upstream, spec.Token, "USDC", FeedUnit.RawToken, bid, ask, default, bidDepth, askDepth, isOpen && !bid.IsNone, at);
        return null;
    }

    private static string? CheckMint(SolanaAccount? account, SolanaAddress mint, int decimals)
    {
        if (account is null || !IsTokenProgram(account.Owner) || account.Data.Length < MintLength || account.Data[InitialisedOffset] != 1) return $"{mint} is no initialised mint";
        if (account.Data[DecimalsOffset] != decimals || decimals > MaxDecimals) return $"the mint {mint} has {account.Data[DecimalsOffset]} decimals, the pool says {decimals}";
        return null;
    }

    private static string? TryReadVault(SolanaAccount? account, SolanaAddress mint, out ulong amount)
    {
        amount = 0;
        if (account is null || !IsTokenProgram(account.Owner) || account.Data.Length < TokenAccountLength || new SolanaAddress(account.Data.AsSpan(0, SolanaAddress.Length)) != mint)
            return $"its vault of {mint} is no token account of that mint";
        amount = BinaryPrimitives.ReadUInt64LittleEndian(account.Data.AsSpan(AmountOffset));
        return null;
    }

    private static bool IsTokenProgram(SolanaAddress owner) => owner == TokenProgram || owner == SolanaPrograms.Token2022;

    private static bool TryReadTime(SolanaAccount? account, out Instant at)
    {
        at = default;
        if (account is null || account.Owner != SysvarOwner || account.Data.Length < ClockTimeOffset + sizeof(long)) return false;
        return EpochTime.TryRead(BinaryPrimitives.ReadInt64LittleEndian(account.Data.AsSpan(ClockTimeOffset)), EpochUnit.Seconds, out at);
    }
}
