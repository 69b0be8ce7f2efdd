using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// One instrument's price band as vendors pass it on: the listing market's while it is fresh, else the newest one that two upstreams say alike. One vendor alone
/// halts nothing.
/// </summary>
internal sealed class BandWatch
{
    /// <summary>How long a band stands: the tape sends one only when it changes, but a vendor that fell silent must not bind for ever.</summary>
    public static readonly Duration Lifetime = Duration.FromMinutes(30);

    private static readonly Duration FutureTolerance = Duration.FromSeconds(2);

    private readonly Source[] _sources;
    private readonly Said[] _said;
    private bool _isAnySaid;

    /// <param name="sources">The sources that may speak of the instrument.</param>
    public BandWatch(IEnumerable<Source> sources)
    {
        _sources = [.. sources.DistinctBy(s => s.Id)];
        _said = new Said[_sources.Length];
    }

    /// <summary>Takes a band in; false when it is none, or not of a source that may speak.</summary>
    public bool Take(in Observation band)
    {
        if (band.Bid.IsNone || band.Ask.IsNone || band.Bid >= band.Ask || band.EventTime > band.ReceiveTime + FutureTolerance) return false;
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i].Id != band.Source || _sources[i].Upstream != band.Upstream) continue;
            if (band.EventTime >= _said[i].At) _said[i] = new Said(band.Bid, band.Ask, band.EventTime);
            _isAnySaid = true;
            return true;
        }

        return false;
    }

    /// <summary>Another session has begun, or trading is halted: what was said of bands is of before.</summary>
    public void Clear()
    {
        if (_isAnySaid) Array.Clear(_said);
        _isAnySaid = false;
    }

    /// <summary>The band now; none when nobody who may be believed says one.</summary>
    public (Price Low, Price High) At(Instant now)
    {
        if (!_isAnySaid) return default;
        var best = default(Said);
        for (var i = 0; i < _sources.Length; i++)
        {
            if (!IsFresh(_said[i], now)) continue;
            if (_sources[i].IsListingMarket) return (_said[i].Low, _said[i].High);
            for (var j = i + 1; j < _sources.Length; j++)
            {
                if (_sources[j].Upstream == _sources[i].Upstream || !IsFresh(_said[j], now)) continue;
                if (_said[j].Low != _said[i].Low || _said[j].High != _said[i].High) continue;
                var at = Instant.Max(_said[i].At, _said[j].At);
                if (at > best.At) best = _said[i] with { At = at };
            }
        }

        return (best.Low, best.High);
    }

    private static bool IsFresh(in Said said, Instant now) => !said.Low.IsNone && now - said.At <= Lifetime;

    private readonly record struct Said(Price Low, Price High, Instant At);
}
