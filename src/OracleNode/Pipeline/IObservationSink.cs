using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>Where a vendor session puts what it parsed. Never blocks and never throws: when full, the oldest goes and is counted.</summary>
public interface IObservationSink
{
    /// <summary>Hands over the observations of one frame, in order.</summary>
    void Publish(ReadOnlySpan<Observation> observations);
}
