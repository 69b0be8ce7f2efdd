using NodaTime;

namespace OracleNode.MarketData;

/// <summary>Recorded days of several symbols, one file each, all of the same date.</summary>
internal sealed class RecordedTicks : MarketTimeline
{
    private readonly RecordedTickFile[] _files;

    /// <exception cref="MarketDataException">A file is not as it should be, a symbol comes twice or the dates differ.</exception>
    public RecordedTicks(IEnumerable<string> paths)
    {
        _files = [.. paths.Select(path => new RecordedTickFile(path))];
        if (_files.Length == 0) throw new MarketDataException("No file is named; name at least one SYMBOL-YYYYMMDD-ticks.csv.gz.");
        if (_files.Select(file => file.Date).Distinct().Skip(1).Any())
            throw new MarketDataException($"The files are of different days ({string.Join(", ", _files.Select(file => $"{file.Symbol} {file.Date:uuuu-MM-dd}"))}); they are all of one.");
        if (_files.GroupBy(file => file.Symbol.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MarketDataException($"{twice.Key} comes in more than one file; each symbol in one.");
        Symbols = [.. _files.Select(file => file.Symbol)];
        Date = _files[0].Date;
        Start = _files.Min(file => file.FirstEvent);
        End = At(Date.PlusDays(1), LocalTime.Midnight);
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
    public override bool IsGenerated => false;

    /// <summary>The rows that were left out so far.</summary>
    public MarketDataProblems Problems { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<MarketEvent> Events() => Merge(_files.Select(file => file.Read(Problems)));
}
