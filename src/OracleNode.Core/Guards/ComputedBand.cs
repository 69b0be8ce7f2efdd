using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// One share's price band as the node computes it, for where no vendor says one. There is none outside the regular session, nor while trading is halted, nor before
/// an auction's print or five minutes of agreed prices.
/// </summary>
/// <remarks>
/// The band may be wrong, and the market may not: it lapses when for <see cref="Stand"/> nothing was agreed on within it and nobody said a halt, whether because
/// what was agreed on stood outside or because nothing was. The first price outside a lapsed band ends it, and the reference is learned anew. So
/// it holds a feed for no longer than that, whatever set it.
/// </remarks>
internal sealed class ComputedBand(LuldTier tier, int leveragePercent = 100)
{
    /// <summary>A limit state of 15 s, and the five minutes' pause that follows where it is a real one.</summary>
    public static readonly Duration Stand = Duration.FromSeconds(15) + Duration.FromMinutes(5);

    private readonly LuldReference _reference = new();
    private Instant? _regularEnd, _sessionEnd;
    private Instant _auctionsFrom = Instant.MinValue;
    private Instant _agreedAt;
    private Price _auction, _priorClose;
    private bool _isHalted;

    /// <summary>Another session, or the same one.</summary>
    public void Note(in SessionInfo session, Instant now)
    {
        var sessionEnd = _sessionEnd;
        _sessionEnd = session.NextChangeAt;
        var end = session.Session == MarketSession.Regular ? session.NextChangeAt : null;
        if (end == _regularEnd) return;
        _regularEnd = end;
        _reference.Clear();
        _priorClose = default;
        if (sessionEnd is { } opened && opened <= now) _auctionsFrom = opened;
    }

    /// <summary>What the feed decided: a fresh price moves the reference, a halt clears it; an auction starts it, once.</summary>
    public void Learn(FeedFold share, FeedDecision decision, Instant now)
    {
        if (tier == LuldTier.None || _regularEnd is null) return;
        if (decision.HaltReason != HaltReason.None)
        {
            if (!_isHalted) Forget(now);
            _isHalted = true;
            return;
        }

        _isHalted = false;

        // The close that the session began with; where it was not seen the tier's share goes by the reference.
        if (_priorClose.IsNone) _priorClose = decision.OfficialClose;
        if (IsRetracted(share)) _reference.Clear();
        if (decision.IsFresh && IsOutside(decision.Price, At(now))) Forget(now);
        if (_reference.Price.IsNone) Open(share, now);
        if (!decision.IsFresh) return;
        _reference.Observe(decision.Price, now);
        _agreedAt = now;
    }

    /// <summary>The band now, also a lapsed one.</summary>
    public PriceBand At(Instant now) =>
        tier != LuldTier.None && _regularEnd is { } end && now < end ? LuldBand.Around(tier, _reference.Price, _priorClose, now, end, leveragePercent) : default;

    /// <summary>Does it hold.</summary>
    public BandOrigin OriginAt(Instant now) => !_reference.Price.IsNone && now - _agreedAt >= Stand ? BandOrigin.Lapsed : BandOrigin.Computed;

    /// <summary>An auction's print starts the reference while there is none. One that is older than the window in which the mean takes its place does not.</summary>
    private void Open(FeedFold share, Instant now)
    {
        var from = now - LuldReference.Window;
        if (!share.TryFindAuction(Instant.Max(from, _auctionsFrom), out _auction)) return;
        _reference.Start(_auction, now);
        _agreedAt = now;
    }

    /// <summary>The reference is still an auction's print, and nobody says that any more.</summary>
    private bool IsRetracted(FeedFold share) => !_auction.IsNone && _reference.Price == _auction && !share.SaysAuction(_auction, _auctionsFrom);

    /// <summary>Neither the reference nor any auction before tells anything of now.</summary>
    private void Forget(Instant now)
    {
        _reference.Clear();
        _auctionsFrom = now;
    }

    private static bool IsOutside(Price price, PriceBand band) => !band.Low.IsNone && (price < band.Low || price > band.High);
}
