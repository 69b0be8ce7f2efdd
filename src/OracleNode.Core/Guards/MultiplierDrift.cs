using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// What a token's multiplier was one and two windows ago: small steps, of which each applies at once, are added up from there. Two places, so that no number of steps makes
/// it forget: in no window do they make more than the bound.
/// </summary>
internal struct MultiplierDrift
{
    /// <summary>How long a multiplier is what the next ones are compared with, twice over.</summary>
    public static readonly Duration Window = Duration.FromHours(24);

    private Multiplier _older;
    private Multiplier _newer;
    private Instant _since;

    /// <summary>Time passes. To be called before <see cref="Beyond"/>, with the multiplier of the last price.</summary>
    public void Advance(Multiplier published, Instant now)
    {
        if (published.IsNone || (!_newer.IsNone && now - _since < Window)) return;
        _older = _newer.IsNone || now - _since >= Window + Window ? published : _newer;
        (_newer, _since) = (published, now);
    }

    /// <summary>A step was published that something else than its size speaks for: it counts no more, nor does what was before it.</summary>
    public void Restart(Multiplier published, Instant now) => (_older, _newer, _since) = (published, published, now);

    /// <summary>What a multiplier would make of those of before, if that is more than one step and beyond a bound; none otherwise.</summary>
    public readonly ShareRatio Beyond(Multiplier published, Multiplier current, int bps)
    {
        var sum = _older == published ? default : ShareRatio.Of(_older, current);
        if (sum.IsBeyond(bps)) return sum;
        sum = _newer == published ? default : ShareRatio.Of(_newer, current);
        return sum.IsBeyond(bps) ? sum : default;
    }
}
