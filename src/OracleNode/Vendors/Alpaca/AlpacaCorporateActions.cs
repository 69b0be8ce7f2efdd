using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Vendors.CorporateActions;

namespace OracleNode.Vendors.Alpaca;

/// <summary>Alpaca's <c>GET /v1/corporate-actions</c>: lists by kind under <c>corporate_actions</c>, pages by token.</summary>
internal sealed class AlpacaCorporateActions(SourceOptions options, Uri url) : ICorporateActionList
{
    /// <summary>Symbols in one question, so that its address stays short.</summary>
    private const int SymbolsPerQuestion = 100;

    private const int PageSize = 1000;

    public IEnumerable<Uri> FirstPages(IReadOnlyList<string> symbols, LocalDate from, LocalDate to) =>
        symbols.Chunk(SymbolsPerQuestion).Select(chunk => new UriBuilder(url)
        {
            Query = string.Create(CultureInfo.InvariantCulture, $"symbols={Uri.EscapeDataString(string.Join(',', chunk))}&start={LocalDatePattern.Iso.Format(from)}&end={LocalDatePattern.Iso.Format(to)}&limit={PageSize}&sort=asc"),
        }.Uri);

    public ActionPage? Read(ReadOnlyMemory<byte> page, Uri asked)
    {
        try
        {
            using var json = JsonDocument.Parse(page, ActionRow.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("corporate_actions", out var kinds) || kinds.ValueKind != JsonValueKind.Object) return null;
            var (actions, problems) = (new List<VendorAction>(), new List<string>());
            foreach (var kind in kinds.EnumerateObject()) ActionRow.ReadAll(kind.Value, NameOf(kind), row => ReadOne(NameOf(kind), row), actions, problems);
            return new ActionPage(actions, problems, new ActionRow(json.RootElement).TextOrNull("next_page_token") is { } token ? Next(asked, token) : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON with a key that is no text.
            return null;
        }
    }

    public void Authorize(HttpRequestHeaders headers)
    {
        headers.Add("APCA-API-KEY-ID", SecretReference.Parse(options.ApiKey).Read());
        headers.Add("APCA-API-SECRET-KEY", SecretReference.Parse(options.ApiSecret).Read());
    }

    /// <summary>A kind that is not known is Other, so that the rules at least know that something happens.</summary>
    private static VendorAction? ReadOne(string kind, ActionRow row) => kind switch
    {
        "forward_splits" or "reverse_splits" => Of(row, kind, "symbol", CorporateActionKind.Split, row.Date("ex_date"), row.Ratio("new_rate", "old_rate")),
        "stock_dividends" => Of(row, kind, "symbol", CorporateActionKind.StockDividend, row.Date("ex_date"), row.OnTop("rate")),
        "cash_dividends" => Dividend(row, kind),
        "spin_offs" => Of(row, kind, "source_symbol", CorporateActionKind.SpinOff, row.Date("ex_date")),
        "cash_mergers" => Of(row, kind, "acquiree_symbol", CorporateActionKind.Merger, row.Date("effective_date", "process_date"), cash: row.Cash("rate")),
        "stock_and_cash_mergers" => Of(row, kind, "acquiree_symbol", CorporateActionKind.Merger, row.Date("effective_date", "process_date"), cash: row.Cash("cash_rate")),
        "stock_mergers" => Of(row, kind, "acquiree_symbol", CorporateActionKind.Merger, row.Date("effective_date", "process_date")),
        "name_changes" => Of(row, kind, "old_symbol", CorporateActionKind.TickerChange, row.Date("process_date"), detail: row.Text("new_symbol")),
        "worthless_removals" => Of(row, kind, "symbol", CorporateActionKind.Delisting, row.Date("process_date")),
        "redemptions" => Of(row, kind, "symbol", CorporateActionKind.Other, row.Date("process_date"), cash: row.Cash("rate")),
        "unit_splits" => Of(row, kind, "old_symbol", CorporateActionKind.Other, row.Date("effective_date", "process_date")),
        "rights_distributions" => Of(row, kind, "source_symbol", CorporateActionKind.Other, row.Date("ex_date", "process_date")),
        _ => Of(row, kind, row.Has("symbol") ? "symbol" : "old_symbol", CorporateActionKind.Other, row.Date("ex_date", "effective_date", "process_date")),
    };

    private static VendorAction Dividend(ActionRow row, string kind)
    {
        // Where it says no currency it is in dollars. What is in another one is no cash that a price could be compared with.
        var currency = row.TextOrNull("currency") ?? "USD";
        return currency == "USD"
            ? Of(row, kind, "symbol", CorporateActionKind.CashDividend, row.Date("ex_date"), cash: row.Cash("rate"))
            : Of(row, kind, "symbol", CorporateActionKind.Other, row.Date("ex_date"), detail: $"dividend of {row.Number("rate")} {currency}");
    }

    private static VendorAction Of(
        ActionRow row, string list, string symbolKey, CorporateActionKind kind, LocalDate on, ShareRatio ratio = default, Price cash = default, string? detail = null)
    {
        var symbol = row.Text(symbolKey);
        return new VendorAction(
            symbol, kind, ratio, cash, on, row.TextOrNull("id") ?? $"{list} {symbol} {LocalDatePattern.Iso.Format(on)}", IsWithdrawn: false, detail ?? list);
    }

    private static Uri Next(Uri asked, string token)
    {
        var query = string.Join('&', asked.Query.TrimStart('?').Split('&').Where(p => !p.StartsWith("page_token=", StringComparison.Ordinal)));
        return new UriBuilder(asked) { Query = $"{query}&page_token={Uri.EscapeDataString(token)}" }.Uri;
    }

    private static string NameOf(JsonProperty kind) => kind.Name.Length <= 64 && kind.Name.All(c => c is '_' or (>= 'a' and <= 'z')) ? kind.Name : "an unknown kind";
}
