using NodaTime;

namespace OracleNode.Replay;

/// <summary>Holds a replay back to so many market seconds per second.</summary>
internal sealed class ReplayPace(double speed, TimeProvider time)
{
    private Instant? _first;
    private long _startedAt;

    /// <summary>Returns when it is time for an entry.</summary>
    public async ValueTask UntilAsync(Instant at, CancellationToken cancellationToken)
    {
        if (_first is not { } first)
        {
            _first = at;
            _startedAt = time.GetTimestamp();
            return;
        }

        var due = (at - first).ToTimeSpan() / speed;
        var early = due - time.GetElapsedTime(_startedAt);
        if (early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early, time, cancellationToken);
    }
}
