using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>
/// Shares on a lively Tuesday morning: market time runs with the machine's clock from 10:30 New York, and every share's price
/// swings by 0.3 % in its own period, nine of ten within 20 to 60 seconds, the tenth within 1 to 3, so that many a pass has
/// something to sign.
/// </summary>
internal sealed class SimulatedMarket(int shares, TimeProvider time) : IMarketClock
{
    private const int SwingPerTenThousand = 30;

    private static readonly Instant Start = Instant.FromUtc(2024, 6, 4, 14, 30);

    private readonly long _startedAt = time.GetTimestamp();

    public int Shares => shares;

    public Instant Now => Start + Duration.FromTimeSpan(time.GetElapsedTime(_startedAt));

    public static string SymbolOf(int share) => $"S{share:D3}";

    public static Feed FeedOf(int share) => new(SymbolOf(share), new InstrumentId(share), $"figi:BBG{share:D9}@XNAS", "USD", FeedUnit.UnderlyingShare);

    /// <summary>The mid in cents, always five digits: 100.00 to 999.99.</summary>
    public int MidCents(int share, long unixMillis)
    {
        // A triangle wave in whole numbers: cheap, so that the market costs little beside what is measured.
        var period = (20_000 + (share * 7_919 % 40_000)) / (share % 10 == 0 ? 20 : 1);
        var at = (unixMillis + (share * 104_729L)) % period;
        var half = period / 2;
        var height = at < half ? at : period - at;
        var middle = 12_000 + (share * 83);
        return middle + (int)(middle * SwingPerTenThousand * (height - (half / 2)) / (half * 10_000L));
    }
}
