using System.Globalization;
using System.IO.Compression;
using NodaTime;
using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>
/// Recorded minutes of one share (<c>utc_ms,bid_close,bid_size,ask_close,ask_size,trade_close,volume</c>, prices as traded), as three upstreams tell them: two with the
/// quote that closed each minute, one with the trade that did, or with the quote where there was none. Nothing is made up between the minutes.
/// </summary>
internal sealed class RecordedMinutes
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly List<Observation> _told = [];

    public RecordedMinutes(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            text.ReadLine();
            while (text.ReadLine() is { } line) Add(line.Split(','));
        }
    }

    /// <summary>Every word in the order of its arrival.</summary>
    public IReadOnlyList<Observation> Told => _told;

    /// <summary>The opening cross, which no minute shows: every upstream tells it.</summary>
    public void AddOpeningCross(Instant at, string price)
    {
        for (var source = 0; source < 3; source++)
        {
            var print = new Observation
            {
                Kind = ObservationKind.Trade,
                Source = new SourceId(source),
                Upstream = new UpstreamId(source),
                Instrument = new InstrumentId(0),
                EventTime = at,
                ReceiveTime = at + Duration.FromMilliseconds(20 + (15 * source)),
                Last = PriceOf(price),
                LastSize = 1_000_000,
                Conditions = ConditionFlags.OpeningPrint,
            };
            _told.Insert(_told.FindIndex(o => o.ReceiveTime > print.ReceiveTime), print);
        }
    }

    private void Add(string[] cells)
    {
        var end = Instant.FromUnixTimeMilliseconds(long.Parse(cells[0], CultureInfo.InvariantCulture)) + Duration.FromMinutes(1);
        var (bid, ask) = (PriceOf(cells[1]), PriceOf(cells[3]));
        var isQuoted = !bid.IsNone && !ask.IsNone;
        for (var source = 0; source < 3; source++)
        {
            var quote = new Observation
            {
                Kind = ObservationKind.Quote,
                Source = new SourceId(source),
                Upstream = new UpstreamId(source),
                Instrument = new InstrumentId(0),
                EventTime = end,
                ReceiveTime = end + Duration.FromMilliseconds(20 + (15 * source)),
                Bid = bid,
                Ask = ask,
            };

            // A minute without a quote in the recording says nothing of the quote.
            if (!isQuoted && (source < 2 || cells[5].Length == 0)) continue;
            _told.Add(source < 2 || cells[5].Length == 0 ? quote : quote with
            {
                Kind = ObservationKind.Trade,
                Bid = default,
                Ask = default,
                Last = PriceOf(cells[5]),
                LastSize = long.Parse(cells[6], CultureInfo.InvariantCulture),
                Conditions = IsRegular(end) ? ConditionFlags.None : ConditionFlags.ExtendedHours,
            });
        }
    }

    private static bool IsRegular(Instant end)
    {
        var time = end.InZone(NewYork).TimeOfDay;
        return time > new LocalTime(9, 30) && time <= new LocalTime(16, 0);
    }

    /// <summary>An empty cell is no price.</summary>
    private static Price PriceOf(string text)
    {
        if (text.Length == 0) return default;
        Assert.True(Price.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var price, out var error), $"'{text}' is no price: {error}");
        return price;
    }
}
