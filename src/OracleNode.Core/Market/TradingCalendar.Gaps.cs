using NodaTime;

namespace OracleNode.Market;

public sealed partial class TradingCalendar
{
    /// <summary>
    /// The longest time without a session that is observed, of all that reach into a period; the first of equals. What the calendar does not know
    /// ahead (halts, unscheduled closures) comes on top.
    /// </summary>
    /// <param name="from">Gaps that ended before it do not count; one that is under way does, from its start.</param>
    /// <param name="until">Nor do gaps that begin then or later.</param>
    /// <param name="isObserved">Is there a market to observe in this session?</param>
    /// <returns>Null when there is none: every session is observed, or none is. One that the calendar's own end cuts off is none.</returns>
    public Interval? LongestGap(Instant from, Instant until, Func<MarketSession, bool> isObserved)
    {
        ArgumentNullException.ThrowIfNull(isObserved);
        Interval? longest = null;
        Instant? lastObserved = null;
        for (var i = 0; i < _spans.Length; i++)
        {
            if (!isObserved(_spans[i].Session)) continue;
            var start = Instant.FromUnixTimeTicks(_startTicks[i]);
            if (lastObserved is { } end && start > end && start > from && end < until && (longest is not { } known || start - end > known.Duration))
            {
                longest = new Interval(end, start);
            }

            lastObserved = i + 1 < _spans.Length ? Instant.FromUnixTimeTicks(_startTicks[i + 1]) : CoveredUntil;
        }

        return longest;
    }
}
