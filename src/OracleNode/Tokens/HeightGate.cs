namespace OracleNode.Tokens;

/// <summary>
/// Lets a chain's answers only go forward: an endpoint that is behind, or one of a pool that is, takes nothing back. When nothing was let in for as long as readings
/// are relied on, nothing is left that could be taken back, and the height is forgotten: one that was never of this chain must not shut every honest answer out.
/// Not for use by two threads at once.
/// </summary>
/// <param name="time">Monotonic time.</param>
/// <param name="reliance">For how long a reading is relied on.</param>
internal sealed class HeightGate(TimeProvider time, TimeSpan reliance)
{
    private long _lastLetIn = time.GetTimestamp();

    /// <summary>The height of the last answer that was let in; 0 when there was none.</summary>
    public ulong Height { get; private set; }

    /// <summary>Whether an answer is of no earlier block than what is known.</summary>
    /// <param name="height">Block or slot of the answer.</param>
    /// <param name="forgotten">The height that was given up for it; null when none was.</param>
    public bool LetsIn(ulong height, out ulong? forgotten)
    {
        forgotten = null;
        if (height < Height)
        {
            if (time.GetElapsedTime(_lastLetIn) <= reliance) return false;
            forgotten = Height;
        }

        Height = height;
        _lastLetIn = time.GetTimestamp();
        return true;
    }
}
