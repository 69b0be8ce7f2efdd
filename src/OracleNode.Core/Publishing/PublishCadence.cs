using NodaTime;

namespace OracleNode.Publishing;

/// <summary>How closely a chain follows a feed during one session.</summary>
public readonly record struct PublishCadence
{
    /// <summary>The smallest deviation that may be configured.</summary>
    public const int MinDeviationBps = 1;

    /// <summary>The largest deviation that may be configured: a price that moved by half is news.</summary>
    public const int MaxDeviationBps = 5_000;

    /// <summary>The shortest heartbeat that may be configured.</summary>
    public static readonly Duration MinHeartbeat = Duration.FromSeconds(1);

    /// <summary>The longest heartbeat that may be configured: a long weekend and a margin.</summary>
    public static readonly Duration MaxHeartbeat = Duration.FromDays(7);

    /// <param name="deviationBps">Move against the chain's price that publishes at once; 1 to 5000.</param>
    /// <param name="heartbeat">Age of the chain's attestation at which a price of this moment is published again; 1 s to 7 days.</param>
    /// <param name="attestation">Age at which a price that only stands is attested again; 1 s to 7 days. Null: as <paramref name="heartbeat"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public PublishCadence(int deviationBps, Duration heartbeat, Duration? attestation = null)
    {
        if (deviationBps is < MinDeviationBps or > MaxDeviationBps)
        {
            throw new ArgumentOutOfRangeException(nameof(deviationBps), deviationBps, $"A deviation is {MinDeviationBps} to {MaxDeviationBps} bps.");
        }

        var standing = attestation ?? heartbeat;
        if (!IsInterval(heartbeat)) throw new ArgumentOutOfRangeException(nameof(heartbeat), heartbeat, "A heartbeat is 1 second to 7 days.");
        if (!IsInterval(standing)) throw new ArgumentOutOfRangeException(nameof(attestation), attestation, "An attestation is due after 1 second to 7 days.");

        DeviationBps = deviationBps;
        Heartbeat = heartbeat;
        Attestation = standing;
    }

    /// <summary>Move against the chain's price that publishes at once, in bps of the chain's price.</summary>
    public int DeviationBps { get; }

    /// <summary>Age of the chain's attestation at which a price of this moment is published again, moved or not.</summary>
    public Duration Heartbeat { get; }

    /// <summary>
    /// Age of the chain's attestation at which a price that only stands (closed, halted, held, paused) is attested again: that somebody is
    /// alive and still means it, and nothing more.
    /// </summary>
    public Duration Attestation { get; }

    /// <summary>May it be a heartbeat, or the time between two attestations?</summary>
    public static bool IsInterval(Duration interval) => interval >= MinHeartbeat && interval <= MaxHeartbeat;
}
