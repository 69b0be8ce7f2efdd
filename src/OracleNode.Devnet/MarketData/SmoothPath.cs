using NodaTime;

namespace OracleNode.MarketData;

/// <summary>
/// A number that wanders without ever jumping, as a function of time: whoever asks for the same seed, name and time gets the same number, in any order. Integer throughout.
/// </summary>
internal static class SmoothPath
{
    /// <summary>What it stays within, on both sides of 0.</summary>
    public const int Range = 1_000_000;

    /// <summary>Where it stands, from -<see cref="Range"/> to <see cref="Range"/>.</summary>
    /// <param name="seed">Another seed is another path.</param>
    /// <param name="name">Whose path it is.</param>
    /// <param name="period">It goes straight from one drawn number to the next in this time.</param>
    /// <param name="at">When.</param>
    public static long At(ulong seed, string name, Duration period, Instant at)
    {
        var length = period.BclCompatibleTicks;
        var (step, into) = Math.DivRem(at.ToUnixTimeTicks(), length);
        if (into < 0) (step, into) = (step - 1, into + length);
        var (from, to) = (Drawn(seed, name, step), Drawn(seed, name, step + 1));
        return from + (long)((Int128)(to - from) * into / length);
    }

    private static long Drawn(ulong seed, string name, long step) => SeededRandom.For(unchecked(seed + ((ulong)step * 0xD1B54A32D192ED03UL)), name).Between(-Range, Range);
}
