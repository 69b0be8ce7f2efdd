namespace OracleNode.Pricing;

/// <summary>Sorts the handful of numbers that upstreams make: below some dozens insertion beats the general sort several times over.</summary>
internal static class SmallSort
{
    private const int InsertionLimit = 48;

    /// <summary>Sorts ascending, in place.</summary>
    public static void Ascending(Span<long> values)
    {
        if (values.Length > InsertionLimit)
        {
            values.Sort();
            return;
        }

        for (var i = 1; i < values.Length; i++)
        {
            var value = values[i];
            var hole = i;
            for (; hole > 0 && values[hole - 1] > value; hole--) values[hole] = values[hole - 1];
            values[hole] = value;
        }
    }
}
