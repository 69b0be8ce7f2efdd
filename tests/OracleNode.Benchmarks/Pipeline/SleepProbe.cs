using System.Diagnostics;

namespace OracleNode.Pipeline;

/// <summary>
/// A thread that wants to run every 2 milliseconds and notes how late it does. What it sees, every other thread suffers too:
/// where the machine is busy with other work, no latency below it can be seen.
/// </summary>
internal sealed class SleepProbe : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _lateness = new();
    private readonly Thread _thread;
    private volatile bool _stop;

    public SleepProbe()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = nameof(SleepProbe) };
        _thread.Start();
    }

    /// <summary>The 99th percentile since the last call, in nanoseconds.</summary>
    public double TakeP99()
    {
        lock (_gate)
        {
            var p99 = _lateness.Percentile(99);
            _lateness.Clear();
            return p99;
        }
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run()
    {
        var wanted = TimeSpan.FromMilliseconds(2);
        while (!_stop)
        {
            var startedAt = Stopwatch.GetTimestamp();
            Thread.Sleep(wanted);
            var late = Stopwatch.GetElapsedTime(startedAt) - wanted;
            lock (_gate) _lateness.Record(late, 1);
        }
    }
}
