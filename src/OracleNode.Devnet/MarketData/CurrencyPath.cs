using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// What a currency that stands for the dollar is worth on a generated day: close to one, never quite one, and on the move. Every venue that prices it or quotes in it starts
/// from this number.
/// </summary>
internal static class CurrencyPath
{
    private static readonly Duration Swing = Duration.FromMinutes(15);
    private static readonly Duration Ripple = Duration.FromSeconds(20);

    /// <summary>Worth of one unit in dollars.</summary>
    /// <param name="seed">Of the day.</param>
    /// <param name="currency">USD, which is one by definition, USDC or USDT.</param>
    /// <param name="at">When.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing is known of the currency.</exception>
    public static Price At(ulong seed, string currency, Instant at)
    {
        // Units of 1e-8: half a bp below par and 2.5 around that, or four bps and five.
        var (below, swing, ripple) = currency switch
        {
            "USD" => (0, 0, 0),
            "USDC" => (5_000, 20_000, 5_000),
            "USDT" => (40_000, 40_000, 10_000),
            _ => throw new ArgumentOutOfRangeException(nameof(currency), currency, "The currencies of a generated day are USD, USDC and USDT."),
        };
        if (swing == 0) return Price.FromE8(Price.One);
        var moved = (SmoothPath.At(seed, currency, Swing, at) * swing) + (SmoothPath.At(seed, currency + "-ripple", Ripple, at) * ripple);
        return Price.FromE8(Price.One - below + (moved / SmoothPath.Range));
    }
}
