namespace OracleNode.Pipeline;

/// <summary>Wakes the pipeline when there is something to look at. Many setters, one waiter; setting twice wakes once.</summary>
internal sealed class PipelineSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _set;

    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0) _semaphore.Release();
    }

    /// <summary>Returns when set, or after <paramref name="timeout"/> at the latest.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await _semaphore.WaitAsync(timeout, cancellationToken)) Volatile.Write(ref _set, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
