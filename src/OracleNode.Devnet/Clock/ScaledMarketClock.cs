using NodaTime;
using OracleNode.Pipeline;

namespace OracleNode.Clock;

/// <summary>
/// Market time that begins at a given instant and runs at a given speed against the monotonic clock of a
/// <see cref="System.TimeProvider"/>. It stands still until <see cref="Start"/>, so that slow preparations cost no market time.
/// It never goes back.
/// </summary>
internal sealed class ScaledMarketClock : IMarketClock
{
    /// <summary>The fastest speed that the local chains and the replay still follow.</summary>
    public const double MaximumSpeed = 1_000;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private long _startTimestamp;

    /// <summary>Makes a clock that stands at <paramref name="startInstant"/>.</summary>
    /// <param name="startInstant">Market time until <see cref="Start"/> is called.</param>
    /// <param name="speed">Market seconds per second: above 0, at most <see cref="MaximumSpeed"/>.</param>
    /// <param name="timeProvider">The monotonic clock it runs against.</param>
    /// <exception cref="ArgumentOutOfRangeException">The speed is out of range or not a number.</exception>
    public ScaledMarketClock(Instant startInstant, double speed, TimeProvider timeProvider)
    {
        if (!(speed > 0 && speed <= MaximumSpeed))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, $"The speed is a number above 0 and at most {MaximumSpeed}.");
        StartInstant = startInstant;
        Speed = speed;
        TimeProvider = timeProvider;
    }

    /// <summary>Market time at which the clock begins.</summary>
    public Instant StartInstant { get; }

    /// <summary>Market seconds per second.</summary>
    public double Speed { get; }

    /// <summary>The monotonic clock behind it: for timeouts, which are never scaled.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>True once <see cref="Start"/> was called.</summary>
    public bool IsRunning => _started.Task.IsCompleted;

    /// <inheritdoc/>
    public Instant Now
    {
        get
        {
            if (!IsRunning) return StartInstant;
            var elapsed = TimeProvider.GetElapsedTime(Volatile.Read(ref _startTimestamp));
            return StartInstant + Duration.FromTicks(elapsed.Ticks * Speed);
        }
    }

    /// <summary>Lets market time run from <see cref="StartInstant"/>. A second call changes nothing.</summary>
    public void Start()
    {
        lock (_starting)
        {
            if (IsRunning) return;
            Volatile.Write(ref _startTimestamp, TimeProvider.GetTimestamp());
            _started.SetResult();
        }
    }

    /// <summary>How long a span of market time takes.</summary>
    public TimeSpan RealTime(Duration marketTime) => TimeSpan.FromTicks((long)Math.Ceiling(marketTime.TotalTicks / Speed));

    /// <summary>Waits until market time has reached <paramref name="instant"/>; returns at once when it has.</summary>
    public async Task WaitUntilAsync(Instant instant, CancellationToken cancellationToken)
    {
        if (Now >= instant) return;
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var now = Now; now < instant; now = Now)
        {
            var wait = RealTime(instant - now);
            // A day is the longest single wait: timers refuse more than 49 of them.
            wait = wait < ShortestWait ? ShortestWait : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
            await Task.Delay(wait, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
