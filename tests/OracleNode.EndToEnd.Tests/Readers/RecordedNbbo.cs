using System.Globalization;
using System.IO.Compression;

namespace OracleNode.Readers;

/// <summary>
/// The national best bid and offer of a recorded day, folded from the rows by themselves: the last bid and the last ask, whatever
/// their venue. Mids are kept doubled, so that half a cent is exact.
/// </summary>
internal sealed class RecordedNbbo
{
    private readonly List<long> _millis = [];
    private readonly List<long> _twiceMids = [];

    public RecordedNbbo(string path)
    {
        using var file = File.OpenRead(path);
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        Assert.Equal("utc_ms,kind,venue,bid,bid_size,ask,ask_size,price,size,condition,suspicious", text.ReadLine());
        var (bid, ask) = (0L, 0L);
        while (text.ReadLine() is { } line)
        {
            var row = line.Split(',');
            if (row[1] != "quote") continue;
            if (row[3].Length > 0) bid = E8(row[3]);
            if (row[5].Length > 0) ask = E8(row[5]);
            if (bid == 0 || ask == 0) continue;
            var millis = long.Parse(row[0], CultureInfo.InvariantCulture);
            // A bid row and an ask row of one millisecond are one change.
            if (_millis.Count > 0 && _millis[^1] == millis && row[3].Length == 0) _twiceMids[^1] = bid + ask;
            else
            {
                _millis.Add(millis);
                _twiceMids.Add(bid + ask);
            }
        }
    }

    /// <summary>The lowest and the highest mid that stood at any moment of the span, both ends included; doubled, in 1e-8.</summary>
    public (long Low, long High) TwiceMids(long fromMillis, long toMillis)
    {
        var at = _millis.BinarySearch(fromMillis);
        // Of several of one millisecond the first; else what stood already when the span began.
        if (at < 0) at = ~at - 1;
        while (at > 0 && _millis[at - 1] == fromMillis) at--;
        Assert.True(at >= 0, $"no quote before {fromMillis}");
        var (low, high) = (_twiceMids[at], _twiceMids[at]);
        for (; at < _millis.Count && _millis[at] <= toMillis; at++)
        {
            low = long.Min(low, _twiceMids[at]);
            high = long.Max(high, _twiceMids[at]);
        }

        return (low, high);
    }

    private static long E8(string text) => (long)(decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Market.Price.One);
}
