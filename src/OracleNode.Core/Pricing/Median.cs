namespace OracleNode.Pricing;

/// <summary>Medians of sorted integers. With an even number the midpoint of the two middle ones, rounded as the name says.</summary>
internal static class Median
{
    /// <summary>The median, rounded down.</summary>
    public static long RoundDown(ReadOnlySpan<long> sorted) => Midpoint(sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);

    /// <summary>The median, rounded up.</summary>
    public static long RoundUp(ReadOnlySpan<long> sorted)
    {
        var (low, high) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
        return high - ((high - low) / 2);
    }

    /// <summary>The midpoint of two numbers of which the second is not smaller, rounded down.</summary>
    public static long Midpoint(long low, long high) => low + ((high - low) / 2);
}
