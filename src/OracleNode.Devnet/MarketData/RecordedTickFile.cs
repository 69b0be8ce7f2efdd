using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// One recorded day of one symbol: <c>SYMBOL-YYYYMMDD-ticks.csv.gz</c> with
/// <c>utc_ms,kind,venue,bid,bid_size,ask,ask_size,price,size,condition,suspicious</c>, read as a stream.
/// </summary>
internal sealed partial class RecordedTickFile
{
    private const int ColumnCount = 11;
    private const string Header = "utc_ms,kind,venue,bid,bid_size,ask,ask_size,price,size,condition,suspicious";
    private static readonly LocalDatePattern DatePattern = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    private readonly string _path;
    private readonly string _fileName;
    private readonly long _firstMillis;
    private readonly long _endMillis;

    /// <summary>Opens a file far enough to know that it is one.</summary>
    /// <exception cref="MarketDataException">The name, the first line or the compression is not as it should be.</exception>
    public RecordedTickFile(string path)
    {
        _path = path;
        _fileName = Path.GetFileName(path);
        var name = NameFormat().Match(_fileName);
        if (!name.Success)
            throw new MarketDataException($"{_fileName}: the name is not SYMBOL-YYYYMMDD-ticks.csv.gz, from which symbol and day are taken.");
        var date = DatePattern.Parse(name.Groups["date"].Value);
        if (!date.Success) throw new MarketDataException($"{_fileName}: {name.Groups["date"].Value} is not a date; it is YYYYMMDD.");
        Symbol = MarketSymbol.Of(name.Groups["symbol"].Value);
        Date = date.Value;
        _firstMillis = MarketTimeline.At(Date, LocalTime.Midnight).ToUnixTimeMilliseconds();
        _endMillis = MarketTimeline.At(Date.PlusDays(1), LocalTime.Midnight).ToUnixTimeMilliseconds();
        FirstEvent = Read(new MarketDataProblems()).Select(first => (Instant?)first.Time).FirstOrDefault()
            ?? throw new MarketDataException($"{_fileName}: there is no row that can be used after the first line.");
    }

    public MarketSymbol Symbol { get; }

    /// <summary>The trading day, in New York.</summary>
    public LocalDate Date { get; }

    /// <summary>When the first event is.</summary>
    public Instant FirstEvent { get; }

    /// <summary>Reads the events in order. A row that makes no sense is left out and noted.</summary>
    /// <exception cref="MarketDataException">The file cannot be read on; the message names file and line.</exception>
    public IEnumerable<MarketEvent> Read(MarketDataProblems problems)
    {
        using var bytes = Open();
        using var reader = new StreamReader(bytes);
        var line = 1L;
        CheckHeader(ReadLine(reader, line));

        var book = default(MarketEvent) with { Symbol = Symbol, Kind = MarketEventKind.Quote };
        // A bid row waits for the ask row of its pair, so that the two sides are told as one change.
        var bidWaits = false;
        var lastMillis = _firstMillis;
        while (ReadLine(reader, ++line) is { } text)
        {
            if (text.Length == 0) continue;
            if (!TryParse(text, out var row, out var problem))
            {
                problems.Add(_fileName, line, problem);
                continue;
            }

            if (row.UtcMillis < lastMillis || row.UtcMillis >= _endMillis)
            {
                problems.Add(_fileName, line, $"utc_ms {row.UtcMillis} is not between {lastMillis}, the row before, and the end of {Date:uuuu-MM-dd}, {_endMillis}.");
                continue;
            }

            lastMillis = row.UtcMillis;
            var time = Instant.FromUnixTimeMilliseconds(row.UtcMillis);
            var completesPair = bidWaits && row.IsQuote && row.Bid.IsNone && book.Time == time;
            if (bidWaits && !completesPair) yield return book;
            bidWaits = false;

            if (!row.IsQuote)
            {
                yield return row.Trade(time, Symbol);
                continue;
            }

            book = book with { Time = time, Suspicious = row.Suspicious || (completesPair && book.Suspicious) };
            if (!row.Bid.IsNone) book = book with { Bid = row.Bid, BidSize = row.BidSize, BidVenue = row.Venue };
            if (!row.Ask.IsNone) book = book with { Ask = row.Ask, AskSize = row.AskSize, AskVenue = row.Venue };
            bidWaits = row.Ask.IsNone;
            if (!bidWaits) yield return book;
        }

        if (bidWaits) yield return book;
        if (!bytes.IsComplete) throw new MarketDataException($"{_fileName}:{line}: the file ends too early; its own last bytes announce another length.");
    }

