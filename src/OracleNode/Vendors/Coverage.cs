using NodaTime;

namespace OracleNode.Vendors;

/// <summary>The hours of the New York day in which a source has data. IEX, for one, trades 08:00 to 17:00 only.</summary>
public sealed class Coverage
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly LocalTime _from;
    private readonly LocalTime _to;
    private readonly bool _allDay;

    // Every observation asks, and the answer holds for hours.
    private Span? _known;

    /// <summary>A window of the day, from inclusive, to exclusive; crosses midnight when it ends before it begins; equal bounds mean all day.</summary>
    public Coverage(LocalTime from, LocalTime to)
    {
        _from = from;
        _to = to;
        _allDay = from == to;
    }

    /// <summary>No limit.</summary>
    public static Coverage AllDay { get; } = new(LocalTime.Midnight, LocalTime.Midnight);

    /// <summary>Whether the source has data at that time.</summary>
    public bool Contains(Instant instant) => _allDay || At(instant).Covered;

    /// <summary>Whether an event and its arrival fall into one and the same stretch of hours: yesterday's last word is not today's first.</summary>
    public bool ContainsBoth(Instant eventTime, Instant receiveTime)
    {
        if (_allDay) return true;
        var span = At(receiveTime);
        return span.Covered && eventTime >= span.Start && eventTime < span.End;
    }

    /// <inheritdoc/>
    public override string ToString() => _allDay ? "all day" : $"{_from:HH':'mm} to {_to:HH':'mm} New York";

    private Span At(Instant instant)
    {
        var known = Volatile.Read(ref _known);
        if (known is not null && instant >= known.Start && instant < known.End) return known;
        known = SpanAround(instant);
        Volatile.Write(ref _known, known);
        return known;
    }

    // The two boundaries around the instant, on the New York clock, so that changes of the clocks fall where they should.
    private Span SpanAround(Instant instant)
    {
        var date = instant.InZone(NewYork).Date;
        var span = new Span(Instant.MinValue, Instant.MaxValue, Covered: false);
        for (var days = -1; days <= 1; days++)
        {
            span = Narrow(span, instant, date.PlusDays(days) + _from, opens: true);
            span = Narrow(span, instant, date.PlusDays(days) + _to, opens: false);
        }

        return span;
    }

    private static Span Narrow(Span span, Instant instant, LocalDateTime local, bool opens)
    {
        var boundary = NewYork.AtLeniently(local).ToInstant();
        if (boundary > instant) return span with { End = Instant.Min(span.End, boundary) };
        return boundary > span.Start ? span with { Start = boundary, Covered = opens } : span;
    }

    private sealed record Span(Instant Start, Instant End, bool Covered);
}
