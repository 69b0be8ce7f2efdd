using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>What a generated day is made from. The same options give the same events, byte for byte.</summary>
internal sealed class GeneratedDayOptions
{
    /// <summary>Any number; another seed is another day.</summary>
    public ulong Seed { get; set; } = 20260610;

    /// <summary>The trading day in New York, Monday to Friday.</summary>
    public LocalDate Date { get; set; } = new(2026, 6, 10);

    /// <summary>New York time of the first event, from 04:00 to 20:00.</summary>
    public LocalTime From { get; set; } = new(9, 25);

    public IReadOnlyList<GeneratedSymbol> Symbols { get; set; } = GeneratedSymbol.Defaults;

    /// <summary>Halts to play: while one lasts there is neither quote nor print.</summary>
    public IReadOnlyList<GeneratedHalt> Halts { get; set; } = [];
}

/// <summary>How one symbol behaves.</summary>
/// <param name="Symbol">Ticker and tape.</param>
/// <param name="PreviousClose">Where the day begins.</param>
/// <param name="DailyVolatilityBps">Standard deviation of a whole regular session, 1 to 2,000 bps.</param>
/// <param name="SpreadMilliBps">Usual bid-ask spread at midday in thousandths of a bp; never below one cent.</param>
/// <param name="OpeningGapBps">Jump of the price at 09:30, up to 1,000 bps either way.</param>
internal sealed record GeneratedSymbol(MarketSymbol Symbol, Price PreviousClose, int DailyVolatilityBps, int SpreadMilliBps, int OpeningGapBps)
{
    /// <summary>TSLA, AAPL and SPY.</summary>
    public static IReadOnlyList<GeneratedSymbol> Defaults { get; } =
    [
        new(MarketSymbol.Of("TSLA"), Price.FromE8(412_35000000), 280, 1_500, -75),
        new(MarketSymbol.Of("AAPL"), Price.FromE8(268_40000000), 130, 700, 45),
        new(MarketSymbol.Of("SPY"), Price.FromE8(671_20000000), 80, 200, 20),
    ];

    /// <summary>A symbol of which only name and last price are known.</summary>
    public static GeneratedSymbol Typical(string name, Price previousClose) => new(MarketSymbol.Of(name), previousClose, 150, 1_000, 40);
}

/// <summary>A trading halt of a generated day.</summary>
/// <param name="Symbol">Ticker.</param>
/// <param name="At">New York time at which trading stops.</param>
/// <param name="Duration">Until trading resumes.</param>
/// <param name="Reason">Why; not <see cref="HaltReason.None"/>.</param>
internal sealed record GeneratedHalt(string Symbol, LocalTime At, Duration Duration, HaltReason Reason);
