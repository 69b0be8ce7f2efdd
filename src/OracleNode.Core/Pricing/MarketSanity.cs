namespace OracleNode.Pricing;

/// <summary>
/// Marks votes that the other upstreams refute: they do not stand behind the price and count for no quorum. As an outlier they stay in the median, where fewer
/// than half move nothing: what one word says of another never takes a vote away, so that no liar can take an honest one's.
/// </summary>
internal static class MarketSanity
{
    private const int MinWitnesses = 2;

    /// <summary>
    /// A print below the lowest bid or above the highest ask of the upstreams that quote, by more than <see cref="SessionPricing.PrintBoundBps"/>. Those who
    /// quote must be at least two and more than half of the voters; an upstream whose print votes has no quote that does, so they are all others.
    /// </summary>
    public static void RefutePrintsAway(Span<Vote> votes, SessionPricing pricing)
    {
        var (quotes, low, high) = (0, long.MaxValue, 0L);
        foreach (ref readonly var vote in votes)
        {
            if (!vote.IsQuote) continue;
            quotes++;
            low = long.Min(low, vote.Bid);
            high = long.Max(high, vote.Ask);
        }

        if (quotes < MinWitnesses || 2 * quotes <= votes.Length) return;
        foreach (ref var vote in votes)
        {
            if (vote.IsQuote) continue;
            if (Bps.Exceeds(low - vote.Value, low, pricing.PrintBoundBps) || Bps.Exceeds(vote.Value - high, high, pricing.PrintBoundBps))
                vote = vote with { Refuted = InputReason.AwayFromMarket };
        }
    }

    /// <summary>
    /// A quote that has repeated itself under new stamps for <see cref="SessionPricing.FrozenAfter"/>, when every other vote (at least two) has moved away from
    /// it by more than the outlier floor. A quiet market, in which all stand still, freezes nobody.
    /// </summary>
    public static void RefuteFrozen(Span<Vote> votes, SourceTable table, SessionPricing pricing)
    {
        for (var i = 0; i < votes.Length; i++)
        {
            ref var vote = ref votes[i];
            if (!vote.IsQuote || table.Sources[vote.SourceSlot].Freeze.UnchangedFor < pricing.FrozenAfter) continue;
            if (IsLeftBehind(votes, i, pricing)) vote = vote with { Refuted = InputReason.FrozenValue };
        }
    }

    private static bool IsLeftBehind(ReadOnlySpan<Vote> votes, int index, SessionPricing pricing)
    {
        var own = votes[index].Value;
        var floor = pricing.OutlierFloor(own);
        for (var i = 0; i < votes.Length; i++)
            if (i != index && long.Abs(votes[i].Value - own) <= floor)
                return false;
        return true;
    }
}
