namespace OracleNode.Pricing;

/// <summary>
/// Makes one price of the votes: the median of all of them. Fewer than half of the voters, whatever they say, cannot move it outside
/// the range of the others. The outlier rule does not touch the median: it decides which votes stand behind the price and how wide the confidence is.
/// </summary>
/// <remarks>One instance per feed; its buffers are reused, so that nothing is allocated.</remarks>
internal sealed class MedianPricer
{
    /// <summary>3 x 1.4826 (which makes a median absolute deviation comparable to a standard deviation), in 1/10,000.</summary>
    private const int OutlierFactor = 44_478;

    private readonly long[] _values;
    private readonly long[] _scratch;
    private readonly long[] _pool;

    public MedianPricer(int upstreams)
    {
        _values = new long[upstreams];
        _scratch = new long[upstreams];
        _pool = new long[3 * upstreams];
    }

    /// <summary>Prices at least one vote and marks which of them are accepted.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="pricing">The session's rules.</param>
    /// <param name="isVoteTaken">An upstream that speaks has no vote because it was wrong too often.</param>
    public PriceMeasurement Measure(Span<Vote> votes, SessionPricing pricing, bool isVoteTaken)
    {
        var values = _values.AsSpan(0, votes.Length);
        for (var i = 0; i < votes.Length; i++) values[i] = votes[i].Value;
        SmallSort.Ascending(values);
        var price = Median.RoundDown(values);
        var accepted = MarkAccepted(votes, price, OutlierLimit(values, price, pricing));
        var (bid, ask) = PooledQuote(votes);
        var oldest = votes[0].EventTime;
        foreach (ref readonly var vote in votes[1..])
            if (vote.EventTime < oldest)
                oldest = vote.EventTime;

        return new PriceMeasurement(
            price,
            Confidence.Measure(votes, values, price, accepted, pricing, isVoteTaken, _pool),
            bid,
            ask,
            accepted,
            MiddlesDisagree: values.Length % 2 == 0 && Disagree(values[(values.Length / 2) - 1], values[values.Length / 2], pricing),
            oldest);
    }

    /// <summary>True when two votes, the lower first, are farther apart than two upstreams may be.</summary>
    public static bool Disagree(long low, long high, SessionPricing pricing) =>
        Bps.Exceeds(high - low, Median.Midpoint(low, high), pricing.TwoUpstreamToleranceBps);

    private long OutlierLimit(ReadOnlySpan<long> values, long price, SessionPricing pricing)
    {
        var deviations = _scratch.AsSpan(0, values.Length);
        for (var i = 0; i < values.Length; i++) deviations[i] = long.Abs(values[i] - price);
        SmallSort.Ascending(deviations);
        var spread = (long)((((Int128)Median.RoundUp(deviations) * OutlierFactor) + (Bps.Scale - 1)) / Bps.Scale);
        var ceiling = Bps.OfRoundUp(price, pricing.OutlierCeilingBps);

        // The floor goes above the ceiling: within two price increments even a cheap share's upstreams say the same.
        return long.Max(pricing.OutlierFloor(price), long.Min(spread, ceiling));
    }

    private static int MarkAccepted(Span<Vote> votes, long price, long limit)
    {
        var accepted = 0;
        foreach (ref var vote in votes)
        {
            vote = vote with { IsAccepted = vote.Refuted == InputReason.NoData && long.Abs(vote.Value - price) <= limit };
            if (vote.IsAccepted) accepted++;
        }

        return accepted;
    }

    /// <summary>Over the same votes as the price, so that bid &lt;= price &lt;= ask always holds and a minority moves neither.</summary>
    private (long Bid, long Ask) PooledQuote(ReadOnlySpan<Vote> votes)
    {
        var sides = _scratch.AsSpan(0, votes.Length);
        var quotes = 0;
        for (var i = 0; i < votes.Length; i++)
        {
            sides[i] = votes[i].Bid;
            if (votes[i].IsQuote) quotes++;
        }

        if (quotes == 0) return (0, 0);
        SmallSort.Ascending(sides);
        var bid = Median.RoundDown(sides);
        for (var i = 0; i < votes.Length; i++) sides[i] = votes[i].Ask;
        SmallSort.Ascending(sides);
        return (bid, Median.RoundUp(sides));
    }
}
