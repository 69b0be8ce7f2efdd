using NodaTime;

namespace OracleNode.Timekeeping;

/// <summary>The time stamp of a chain's newest block.</summary>
internal interface IChainClock
{
    /// <summary>The chain's configured name.</summary>
    string Name { get; }

    /// <summary>How far a stamp may lie ahead of the true time.</summary>
    Duration Granularity { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="Chains.ChainException">The endpoint failed or answered nonsense.</exception>
    Task<Instant> ReadAsync(CancellationToken cancellationToken);
}
