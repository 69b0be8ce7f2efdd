using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Halts;

/// <summary>
/// What a list of halts says of the configured instruments, from poll to poll. Each change is said once. Pure: no clock, no socket.
/// </summary>
/// <remarks>
/// - A symbol is halted until the time of its resumption has come, however early that time was printed.
/// - A symbol that leaves the list with no such time has not resumed: lists lose rows, and a missing row is no word. What else ends a halt (prints of two
///   upstreams, another listing source) is the rules' matter.
/// - Of several rows of one halt the one that knows the resumption counts; of several halts the newest.
/// - A market-wide reason is about every instrument. It is believed of a configured symbol, or of <see cref="Corroborating"/> others: one odd row of a
///   symbol nobody asked for must not halt a market. Without a time it ends with its day.
/// </remarks>
internal sealed class HaltBoard
{
    /// <summary>Symbols of others that make a market-wide halt believed.</summary>
    public const int Corroborating = 3;

    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly Dictionary<string, (InstrumentId Instrument, byte Alias)> _instruments = new(StringComparer.Ordinal);
    private readonly Dictionary<(InstrumentId Instrument, byte Alias), Line> _lines = [];
    private readonly SourceId _source;
    private readonly UpstreamId _upstream;

    /// <param name="symbols">The configured instruments as the list writes them.</param>
    /// <exception cref="ArgumentException">Two symbols are the same after normalisation.</exception>
    public HaltBoard(IEnumerable<VendorSymbol> symbols, SourceId source, UpstreamId upstream)
    {
        foreach (var symbol in symbols)
            if (!_instruments.TryAdd(HaltSymbol.Normalise(symbol.Symbol), (symbol.Instrument, symbol.Alias)))
                throw new ArgumentException($"Symbol '{symbol.Symbol}' occurs twice, in another spelling.", nameof(symbols));
        _source = source;
        _upstream = upstream;
    }

    /// <summary>Takes a list in; null when it is the same as before. Time alone may change what it says.</summary>
    public void Take(IReadOnlyList<HaltNotice>? notices, Instant now, ObservationBuffer output)
    {
        if (notices is not null)
        {
            Merge(notices, now);
            MergeMarketWide(notices, now);
        }

        foreach (var (of, line) in _lines) Say(of, line, now, output);
    }

    private void Merge(IReadOnlyList<HaltNotice> notices, Instant now)
    {
        // By ticker: what one says under its former name, which may be another's by now, takes nothing of what it says under the present one.
        var newest = new Dictionary<(InstrumentId, byte), HaltNotice>();
        foreach (var notice in notices)
        {
            if (IsMarketWide(notice.Reason) || !_instruments.TryGetValue(notice.Symbol, out var of)) continue;
            if (!newest.TryGetValue(of, out var known) || notice.HaltedAt > known.HaltedAt) newest[of] = notice;
            else if (notice.HaltedAt == known.HaltedAt) newest[of] = Together(known, notice);
        }

        foreach (var (of, notice) in newest) LineOf(of).Take(notice, now);
    }

    private static HaltNotice Together(in HaltNotice first, in HaltNotice second)
    {
        var isSecond = second.ResumesAt is not null && (first.ResumesAt is null || second.ResumesAt > first.ResumesAt);
        return (isSecond ? second : first) with { IsDeleted = first.IsDeleted || second.IsDeleted };
    }

    private void MergeMarketWide(IReadOnlyList<HaltNotice> notices, Instant now)
    {
        var wide = notices.Where(n => IsMarketWide(n.Reason)).ToList();
        if (wide.Count == 0) return;
        var newest = wide.Max(n => DateOf(n.HaltedAt));
        wide.RemoveAll(n => DateOf(n.HaltedAt) != newest);
        if (!wide.Any(n => _instruments.ContainsKey(n.Symbol)) && wide.Select(n => n.Symbol).Distinct().Count() < Corroborating) return;

        // Of one day the last that began; its rows differ by fractions of a second from symbol to symbol.
        var last = wide.MaxBy(n => n.HaltedAt);
        var resumes = wide.Where(n => n.Reason == last.Reason).Max(n => n.ResumesAt);
        var dayEnds = newest.PlusDays(1).AtStartOfDayInZone(NewYork).ToInstant();
        LineOf((InstrumentId.Every, 0)).Take(last with { ResumesAt = resumes ?? dayEnds }, now);
    }

    private Line LineOf((InstrumentId, byte) of)
    {
        if (!_lines.TryGetValue(of, out var line)) _lines.Add(of, line = new Line());
        return line;
    }

    private void Say((InstrumentId Instrument, byte Alias) of, Line line, Instant now, ObservationBuffer output)
    {
        var notice = line.Notice;
        var isOver = notice.IsDeleted || notice.ResumesAt <= now;
        var reason = isOver ? HaltReason.None : notice.Reason;
        if (line.Said == (reason, notice.HaltedAt)) return;

        // A resumption that is put off after it has passed halts again: never with a time before what was said last.
        var began = isOver && !notice.IsDeleted ? notice.ResumesAt!.Value : notice.HaltedAt;
        var eventTime = Instant.Min(now, Instant.Max(began, line.SaidTime));
        line.Said = (reason, notice.HaltedAt);
        line.SaidTime = eventTime;
        output.Add(new Observation
        {
            Kind = ObservationKind.Status,
            Source = _source,
            Upstream = _upstream,
            Instrument = of.Instrument,
            Alias = of.Alias,
            EventTime = eventTime,
            ReceiveTime = now,
            Halt = reason,
        });
    }

    private static bool IsMarketWide(HaltReason reason) => reason is HaltReason.MarketWide1 or HaltReason.MarketWide2 or HaltReason.MarketWide3;

    private static LocalDate DateOf(Instant at) => at.InZone(NewYork).Date;

    private sealed class Line
    {
        public HaltNotice Notice { get; private set; }

        public (HaltReason, Instant)? Said { get; set; }

        public Instant SaidTime { get; set; } = Instant.MinValue;

        public void Take(in HaltNotice notice, Instant now)
        {
            if (Notice.Symbol is not null && notice.HaltedAt < Notice.HaltedAt) return;

            // A time that is taken back before it came leaves the halt standing; afterwards it has resumed.
            if (Notice.Symbol is not null && notice.HaltedAt == Notice.HaltedAt && notice.ResumesAt is null && Notice.ResumesAt <= now) return;
            Notice = notice;
        }
    }
}
