using NodaTime;
using OracleNode.Market;

namespace OracleNode.Timekeeping;

/// <summary>What several time servers say together. Pure.</summary>
internal static class SntpQuorum
{
    /// <summary>Most servers that are asked.</summary>
    public const int MaxServers = 8;

    /// <summary>The middle two of an even number may be this far apart.</summary>
    private static readonly Duration Agreement = Duration.FromMilliseconds(250);

    /// <summary>The median; null when half of the servers or more did not answer, or the middle two contradict each other.</summary>
    /// <param name="asked">How many were asked.</param>
    /// <param name="samples">What came back.</param>
    public static ClockMeasurement? Median(int asked, IReadOnlyList<SntpSample> samples)
    {
        if (samples.Count == 0 || 2 * samples.Count <= asked) return null;
        var sorted = samples.OrderBy(s => s.Offset).ToList();
        var (low, high) = (sorted[(sorted.Count - 1) / 2], sorted[sorted.Count / 2]);
        if (high.Offset - low.Offset > Agreement) return null;
        var uncertainty = Duration.Max(low.RoundTrip, high.RoundTrip) / 2;
        return new ClockMeasurement(ClockReference.Ntp, "ntp", (low.Offset + high.Offset) / 2, uncertainty);
    }
}
