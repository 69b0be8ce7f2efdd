using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OracleNode.VendorServers.XStocks;

/// <summary>The part of the xStocks issuer's public API that tells coming corporate actions. Symbols are the tokens'.</summary>
internal sealed class XStocksServer : IAsyncDisposable
{
    private readonly LoopbackHost _host;

    public XStocksServer() => _host = new LoopbackHost(HttpProtocols.Http1, static _ => { }, app => app.MapGet("/api/v2/public/corporate-actions/upcoming", AnswerAsync));

    /// <summary>Base of its addresses.</summary>
    public Uri Url => new($"http://127.0.0.1:{_host.Port.ToString(CultureInfo.InvariantCulture)}/api/v2");

    /// <summary>What it announces.</summary>
    public CorporateActionBook CorporateActions { get; } = new();

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var symbol = context.Request.Query["symbol"].ToString();
        _ = int.TryParse(context.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var (page, hasMore) = CorporateActions.Read(a => a.Symbol == symbol, number - 1);
        var rows = page.Select(a => a.NewShares > 0
            ? string.Create(CultureInfo.InvariantCulture, $$"""{{Head(a)}},"caType":"StockSplit","fromUnits":"{{a.OldShares}}","toUnits":"{{a.NewShares}}","grossCashflowUsd":null}""")
            : string.Create(CultureInfo.InvariantCulture, $$"""{{Head(a)}},"caType":"CashDividend","fromUnits":null,"toUnits":null,"grossCashflowUsd":"{{a.Cash}}"}"""));
        return CorporateActions.AnswerAsync(context, $$$"""{"nodes":[{{{string.Join(',', rows)}}}],"page":{"currentPage":{{{number}}},"hasNextPage":{{{(hasMore ? "true" : "false")}}}}}""");
    }

    // 08:00 UTC is the morning of the same date in New York.
    private static string Head(AnnouncedAction a) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"eventId":"{{a.Id}}","version":1,"xstockSymbol":"{{a.Symbol}}","status":"Scheduled","effectiveTimeUtc":"{{a.On:uuuu-MM-dd}}T08:00:00Z","createdTimeUtc":"2026-06-01T00:00:00Z","notes":null""");
}
