using NodaTime;
using OracleNode.MarketData;

namespace OracleNode.Readers;

/// <summary>
/// What honest vendors can have said in a span of a generated day: everything between the lowest bid or print and the highest
/// offer or print, and two cents to either side, by which IEX's own book may stand behind the national one.
/// </summary>
internal sealed class HonestMarket(MarketTimeline timeline)
{
    private const long Behind = 2 * Market.Price.One / 100;

    // Other prints (late, averaged, derivatively priced) are no vote, so they widen nothing.
    private const PrintConditions Plain = PrintConditions.OddLot | PrintConditions.IntermarketSweep | PrintConditions.ExtendedHours;

    private readonly Dictionary<string, List<(long Millis, bool IsQuote, long Low, long High)>> _events = [];
    private readonly IEnumerator<MarketEvent> _rest = timeline.Events().GetEnumerator();
    private Instant _read = Instant.MinValue;

    /// <summary>Every contribution lies between observedAt and the attestation: so does the market that the price must fit.</summary>
    public void RequireInRange(string symbol, PublishedRecord record) => RequireInRange(symbol, record.Price, record.ObservedAtMillis, record.AttestedAtMillis);

    public void RequireInRange(string symbol, long price, long fromMillis, long toMillis)
    {
        var (low, high) = Range(symbol, fromMillis, toMillis);
        Assert.True(
            price >= low && price <= high,
            $"{symbol} at {price} is not in {low} to {high}, the market of {Instant.FromUnixTimeMilliseconds(fromMillis)} to {Instant.FromUnixTimeMilliseconds(toMillis)}");
    }

    private (long Low, long High) Range(string symbol, long fromMillis, long toMillis)
    {
        ReadTo(Instant.FromUnixTimeMilliseconds(toMillis + 1));
        var events = _events[symbol];
        // What stood when the span began counts too: the quote, and the print before or after it.
        var quote = events.FindLastIndex(e => e.Millis <= fromMillis && e.IsQuote);
        var print = events.FindLastIndex(e => e.Millis <= fromMillis && !e.IsQuote);
        Assert.True(quote >= 0, $"{symbol} has no quote before {fromMillis}");
        var first = print < 0 ? quote : int.Min(quote, print);
        var span = events.Skip(first).TakeWhile(e => e.Millis <= toMillis).Where((e, i) => e.Millis > fromMillis || first + i == quote || first + i == print).ToList();
        return (span.Min(e => e.Low) - Behind, span.Max(e => e.High) + Behind);
    }

    private void ReadTo(Instant end)
    {
        while (_read < end && _rest.MoveNext())
        {
            var e = _rest.Current;
            _read = e.Time;
            if (!_events.TryGetValue(e.Symbol.Name, out var list)) _events.Add(e.Symbol.Name, list = []);
            if (e.Kind == MarketEventKind.Quote && !e.Bid.IsNone && !e.Ask.IsNone) list.Add((e.Time.ToUnixTimeMilliseconds(), true, e.Bid.E8, e.Ask.E8));
            else if (e.Kind == MarketEventKind.Trade && (e.Conditions & ~Plain) == 0) list.Add((e.Time.ToUnixTimeMilliseconds(), false, e.Last.E8, e.Last.E8));
        }
    }
}
