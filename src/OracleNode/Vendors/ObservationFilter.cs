using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>
/// What is true of every vendor's observation before it may go on: it happened in the same hours of data in which it
/// arrived, and not in the future. A far-future event time would otherwise stand as the newest word for ever. Trading statuses pass outside the
/// hours: a halt is news at any time.
/// </summary>
internal sealed class ObservationFilter(Coverage coverage, Duration maxClockLead)
{
    private long _outsideCoverage;
    private long _fromFuture;

    /// <summary>Observations refused because they fell outside the source's hours.</summary>
    public long OutsideCoverage => Volatile.Read(ref _outsideCoverage);

    /// <summary>Observations refused because their event time lies ahead of the market clock.</summary>
    public long FromFuture => Volatile.Read(ref _fromFuture);

    /// <summary>Whether the observation may go on; counts when not. One thread at a time.</summary>
    public bool Admits(in Observation observation)
    {
        if (observation.EventTime > observation.ReceiveTime + maxClockLead)
        {
            Volatile.Write(ref _fromFuture, unchecked(_fromFuture + 1));
            return false;
        }

        if (observation.Kind is not (ObservationKind.Status or ObservationKind.Session) && !coverage.ContainsBoth(observation.EventTime, observation.ReceiveTime))
        {
            Volatile.Write(ref _outsideCoverage, unchecked(_outsideCoverage + 1));
            return false;
        }

        return true;
    }
}
