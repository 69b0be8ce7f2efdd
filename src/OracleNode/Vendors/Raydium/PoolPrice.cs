using System.Numerics;
using OracleNode.Market;

namespace OracleNode.Vendors.Raydium;

/// <summary>
/// What a token costs in a pool and how much of it the pool buys and sells near that price. Whole numbers throughout; prices of bids and amounts are rounded down, of
/// asks up.
/// </summary>
internal static class PoolPrice
{
    private const int FeeDenominator = 1_000_000;
    private const int BpsDenominator = 10_000;

    /// <summary>Fraction bits of the square root; its square has twice as many.</summary>
    private const int SqrtBits = 64;

    /// <summary>Price at which the pool buys a token, and at which it sells one, fee included; none where it does not fit.</summary>
    /// <param name="pool">With a positive square root of its price.</param>
    /// <param name="tokenIsFirst">Whether the token is the pool's first mint.</param>
    /// <param name="feeMillionths">Fee of a swap.</param>
    public static (Price Bid, Price Ask) Of(ClmmPool pool, bool tokenIsFirst, int feeMillionths)
    {
        var (numerator, denominator) = Ratio(pool, tokenIsFirst);
        var bid = numerator * (FeeDenominator - feeMillionths) / (denominator * FeeDenominator);
        var ask = Ceiling(numerator * FeeDenominator, denominator * (FeeDenominator - feeMillionths));
        // Without a fee, and a price that is whole, both would be one.
        if (ask == bid) ask++;
        return bid.IsZero || ask > long.MaxValue ? default : (Price.FromE8((long)bid), Price.FromE8((long)ask));
    }

    /// <summary>
    /// Units of the token, scaled by 1e8, that the liquidity in range buys and sells within a distance of its price, and no more than the vaults hold. It is as if that liquidity reached so far:
    /// where it changes at a tick in between is not read.
    /// </summary>
    public static (long BidE8, long AskE8) Depth(ClmmPool pool, bool tokenIsFirst, int bps, ulong tokenVault, ulong quoteVault)
    {
        var here = (BigInteger)pool.SqrtPriceX64;
        // The token's price moves with the pool's when it is the first mint, and against it when it is the second.
        var (up, down) = tokenIsFirst
            ? (Sqrt(here * here * (BpsDenominator + bps) / BpsDenominator), Sqrt(here * here * (BpsDenominator - bps) / BpsDenominator))
            : (Sqrt(here * here * BpsDenominator / (BpsDenominator + bps)), Sqrt(here * here * BpsDenominator / (BpsDenominator - bps)));
        var sells = BigInteger.Min(Atoms(pool, tokenIsFirst, here, up), tokenVault);
        var buys = Atoms(pool, tokenIsFirst, here, down);

        // What it buys it pays for from the other vault.
        var (numerator, denominator) = Ratio(pool, tokenIsFirst);
        var affordable = quoteVault * BigInteger.Pow(10, TokenDecimals(pool, tokenIsFirst) + Price.Decimals) * denominator / (numerator * BigInteger.Pow(10, QuoteDecimals(pool, tokenIsFirst)));
        return (Units(pool, tokenIsFirst, BigInteger.Min(buys, affordable)), Units(pool, tokenIsFirst, sells));
    }

    /// <summary>Quote units of 1e-8 per token as a fraction: the square of the root, or its inverse, and both mints' decimals.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) Ratio(ClmmPool pool, bool tokenIsFirst)
    {
        var square = (BigInteger)pool.SqrtPriceX64 * pool.SqrtPriceX64;
        var one = BigInteger.One << (2 * SqrtBits);
        var (token, quote) = (BigInteger.Pow(10, TokenDecimals(pool, tokenIsFirst) + Price.Decimals), BigInteger.Pow(10, QuoteDecimals(pool, tokenIsFirst)));
        return tokenIsFirst ? (square * token, one * quote) : (one * token, square * quote);
    }

    private static int TokenDecimals(ClmmPool pool, bool tokenIsFirst) => tokenIsFirst ? pool.Decimals0 : pool.Decimals1;

    private static int QuoteDecimals(ClmmPool pool, bool tokenIsFirst) => tokenIsFirst ? pool.Decimals1 : pool.Decimals0;

    /// <summary>Atoms of the token that change hands between two prices: of the first mint L(1/a - 1/b), of the second L(b - a).</summary>
    private static BigInteger Atoms(ClmmPool pool, bool tokenIsFirst, BigInteger from, BigInteger to)
    {
        var difference = BigInteger.Abs(to - from);
        if (to.IsZero) return BigInteger.Zero;
        return tokenIsFirst ? ((BigInteger)pool.Liquidity << SqrtBits) * difference / (from * to) : pool.Liquidity * difference >> SqrtBits;
    }

    private static long Units(ClmmPool pool, bool tokenIsFirst, BigInteger atoms)
    {
        var units = atoms * Price.One / BigInteger.Pow(10, TokenDecimals(pool, tokenIsFirst));
        return units > long.MaxValue ? long.MaxValue : (long)units;
    }

    private static BigInteger Ceiling(BigInteger numerator, BigInteger denominator) => (numerator + denominator - 1) / denominator;

    /// <summary>The whole part of a square root, by Newton from above.</summary>
    private static BigInteger Sqrt(BigInteger value)
    {
        if (value < 2) return value;
        var guess = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (guess + (value / guess)) >> 1;
            if (next >= guess) return guess;
            guess = next;
        }
    }
}
