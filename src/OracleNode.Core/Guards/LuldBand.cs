using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The plan's band around a reference price, for where no vendor says it: a share of the reference that depends on the tier and on the prior close (more than
/// 3.00: 5 % or 10 %; 0.75 to 3.00: 20 %; below: 75 %, at most 0.15), times the leverage of a leveraged exchange-traded product, doubled over the last
/// <see cref="DoubledBeforeEnd"/> of the regular session for tier 1 and for tier 2 at or below three dollars (at the open no more, since the plan's eighteenth amendment), and
/// rounded to the cent.
/// </summary>
public static class LuldBand
{
    /// <summary>How long before the end of the regular session bands double: from 15:35, or from 12:35 on a day that ends at 13:00.</summary>
    public static readonly Duration DoubledBeforeEnd = Duration.FromMinutes(25);

    private const long Cent = Price.One / 100;
    private const long ThreeDollars = 3 * Price.One;
    private const long Low = 75 * Cent;
    private const long LowCap = 15 * Cent;

    /// <summary>The band; none when the tier has none, there is no reference or the session has ended.</summary>
    /// <param name="tier">The instrument's tier.</param>
    /// <param name="reference">The reference price.</param>
    /// <param name="priorClose">The official close of the day before, by which the share is chosen; the reference where it is not known.</param>
    /// <param name="now">Market time, within the regular session.</param>
    /// <param name="regularEnd">When the regular session ends.</param>
    /// <param name="leveragePercent">The product's leverage, in per cent: 100 for none, 300 for three times. 1 or more.</param>
    public static PriceBand Around(LuldTier tier, Price reference, Price priorClose, Instant now, Instant regularEnd, int leveragePercent = 100)
    {
        if (tier is not (LuldTier.Tier1 or LuldTier.Tier2) || reference.IsNone || now >= regularEnd) return default;
        var chosenBy = priorClose.IsNone ? reference.E8 : priorClose.E8;
        var width = Width(tier, reference.E8, chosenBy) * leveragePercent / 100;
        if (now >= regularEnd - DoubledBeforeEnd && (tier == LuldTier.Tier1 || chosenBy <= ThreeDollars)) width *= 2;

        // A doubled band of a share below three dollars may reach below nothing: then a cent is the limit.
        var low = Int128.Max(Cent, ToCent(reference.E8 - width));
        var high = ToCent(reference.E8 + width);
        return Price.TryFromE8((long)low, out var lower) && high <= long.MaxValue && Price.TryFromE8((long)high, out var upper)
            ? new PriceBand(lower, upper)
            : default;
    }

    private static Int128 Width(LuldTier tier, long reference, long chosenBy)
    {
        if (chosenBy > ThreeDollars) return (Int128)reference * (tier == LuldTier.Tier1 ? 5 : 10) / 100;
        if (chosenBy >= Low) return (Int128)reference * 20 / 100;
        return Int128.Min(LowCap, (Int128)reference * 75 / 100);
    }

    private static Int128 ToCent(Int128 value) => (value + (Cent / 2)) / Cent * Cent;
}
