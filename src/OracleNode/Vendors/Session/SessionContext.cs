using NodaTime;
using OracleNode.Pipeline;

namespace OracleNode.Vendors.Session;

/// <summary>What every session needs from the process, whatever its vendor.</summary>
/// <param name="Options">The source's own options, valid.</param>
/// <param name="Coverage">The hours in which the source has data.</param>
/// <param name="Clock">Market time: receive times and coverage.</param>
/// <param name="Time">Monotonic time: timeouts, silence, delays.</param>
/// <param name="SessionExpectsData">Whether the calendar says that there should be data now.</param>
/// <param name="Sink">Where observations go.</param>
/// <param name="Random">Draws jitter from [0, 1).</param>
internal sealed record SessionContext(
    SourceOptions Options,
    Coverage Coverage,
    IMarketClock Clock,
    TimeProvider Time,
    Func<bool> SessionExpectsData,
    IObservationSink Sink,
    Func<double> Random)
{
    /// <summary>Whether data should be flowing now: the calendar says so, and the source's hours do.</summary>
    public bool ExpectsData() => SessionExpectsData() && Coverage.Contains(Clock.Now);

    /// <summary>The filter for this source's observations.</summary>
    public ObservationFilter CreateFilter() => new(Coverage, Duration.FromTimeSpan(Options.MaxClockLead));
}
