namespace OracleNode.Pricing;

/// <summary>
/// The half-width of the confidence interval: the largest of
/// <list type="bullet">
/// <item>the distance from the price to the pooled words of the accepted votes, each giving bid, value and ask (a print, which tells nothing of
/// the spread, one price increment to either side). With as many upstreams as wanted to their quartiles (nearest ranks, outwards), with fewer to
/// the farthest one: fewer witnesses, wider confidence. To the farthest one, too, while an upstream has lost its vote over what it says: with one honest upstream
/// less there may be no majority that takes it away, and the median of what is left may then be any of the honest words;</item>
/// <item>the largest shift that leaving one upstream out would cause. A set in which the two middle votes disagree publishes nothing, so it shifts nothing;</item>
/// <item>the largest shift that losing one of an upstream's several sources would cause, where another source's word would vote instead;</item>
/// <item>half a price increment, the resolution of the quotes themselves.</item>
/// </list>
/// All in 1e-8 units, exact or rounded up.
/// </summary>
internal static class Confidence
{
    /// <param name="votes">All votes, accepted or not.</param>
    /// <param name="values">Their values, sorted.</param>
    /// <param name="price">Their median.</param>
    /// <param name="accepted">How many are accepted.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="isVoteTaken">An upstream that speaks has no vote because it was wrong too often.</param>
    /// <param name="pool">Scratch, three times as long as the votes.</param>
    public static long Measure(ReadOnlySpan<Vote> votes, ReadOnlySpan<long> values, long price, int accepted, SessionPricing pricing, bool isVoteTaken, long[] pool)
    {
        var width = long.Max(PriceIncrement.Of(price) / 2, LeaveOneOut(values, price, pricing));
        foreach (ref readonly var vote in votes)
            if (vote.Fallback != 0 && vote.Fallback != vote.Value)
                width = long.Max(width, Replaced(values, vote.Value, vote.Fallback, price, pricing, pool.AsSpan(0, values.Length)));
        if (accepted == 0) return width;

        var pooled = pool.AsSpan(0, 3 * accepted);
        var next = 0;
        foreach (ref readonly var vote in votes)
        {
            if (!vote.IsAccepted) continue;
            var unseen = vote.IsQuote ? 0 : PriceIncrement.Of(vote.Value);
            pooled[next++] = vote.Bid - unseen;
            pooled[next++] = vote.Value;
            pooled[next++] = vote.Ask + unseen;
        }

        SmallSort.Ascending(pooled);
        var last = pooled.Length - 1;
        var inwards = accepted >= pricing.WantedUpstreams && !pricing.AlwaysDegraded && !isVoteTaken ? last / 4 : 0;
        return long.Max(width, long.Max(price - pooled[inwards], pooled[last - inwards] - price));
    }

    /// <summary>Of sorted values, removing one leaves one of two medians (even number) or of three (odd number).</summary>
    private static long LeaveOneOut(ReadOnlySpan<long> values, long price, SessionPricing pricing)
    {
        if (values.Length == 1) return 0;
        var middle = values.Length / 2;
        if (values.Length % 2 == 0) return long.Max(values[middle] - price, price - values[middle - 1]);

        return long.Max(
            ShiftTo(values[middle], values[middle + 1], price, pricing),
            long.Max(
                ShiftTo(values[middle - 1], values[middle], price, pricing),
                ShiftTo(values[middle - 1], values[middle + 1], price, pricing)));
    }

    private static long Replaced(ReadOnlySpan<long> values, long value, long fallback, long price, SessionPricing pricing, Span<long> scratch)
    {
        values.CopyTo(scratch);
        scratch[scratch.IndexOf(value)] = fallback;
        SmallSort.Ascending(scratch);
        return ShiftTo(scratch[(scratch.Length - 1) / 2], scratch[scratch.Length / 2], price, pricing);
    }

    private static long ShiftTo(long low, long high, long price, SessionPricing pricing) =>
        MedianPricer.Disagree(low, high, pricing) ? 0 : long.Abs(Median.Midpoint(low, high) - price);
}
