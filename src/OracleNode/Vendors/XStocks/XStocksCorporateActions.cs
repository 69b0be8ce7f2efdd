using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.CorporateActions;

namespace OracleNode.Vendors.XStocks;

/// <summary>The issuer's <c>GET /public/corporate-actions/upcoming</c>: <c>nodes</c> and <c>page</c>, pages from 1. What is unverified of it is in the README.</summary>
internal sealed class XStocksCorporateActions(Uri url) : ICorporateActionList
{
    private const int PageSize = 100;
    private const int MaxPage = 1000;

    public IEnumerable<Uri> FirstPages(IReadOnlyList<string> symbols, LocalDate from, LocalDate to) => symbols.Select(s => Page(s, 1));

    public ActionPage? Read(ReadOnlyMemory<byte> page, Uri asked)
    {
        try
        {
            using var json = JsonDocument.Parse(page, ActionRow.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("nodes", out var nodes) || nodes.ValueKind != JsonValueKind.Array) return null;
            var (actions, problems) = (new List<VendorAction>(), new List<string>());
            ActionRow.ReadAll(nodes, "nodes", ReadOne, actions, problems);
            return new ActionPage(actions, problems, NextOf(json.RootElement, asked));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON with a key that is no text.
            return null;
        }
    }

    public void Authorize(HttpRequestHeaders headers)
    {
        // It is public.
    }

    private Uri Page(string symbol, int number) => new UriBuilder(url)
    {
        Path = $"{url.AbsolutePath.TrimEnd('/')}/public/corporate-actions/upcoming",
        Query = string.Create(CultureInfo.InvariantCulture, $"symbol={Uri.EscapeDataString(symbol)}&pageSize={PageSize}&page={number}"),
    }.Uri;

    private static VendorAction? ReadOne(ActionRow row)
    {
        var type = row.Text("caType");
        var isCancelled = row.TextOrNull("status") is { } status && (status.Contains("cancel", StringComparison.OrdinalIgnoreCase) || status.Contains("withdrawn", StringComparison.OrdinalIgnoreCase));

        // Without a time it cannot be told to anybody: where one was told before, it is missed in the list, and taken back so.
        if (!row.Has("effectiveTimeUtc")) return isCancelled ? null : throw new ActionRowException("'effectiveTimeUtc' is missing");
        var kind = KindOf(type);
        var ratio = kind is CorporateActionKind.Split or CorporateActionKind.StockDividend ? row.Ratio("toUnits", "fromUnits") : default;
        var cash = kind == CorporateActionKind.CashDividend ? row.Cash("grossCashflowUsd") : default;
        return new VendorAction(row.Text("xstockSymbol"), kind, ratio, cash, row.Time("effectiveTimeUtc").InUtc().Date, row.Text("eventId"), isCancelled, type);
    }

    /// <summary>A type that is not known is Other, so that the rules at least know that something happens.</summary>
    private static CorporateActionKind KindOf(string type)
    {
        var letters = string.Concat(type.Where(char.IsAsciiLetter)).ToUpperInvariant();
        return letters switch
        {
            "CASHDIVIDEND" or "DVCA" => CorporateActionKind.CashDividend,
            "STOCKDIVIDEND" or "DVSE" => CorporateActionKind.StockDividend,
            "STOCKSPLIT" or "FORWARDSPLIT" or "SPLIT" or "SPLF" or "REVERSESPLIT" or "REVERSESTOCKSPLIT" or "SPLR" => CorporateActionKind.Split,
            "SPINOFF" or "SOFF" => CorporateActionKind.SpinOff,
            "CASHMERGER" or "STOCKMERGER" or "STOCKANDCASHMERGER" or "MERGER" or "MRGR" => CorporateActionKind.Merger,
            "NAMECHANGE" or "SYMBOLCHANGE" or "TICKERCHANGE" => CorporateActionKind.TickerChange,
            "WORTHLESSREMOVAL" or "DELISTING" => CorporateActionKind.Delisting,
            _ => CorporateActionKind.Other,
        };
    }

    private Uri? NextOf(JsonElement root, Uri asked)
    {
        if (!root.TryGetProperty("page", out var page) || page.ValueKind != JsonValueKind.Object || !page.TryGetProperty("hasNextPage", out var more) || more.ValueKind != JsonValueKind.True) return null;
        var query = asked.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return query.TryGetValue("page", out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < MaxPage
            ? Page(Uri.UnescapeDataString(query.GetValueOrDefault("symbol", "")), at + 1)
            : null;
    }
}
