using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>A ratio averaged over the time for which it stood, and for how long it was watched. In 1e-8 units.</summary>
internal struct LearnedRatio
{
    private LiveTimeAverage _average;
    private long _stands;

    /// <summary>The average; 0 when nothing ever stood.</summary>
    public readonly long E8 => _average.E8;

    /// <summary>For how long something stood.</summary>
    public Duration For { get; private set; }

    /// <summary>An average that was learned before.</summary>
    public static LearnedRatio Known(long e8, Duration @for)
    {
        var known = new LearnedRatio { For = @for };
        known._average.Seed(e8);
        return known;
    }

    /// <summary>Time passes over what stands.</summary>
    public void Advance(Duration elapsed, Duration window)
    {
        if (_stands == 0 || elapsed == Duration.Zero) return;
        _average.Advance(_stands, elapsed, window);
        if (For < Duration.FromDays(365)) For += elapsed;
    }

    /// <summary>From now on this stands; 0 for nothing.</summary>
    public void Stand(long e8)
    {
        if (e8 > 0 && !_average.HasValue) _average.Seed(e8);
        _stands = e8;
    }
}
