using Grpc.Core;
using Grpc.Net.Client;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Finazon.Wire;
using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.Finazon;

/// <summary>What one poll of one ticker brought.</summary>
internal sealed class FinazonBatch(FinazonTicker ticker)
{
    public FinazonTicker Ticker { get; } = ticker;

    /// <summary>Trades as they came, over all pages.</summary>
    public List<SipTradesItem> Trades { get; } = [];

    /// <summary>Only where nothing else is known of the ticker yet.</summary>
    public GetSnapshotResponse? Snapshot { get; set; }

    public bool IsTruncated { get; set; }

    public int Bytes { get; set; }
}

/// <summary>What was seen of one ticker.</summary>
internal sealed class FinazonTicker(string symbol, InstrumentId instrument, byte alias)
{
    public string Symbol { get; } = symbol;

    public InstrumentId Instrument { get; } = instrument;

    public byte Alias { get; } = alias;

    /// <summary>Time of the newest print taken; null before the first.</summary>
    public Instant? NewestTime { get; set; }

    /// <summary>The prints taken that happened at <see cref="NewestTime"/>: several share a millisecond.</summary>
    public HashSet<(long Bits, long Quantity, string MarketCenter, string Conditions)> AtNewest { get; } = [];

    public bool HasSnapshot { get; set; }

    /// <summary>Most prints kept of those that the rules refuse for their stamp.</summary>
    public const int MaxRefused = 4_096;

    /// <summary>The prints handed on that the rules refuse for their stamp.</summary>
    public HashSet<(long TradeDate, long Bits, long Quantity)> Refused { get; } = [];
}

/// <summary>
/// Finazon's unary gRPC protocol: per ticker the newest trades since the newest one known, page by page, newest first; a
/// snapshot where there is no trade yet.
/// </summary>
internal sealed class FinazonAdapter : IPolledAdapter<FinazonBatch>
{
    private static readonly TimeSpan ConnectionProbe = TimeSpan.FromSeconds(30);

    private readonly FinazonTicker[] _tickers;
    private readonly FinazonParser _parser;
    private readonly SecretReference _apiKey;
    private readonly FinazonOptions _options;
    private readonly GrpcChannel _channel;
    private readonly SipService.SipServiceClient _sip;
    private readonly SnapshotService.SnapshotServiceClient _snapshots;

    // Read once and again after it was refused, not for every request.
    private string? _authorization;

