namespace OracleNode.VendorServers.Finazon;

/// <summary>At most so many calls in any running second. Not safe for concurrent use.</summary>
internal sealed class CallBudget(int callsPerSecond, TimeProvider timeProvider)
{
    private readonly Queue<long> _recent = new();

    /// <summary>Takes a call if there is one left.</summary>
    public bool TryTake()
    {
        while (_recent.TryPeek(out var oldest) && timeProvider.GetElapsedTime(oldest) >= TimeSpan.FromSeconds(1)) _recent.Dequeue();
        if (_recent.Count >= callsPerSecond) return false;
        _recent.Enqueue(timeProvider.GetTimestamp());
        return true;
    }
}
