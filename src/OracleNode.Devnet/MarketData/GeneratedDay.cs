using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// A made-up but realistic trading day: busy and wide at the open, quiet at midday, odd lots, Form T prints in extended hours,
/// now and then a condition that must not set the last price. Seeded and integer throughout.
/// </summary>
internal sealed class GeneratedDay : MarketTimeline
{
    private static readonly LocalTime FirstTime = new(4, 0);
    private static readonly LocalTime LastTime = new(20, 0);

    private readonly GeneratedDayOptions _options;

    /// <exception cref="MarketDataException">An option is out of range; the message names it and what would be right.</exception>
    public GeneratedDay(GeneratedDayOptions options)
    {
        Validate(options);
        _options = options;
        Date = options.Date;
        Start = At(options.From);
        End = At(LastTime);
        Symbols = [.. options.Symbols.Select(symbol => symbol.Symbol)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MarketSymbol> Symbols { get; }

    /// <inheritdoc/>
    public override LocalDate Date { get; }

    /// <inheritdoc/>
    public override Instant Start { get; }

    /// <inheritdoc/>
    public override Instant End { get; }

    /// <inheritdoc/>
    public override bool IsGenerated => true;

    /// <inheritdoc/>
    public override IEnumerable<MarketEvent> Events() => Merge(_options.Symbols.Select(EventsOf));

    private IEnumerable<MarketEvent> EventsOf(GeneratedSymbol symbol)
    {
        var halts = _options.Halts
            .Where(halt => halt.Symbol == symbol.Symbol.Name)
            .Select(halt => (From: At(halt.At), Until: At(halt.At) + halt.Duration, halt.Reason))
            .OrderBy(halt => halt.From)
            .ToArray();
        return new GeneratedSymbolDay(symbol, _options.Seed, Date, Start, End, halts).Events();
    }

    private static void Validate(GeneratedDayOptions options)
    {
        if (options.Date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
            throw new MarketDataException($"The date {options.Date:uuuu-MM-dd} is a {options.Date.DayOfWeek}; a generated day is Monday to Friday.");
        if (options.From < FirstTime || options.From >= LastTime)
            throw new MarketDataException($"The start {options.From:HH:mm} is outside the day; it is from 04:00 to before 20:00 New York.");
        if (options.Symbols.Count == 0) throw new MarketDataException("The day has no symbol; name at least one.");
        foreach (var symbol in options.Symbols)
        {
            if (symbol.PreviousClose < Price.FromE8(Price.One) || symbol.PreviousClose > Price.FromE8(1_000_000 * Price.One))
                throw new MarketDataException($"{symbol.Symbol}: the previous close is {symbol.PreviousClose.E8} x 1e-8; it is from 1 to 1,000,000.");
            if (symbol.DailyVolatilityBps is < 1 or > 2_000)
                throw new MarketDataException($"{symbol.Symbol}: the daily volatility is {symbol.DailyVolatilityBps} bps; it is from 1 to 2,000.");
            if (symbol.SpreadMilliBps is < 0 or > 1_000_000)
                throw new MarketDataException($"{symbol.Symbol}: the spread is {symbol.SpreadMilliBps} thousandths of a bp; it is from 0 to 1,000,000.");
            if (symbol.OpeningGapBps is < -1_000 or > 1_000)
                throw new MarketDataException($"{symbol.Symbol}: the opening gap is {symbol.OpeningGapBps} bps; it is from -1,000 to 1,000.");
        }

        if (options.Symbols.GroupBy(symbol => symbol.Symbol.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MarketDataException($"{twice.Key} is named twice; each symbol once.");
        foreach (var halt in options.Halts)
        {
            if (options.Symbols.All(symbol => symbol.Symbol.Name != halt.Symbol))
                throw new MarketDataException($"A halt names {halt.Symbol}, which is not a symbol of the day.");
            if (halt.Duration <= Duration.Zero || halt.Reason == HaltReason.None)
                throw new MarketDataException($"{halt.Symbol}: a halt lasts longer than nothing and has a reason.");
        }
    }
}
