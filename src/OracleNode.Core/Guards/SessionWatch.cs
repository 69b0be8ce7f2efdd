using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The calendar and what the vendors say. A vendor that contradicts the calendar loses its own vote, nothing more; the listing market's own source or
/// two upstreams that contradict it make the session Unknown, and Unknown holds.
/// </summary>
/// <remarks>
/// A claim is judged at its own moment, with <see cref="Tolerance"/> to either side, since clocks differ at a boundary; it counts until the vendor's next
/// word, for <see cref="ClaimLifetime"/>, and only as long as the calendar is still in the session that was contradicted.
/// </remarks>
public sealed class SessionWatch
{
    /// <summary>How far a vendor's change of session may lie from the calendar's.</summary>
    public static readonly Duration Tolerance = Duration.FromSeconds(5);

    /// <summary>How long a claim stands when nothing newer is said: three polls of a minute.</summary>
    public static readonly Duration ClaimLifetime = Duration.FromMinutes(3);

    /// <summary>Upstreams that must contradict the calendar together.</summary>
    public const int Witnesses = 2;

    private readonly Claim[] _claims;

    /// <param name="upstreams">How many upstreams there are; ids are 0 to one less.</param>
    public SessionWatch(int upstreams)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upstreams);
        _claims = new Claim[upstreams];
    }

    /// <summary>Takes a vendor's word in. One that is older than its last, that claims nothing or is of no known upstream is passed over.</summary>
    /// <param name="upstream">Whose word it is.</param>
    /// <param name="claims">The sessions it leaves possible.</param>
    /// <param name="isListingMarket">It is the listing market's own source.</param>
    /// <param name="at">The moment it speaks of (market time).</param>
    /// <param name="calendar">The calendar in force.</param>
    /// <returns>False when it was passed over.</returns>
    public bool Apply(UpstreamId upstream, SessionClaims claims, bool isListingMarket, Instant at, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (!IsKnown(upstream) || claims == SessionClaims.None) return false;
        ref var standing = ref _claims[upstream.Index];
        if (standing.IsKnown && at < standing.At) return false;

        var own = calendar.SessionAt(at).Session;
        var agrees = own == MarketSession.Unknown || Allows(claims, own) || Allows(claims, calendar.SessionAt(at - Tolerance).Session) || Allows(claims, calendar.SessionAt(at + Tolerance).Session);
        standing = new Claim(IsKnown: true, Contradicts: !agrees, isListingMarket, own, at);
        return true;
    }

    /// <summary>The session to go by: the calendar's, or Unknown while it is disputed.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="own">What the calendar says of it.</param>
    /// <returns>The session, and whether it is disputed.</returns>
    public (SessionInfo Session, bool IsDisputed) Judge(Instant now, in SessionInfo own)
    {
        var against = 0;
        for (var i = 0; i < _claims.Length; i++)
        {
            if (!Contradicts(_claims[i], now, own.Session)) continue;
            if (_claims[i].IsListingMarket) return (default, true);
            against++;
        }

        return against >= Witnesses ? (default, true) : (own, false);
    }

    /// <summary>True when that upstream contradicts the calendar now: it has no vote.</summary>
    public bool IsContradicting(UpstreamId upstream, Instant now, MarketSession own) =>
        IsKnown(upstream) && Contradicts(_claims[upstream.Index], now, own);

    /// <summary>True when any upstream contradicts the calendar now.</summary>
    public bool IsAnyContradicting(Instant now, MarketSession own)
    {
        foreach (ref readonly var claim in _claims.AsSpan())
            if (Contradicts(claim, now, own))
                return true;
        return false;
    }

    private bool IsKnown(UpstreamId upstream) => upstream.Index >= 0 && upstream.Index < _claims.Length;

    private static bool Contradicts(in Claim claim, Instant now, MarketSession own) =>
        claim.Contradicts && claim.Own == own && now - claim.At <= ClaimLifetime;

    private static bool Allows(SessionClaims claims, MarketSession session) => ((int)claims >> (int)session & 1) != 0;

    private readonly record struct Claim(bool IsKnown, bool Contradicts, bool IsListingMarket, MarketSession Own, Instant At);
}
