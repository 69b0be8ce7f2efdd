using NodaTime;

namespace OracleNode.Market;

public sealed partial class TradingCalendar
{
    /// <summary>
    /// What a share trades by: the listing market's sessions, and where those leave it closed the overnight venue's. Each keeps its own holidays:
    /// the venue may rest on an evening that leads into a trading day, and runs on none that the file does not name.
    /// </summary>
    /// <param name="listed">The listing market's calendar.</param>
    /// <param name="overnight">The overnight venue's.</param>
    /// <exception cref="CalendarException">They are not calendars of these markets, or cover no common time.</exception>
    public static TradingCalendar Combine(TradingCalendar listed, TradingCalendar overnight)
    {
        ArgumentNullException.ThrowIfNull(listed);
        ArgumentNullException.ThrowIfNull(overnight);
        Require(listed, CalendarFile.UsEquities);
        Require(overnight, CalendarFile.UsOvernight);
        var from = Instant.Max(listed.CoveredFrom, overnight.CoveredFrom);
        var end = Instant.Min(listed.CoveredUntil, overnight.CoveredUntil);
        if (from >= end)
            throw new CalendarException(
                $"Calendars '{listed.Version}' ({listed.ValidFrom:uuuu-MM-dd} to {listed.ValidUntil:uuuu-MM-dd}) and '{overnight.Version}' "
                + $"({overnight.ValidFrom:uuuu-MM-dd} to {overnight.ValidUntil:uuuu-MM-dd}) have no trade date in common; extend the shorter one.");

        var timeline = new Timeline();
        foreach (var (at, _) in CommonSpans(listed, overnight))
        {
            var day = listed.SessionAt(at);
            var night = overnight.SessionAt(at).Session;
            if (day.Session == MarketSession.Closed && night != MarketSession.Closed) timeline.Add(at, night, ClosedReason.None);
            else timeline.Add(at, day.Session, day.ClosedReason);
        }

        return new TradingCalendar(
            listed.Market, $"{listed.Version} + {overnight.Version}",
            Later(listed.ValidFrom, overnight.ValidFrom), Earlier(listed.ValidUntil, overnight.ValidUntil), listed._tradeDateStart,
            listed.Changes, timeline.StartTicks(), timeline.Spans(end), end);
    }

    /// <summary>The spans in which neither of two calendars changes, as far as both reach.</summary>
    internal static IEnumerable<(Instant Start, Instant End)> CommonSpans(TradingCalendar a, TradingCalendar b)
    {
        var end = Instant.Min(a.CoveredUntil, b.CoveredUntil);
        for (var at = Instant.Max(a.CoveredFrom, b.CoveredFrom); at < end;)
        {
            var next = Instant.Min(end, Instant.Min(a.StartAfter(at), b.StartAfter(at)));
            yield return (at, next);
            at = next;
        }
    }

    private static void Require(TradingCalendar calendar, string market)
    {
        if (calendar.Market != market) throw new CalendarException($"Calendar '{calendar.Version}' is of market '{calendar.Market}'; here one of '{market}' belongs.");
    }

    private static LocalDate Later(LocalDate a, LocalDate b) => a > b ? a : b;

    private static LocalDate Earlier(LocalDate a, LocalDate b) => a < b ? a : b;

    /// <summary>Where the next span begins, a change of the closed reason alone included; the end of what is covered when there is none.</summary>
    private Instant StartAfter(Instant instant)
    {
        var index = Array.BinarySearch(_startTicks, instant.ToUnixTimeTicks());
        var next = index >= 0 ? index + 1 : ~index;
        return next < _startTicks.Length ? Instant.FromUnixTimeTicks(_startTicks[next]) : CoveredUntil;
    }
}
