using NodaTime;

namespace OracleNode.Publishing;

/// <summary>How long a chain has owed a feed something. Counted from the last record that landed: in a quick market the next one is always due.</summary>
public struct OwedWatch
{
    private Instant? _since;
    private ulong _sequence;

    /// <summary>Takes what holds now.</summary>
    /// <param name="isOwed">True when the chain owes something now.</param>
    /// <param name="sequence">What it holds; 0 for nothing.</param>
    /// <param name="now">Market time; when it went back, counting begins anew.</param>
    /// <returns>For how long; zero when nothing is owed.</returns>
    public Duration Advance(bool isOwed, ulong sequence, Instant now)
    {
        if (!isOwed || sequence != _sequence) _since = null;
        _sequence = sequence;
        if (!isOwed) return Duration.Zero;
        if (_since is not { } begun || begun > now) _since = begun = now;
        return now - begun;
    }
}
