using System.Numerics;
using OracleNode.Chains.Solana;

namespace OracleNode.Vendors.Raydium;

public class PoolPriceTests
{
    private static readonly UInt128 One = (UInt128)1 << 64;

    // The square root of 4 atoms of the quote per atom of the token is 2: with 8 and 6 decimals a token costs 4 * 10^(8-6) = 400.
    [Fact]
    public void Of_TokenFirst_IsTheSquareOfTheRoot()
    {
        var (bid, ask) = PoolPrice.Of(Pool(2 * One, 8, 6), tokenIsFirst: true, feeMillionths: 0);
        Assert.Equal((40_000_000_000, 40_000_000_001), (bid.E8, ask.E8));
    }

    [Fact]
    public void Of_TokenSecond_IsTheInverse()
    {
        // Half an atom of the token per atom of the quote, root taken: 0.25 tokens per quote atom.
        var (bid, ask) = PoolPrice.Of(Pool(One / 2, 6, 8), tokenIsFirst: false, feeMillionths: 0);
        Assert.Equal((40_000_000_000, 40_000_000_001), (bid.E8, ask.E8));
    }

    [Fact]
    public void Of_Fee_IsOnBothSidesAndRoundedAwayFromTheMiddle()
    {
        var (bid, ask) = PoolPrice.Of(Pool(2 * One, 8, 6), tokenIsFirst: true, feeMillionths: 2_500);
        Assert.Equal((39_900_000_000, 40_100_250_627), (bid.E8, ask.E8));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    [InlineData(64, 0, true)]
    [InlineData(127, 0, true)]
    [InlineData(127, 0, false)]
    [InlineData(1, 0, false)]
    public void Of_AbsurdRoots_NeverThrowsAndIsNoneOrAPrice(int shift, int plus, bool tokenIsFirst)
    {
        var pool = Pool(((UInt128)1 << shift) + (UInt128)plus, 18, 0) with { Liquidity = UInt128.MaxValue };
        var (bid, ask) = PoolPrice.Of(pool, tokenIsFirst, 999_999);
        Assert.True(bid.IsNone == ask.IsNone && (bid.IsNone || bid < ask));
        if (bid.IsNone) return;
        var (bidDepth, askDepth) = PoolPrice.Depth(pool, tokenIsFirst, 1_000, ulong.MaxValue, ulong.MaxValue);
        Assert.True(bidDepth >= 0 && askDepth >= 0);
    }

    [Fact]
    public void Of_ManyRoots_IsWithinOneUnitOfTheExactPrice()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var root = ((UInt128)(ulong)random.NextInt64(1, long.MaxValue) << random.Next(0, 20)) + 1;
            var exact = (BigInteger)root * root * BigInteger.Pow(10, 8 + 8) / ((BigInteger.One << 128) * BigInteger.Pow(10, 6));
            var (bid, ask) = PoolPrice.Of(Pool(root, 8, 6), tokenIsFirst: true, 0);
            if (exact.IsZero || exact >= long.MaxValue) Assert.True(bid.IsNone);
            else Assert.Equal((exact, exact + 1), (bid.E8, ask.E8));
        }
    }

    // L(1/a - 1/b) atoms of the first mint: with L 10^12, a 2 and b 2 * sqrt(1.005), 1.245e9 atoms of 8 decimals are 12.45 tokens.
    [Fact]
    public void Depth_TokenFirst_IsWhatTheLiquidityMoves()
    {
        var pool = Pool(2 * One, 8, 6) with { Liquidity = 1_000_000_000_000 };
        var (bid, ask) = PoolPrice.Depth(pool, tokenIsFirst: true, 50, ulong.MaxValue, ulong.MaxValue);
        Assert.InRange(ask, 1_245_300_000, 1_245_400_000);
        Assert.InRange(bid, 1_254_700_000, 1_254_800_000);
    }

    // L(b - a) atoms of the second mint: with L 10^12, a 0.5 and b 0.5 / sqrt(1.005), the same 12.45 tokens.
    [Fact]
    public void Depth_TokenSecond_IsTheSameForTheSamePool()
    {
        var first = PoolPrice.Depth(Pool(2 * One, 8, 6) with { Liquidity = 1_000_000_000_000 }, tokenIsFirst: true, 50, ulong.MaxValue, ulong.MaxValue);
        var second = PoolPrice.Depth(Pool(One / 2, 6, 8) with { Liquidity = 1_000_000_000_000 }, tokenIsFirst: false, 50, ulong.MaxValue, ulong.MaxValue);
        Assert.InRange(second.BidE8 - first.BidE8, -2, 2);
        Assert.InRange(second.AskE8 - first.AskE8, -2, 2);
    }

    [Fact]
    public void Depth_IsNoMoreThanTheVaultsHold()
    {
        var pool = Pool(2 * One, 8, 6) with { Liquidity = 1_000_000_000_000 };
        // One token to sell; 800 USDC to buy two with.
        Assert.Equal((200_000_000, 100_000_000), PoolPrice.Depth(pool, tokenIsFirst: true, 50, tokenVault: 100_000_000, quoteVault: 800_000_000));
    }

    private static ClmmPool Pool(UInt128 root, int decimals0, int decimals1) =>
        new(default, default, default, default, default, decimals0, decimals1, 1, root, IsSwapDisabled: false, OpensAt: 0);
}
