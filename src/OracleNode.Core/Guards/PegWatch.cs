using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// How far a currency is from the one unit of quote currency that it stands for: as far as two upstreams say at least, each by its newest word. One alone
/// says nothing.
/// </summary>
internal sealed class PegWatch(string currency)
{
    /// <summary>How old a reading may be.</summary>
    public static readonly Duration Freshness = Duration.FromMinutes(10);

    /// <summary>Most upstreams that are kept; of more, those that came first.</summary>
    private const int MaxUpstreams = 16;

    private static readonly Duration FutureTolerance = Duration.FromSeconds(2);

    private readonly (UpstreamId Upstream, long PriceE8, Instant At)[] _said = new (UpstreamId, long, Instant)[MaxUpstreams];
    private int _count;

    /// <summary>The currency, e.g. <c>USDC</c>.</summary>
    public string Currency => currency;

    /// <summary>Takes a reading in.</summary>
    public void Take(PegReading reading, Instant receivedAt)
    {
        if (reading.Price.IsNone || reading.EventTime > receivedAt + FutureTolerance) return;
        var place = 0;
        while (place < _count && _said[place].Upstream != reading.Upstream) place++;
        if (place == MaxUpstreams || (place < _count && reading.EventTime < _said[place].At)) return;
        _said[place] = (reading.Upstream, reading.Price.E8, reading.EventTime);
        _count = int.Max(_count, place + 1);
    }

    /// <summary>The deviation in bps, towards zero, below or above; null when fewer than two upstreams have a fresh word.</summary>
    public int? DeviationBps(Instant now)
    {
        var (low, secondLow, high, secondHigh, fresh) = (long.MaxValue, long.MaxValue, 0L, 0L, 0);
        for (var i = 0; i < _count; i++)
        {
            if (now - _said[i].At > Freshness) continue;
            fresh++;
            var price = _said[i].PriceE8;
            if (price <= low) (low, secondLow) = (price, low);
            else if (price < secondLow) secondLow = price;
            if (price >= high) (high, secondHigh) = (price, high);
            else if (price > secondHigh) secondHigh = price;
        }

        if (fresh < 2) return null;
        var (below, above) = (int.Min(Bps.Move(secondLow, Price.One), 0), int.Max(Bps.Move(secondHigh, Price.One), 0));
        return -below > above ? below : above;
    }
}
