using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Vendors;

/// <summary>
/// What is true of every vendor's observation before it may go on: it happened in the same hours of data in which it
/// arrived, and not in the future. What is so far in the future, or so far off, that every feed's rules refuse it, goes on while the source has data: they count it against
/// the source, which loses its vote. Trading statuses pass outside the hours: a halt is news at any time.
/// </summary>
internal sealed class ObservationFilter(Coverage coverage, Duration maxClockLead)
{
    /// <summary>Feeds refuse what is stamped later than this after its arrival.</summary>
    internal static readonly Duration RefusedLead = PricingSettings.Stock.FutureTolerance;

    /// <summary>Nothing is a year late: a stamp that far off is of another unit, and feeds refuse it.</summary>
    private static readonly Duration UnitError = Duration.FromDays(365);

    private long _outsideCoverage;
    private long _fromFuture;

    /// <summary>Observations refused because they fell outside the source's hours.</summary>
    public long OutsideCoverage => Volatile.Read(ref _outsideCoverage);

    /// <summary>Observations whose event time lies ahead of the market clock; no feed takes them in.</summary>
    public long FromFuture => Volatile.Read(ref _fromFuture);

    /// <summary>Whether the observation may go on; counts when not. One thread at a time.</summary>
    public bool Admits(in Observation observation)
    {
        var ahead = observation.EventTime - observation.ReceiveTime;
        if (ahead > maxClockLead)
        {
            Volatile.Write(ref _fromFuture, unchecked(_fromFuture + 1));
            return ahead > RefusedLead && coverage.Contains(observation.ReceiveTime);
        }

        if (ahead < -UnitError && coverage.Contains(observation.ReceiveTime)) return true;
        if (observation.Kind is not (ObservationKind.Status or ObservationKind.Session) && !coverage.ContainsBoth(observation.EventTime, observation.ReceiveTime))
        {
            Volatile.Write(ref _outsideCoverage, unchecked(_outsideCoverage + 1));
            return false;
        }

        return true;
    }
}
