using NodaTime;
using OracleNode.Market;

namespace OracleNode.Publishing;

/// <summary>When a feed is published on a chain: a cadence per session. Immutable.</summary>
public sealed class PublishSettings
{
    /// <summary>Half of the way to its own trigger: what lets a feed ride along unless configured otherwise.</summary>
    public const int DefaultRideAlongBps = 5_000;

    private const int WholeBps = 10_000;

    /// <summary>
    /// What landing may take unless configured otherwise, one failure included: a receipt is waited for 30 s, and what a chain did not take rests
    /// up to 30 s.
    /// </summary>
    public static readonly Duration DefaultLandingMargin = Duration.FromSeconds(60);

    /// <summary>The shortest and the longest that may be configured for it.</summary>
    public static readonly (Duration Min, Duration Max) LandingMarginBounds = (Duration.FromSeconds(1), Duration.FromHours(1));

    private readonly PublishCadence[] _cadences;

    /// <param name="cadences">
    /// One per <see cref="MarketSession"/>, by its number; Unknown's own too, for a feed that holds because its session is not known.
    /// </param>
    /// <param name="rideAlongBps">
    /// The share of its deviation or heartbeat that a feed must have used up to ride along, in bps of it: 0 (always) to 10000 (never).
    /// </param>
    /// <param name="landingMargin">Market time that landing may take, 1 s to 1 h; null for <see cref="DefaultLandingMargin"/>.</param>
    /// <exception cref="ArgumentException">A cadence is missing, or the share is outside its range.</exception>
    public PublishSettings(ReadOnlySpan<PublishCadence> cadences, int rideAlongBps = DefaultRideAlongBps, Duration? landingMargin = null)
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

        var margin = landingMargin ?? DefaultLandingMargin;
        if (margin < LandingMarginBounds.Min || margin > LandingMarginBounds.Max)
        {
            throw new ArgumentOutOfRangeException(nameof(landingMargin), landingMargin, "Landing takes 1 second to 1 hour.");
        }

        _cadences = cadences.ToArray();
        RideAlongBps = rideAlongBps;
        LandingMargin = margin;
    }

    /// <summary>The share of its deviation or heartbeat that a feed must have used up to ride along, in bps of it.</summary>
    public int RideAlongBps { get; }

    /// <summary>
    /// Market time from the moment something is due until it has landed, at worst: what lies between a cadence and the record's max age, and
    /// what a chain that owes something is given before it is said to lag.
    /// </summary>
    public Duration LandingMargin { get; }

    /// <summary>The longest cadence under which a record never outlives its max age while transactions land within the margin.</summary>
    /// <param name="maxAge">How long a record may be relied on.</param>
    public Duration LongestInterval(Duration maxAge) => maxAge - LandingMargin;

    /// <summary>The cadence of a session.</summary>
    public PublishCadence this[MarketSession session] => _cadences[(int)session];
}
