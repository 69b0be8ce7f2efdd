using NodaTime;

namespace OracleNode.MarketData;

/// <summary>
/// One trading day of several symbols. Every call of <see cref="Events"/> begins a new pass over the same events, so that each
/// vendor reads on its own and none can hold up another.
/// </summary>
internal abstract class MarketTimeline
{
    /// <summary>Where US equities trade and their calendar is kept.</summary>
    public static DateTimeZone NewYork { get; } = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>What is traded, in a fixed order.</summary>
    public abstract IReadOnlyList<MarketSymbol> Symbols { get; }

    /// <summary>The trading day, in New York.</summary>
    public abstract LocalDate Date { get; }

    /// <summary>No event is before this instant.</summary>
    public abstract Instant Start { get; }

    /// <summary>No event is after this instant.</summary>
    public abstract Instant End { get; }

    /// <summary>True when the events are made up: a venue's own book may then differ from the national one.</summary>
    public abstract bool IsGenerated { get; }

    /// <summary>The events in order of time. Lazy: what is not read is not made.</summary>
    public abstract IEnumerable<MarketEvent> Events();

    /// <summary>The instant of a New York time of this day.</summary>
    public Instant At(LocalTime timeOfDay) => At(Date, timeOfDay);

    /// <summary>The instant of a New York date and time.</summary>
    public static Instant At(LocalDate date, LocalTime timeOfDay) => (date + timeOfDay).InZoneLeniently(NewYork).ToInstant();

    /// <summary>Merges streams that are each in order of time; at equal times the earlier stream goes first.</summary>
    protected static IEnumerable<MarketEvent> Merge(IEnumerable<IEnumerable<MarketEvent>> streams)
    {
        var readers = streams.Select(stream => stream.GetEnumerator()).ToArray();
        try
        {
            var next = new PriorityQueue<int, (Instant Time, int Index)>();
            for (var i = 0; i < readers.Length; i++)
            {
                if (readers[i].MoveNext()) next.Enqueue(i, (readers[i].Current.Time, i));
            }

            while (next.TryDequeue(out var index, out _))
            {
                var reader = readers[index];
                yield return reader.Current;
                if (reader.MoveNext()) next.Enqueue(index, (reader.Current.Time, index));
            }
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }
    }
}
