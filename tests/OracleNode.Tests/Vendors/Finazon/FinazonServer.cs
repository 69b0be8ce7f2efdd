using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.Vendors.Finazon;

/// <summary>A Finazon server on a free port, over real HTTP/2: trades per ticker, filtered, ordered and paged as documented.</summary>
internal sealed class FinazonServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FinazonServer(WebApplication app, Book book)
    {
        _app = app;
        Data = book;
    }

    public Book Data { get; }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FinazonServer> StartAsync(string key)
    {
        var book = new Book(key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(book);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Sip>();
        app.MapGrpcService<Snapshots>();
        await app.StartAsync();
        return new FinazonServer(app, book);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    /// <summary>What the server knows and what it was asked.</summary>
    internal sealed class Book(string key)
    {
        private readonly Lock _lock = new();
        private readonly List<(string Ticker, SipTradesItem Trade)> _trades = [];

        public List<GetSipTradesRequest> Requests { get; } = [];

        public string Key { get; set; } = key;

        /// <summary>When set, every answer is this.</summary>
        public Func<string, RpcException?>? Fail { get; set; }

        public Func<Task>? Delay { get; set; }

        public SnapshotLastTrade? LastTrade { get; set; }

        public int Snapshots { get; set; }

        public int RequestCount
        {
            get
            {
                lock (_lock) return Requests.Count;
            }
        }

        public void Add(string ticker, long unixMillis, double price, string conditions = "@", long quantity = 10, string tape = "C")
        {
            lock (_lock)
            {
                _trades.Add((ticker, new SipTradesItem
                {
                    TradeDate = unixMillis,
                    Price = price,
                    Quantity = quantity,
                    SalesConditions = conditions,
                    MarketCenter = "Q",
                    Topic = tape,
                }));
            }
        }

        public async Task<GetSipTradesResponse> AnswerAsync(GetSipTradesRequest request, Metadata headers)
        {
            lock (_lock) Requests.Add(request);
            if (Delay is { } delay) await delay();
            Check(request.Ticker, headers);
            lock (_lock)
            {
                var found = _trades.Where(t => t.Ticker == request.Ticker && t.Trade.TradeDate / 1000 >= request.StartAt).Select(t => t.Trade);
                var ordered = request.Order == "DESC" ? found.OrderByDescending(t => t.TradeDate) : found.OrderBy(t => t.TradeDate);
                return new GetSipTradesResponse { Result = { ordered.Skip(request.Page * request.PageSize).Take(request.PageSize) } };
            }
        }

        public void Check(string ticker, Metadata headers)
        {
            if (headers.GetValue("authorization") != $"Bearer {Key}") throw new RpcException(new Status(StatusCode.Unauthenticated, "invalid api key"));
            if (Fail?.Invoke(ticker) is { } failure) throw failure;
        }
    }

    private sealed class Sip(Book book) : SipService.SipServiceBase
    {
        public override Task<GetSipTradesResponse> GetTrades(GetSipTradesRequest request, ServerCallContext context) => book.AnswerAsync(request, context.RequestHeaders);
    }

    private sealed class Snapshots(Book book) : SnapshotService.SnapshotServiceBase
    {
        public override Task<GetSnapshotResponse> GetSnapshot(GetSnapshotRequest request, ServerCallContext context)
        {
            book.Snapshots++;
            book.Check(request.Ticker, context.RequestHeaders);
            return Task.FromResult(new GetSnapshotResponse { LastTrade = book.LastTrade });
        }
    }
}
