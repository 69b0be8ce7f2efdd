namespace OracleNode.Pricing;

/// <summary>
/// Is a move of such a size that it may be a split that nobody told of: within a tenth of 3:2, 2:1, 5:2, 3:1 or 4:1, or farther than 5:1 less a tenth, to either side.
/// Beyond that the whole ratios lie nearer to each other than twice a tenth, so that every move is near one.
/// </summary>
/// <remarks>
/// Falls from 26.0 to 39.3 %, 44.5 to 54.5 %, 55.6 to 69.6 %, 72.3 to 77.2 % and from 77.8 % on; rises by 35 to 65 %, 80 to 120 %, 125 to 230 %, 260 to 340 % and from
/// 350 % on. 4:3 and 5:4, which some pay as a stock dividend, are left out: a market falls so far by itself far more often. In whole numbers, nothing is rounded.
/// </remarks>
internal static class SplitRatios
{
    /// <summary>A market may have moved by one in so many besides.</summary>
    private const int Tolerance = 10;

    private static readonly (int New, int Old)[] Usual = [(3, 2), (2, 1), (5, 2), (3, 1), (4, 1)];

    /// <param name="price">The price after the move, 1e-8 units.</param>
    /// <param name="before">The price before it, 1e-8 units; false where either is none.</param>
    public static bool IsNear(long price, long before)
    {
        if (price <= 0 || before <= 0) return false;
        var (high, low) = price > before ? ((Int128)price, (Int128)before) : (before, price);
        if (high * Tolerance >= low * ((5 * Tolerance) - 5)) return true;
        foreach (var (now, old) in Usual)
            if (Int128.Abs((high * old) - (low * now)) * Tolerance <= low * now)
                return true;
        return false;
    }
}
