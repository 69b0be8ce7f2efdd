namespace OracleNode.Vendors.Session;

/// <summary>
/// How long a live source has been silent while it should be sending. Time in which nothing is expected does not count, so
/// the opening of a session starts from nothing and a weekend is no silence.
/// </summary>
internal sealed class SilenceClock(TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private bool _expected;

    /// <summary>Data came. Any thread.</summary>
    public void Heard() => Volatile.Write(ref _since, time.GetTimestamp());

    /// <summary>How long it has been silent; zero while nothing is expected. One thread at a time.</summary>
    public TimeSpan Check(bool expectsData)
    {
        if (!expectsData || !_expected) Heard();
        _expected = expectsData;
        return expectsData ? time.GetElapsedTime(Volatile.Read(ref _since)) : TimeSpan.Zero;
    }
}
