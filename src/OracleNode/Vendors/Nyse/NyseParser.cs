using System.Text;
using NodaTime;
using OracleNode.Vendors.Halts;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Nyse;

/// <summary>NYSE's current halts as CSV (RFC 4180), columns by the names in its header.</summary>
internal sealed class NyseParser : IHaltParser
{
    private const int MaxRows = 20_000;
    private const int MaxFieldLength = 512;

    private static readonly string[] Needed = ["Halt Date", "Halt Time", "Symbol", "Reason", "Resume Date", "NYSE Resume Time"];

    /// <inheritdoc/>
    public bool TryParse(ReadOnlyMemory<byte> page, ParserCounters counters, out IReadOnlyList<HaltNotice> notices)
    {
        var found = new List<HaltNotice>();
        notices = found;
        var text = Encoding.UTF8.GetString(page.Span).TrimStart('\uFEFF');
        var at = 0;
        if (!TryRow(text, ref at, out var header) || header is null) return false;
        var columns = Needed.Select(name => header.FindIndex(h => h.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (columns.Contains(-1)) return false;
        for (var rows = 0; TryRow(text, ref at, out var row); rows++)
        {
            if (row is null || rows > MaxRows) return false;
            if (row is [""]) continue;
            if (row.Count != header.Count) counters.Add(Counter.RejectedFields);
            else Add([.. columns.Select(c => row[c].Trim())], found, counters);
        }

        return true;
    }

    private static void Add(string[] row, List<HaltNotice> found, ParserCounters counters)
    {
        var symbol = HaltSymbol.Normalise(row[2]);
        if (symbol.Length == 0)
        {
            counters.Add(Counter.RejectedFields);
            return;
        }

        if (!EasternTime.TryParse(row[0], row[1], out var haltedAt))
        {
            counters.Add(Counter.RejectedTimestamps);
            return;
        }

        Instant? resumesAt = null;
        if (row[5].Length > 0)
        {
            if (EasternTime.TryParse(row[4].Length > 0 ? row[4] : row[0], row[5], out var resumes)) resumesAt = resumes;
            else counters.Add(Counter.RejectedTimestamps);
        }

        found.Add(new HaltNotice(symbol, haltedAt, NyseReasons.Of(row[3]), resumesAt));
    }

    /// <summary>The next row; false at the end. A null row is no CSV: a quote that never ends, or a field without one.</summary>
    private static bool TryRow(string text, ref int at, out List<string>? row)
    {
        row = null;
        if (at >= text.Length) return false;
        var fields = new List<string>();
        var field = new StringBuilder();
        while (true)
        {
            var isQuoted = at < text.Length && text[at] == '"';
            if (isQuoted) at++;
            while (at < text.Length)
            {
                var c = text[at];
                if (isQuoted && c == '"')
                {
                    at++;
                    if (at < text.Length && text[at] == '"') field.Append(text[at++]);
                    else
                    {
                        isQuoted = false;
                        break;
                    }

                    continue;
                }

                if (!isQuoted && c is ',' or '\r' or '\n') break;
                field.Append(c);
                at++;
                if (field.Length > MaxFieldLength) return true;
            }

            if (isQuoted || (at < text.Length && text[at] is not (',' or '\r' or '\n'))) return true;
            fields.Add(field.ToString());
            field.Clear();
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            if (at < text.Length && text[at] == '\r') at++;
            if (at < text.Length && text[at] == '\n') at++;
            row = fields;
            return true;
        }
    }
}
