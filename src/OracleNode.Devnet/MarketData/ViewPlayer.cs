using System.Runtime.InteropServices;
using NodaTime;
using OracleNode.Clock;

namespace OracleNode.MarketData;

/// <summary>
/// Plays a vendor's view against the market clock: what is due is handed over in order, in batches, and nothing before its time.
/// </summary>
internal sealed class ViewPlayer : IAsyncDisposable
{
    /// <summary>Events per batch at most; more than are due at once only when catching up.</summary>
    public const int BatchSize = 256;

    /// <summary>Pause between two batches once caught up, so that what falls together travels together.</summary>
    private static readonly TimeSpan BatchPause = TimeSpan.FromMilliseconds(5);

    private readonly IEnumerable<VendorEvent> _view;
    private readonly ScaledMarketClock _clock;
    private readonly Action<ReadOnlySpan<MarketEvent>> _deliver;
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Task _playing = Task.CompletedTask;
    private bool _started;

    /// <param name="view">What the vendor tells, in order of delivery.</param>
    /// <param name="clock">Decides what is due.</param>
    /// <param name="deliver">Takes a batch; called from one thread at a time.</param>
    public ViewPlayer(IEnumerable<VendorEvent> view, ScaledMarketClock clock, Action<ReadOnlySpan<MarketEvent>> deliver)
    {
        _view = view;
        _clock = clock;
        _deliver = deliver;
    }

    /// <summary>Ends when the view does; fails when the data cannot be read on.</summary>
    public Task Completion => _playing;

    /// <summary>Begins to play and returns when everything that is already past has been handed over.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            _started = true;
            _playing = Task.Run(() => PlayAsync(_stopping.Token), CancellationToken.None);
        }

        var first = await Task.WhenAny(_caughtUp.Task, _playing).WaitAsync(cancellationToken);
        await first;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // A failure is told through Completion; disposing only waits for the end.
        await _playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task PlayAsync(CancellationToken stopping)
    {
        var batch = new List<MarketEvent>(BatchSize);
        foreach (var next in _view)
        {
            if (stopping.IsCancellationRequested) return;
            if (_clock.Now < next.DeliverAt)
            {
                Deliver(batch);
                _caughtUp.TrySetResult();
                try
                {
                    await Task.Delay(BatchPause, _clock.TimeProvider, stopping);
                    await _clock.WaitUntilAsync(next.DeliverAt, stopping);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    return;
                }
            }

            batch.Add(next.Event);
            if (batch.Count == BatchSize) Deliver(batch);
        }

        Deliver(batch);
        _caughtUp.TrySetResult();
    }

    private void Deliver(List<MarketEvent> batch)
    {
        if (batch.Count == 0) return;
        _deliver(CollectionsMarshal.AsSpan(batch));
        batch.Clear();
    }
}
