using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The node's clock against all that the log says of other clocks. Once it is <see cref="ClockState.Wrong"/> nothing is signed until nothing speaks against it any
/// more: a clock that is being pulled back must not be trusted halfway.
/// </summary>
internal sealed class ClockStanding
{
    /// <summary>Most chains that are watched; of more, those that came first.</summary>
    private const int MaxChains = 16;

    private readonly ClockWatch _watch;
    private readonly bool _comparesVendors;
    private readonly Dictionary<string, int> _chains = new(StringComparer.Ordinal);

    /// <param name="upstreams">How many upstreams there are.</param>
    /// <param name="comparesVendors">False where market time is scaled, so that a message's journey is as well.</param>
    public ClockStanding(int upstreams, bool comparesVendors)
    {
        _watch = new ClockWatch(upstreams, MaxChains);
        _comparesVendors = comparesVendors;
    }

    /// <summary>As of the latest <see cref="Judge"/>.</summary>
    public ClockVerdict Verdict { get; private set; }

    /// <summary>True while nothing may be signed.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>A price that a vendor sent.</summary>
    public void Observe(in Observation observation)
    {
        if (_comparesVendors) _watch.Observe(observation.Upstream, observation.EventTime, observation.ReceiveTime);
    }

    /// <summary>A measurement. What it does not know of the offset speaks for the node.</summary>
    public void Observe(ClockMeasurement clock, Instant at)
    {
        switch (clock.Reference)
        {
            case ClockReference.Ntp:
                var size = Duration.Max(Duration.Zero, (clock.Offset < Duration.Zero ? -clock.Offset : clock.Offset) - clock.Uncertainty);
                _watch.ObserveNtp(clock.Offset < Duration.Zero ? -size : size, at);
                break;
            case ClockReference.Chain when TryPlace(clock.Name, out var chain):
                _watch.ObserveChain(chain, at - clock.Offset, clock.Uncertainty, at);
                break;
        }
    }

    /// <summary>What all of it says now.</summary>
    public void Judge(Instant now)
    {
        Verdict = _watch.Judge(now);
        IsWrong = Verdict.State == ClockState.Wrong || (IsWrong && Verdict.State == ClockState.Off);
    }

    private bool TryPlace(string name, out int place)
    {
        if (_chains.TryGetValue(name, out place)) return true;
        place = _chains.Count;
        return place < MaxChains && _chains.TryAdd(name, place);
    }
}
