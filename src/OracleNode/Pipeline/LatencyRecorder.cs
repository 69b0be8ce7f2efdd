namespace OracleNode.Pipeline;

/// <summary>Keeps the latest durations and tells percentiles of them. Thread-safe; bounded.</summary>
internal sealed class LatencyRecorder(int capacity = 8192)
{
    private readonly Lock _gate = new();
    private readonly double[] _milliseconds = new double[capacity];
    private long _count;

    public void Record(TimeSpan duration)
    {
        lock (_gate) _milliseconds[_count++ % _milliseconds.Length] = duration.TotalMilliseconds;
    }

    /// <summary>Nearest-rank percentiles in milliseconds over the latest durations; null while there is none.</summary>
    public LatencySummary? Summarise()
    {
        double[] sorted;
        long count;
        lock (_gate)
        {
            count = _count;
            sorted = _milliseconds[..(int)Math.Min(_count, _milliseconds.Length)];
        }

        if (sorted.Length == 0) return null;
        Array.Sort(sorted);
        return new LatencySummary(count, At(sorted, 50), At(sorted, 99));
    }

    private static double At(double[] sorted, int percentile) => sorted[((sorted.Length * percentile) + 99) / 100 - 1];
}

/// <summary>Percentiles of a duration.</summary>
/// <param name="Count">Durations recorded since the start.</param>
/// <param name="P50">Median, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
internal sealed record LatencySummary(long Count, double P50, double P99);
