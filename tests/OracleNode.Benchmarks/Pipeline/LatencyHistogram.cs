namespace OracleNode.Pipeline;

/// <summary>Durations in buckets of 10 microseconds up to a second; fixed memory, so that measuring does not disturb.</summary>
internal sealed class LatencyHistogram
{
    private const int BucketMicroseconds = 10;

    private readonly long[] _buckets = new long[100_000];
    private long _count;

    /// <param name="weight">How many observations had it.</param>
    public void Record(TimeSpan duration, int weight)
    {
        var bucket = Math.Clamp(duration.Ticks / (TimeSpan.TicksPerMicrosecond * BucketMicroseconds), 0, _buckets.Length - 1);
        _buckets[bucket] += weight;
        _count += weight;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        _count = 0;
    }

    /// <summary>Nearest rank, the upper end of its bucket, in nanoseconds; 0 when there is nothing.</summary>
    public double Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(_count * percent / 100);
        var seen = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank && seen > 0) return (i + 1) * BucketMicroseconds * 1_000.0;
        }

        return 0;
    }
}
