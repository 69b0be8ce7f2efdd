using NodaTime;

namespace OracleNode.Market;

/// <summary>
/// Which session a US equity is in, for every instant that a dated calendar file covers. Immutable and safe to share.
/// </summary>
/// <remarks>
/// Time is cut into trade dates. A trade date begins on the evening before (20:00 New York) and ends 24 wall-clock hours later, so an
/// overnight session belongs to the date it leads into: none on the evening before a closed day, one on the evening of a
/// holiday that a trading day follows. What no session covers is <see cref="MarketSession.Closed"/> for the reason of its
/// trade date; after an early close's last session it is <see cref="ClosedReason.EarlyClose"/> until the trade date ends.
/// </remarks>
public sealed partial class TradingCalendar
{
    private readonly long[] _startTicks;
    private readonly SessionInfo[] _spans;
    private readonly long _endTicks;

    private readonly LocalTime _tradeDateStart;

    private TradingCalendar(
        string market, string version, LocalDate validFrom, LocalDate validUntil, LocalTime tradeDateStart,
        IReadOnlyList<CalendarChange> changes, long[] startTicks, SessionInfo[] spans, Instant coveredUntil)
    {
        Market = market;
        Version = version;
        ValidFrom = validFrom;
        ValidUntil = validUntil;
        Changes = changes;
        _tradeDateStart = tradeDateStart;
        CoveredFrom = Instant.FromUnixTimeTicks(startTicks[0]);
        CoveredUntil = coveredUntil;
        _startTicks = startTicks;
        _spans = spans;
        _endTicks = coveredUntil.ToUnixTimeTicks();
        Fingerprint = TakeFingerprint();
    }

    /// <summary>Reads a calendar file. Its keys, no others:</summary>
    /// <remarks>
    /// <c>version</c>; <c>validFrom</c> and <c>validUntil</c>, the first and last trade date; <c>tradeDateStart</c>, the time on the
    /// evening before at which a trade date begins; <c>sessions</c>, tables with <c>from</c> (the first trade date each holds for),
    /// <c>fullDay</c> and <c>earlyCloseDay</c>, lists of <c>session</c>, <c>start</c>, <c>end</c>; <c>holidays</c>, <c>unscheduledClosures</c> and
    /// <c>earlyCloses</c>, objects of dates and the day's name. Times are New York's, HH:mm; dates are yyyy-MM-dd. These may be left out:
    /// <c>market</c> (<c>us-equities</c>, the default, <c>us-overnight</c> or <c>always-open</c>); <c>weekend</c>, the days of rest (Saturday and Sunday);
    /// <c>changes</c>, an object of the trade dates (or <c>first/last</c>, or <c>first/..</c>) on which it differs from the edition before it, with the reason.
    /// <para>A file of the form <c>{"listed": {...}, "overnight": {...}}</c> holds two, and is what <see cref="Combine"/> makes of them.</para>
    /// </remarks>
    /// <exception cref="CalendarException">It is not a calendar; the message names the key or line, the value and what would be right.</exception>
    public static TradingCalendar Parse(ReadOnlySpan<byte> utf8Json)
    {
        var (file, overnight) = CalendarFile.Read(utf8Json);
        return overnight is null ? Build(file) : Combine(Build(file), Build(overnight));
    }

    /// <summary>The market it is about.</summary>
    public string Market { get; }

    /// <summary>True when it is the overnight venue's alone.</summary>
    public bool IsOvernightVenue => Market == CalendarFile.UsOvernight;

    /// <summary>The trade dates on which it differs from the edition before it, with the reason.</summary>
    public IReadOnlyList<CalendarChange> Changes { get; }

    /// <summary>The file's version, for the record of what a price was made with.</summary>
    public string Version { get; }

    /// <summary>The first trade date covered.</summary>
    public LocalDate ValidFrom { get; }

    /// <summary>The last trade date covered.</summary>
    public LocalDate ValidUntil { get; }

    /// <summary>The first instant covered: the evening before <see cref="ValidFrom"/>.</summary>
    public Instant CoveredFrom { get; }

    /// <summary>The first instant no longer covered: the evening of <see cref="ValidUntil"/>, when the next trade date begins.</summary>
    public Instant CoveredUntil { get; }

    /// <summary>
    /// The session at an instant and its next change; <see cref="MarketSession.Unknown"/> without a next change outside the
    /// calendar's validity. Never throws, never allocates.
    /// </summary>
    public SessionInfo SessionAt(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        if (ticks < _startTicks[0] || ticks >= _endTicks) return default;

        var index = Array.BinarySearch(_startTicks, ticks);
        return _spans[index >= 0 ? index : ~index - 1];
    }

    /// <summary>
    /// The first instant after <paramref name="instant"/> at which the session becomes another one, the calendar's end (where it
    /// becomes Unknown) included; null outside the calendar's validity. A change of the closed reason alone, such as from a
    /// holiday into a weekend, is not a change of session.
    /// </summary>
    public Instant? NextChangeAfter(Instant instant) => SessionAt(instant).NextChangeAt;

    /// <summary>The trade date that an instant belongs to: from 20:00 New York on, that of the next day.</summary>
    public LocalDate TradeDateOf(Instant instant) => CalendarFile.TradeDateOf(instant, _tradeDateStart);

    /// <summary>The first instant of a trade date, whether or not it is covered: 20:00 New York on the evening before.</summary>
    public Instant StartOf(LocalDate tradeDate) => CalendarFile.StartOf(tradeDate, _tradeDateStart);
}
