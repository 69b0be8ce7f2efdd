using System.Xml;
using NodaTime;
using OracleNode.Vendors.Halts;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.NasdaqTrader;

/// <summary>Nasdaq Trader's halts as RSS 2.0. No document type, no entity, nothing outside the page is looked at.</summary>
internal sealed class NasdaqTraderParser : IHaltParser
{
    private const string Namespace = "http://www.nasdaqtrader.com/";
    private const int MaxItems = 20_000;
    private const int MaxText = 64;
    private const int MaxDepth = 16;

    /// <inheritdoc/>
    public bool TryParse(ReadOnlyMemory<byte> page, ParserCounters counters, out IReadOnlyList<HaltNotice> notices)
    {
        var found = new List<HaltNotice>();
        notices = found;
        try
        {
            using var stream = new MemoryStream(page.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                MaxCharactersInDocument = page.Length + 1L,
            });
            var isRss = false;
            var item = default(Item?);
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth) return false;
                if (reader.NodeType == XmlNodeType.EndElement && reader is { LocalName: "item", NamespaceURI.Length: 0 })
                {
                    if (item is not null) Add(item, found, counters);
                    item = null;
                    if (found.Count > MaxItems) return false;
                }

                if (reader.NodeType != XmlNodeType.Element) continue;
                if (reader is { Depth: 0, LocalName: "rss" }) isRss = true;
                else if (reader is { LocalName: "item", NamespaceURI.Length: 0 } && !reader.IsEmptyElement) item = new Item();
                else if (reader.NamespaceURI == Namespace) item?.Set(reader.LocalName, TextOf(reader));
            }

            // A page that broke off would have thrown.
            return isRss;
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The text of a flat element, without leaving the reader behind its end, so that the next one is read.</summary>
    private static string TextOf(XmlReader reader)
    {
        if (reader.IsEmptyElement || !reader.Read() || reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA)) return "";
        var text = reader.Value;
        return text.Length <= MaxText ? text.Trim() : "";
    }

    private static void Add(Item item, List<HaltNotice> found, ParserCounters counters)
    {
        var symbol = HaltSymbol.Normalise(item.Symbol);
        if (item.IsDoubled || symbol.Length == 0 || item.Reason.Length == 0)
        {
            counters.Add(Counter.RejectedFields);
            return;
        }

        if (!EasternTime.TryParse(item.HaltDate, item.HaltTime, out var haltedAt))
        {
            counters.Add(Counter.RejectedTimestamps);
            return;
        }

        Instant? resumesAt = null;
        if (item.ResumptionTradeTime.Length > 0)
        {
            // A time that cannot be read is none: the halt stands.
            if (EasternTime.TryParse(item.ResumptionDate.Length > 0 ? item.ResumptionDate : item.HaltDate, item.ResumptionTradeTime, out var at)) resumesAt = at;
            else counters.Add(Counter.RejectedTimestamps);
        }

        found.Add(new HaltNotice(symbol, haltedAt, NasdaqTraderReasons.Of(item.Reason), resumesAt, item.Reason == NasdaqTraderReasons.Deleted));
    }

    private sealed class Item
    {
        private int _seen;

        public string Symbol { get; private set; } = "";
        public string HaltDate { get; private set; } = "";
        public string HaltTime { get; private set; } = "";
        public string Reason { get; private set; } = "";
        public string ResumptionDate { get; private set; } = "";
        public string ResumptionTradeTime { get; private set; } = "";

        /// <summary>A field came twice: one of the two is a lie, and which one is not for us to guess.</summary>
        public bool IsDoubled { get; private set; }

        public void Set(string name, string text)
        {
            switch (name)
            {
                case "IssueSymbol": Once(0); Symbol = text; break;
                case "HaltDate": Once(1); HaltDate = text; break;
                case "HaltTime": Once(2); HaltTime = text; break;
                case "ReasonCode": Once(3); Reason = text; break;
                case "ResumptionDate": Once(4); ResumptionDate = text; break;
                case "ResumptionTradeTime": Once(5); ResumptionTradeTime = text; break;
            }
        }

        private void Once(int field)
        {
            IsDoubled |= (_seen >> field & 1) != 0;
            _seen |= 1 << field;
        }
    }
}
