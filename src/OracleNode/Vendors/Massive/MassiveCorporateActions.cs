using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Vendors.CorporateActions;

namespace OracleNode.Vendors.Massive;

/// <summary>
/// Massive's splits and dividends, asked for by ticker: <c>/stocks/v1/splits</c> and <c>/stocks/v1/dividends</c>, or the older ones under <c>/v3/reference</c>, whose rows have the same keys.
/// </summary>
internal sealed class MassiveCorporateActions(SourceOptions options, Uri url) : ICorporateActionList
{
    private const int PageSize = 1000;

    public IEnumerable<Uri> FirstPages(IReadOnlyList<string> symbols, LocalDate from, LocalDate to) =>
        symbols.SelectMany(s => new[] { Question("splits", "execution_date", s, from), Question("dividends", "ex_dividend_date", s, from) }, (_, question) => question);

    private Uri Question(string list, string date, string symbol, LocalDate from) => new UriBuilder(url)
    {
        Path = $"{url.AbsolutePath.TrimEnd('/')}/{list}",
        Query = string.Create(CultureInfo.InvariantCulture, $"ticker={Uri.EscapeDataString(symbol)}&{date}.gte={LocalDatePattern.Iso.Format(from)}&limit={PageSize}"),
    }.Uri;

    public ActionPage? Read(ReadOnlyMemory<byte> page, Uri asked)
    {
        try
        {
            using var json = JsonDocument.Parse(page, ActionRow.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;

            // Where there is nothing to say, the list may be left out.
            var (actions, problems) = (new List<VendorAction>(), new List<string>());
            if (!json.RootElement.TryGetProperty("results", out var results)) return new ActionRow(json.RootElement).TextOrNull("status") == "OK" ? new ActionPage(actions, problems, null) : null;
            var areSplits = asked.AbsolutePath.EndsWith("/splits", StringComparison.Ordinal);
            ActionRow.ReadAll(results, areSplits ? "splits" : "dividends", areSplits ? ReadSplit : ReadDividend, actions, problems);
            var next = NextOf(json.RootElement, asked);
            if (next is null && new ActionRow(json.RootElement).Has("next_url")) problems.Add("'next_url' leads elsewhere: the key does not go there");
            return new ActionPage(actions, problems, next);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON with a key that is no text.
            return null;
        }
    }

    public void Authorize(HttpRequestHeaders headers) => headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretReference.Parse(options.ApiKey).Read());

    private static VendorAction ReadSplit(ActionRow row)
    {
        var (symbol, on) = (row.Text("ticker"), row.Date("execution_date"));
        var type = row.TextOrNull("adjustment_type");
        return new VendorAction(
            symbol, type == "stock_dividend" ? CorporateActionKind.StockDividend : CorporateActionKind.Split, row.Ratio("split_to", "split_from"), default, on, row.TextOrNull("id") ?? $"split {symbol} {LocalDatePattern.Iso.Format(on)}",
            IsWithdrawn: false, type ?? "split");
    }

    private static VendorAction ReadDividend(ActionRow row)
    {
        var (symbol, on) = (row.Text("ticker"), row.Date("ex_dividend_date"));
        var currency = row.TextOrNull("currency") ?? "USD";
        return new VendorAction(
            symbol, currency == "USD" ? CorporateActionKind.CashDividend : CorporateActionKind.Other, default, currency == "USD" ? row.Cash("cash_amount") : default, on, row.TextOrNull("id") ?? $"dividend {symbol} {LocalDatePattern.Iso.Format(on)}",
            IsWithdrawn: false, currency == "USD" ? row.TextOrNull("distribution_type") ?? row.TextOrNull("dividend_type") ?? "dividend" : $"dividend of {row.Number("cash_amount")} {currency}");
    }

    /// <summary>The key goes along with every question: only to where the first one went.</summary>
    private static Uri? NextOf(JsonElement root, Uri asked)
    {
        if (!root.TryGetProperty("next_url", out var value) || value.ValueKind != JsonValueKind.String || value.GetRawText().Length > 4096) return null;
        try
        {
            return Uri.TryCreate(value.GetString(), UriKind.Absolute, out var next) && next.Authority == asked.Authority && next.Scheme == asked.Scheme && next.AbsolutePath == asked.AbsolutePath ? next : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair as an escape.
            return null;
        }
    }
}
