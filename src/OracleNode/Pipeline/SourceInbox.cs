using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>
/// Between one vendor session and the pipeline: bounded, and the latest wins. When it is full the oldest observation
/// goes and is counted, so that a slow pipeline never delays a vendor and a flood from one vendor never delays another.
/// </summary>
internal sealed class SourceInbox : IObservationSink
{
    /// <summary>Room for a burst of 0.1 s at 650,000 observations per second.</summary>
    public const int DefaultCapacity = 65_536;

    private readonly Lock _gate = new();
    private readonly PipelineSignal _signal;
    private readonly TimeProvider _time;
    private Ring _filling;
    private Ring _draining;
    private long _received;
    private long _dropped;

    public SourceInbox(PipelineSignal signal, TimeProvider time, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _signal = signal;
        _time = time;
        _filling = new Ring(capacity);
        _draining = new Ring(capacity);
    }

    /// <summary>Observations handed over so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Observations that a newer one pushed out before the pipeline saw them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public void Publish(ReadOnlySpan<Observation> observations)
    {
        if (observations.IsEmpty) return;
        var receivedAt = _time.GetTimestamp();
        var dropped = 0;
        lock (_gate)
        {
            foreach (ref readonly var observation in observations)
            {
                if (!_filling.Push(observation, receivedAt)) dropped++;
            }
        }

        Interlocked.Add(ref _received, observations.Length);
        if (dropped > 0) Interlocked.Add(ref _dropped, dropped);
        _signal.Set();
    }

    /// <summary>Takes everything there is, oldest first. One reader; valid until the next call.</summary>
    public Ring Drain()
    {
        _draining.Clear();
        lock (_gate) (_filling, _draining) = (_draining, _filling);
        return _draining;
    }

    /// <summary>A fixed circle of observations with the monotonic time of their arrival.</summary>
    internal sealed class Ring(int capacity)
    {
        private readonly Observation[] _observations = new Observation[capacity];
        private readonly long[] _receivedAt = new long[capacity];
        private int _start;

        public int Count { get; private set; }

        public ref readonly Observation this[int index] => ref _observations[(_start + index) % _observations.Length];

        /// <summary>Monotonic timestamp at which the observation arrived.</summary>
        public long ReceivedAt(int index) => _receivedAt[(_start + index) % _observations.Length];

        public void Clear()
        {
            _start = 0;
            Count = 0;
        }

        /// <summary>False when the oldest had to go to make room.</summary>
        public bool Push(in Observation observation, long receivedAt)
        {
            var full = Count == _observations.Length;
            var at = full ? _start : (_start + Count) % _observations.Length;
            _observations[at] = observation;
            _receivedAt[at] = receivedAt;
            if (full) _start = (_start + 1) % _observations.Length;
            else Count++;
            return !full;
        }
    }
}