    private GZipText Open()
    {
        try
        {
            return new GZipText(_path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MarketDataException($"{_path} cannot be opened: {failure.Message}", failure);
        }
    }

    private string? ReadLine(StreamReader reader, long line)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw new MarketDataException($"{_fileName}:{line}: the file cannot be read on; it is a complete gzip of text. {failure.Message}", failure);
        }
    }

    private void CheckHeader(string? header)
    {
        if (header != Header) throw new MarketDataException($"{_fileName}:1: the first line is '{header}'; it is '{Header}'.");
    }

    private static bool TryParse(string text, out Row row, out string problem)
    {
        row = default;
        Span<Range> columns = stackalloc Range[ColumnCount + 1];
        var span = text.AsSpan();
        var count = span.Split(columns, ',');
        if (count != ColumnCount)
        {
            problem = $"the row has {(count > ColumnCount ? "more than " + ColumnCount : count)} columns; it has {ColumnCount}.";
            return false;
        }

        var kind = span[columns[1]];
        if (kind is not ("quote" or "trade"))
        {
            problem = $"kind '{kind}' is neither quote nor trade.";
            return false;
        }

        if (!long.TryParse(span[columns[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var utcMillis))
        {
            problem = $"utc_ms '{span[columns[0]]}' is not a number of milliseconds.";
            return false;
        }

        if (span[columns[2]] is not { Length: 1 } venue || venue[0] is < 'A' or > 'Z')
        {
            problem = $"venue '{span[columns[2]]}' is not one letter.";
            return false;
        }

        row = new Row { UtcMillis = utcMillis, IsQuote = kind is "quote", Venue = venue[0], Suspicious = span[columns[10]] is "1" };
        if (!TryPrice(span[columns[3]], out var bid) || !TryPrice(span[columns[5]], out var ask) || !TryPrice(span[columns[7]], out var price))
        {
            problem = $"bid '{span[columns[3]]}', ask '{span[columns[5]]}' or price '{span[columns[7]]}' is not a positive number of at most 8 decimals.";
            return false;
        }

        if (!TrySize(span[columns[4]], out var bidSize) || !TrySize(span[columns[6]], out var askSize) || !TrySize(span[columns[8]], out var size))
        {
            problem = $"bid_size '{span[columns[4]]}', ask_size '{span[columns[6]]}' or size '{span[columns[8]]}' is not a number of shares.";
            return false;
        }

        if (!LeanConditions.TryParse(span[columns[9]], out var conditions))
        {
            problem = $"condition '{span[columns[9]]}' is not a hexadecimal mask of 32 bits.";
            return false;
        }

        if (row.IsQuote ? bid.IsNone && ask.IsNone : price.IsNone)
        {
            problem = row.IsQuote ? "a quote row has neither bid nor ask." : "a trade row has no price.";
            return false;
        }

        row = row with { Bid = bid, Ask = ask, Price = price, BidSize = bidSize, AskSize = askSize, Size = size, Conditions = conditions };
        problem = "";
        return true;
    }

    /// <summary>An empty column is no price; anything else must be one.</summary>
    private static bool TryPrice(ReadOnlySpan<char> text, out Price price)
    {
        price = default;
        if (text.IsEmpty) return true;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        if (value is <= 0 or > 1_000_000_000) return false;
        var e8 = value * Price.One;
        return e8 == decimal.Truncate(e8) && Price.TryFromE8((long)e8, out price);
    }

    private static bool TrySize(ReadOnlySpan<char> text, out int size)
    {
        size = 0;
        return text.IsEmpty || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
    }

    [GeneratedRegex(@"^(?<symbol>[A-Z][A-Z.]{0,9})-(?<date>[0-9]{8})-ticks\.csv\.gz$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NameFormat();

    private readonly record struct Row
    {
        public long UtcMillis { get; init; }
        public bool IsQuote { get; init; }
        public char Venue { get; init; }
        public Price Bid { get; init; }
        public int BidSize { get; init; }
        public Price Ask { get; init; }
        public int AskSize { get; init; }
        public Price Price { get; init; }
        public int Size { get; init; }
        public PrintConditions Conditions { get; init; }
        public bool Suspicious { get; init; }

        public MarketEvent Trade(Instant time, MarketSymbol symbol) => new()
        {
            Time = time,
            Kind = MarketEventKind.Trade,
            Symbol = symbol,
            Last = Price,
            Size = Size,
            Venue = Venue,
            Conditions = Conditions,
            Suspicious = Suspicious,
        };
    }
}
