using NodaTime;

namespace OracleNode.MarketData;

/// <summary>A timeline of events that a test names, from 10:00:00 New York on 2026-06-10.</summary>
internal sealed class ListedTimeline(bool isGenerated, params MarketEvent[] events) : MarketTimeline
{
    public static MarketSymbol Symbol { get; } = MarketSymbol.Of("TSLA");

    public static LocalDate Day { get; } = new(2026, 6, 10);

    public static Instant Beginning { get; } = At(Day, new LocalTime(10, 0));

    public override IReadOnlyList<MarketSymbol> Symbols => [.. events.Select(happened => happened.Symbol).Distinct()];

    public override LocalDate Date => Day;

    public override Instant Start => Beginning;

    public override Instant End => At(Day, new LocalTime(20, 0));

    public override bool IsGenerated => isGenerated;

    public override IEnumerable<MarketEvent> Events() => events;
}
