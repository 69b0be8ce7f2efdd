using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// A source that says of one instrument that the market-wide breaker tripped says it of all, and one that says of one instrument that trading goes on after it
/// says that the breaker is over. What it said of an instrument apart from the breaker, it has not taken back by that.
/// </summary>
internal sealed class MarketWideHalts
{
    private readonly HashSet<SourceId> _tripped = [];
    private readonly Dictionary<(SourceId Source, InstrumentId Instrument), HaltReason> _own = [];

    /// <summary>Takes a status in.</summary>
    /// <returns>True when it is about every instrument.</returns>
    public bool Take(in Observation status)
    {
        var key = (status.Source, status.Instrument);
        if (IsTrip(status.Halt))
        {
            _tripped.Add(status.Source);
            return true;
        }

        if (status.Instrument == InstrumentId.Every)
        {
            _tripped.Remove(status.Source);
            return true;
        }

        if (status.Halt == HaltReason.None)
        {
            _own.Remove(key);
            return _tripped.Remove(status.Source);
        }

        _own[key] = status.Halt;
        return false;
    }

    /// <summary>Is it the market-wide breaker.</summary>
    public static bool IsTrip(HaltReason halt) => halt is HaltReason.MarketWide1 or HaltReason.MarketWide2 or HaltReason.MarketWide3;

    /// <summary>What a status about every instrument means for one: an end of the breaker leaves its own halt.</summary>
    public HaltReason ReasonFor(in Observation status, InstrumentId instrument) =>
        status.Halt == HaltReason.None && _own.TryGetValue((status.Source, instrument), out var own) ? own : status.Halt;
}
