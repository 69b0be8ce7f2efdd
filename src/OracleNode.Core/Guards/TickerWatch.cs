using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Which of an instrument's tickers name it when. A ticker is an alias: it may have been another instrument's before, and become another's later, so that what comes
/// under it outside its interval is of something else.
/// </summary>
internal sealed class TickerWatch
{
    private readonly IReadOnlyList<TickerAlias> _tickers;
    private readonly Instant[] _from;
    private readonly Instant[] _until;

    /// <param name="tickers">The aliases, by their places; at least one.</param>
    /// <param name="calendar">Whose trade dates the intervals are in.</param>
    public TickerWatch(IReadOnlyList<TickerAlias> tickers, TradingCalendar calendar)
    {
        _tickers = tickers;
        _from = new Instant[tickers.Count];
        _until = new Instant[tickers.Count];
        Take(calendar);
    }

    /// <summary>When the first trade date begins on which a ticker names it; null when it always had one.</summary>
    public Instant? ListedAt { get; private set; }

    /// <summary>Null where every ticker is valid for ever, so that there is nothing to watch.</summary>
    public static TickerWatch? For(IReadOnlyList<TickerAlias> tickers, TradingCalendar calendar) =>
        tickers.Any(t => t.ValidFrom is not null || t.ValidTo is not null) ? new TickerWatch(tickers, calendar) : null;

    /// <summary>Another calendar: trade dates may begin at other times.</summary>
    public void Take(TradingCalendar calendar)
    {
        for (var i = 0; i < _from.Length; i++)
        {
            _from[i] = _tickers[i].ValidFrom is { } from ? calendar.StartOf(from) : Instant.MinValue;
            _until[i] = _tickers[i].ValidTo is { } to ? calendar.StartOf(to.PlusDays(1)) : Instant.MaxValue;
        }

        ListedAt = _from.Min() is var first && first > Instant.MinValue ? first : null;
    }

    /// <summary>Did that ticker name the instrument then. Constant time, no allocation.</summary>
    public bool IsValid(byte alias, Instant at) => alias < _from.Length && at >= _from[alias] && at < _until[alias];

    /// <summary>Does any ticker name it.</summary>
    public bool IsNamed(Instant now)
    {
        for (var i = 0; i < _from.Length; i++)
            if (now >= _from[i] && now < _until[i])
                return true;
        return false;
    }
}
