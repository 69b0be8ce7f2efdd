namespace OracleNode.Chains.Solana;

/// <summary>What to pay per compute unit: a percentile of the market, doubled for each blockhash that expired on us, within bounds.</summary>
internal static class PriorityFee
{
    private const int MaxDoublings = 16;

    /// <summary>Micro-lamports per compute unit.</summary>
    /// <param name="recent">Recent fees on our accounts, any order; may be empty.</param>
    /// <param name="percentile">0 to 100.</param>
    /// <param name="expiries">Blockhashes of this batch that expired before it landed.</param>
    /// <param name="min">Never less.</param>
    /// <param name="max">Never more.</param>
    public static ulong Choose(IReadOnlyList<ulong> recent, int percentile, int expiries, ulong min, ulong max)
    {
        var market = 0ul;
        if (recent.Count > 0)
        {
            var sorted = recent.Order().ToArray();
            market = sorted[(sorted.Length - 1) * percentile / 100];
        }

        var price = Math.Max(min, market);
        for (var i = 0; i < Math.Min(expiries, MaxDoublings) && price < max; i++) price = price > max / 2 ? max : Math.Max(1, price * 2);
        return Math.Min(price, max);
    }
}
