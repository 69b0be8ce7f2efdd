using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>The newest quote, print and status of each symbol: what a client that comes late is told first.</summary>
internal sealed class LatestState
{
    private readonly SortedDictionary<string, SymbolState> _symbols = new(StringComparer.Ordinal);

    /// <summary>Takes an event in and numbers it.</summary>
    public NumberedEvent Take(in MarketEvent happened)
    {
        if (!_symbols.TryGetValue(happened.Symbol.Name, out var state)) _symbols.Add(happened.Symbol.Name, state = new SymbolState());
        var numbered = new NumberedEvent(happened, ++state.Sequence);
        switch (happened.Kind)
        {
            case MarketEventKind.Quote:
                state.Quote = numbered;
                break;
            case MarketEventKind.Trade:
                state.Trade = numbered;
                break;
            case MarketEventKind.Status:
                state.Status = numbered;
                break;
        }

        return numbered;
    }

    /// <summary>The newest of every kind and symbol, in order of symbol.</summary>
    public IEnumerable<NumberedEvent> All()
    {
        foreach (var state in _symbols.Values)
        {
            if (state.Status is { } status) yield return status;
            if (state.Quote is { } quote) yield return quote;
            if (state.Trade is { } trade) yield return trade;
        }
    }

    private sealed class SymbolState
    {
        public long Sequence { get; set; }
        public NumberedEvent? Quote { get; set; }
        public NumberedEvent? Trade { get; set; }
        public NumberedEvent? Status { get; set; }
    }
}
