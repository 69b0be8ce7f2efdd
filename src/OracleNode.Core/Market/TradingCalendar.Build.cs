using NodaTime;

namespace OracleNode.Market;

public sealed partial class TradingCalendar
{
    /// <summary>Lays the trade dates of a checked file end to end.</summary>
    private static TradingCalendar Build(CalendarFile file)
    {
        var timeline = new Timeline();
        var table = 0;
        for (var date = file.ValidFrom; date <= file.ValidUntil; date = date.PlusDays(1))
        {
            while (table + 1 < file.Tables.Count && file.Tables[table + 1].From <= date) table++;
            AddTradeDate(timeline, file, file.Tables[table], date);
        }

        var end = file.StartOf(file.ValidUntil.PlusDays(1));
        return new TradingCalendar(
            file.Market, file.Version, file.ValidFrom, file.ValidUntil, file.TradeDateStart, file.Changes,
            timeline.StartTicks(), timeline.Spans(end), end);
    }

    private static void AddTradeDate(Timeline timeline, CalendarFile file, SessionTable table, LocalDate date)
    {
        var start = file.StartOf(date);
        var closed = file.ClosedReasonOf(date);
        if (closed != ClosedReason.None)
        {
            timeline.Add(start, MarketSession.Closed, closed);
            return;
        }

        var early = file.IsEarlyClose(date);
        var sessions = early ? table.EarlyCloseDay : table.FullDay;

        // A pause before the first session prolongs a weekend or holiday that went before; after a trading day it is a gap.
        var gap = timeline.LastClosedReason ?? ClosedReason.SessionGap;
        var minute = 0;
        foreach (var session in sessions)
        {
            if (session.StartMinute > minute) timeline.Add(file.At(date, minute), MarketSession.Closed, gap);
            timeline.Add(file.At(date, session.StartMinute), session.Session, ClosedReason.None);
            minute = session.EndMinute;
            gap = ClosedReason.SessionGap;
        }

        if (minute < CalendarFile.MinutesPerDay)
        {
            timeline.Add(file.At(date, minute), MarketSession.Closed, early ? ClosedReason.EarlyClose : ClosedReason.SessionGap);
        }
    }

    /// <summary>Spans in order of time, neighbours that say the same merged.</summary>
    private sealed class Timeline
    {
        private readonly List<(Instant Start, MarketSession Session, ClosedReason Reason)> _spans = [];

        /// <summary>Why the last span is closed; null when it is a session or there is none yet.</summary>
        public ClosedReason? LastClosedReason =>
            _spans.Count > 0 && _spans[^1].Session == MarketSession.Closed ? _spans[^1].Reason : null;

        public void Add(Instant start, MarketSession session, ClosedReason reason)
        {
            if (_spans.Count > 0 && (_spans[^1].Session, _spans[^1].Reason) == (session, reason)) return;
            _spans.Add((start, session, reason));
        }

        public long[] StartTicks() => _spans.ConvertAll(span => span.Start.ToUnixTimeTicks()).ToArray();

        public SessionInfo[] Spans(Instant end)
        {
            var result = new SessionInfo[_spans.Count];
            var next = end;
            for (var i = _spans.Count - 1; i >= 0; i--)
            {
                if (i + 1 < _spans.Count && _spans[i + 1].Session != _spans[i].Session) next = _spans[i + 1].Start;
                result[i] = new SessionInfo(_spans[i].Session, _spans[i].Reason, next);
            }

            return result;
        }
    }
}
