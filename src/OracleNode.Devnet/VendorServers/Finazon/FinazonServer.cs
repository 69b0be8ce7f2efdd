using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OracleNode.Clock;
using OracleNode.MarketData;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.VendorServers.Finazon;

/// <summary>
/// Finazon's gRPC interface over cleartext HTTP/2: trades of the consolidated tape by page and time, and snapshots, for those who
/// bring the key as bearer metadata.
/// </summary>
internal sealed class FinazonServer : IVendorServer
{
    /// <summary>Answers that <see cref="SendGarbage"/> spoils.</summary>
    public const int GarbageAnswers = 5;

    private readonly FinazonServerOptions _options;
    private readonly ScaledMarketClock _clock;
    private readonly LoopbackHost _host;
    private readonly ViewPlayer _player;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PrintHistory> _histories = new(StringComparer.Ordinal);
    private readonly byte[] _authorization;
    private readonly CallBudget _budget;
    private CancellationTokenSource _disconnect = new();
    private int _garbageLeft;
    private long _eventsSent;
    private long _calls;

    /// <param name="view">What the vendor knows, and when.</param>
    /// <param name="symbols">What it covers; other tickers are NOT_FOUND.</param>
    /// <param name="clock">Market time.</param>
    /// <param name="options">Account and limits.</param>
    public FinazonServer(IEnumerable<VendorEvent> view, IEnumerable<MarketSymbol> symbols, ScaledMarketClock clock, FinazonServerOptions options)
    {
        _options = options;
        _clock = clock;
        _authorization = Encoding.UTF8.GetBytes("Bearer " + options.ApiKey);
        _budget = new CallBudget(options.MaxCallsPerSecond, clock.TimeProvider);
        foreach (var symbol in symbols) _histories.Add(symbol.Name, new PrintHistory(options.MaxPrintsKept));
        _player = new ViewPlayer(view, clock, Deliver);
        _host = new LoopbackHost(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.AddSingleton(this);
            },
            application =>
            {
                application.MapGrpcService<FinazonSipService>();
                application.MapGrpcService<FinazonSnapshotService>();
            });
    }

    /// <inheritdoc/>
    public string Name => "finazon";

    /// <inheritdoc/>
    public Uri Url => new($"http://127.0.0.1:{_host.Port}");

    /// <inheritdoc/>
    public bool IsRunning => _host.IsRunning;

    /// <inheritdoc/>
    public VendorFaults Faults { get; } = new();

    /// <inheritdoc/>
    public long EventsSent => Interlocked.Read(ref _eventsSent);

    /// <summary>Calls that were let in.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <inheritdoc/>
    public Task Completion => _player.Completion;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _player.StartAsync(cancellationToken);
        await _host.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        Disconnect();
        await _host.StopAsync();
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        CancellationTokenSource dropped;
        lock (_gate)
        {
            dropped = _disconnect;
            _disconnect = new CancellationTokenSource();
        }

        dropped.Cancel();
        dropped.Dispose();
    }

    /// <inheritdoc/>
    public void SendGarbage() => Interlocked.Exchange(ref _garbageLeft, GarbageAnswers);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _host.DisposeAsync();
        await _player.DisposeAsync();
        _disconnect.Dispose();
    }

    /// <summary>Answers a page of trades.</summary>
    /// <exception cref="RpcException">The call is refused, with the status that says why.</exception>
    public async Task<GetSipTradesResponse> GetTradesAsync(GetSipTradesRequest request, ServerCallContext context)
    {
        await AdmitAsync(context);
        var (from, to) = Range(request.StartAt, request.EndAt);
        var pageSize = request.PageSize == 0 ? _options.DefaultPageSize : request.PageSize;
        if (request.Page < 0 || request.Page > 100_000) throw Refusal(StatusCode.InvalidArgument, $"page {request.Page} is from 0 to 100000");
        if (pageSize < 1 || pageSize > _options.MaxPageSize) throw Refusal(StatusCode.InvalidArgument, $"page_size {pageSize} is from 1 to {_options.MaxPageSize}");
        var newestFirst = request.Order.ToUpperInvariant() switch
        {
            "" or "DESC" => true,
            "ASC" => false,
            _ => throw Refusal(StatusCode.InvalidArgument, $"order {request.Order} is ASC or DESC"),
        };

        List<MarketEvent> prints;
        lock (_gate) prints = HistoryOf(request.Ticker).Page(from, to, newestFirst, request.Page, pageSize);
        Interlocked.Add(ref _eventsSent, prints.Count);
        var response = new GetSipTradesResponse();
        response.Result.AddRange(prints.Select(ToItem));
        if (TakeGarbage()) SpoilTrades(response);
        return response;
    }

    /// <summary>Answers the last values of a ticker.</summary>
    /// <exception cref="RpcException">The call is refused, with the status that says why.</exception>
    public async Task<GetSnapshotResponse> GetSnapshotAsync(GetSnapshotRequest request, ServerCallContext context)
    {
        await AdmitAsync(context);
        MarketEvent? newest;
        lock (_gate) newest = HistoryOf(request.Ticker).Newest;
        var response = new GetSnapshotResponse();
        if (newest is { } print)
        {
            response.LastTrade = new SnapshotLastTrade
            {
                EventAt = print.Time.ToUnixTimeMilliseconds(),
                Price = (double)Faults.Told(print.Last)!.Value,
                Shares = print.Size,
            };
            Interlocked.Increment(ref _eventsSent);
        }

        if (TakeGarbage()) response.LastTrade = new SnapshotLastTrade { EventAt = long.MaxValue, Price = double.NaN, Shares = long.MinValue };
        return response;
    }

    private async Task AdmitAsync(ServerCallContext context)
    {
        CancellationToken dropped;
        bool left;
        lock (_gate)
        {
            dropped = _disconnect.Token;
            left = _budget.TryTake();
        }

        // Read as bytes of one header: a missing one differs from a wrong one in nothing.
        var given = Encoding.UTF8.GetBytes(context.RequestHeaders.GetValue("authorization") ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, _authorization)) throw Refusal(StatusCode.Unauthenticated, "the bearer key is missing or wrong");
        if (!left) throw Refusal(StatusCode.ResourceExhausted, $"more than {_options.MaxCallsPerSecond} calls a second");
        Interlocked.Increment(ref _calls);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(dropped, context.CancellationToken);
        try
        {
            await Faults.WhenNotStalledAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            throw Refusal(StatusCode.Unavailable, "the connection was dropped");
        }
    }

    private PrintHistory HistoryOf(string ticker) =>
        _histories.TryGetValue(ticker, out var history) ? history : throw Refusal(StatusCode.NotFound, $"ticker {ticker} is not covered");

    /// <summary>Both bounds in Unix seconds, 0 for none; nothing after now exists.</summary>
    private (long FromMillis, long ToMillis) Range(long startAt, long endAt)
    {
        const long limit = 100_000_000_000;
        if (startAt is < 0 or > limit || endAt is < 0 or > limit) throw Refusal(StatusCode.InvalidArgument, "start_at and end_at are Unix seconds");
        var now = _clock.Now.ToUnixTimeMilliseconds();
        return (startAt * 1_000, endAt == 0 ? now : Math.Min(now, endAt * 1_000));
    }

    private SipTradesItem ToItem(MarketEvent print) => new()
    {
        TradeDate = print.Time.ToUnixTimeMilliseconds(),
        MarketCenter = print.Venue.ToString(),
        Topic = print.Symbol.Tape.ToString(),
        Price = (double)Faults.Told(print.Last)!.Value,
        Quantity = print.Size,
        SalesConditions = string.Concat(TapeCodes.SaleConditions(print.Conditions, print.Symbol.Tape)),
    };

    private static void SpoilTrades(GetSipTradesResponse response)
    {
        var now = response.Result.Count > 0 ? response.Result[0].TradeDate : 0;
        response.Result.Clear();
        double[] prices = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, 0, 1e300, double.Epsilon];
        foreach (var price in prices) response.Result.Add(new SipTradesItem { TradeDate = now, Price = price, Quantity = 100, Topic = "C", SalesConditions = "@" });
        response.Result.Add(new SipTradesItem { TradeDate = long.MaxValue, Price = 1, Quantity = 100, Topic = "C", SalesConditions = "@" });
        response.Result.Add(new SipTradesItem { TradeDate = long.MinValue, Price = 1, Quantity = 100, Topic = "?", SalesConditions = "\u0001\uFFFD" });
        response.Result.Add(new SipTradesItem { TradeDate = now, Price = double.NaN, Quantity = long.MinValue, SalesConditions = new string('I', 10_000) });
    }

    private bool TakeGarbage()
    {
        while (Volatile.Read(ref _garbageLeft) is > 0 and var left)
        {
            if (Interlocked.CompareExchange(ref _garbageLeft, left - 1, left) == left) return true;
        }

        return false;
    }

    private void Deliver(ReadOnlySpan<MarketEvent> events)
    {
        lock (_gate)
        {
            foreach (ref readonly var happened in events)
            {
                if (happened.Kind == MarketEventKind.Trade && _histories.TryGetValue(happened.Symbol.Name, out var history)) history.Add(happened);
            }
        }
    }

    private static RpcException Refusal(StatusCode code, string detail) => new(new Status(code, detail));
}
