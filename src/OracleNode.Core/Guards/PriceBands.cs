using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// One share's price band: a vendor's while it is fresh, else the one that is computed. There is none outside the regular session, nor while trading is halted.
/// </summary>
internal sealed class PriceBands(LuldTier tier)
{
    /// <summary>How long a vendor's band stands: the tape sends one only when it changes, but a vendor that fell silent must not bind for ever.</summary>
    public static readonly Duration VendorLifetime = Duration.FromMinutes(30);

    private readonly LuldReference _reference = new();
    private PriceBand _vendor;
    private Instant _vendorAt;
    private Instant? _regularEnd;

    /// <summary>A vendor said the band.</summary>
    public void Take(in Observation band)
    {
        if (_regularEnd is null || band.Bid.IsNone || band.Ask.IsNone || band.Bid >= band.Ask || band.EventTime < _vendorAt) return;
        _vendor = new PriceBand(band.Bid, band.Ask, BandOrigin.Vendor);
        _vendorAt = band.EventTime;
    }

    /// <summary>The listing market's opening or reopening print.</summary>
    public void TakeAuction(in Observation print)
    {
        if (tier != LuldTier.None && _regularEnd is not null && (print.Conditions & (ConditionFlags.OpeningPrint | ConditionFlags.ReopeningPrint)) != 0)
            _reference.Start(print.Last, print.ReceiveTime);
    }

    /// <summary>Another session, or the same one.</summary>
    public void Note(in SessionInfo session)
    {
        var end = session.Session == MarketSession.Regular ? session.NextChangeAt : null;
        if (end == _regularEnd) return;
        _regularEnd = end;
        Clear();
    }

    /// <summary>What the feed decided: a fresh price moves the reference, a halt clears it.</summary>
    public void Learn(FeedDecision decision, Instant now)
    {
        if (decision.HaltReason != HaltReason.None) Clear();
        else if (tier != LuldTier.None && decision.IsFresh) _reference.Observe(decision.Price, now);
    }

    /// <summary>The band now.</summary>
    public PriceBand At(Instant now)
    {
        if (_regularEnd is not { } end || now >= end) return default;
        return _vendor.Origin != BandOrigin.None && now - _vendorAt <= VendorLifetime ? _vendor : LuldBand.Around(tier, _reference.Price, default, now, end);
    }

    private void Clear()
    {
        _reference.Clear();
        _vendor = default;
        _vendorAt = Instant.MinValue;
    }
}
