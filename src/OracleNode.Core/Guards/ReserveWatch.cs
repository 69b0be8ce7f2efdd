using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>One token's reserves over what was issued, as of the newest reading.</summary>
internal sealed class ReserveWatch
{
    private int? _ratioBps;
    private Instant _measuredAt = Instant.MinValue;

    /// <summary>Takes a reading in; an older one than is known, or one from the future, changes nothing.</summary>
    public void Take(ReserveReading reading, Instant receivedAt)
    {
        if (reading.MeasuredAt < _measuredAt || reading.MeasuredAt > receivedAt) return;
        _measuredAt = reading.MeasuredAt;
        _ratioBps = RatioOf(reading.BackingE18, reading.IssuedE18);
    }

    /// <summary>The ratio in bps, rounded down, at most a hundredfold; null when it is not known, or too old to tell.</summary>
    public int? RatioBps(Duration maxAge, Instant now) => _ratioBps is not null && now - _measuredAt <= maxAge ? _ratioBps : null;

    private static int? RatioOf(UInt128 backing, UInt128 issued)
    {
        const int Most = 100 * Bps.Scale;
        if (issued == 0) return null;
        if (backing / issued >= 100) return Most;

        // No more than a hundredfold, so that only what is issued beyond 1e32 needs to be cut.
        while (issued > UInt128.MaxValue / Most) (backing, issued) = (backing >> 1, issued >> 1);
        return (int)(backing * Bps.Scale / issued);
    }
}
