using System.Net;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Web;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Halts;

/// <summary>One list as it was had.</summary>
/// <param name="Notices">Its rows; null when it is the same as before.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record HaltPage(IReadOnlyList<HaltNotice>? Notices, int Bytes);

/// <summary>Reads the text of a list.</summary>
internal interface IHaltParser
{
    /// <summary>Its rows; false when it is no such list, so that nothing of it counts. Rows that are not understood are counted and passed over. Never throws.</summary>
    bool TryParse(ReadOnlyMemory<byte> page, ParserCounters counters, out IReadOnlyList<HaltNotice> notices);
}

/// <summary>A list of halts that is polled whole: what every exchange's list has in common.</summary>
internal sealed class HaltFeedAdapter : IPolledAdapter<HaltPage>
{
    private readonly Uri _url;
    private readonly IHaltParser _parser;
    private readonly HaltBoard _board;
    private readonly PageClient _pages;

    /// <param name="vendor">Whose list it is.</param>
    /// <param name="url">Where it is.</param>
    /// <param name="parser">Reads it.</param>
    /// <param name="board">What it says from poll to poll.</param>
    public HaltFeedAdapter(VendorKind vendor, Uri url, IHaltParser parser, HaltBoard board, SourceOptions options, TimeProvider time)
    {
        Vendor = vendor;
        _url = url;
        _parser = parser;
        _board = board;
        _pages = new PageClient(options.Halts.RequestTimeout, options.MaxFrameBytes, time);
    }

    /// <inheritdoc/>
    public VendorKind Vendor { get; }

    /// <inheritdoc/>
    public ParserCounters Counters { get; } = new();

    /// <summary>The whole list is one.</summary>
    public int TickerCount => 1;

    /// <inheritdoc/>
    public void Dispose() => _pages.Dispose();

    /// <inheritdoc/>
    public async Task<HaltPage> FetchAsync(int ticker, Instant now, CancellationToken cancellation)
    {
        try
        {
            if (await _pages.GetAsync(_url, null, cancellation) is not { } page) return new HaltPage(null, 0);
            if (_parser.TryParse(page, Counters, out var notices)) return new HaltPage(notices, page.Length);

            // An apology in HTML with status 200: what was known before stands, and the next answer must be a whole one.
            _pages.Forget();
            Counters.Add(Counter.MalformedFrames);
            throw new VendorFaultException(new VendorFault(VendorFaultKind.ServerError, $"{_url.Host} answered {page.Length} bytes that are no list of halts"), concernsOneTicker: false);
        }
        catch (PageException e)
        {
            throw new VendorFaultException(new VendorFault(KindOf(e), e.Message), concernsOneTicker: false);
        }
    }

    /// <inheritdoc/>
    public BatchOutcome Convert(HaltPage batch, Instant receiveTime, ObservationBuffer output)
    {
        var before = output.Count;
        _board.Take(batch.Notices, receiveTime, output);
        Counters.Add(Counter.Observations, output.Count - before);
        return new BatchOutcome(batch.Bytes, IsTruncated: false);
    }

    private static VendorFaultKind KindOf(PageException e) => (e.Failure, e.Status) switch
    {
        (PageFailure.Connection, _) => VendorFaultKind.ConnectFailed,
        (PageFailure.Timeout, _) => VendorFaultKind.RequestTimeout,
        (PageFailure.Oversize, _) => VendorFaultKind.OversizeFrame,
        (_, HttpStatusCode.TooManyRequests) => VendorFaultKind.RateLimited,
        (_, HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) => VendorFaultKind.BadRequest,
        _ => VendorFaultKind.ServerError,
    };
}
