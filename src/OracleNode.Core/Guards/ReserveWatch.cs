using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>One token's reserves over what was issued, as of the newest reading.</summary>
internal sealed class ReserveWatch
{
    /// <summary>Beyond a hundredfold one of the two was counted in another unit; it is told as a hundredfold.</summary>
    public const long MostE8 = 100 * Price.One;

    private const int BpsInE8 = (int)(Price.One / Bps.Scale);

    private long _ratioE8;
    private bool _isKnown;
    private bool _isWithdrawn = true;
    private Instant _receivedAt;

    /// <summary>When the reading was measured; far in the past while there is none.</summary>
    public Instant MeasuredAt { get; private set; } = Instant.MinValue;

    /// <summary>False while nothing was read, and when the last word is that nothing can be told any more.</summary>
    public bool IsKnown => _isKnown && !_isWithdrawn;

    /// <summary>True until the first reading that tells it.</summary>
    public bool IsAwaited => !_isKnown;

    /// <summary>Reserves over tokens issued in 1e-8, rounded down, at most <see cref="MostE8"/>; of the last reading that told it.</summary>
    public long RatioE8 => _ratioE8;

    /// <summary>What the last reading that told it was made of; null while there was none.</summary>
    public ReserveAmounts? Amounts { get; private set; }

    /// <summary>Takes a reading in; an older one than is known, or one from the future, changes nothing.</summary>
    /// <returns>True when it was taken.</returns>
    public bool Take(ReserveReading reading, Instant receivedAt)
    {
        if (reading.MeasuredAt < MeasuredAt || reading.MeasuredAt > receivedAt) return false;
        MeasuredAt = reading.MeasuredAt;
        _isWithdrawn = reading.IsWithdrawal;
        if (_isWithdrawn) return true;
        _receivedAt = receivedAt;
        _isKnown = true;
        Amounts = new ReserveAmounts(reading.BackingE18, reading.IssuedE18, reading.MeasuredAt);
        _ratioE8 = RatioOf(reading.BackingE18, reading.IssuedE18);
        return true;
    }

    /// <summary>
    /// The ratio in bps, rounded down, at most a hundredfold; null when it is not known, or too old to tell. A shortfall stands until a reading says
    /// otherwise: silence brings no shares back.
    /// </summary>
    /// <param name="maxAge">A reading measured longer ago tells nothing.</param>
    /// <param name="below">What is less than this is a shortfall.</param>
    /// <param name="now">Market time.</param>
    public int? RatioBps(Duration maxAge, int below, Instant now)
    {
        if (!_isKnown) return null;
        var bps = (int)(_ratioE8 / BpsInE8);
        if (!_isWithdrawn && now - MeasuredAt <= maxAge) return bps;
        return bps < below && _receivedAt - MeasuredAt <= maxAge ? bps : null;
    }

    private static long RatioOf(UInt128 backing, UInt128 issued)
    {
        if (backing / issued >= 100) return MostE8;

        // Less than a hundredfold, so that only what is beyond 3e12 shares needs to be cut; what is issued is cut upwards, so that the ratio never is.
        while (backing > UInt128.MaxValue / (ulong)Price.One) (backing, issued) = (backing >> 1, (issued >> 1) + (issued & 1));
        return (long)(backing * (ulong)Price.One / issued);
    }
}