    /// <summary>Makes the adapter; connects at the first request.</summary>
    public FinazonAdapter(SymbolTable symbols, SourceId source, UpstreamId upstream, SecretReference apiKey, Uri url, SourceOptions options)
    {
        _tickers = [.. symbols.Symbols.ToArray().Select(s => new FinazonTicker(s.Symbol, s.Instrument, s.Alias))];
        _parser = new FinazonParser(source, upstream);
        _apiKey = apiKey;
        _options = options.Finazon;
        _channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = options.MaxFrameBytes,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = options.ConnectTimeout,
                KeepAlivePingDelay = ConnectionProbe,
                KeepAlivePingTimeout = ConnectionProbe,
                AutomaticDecompression = System.Net.DecompressionMethods.None,
            },
        });
        _sip = new SipService.SipServiceClient(_channel);
        _snapshots = new SnapshotService.SnapshotServiceClient(_channel);
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Finazon;

    /// <inheritdoc/>
    public ParserCounters Counters => _parser.Counters;

    /// <inheritdoc/>
    public int TickerCount => _tickers.Length;

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <inheritdoc/>
    public async Task<FinazonBatch> FetchAsync(int ticker, Instant now, CancellationToken cancellation)
    {
        var batch = new FinazonBatch(_tickers[ticker]);
        try
        {
            await FetchTradesAsync(batch, now, cancellation);
            if (batch.Trades.Count == 0 && batch.Ticker is { NewestTime: null, HasSnapshot: false }) await FetchSnapshotAsync(batch, cancellation);
            return batch;
        }
        catch (RpcException e)
        {
            var kind = KindOf(e.Status);
            if (kind == VendorFaultKind.AuthenticationFailed) Volatile.Write(ref _authorization, null);
            throw new VendorFaultException(Describe(kind, batch.Ticker.Symbol, e.Status), concernsOneTicker: kind == VendorFaultKind.SubscriptionRefused);
        }
        catch (SecretUnavailableException e)
        {
            throw new VendorFaultException(new VendorFault(VendorFaultKind.SecretUnavailable, e.Message), concernsOneTicker: false);
        }
    }

    /// <inheritdoc/>
    public BatchOutcome Convert(FinazonBatch batch, Instant receiveTime, ObservationBuffer output)
    {
        var ticker = batch.Ticker;
        // The order asked for is not relied on: a stable sort by time keeps what the vendor says within a millisecond.
        foreach (var trade in batch.Trades.OrderBy(t => t.TradeDate))
        {
            var isMisstamped = false;
            if (!_parser.TryTime(trade, out var eventTime) && !(isMisstamped = FinazonParser.TryMisstampedTime(trade, out eventTime))) continue;
            if (isMisstamped || eventTime - receiveTime > ObservationFilter.RefusedLead ? IsFirstRefusal(ticker, trade) : IsNew(ticker, trade, eventTime))
                _parser.Trade(trade, eventTime, ticker.Instrument, receiveTime, output, isMisstamped, ticker.Alias);
        }

        if (batch.Snapshot is { } snapshot)
        {
            ticker.HasSnapshot = true;
            _parser.Snapshot(snapshot, ticker.Instrument, receiveTime, output, ticker.Alias);
        }

        return new BatchOutcome(batch.Bytes, batch.IsTruncated);
    }

    // What the rules will refuse must not become the newest: nothing after it would be new. Every poll brings it again; once is enough.
    private static bool IsFirstRefusal(FinazonTicker ticker, SipTradesItem trade)
    {
        if (ticker.Refused.Count >= FinazonTicker.MaxRefused) ticker.Refused.Clear();
        return ticker.Refused.Add((trade.TradeDate, BitConverter.DoubleToInt64Bits(trade.Price), trade.Quantity));
    }

    private static bool IsNew(FinazonTicker ticker, SipTradesItem trade, Instant eventTime)
    {
        if (ticker.NewestTime is { } newest && eventTime < newest) return false;
        if (ticker.NewestTime != eventTime)
        {
            ticker.NewestTime = eventTime;
            ticker.AtNewest.Clear();
        }

        return ticker.AtNewest.Add((BitConverter.DoubleToInt64Bits(trade.Price), trade.Quantity, trade.MarketCenter, trade.SalesConditions));
    }

    private async Task FetchTradesAsync(FinazonBatch batch, Instant now, CancellationToken cancellation)
    {
        var ticker = batch.Ticker;
        // A market clock that was set back must not leave the start of the search in the future.
        if (ticker.NewestTime - now > ObservationFilter.RefusedLead) ticker.NewestTime = null;
        var since = ticker.NewestTime ?? now - Duration.FromTimeSpan(_options.Lookback);
        var request = new GetSipTradesRequest
        {
            Ticker = ticker.Symbol,
            StartAt = since.ToUnixTimeSeconds(),
            Order = "DESC",
            PageSize = _options.PageSize,
        };
        for (request.Page = 0; request.Page < _options.MaxPages; request.Page++)
        {
            var response = await _sip.GetTradesAsync(request, Call(cancellation));
            batch.Bytes += response.CalculateSize();
            batch.Trades.AddRange(response.Result);
            if (response.Result.Count < _options.PageSize || ReachesBack(response, since)) return;
        }

        batch.IsTruncated = true;
    }

    private static bool ReachesBack(GetSipTradesResponse page, Instant since)
    {
        foreach (var trade in page.Result)
        {
            if (EpochTime.TryRead(trade.TradeDate, EpochUnit.Milliseconds, out var time) && time < since) return true;
        }

        return false;
    }

    private async Task FetchSnapshotAsync(FinazonBatch batch, CancellationToken cancellation)
    {
        try
        {
            batch.Snapshot = await _snapshots.GetSnapshotAsync(new GetSnapshotRequest { Ticker = batch.Ticker.Symbol, Dataset = _options.Dataset }, Call(cancellation));
            batch.Bytes += batch.Snapshot.CalculateSize();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.Unimplemented or StatusCode.PermissionDenied)
        {
            // The snapshot only shortens the time to the first price; the trades alone do.
            batch.Ticker.HasSnapshot = true;
        }
    }

    // gRPC takes a deadline on the system clock; it never decides what a price is.
    private CallOptions Call(CancellationToken cancellation)
    {
        var authorization = Volatile.Read(ref _authorization);
        if (authorization is null)
        {
            authorization = $"Bearer {_apiKey.Read()}";
            Volatile.Write(ref _authorization, authorization);
        }

        return new CallOptions(new Metadata { { "authorization", authorization } }, DateTime.UtcNow + _options.RequestTimeout, cancellation);
    }

    private static VendorFault Describe(VendorFaultKind kind, string symbol, Status status) => VendorFault.FromVendor(
        kind, System.Text.Encoding.ASCII.GetBytes($"{symbol} {status.StatusCode}"), System.Text.Encoding.UTF8.GetBytes(status.Detail ?? string.Empty));

    private static VendorFaultKind KindOf(Status status) => status.StatusCode switch
    {
        StatusCode.Unauthenticated => VendorFaultKind.AuthenticationFailed,
        StatusCode.PermissionDenied => VendorFaultKind.NotEntitled,
        StatusCode.NotFound or StatusCode.InvalidArgument => VendorFaultKind.SubscriptionRefused,
        StatusCode.Unimplemented => VendorFaultKind.BadRequest,
        // The client's own limit has the same code as the vendor's quota.
        StatusCode.ResourceExhausted => status.Detail?.Contains("message size", StringComparison.OrdinalIgnoreCase) == true
            ? VendorFaultKind.OversizeFrame : VendorFaultKind.RateLimited,
        StatusCode.DeadlineExceeded => VendorFaultKind.RequestTimeout,
        StatusCode.Unavailable => VendorFaultKind.ConnectFailed,
        StatusCode.Cancelled => VendorFaultKind.Disconnected,
        _ => VendorFaultKind.ServerError,
    };
}
