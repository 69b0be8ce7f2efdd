namespace OracleNode.Vendors.Session;

/// <summary>
/// The session of a vendor that is polled: one loop per ticker, so that a slow one delays no other, a common bound on
/// requests under way, and a common pause after a fault that concerns all. Has the same health as a websocket session.
/// </summary>
internal sealed partial class PollingSession<TBatch> : IVendorSession
{
    private readonly IPolledAdapter<TBatch> _adapter;
    private readonly SessionContext _context;
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly SessionCounters _counters;
    private readonly ObservationFilter _filter;
    private readonly ObservationBuffer _buffer = new();
    private readonly SemaphoreSlim _requests;
    private readonly ReconnectBackoff _backoff;
    private readonly SilenceClock _silence;
    private readonly Lock _delivery = new();
    private readonly Lock _status = new();
    private long _resumeAt = long.MinValue;
    private bool _isSilent;

    public PollingSession(IPolledAdapter<TBatch> adapter, TimeSpan period, int maxConcurrentRequests, SessionContext context, ILogger logger)
    {
        _adapter = adapter;
        _context = context;
        _period = period;
        _logger = logger;
        _counters = new SessionCounters(context.Time);
        _filter = context.CreateFilter();
        _requests = new SemaphoreSlim(maxConcurrentRequests);
        _backoff = new ReconnectBackoff(context.Options.Reconnect, context.Random);
        _silence = new SilenceClock(context.Time);
    }

    /// <inheritdoc/>
    public string Name => _context.Options.Name;

    /// <inheritdoc/>
    public SessionHealth Health => _counters.Snapshot(Name, _adapter.Vendor, _context.ExpectsData(), _adapter.Counters, _filter);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        _counters.State = SessionState.Connecting;
        _counters.Attempt();
        await Task.WhenAll(Enumerable.Range(0, _adapter.TickerCount).Select(ticker => PollAsync(ticker, stopping)));
        _counters.Stopped();
    }

    /// <summary>Closes the channel.</summary>
    public void Dispose()
    {
        _adapter.Dispose();
        _requests.Dispose();
    }

    // Never throws: everything that can go wrong with a poll is a fault with a way to go on.
    private async Task PollAsync(int ticker, CancellationToken stopping)
    {
        // Spread over the period, so that the vendor sees no bursts.
        await DelayAsync(_period * ticker / _adapter.TickerCount, stopping);
        while (!stopping.IsCancellationRequested)
        {
            var startedAt = _context.Time.GetTimestamp();
            var pause = PauseLeft();
            if (pause <= TimeSpan.Zero) pause = await PollOnceAsync(ticker, stopping) ?? _period - _context.Time.GetElapsedTime(startedAt);
            await DelayAsync(pause, stopping);
        }
    }

    /// <returns>How long this ticker waits because of a fault of its own; null when it goes on as usual.</returns>
    private async Task<TimeSpan?> PollOnceAsync(int ticker, CancellationToken stopping)
    {
        try
        {
            await _requests.WaitAsync(stopping);
            try
            {
                // While it queued, another ticker may have met what concerns all.
                if (PauseLeft() > TimeSpan.Zero) return PauseLeft();
                var batch = await _adapter.FetchAsync(ticker, _context.Clock.Now, stopping);
                Deliver(batch);
            }
            finally
            {
                _requests.Release();
            }

            return null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (VendorFaultException e) when (e.ConcernsOneTicker)
        {
            _counters.Partial(e.Fault);
            LogTickerRefused(Name, e.Fault.Kind, e.Fault.Detail, e.Fault.Advice, _context.Options.Reconnect.OperatorDelay);
            return _context.Options.Reconnect.OperatorDelay;
        }
        catch (VendorFaultException e)
        {
            if (!stopping.IsCancellationRequested) Pause(e.Fault);
            return null;
        }
        catch (Exception e)
        {
            LogInternal(Name, e);
            Pause(new VendorFault(VendorFaultKind.Internal, e.Message));
            return null;
        }
    }

    private void Deliver(TBatch batch)
    {
        int parsed;
        lock (_delivery)
        {
            _buffer.Clear();
            var outcome = _adapter.Convert(batch, _context.Clock.Now, _buffer);
            _counters.Frame(outcome.Bytes);
            if (outcome.IsTruncated) _counters.PollTruncated();
            if (outcome.Quotes > 0) _counters.Observed(outcome.Quotes);
            parsed = _buffer.Count;
            _buffer.RemoveRefused(_filter);
            if (_buffer.Count > 0)
            {
                _context.Sink.Publish(_buffer.Written);
                _counters.Observed(_buffer.Count);
            }
        }

        ReportAnswer(heard: parsed > 0);
    }

    private void ReportAnswer(bool heard)
    {
        lock (_status)
        {
            if (_counters.State != SessionState.Live && PauseLeft() <= TimeSpan.Zero)
            {
                _counters.Live();
                _silence.Heard();
                LogLive(Name, _context.Coverage);
            }

            if (heard) _silence.Heard();
            var silent = _silence.Check(_context.ExpectsData());
            if (silent <= _context.Options.SilenceTimeout)
            {
                _isSilent = false;
            }
            else if (!_isSilent)
            {
                // There is no connection to make anew: it answers, and says nothing.
                _isSilent = true;
                _counters.Silent();
                LogSilent(Name, silent);
            }
        }
    }

    private void Pause(VendorFault fault)
    {
        lock (_status)
        {
            // Requests that were under way together fail together: that is one fault.
            if (PauseLeft() > TimeSpan.Zero) return;
            _backoff.ReportStable(_counters.Ended(fault));
            var delay = _backoff.Next(fault.Recovery);
            Volatile.Write(ref _resumeAt, checked(_context.Time.GetTimestamp() + (long)(delay.TotalSeconds * _context.Time.TimestampFrequency)));
            _counters.Attempt();
            if (fault.Recovery == FaultRecovery.Operator) LogNeedsOperator(Name, fault.Kind, fault.Detail, fault.Advice, delay);
            else LogPaused(Name, fault.Kind, fault.Detail, fault.Advice, delay);
        }
    }

    private TimeSpan PauseLeft()
    {
        var resumeAt = Volatile.Read(ref _resumeAt);
        var now = _context.Time.GetTimestamp();
        return resumeAt <= now ? TimeSpan.Zero : _context.Time.GetElapsedTime(now, resumeAt);
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken stopping)
    {
        if (delay <= TimeSpan.Zero) return;
        await Task.Delay(delay, _context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
