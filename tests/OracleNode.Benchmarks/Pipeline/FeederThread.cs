using System.Diagnostics;

namespace OracleNode.Pipeline;

/// <summary>Runs one vendor: at a pace, or as fast as the pipeline takes it.</summary>
internal sealed class FeederThread
{
    /// <summary>Observations that may wait when the pace is the pipeline's: half an inbox.</summary>
    private const int MaxWaiting = SourceInbox.DefaultCapacity / 2;

    private readonly VendorFeeder _feeder;
    private readonly double _observationsPerSecond;
    private readonly Func<long> _taken;
    private readonly Thread _thread;
    private volatile bool _stop;
    private Exception? _fault;

    /// <param name="observationsPerSecond">The pace; 0 for as fast as can be.</param>
    /// <param name="taken">Observations of this source that passes have taken.</param>
    public FeederThread(VendorFeeder feeder, double observationsPerSecond, Func<long> taken)
    {
        _feeder = feeder;
        _observationsPerSecond = observationsPerSecond;
        _taken = taken;
        _thread = new Thread(Run) { IsBackground = true, Name = feeder.GetType().Name };
    }

    public VendorFeeder Feeder => _feeder;

    public FrameLog Log { get; } = new();

    public void Start() => _thread.Start();

    public void Stop()
    {
        _stop = true;
        _thread.Join();
        if (_fault is not null) throw new InvalidOperationException($"The feeder {_thread.Name} failed: {_fault.Message}", _fault);
    }

    private void Run()
    {
        try
        {
            // Marks count what this thread sent; the inbox may have been used before.
            var cumulative = _feeder.Inbox.Received;
            var startedAt = Stopwatch.GetTimestamp();
            var ticksPerFrame = _observationsPerSecond == 0 ? 0 : Stopwatch.Frequency * (_feeder.ObservationsPerFrame / _observationsPerSecond);
            for (var frame = 0L; !_stop;)
            {
                var now = Stopwatch.GetTimestamp();
                var dueAt = ticksPerFrame == 0 ? now : startedAt + (long)(frame * ticksPerFrame);
                if (dueAt > now || (ticksPerFrame == 0 && cumulative - _taken() > MaxWaiting))
                {
                    Thread.Sleep(1);
                    continue;
                }

                _feeder.Feed();
                frame++;
                cumulative += _feeder.ObservationsPerFrame;
                while (!Log.TryWrite(new FrameMark(dueAt, now, cumulative)) && !_stop) Thread.Sleep(1);
            }
        }
        catch (Exception e)
        {
            _fault = e;
        }
    }
}
