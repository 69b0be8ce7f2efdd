using NodaTime;
using OracleNode.Market;

namespace OracleNode.Publishing;

/// <summary>When a feed is published on a chain: a cadence per session. Immutable.</summary>
public sealed class PublishSettings
{
    /// <summary>Half of the way to its own trigger: what lets a feed ride along unless configured otherwise.</summary>
    public const int DefaultRideAlongBps = 5_000;

    private const int WholeBps = 10_000;

    private readonly PublishCadence[] _cadences;

    /// <param name="cadences">
    /// One per <see cref="MarketSession"/>, by its number; Unknown's own too, for a feed that holds because its session is not known.
    /// </param>
    /// <param name="rideAlongBps">
    /// The share of its deviation or heartbeat that a feed must have used up to ride along, in bps of it: 0 (always) to 10000 (never).
    /// </param>
    /// <exception cref="ArgumentException">A cadence is missing, or the share is outside its range.</exception>
    public PublishSettings(ReadOnlySpan<PublishCadence> cadences, int rideAlongBps = DefaultRideAlongBps)
    {
        const int Sessions = (int)MarketSession.Closed + 1;
        if (cadences.Length != Sessions)
        {
            throw new ArgumentException($"{cadences.Length} cadences given; there is one for each of the {Sessions} sessions.", nameof(cadences));
        }

        for (var i = 0; i < cadences.Length; i++)
        {
            if (cadences[i].Heartbeat == Duration.Zero) throw new ArgumentException($"The cadence of {(MarketSession)i} is not set.", nameof(cadences));
        }

        if (rideAlongBps is < 0 or > WholeBps)
        {
            throw new ArgumentOutOfRangeException(nameof(rideAlongBps), rideAlongBps, $"A share is 0 to {WholeBps} bps.");
        }

        _cadences = cadences.ToArray();
        RideAlongBps = rideAlongBps;
    }

    /// <summary>The share of its deviation or heartbeat that a feed must have used up to ride along, in bps of it.</summary>
    public int RideAlongBps { get; }

    /// <summary>The cadence of a session.</summary>
    public PublishCadence this[MarketSession session] => _cadences[(int)session];
}
