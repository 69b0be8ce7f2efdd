using OracleNode.Vendors.TokenMarkets;
using OracleNode.Web;

namespace OracleNode.Vendors.Bybit;

/// <summary>Asks Bybit's REST interface for the pairs' status and multiplier, which its stream does not tell. What it cannot learn ages, and a pair of which nothing is known is not trading.</summary>
internal sealed partial class BybitInstrumentsPoll : IDisposable
{
    /// <summary>The listing of all tokenized pairs.</summary>
    public static readonly Uri DefaultUrl = new("https://api.bybit.com/v5/market/instruments-info?category=spot&symbolType=xstocks");

    private const int MaxBytes = 2 << 20;

    private readonly SourceOptions _options;
    private readonly BybitListing _listing;
    private readonly SymbolTable _index;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly PageClient _pages;
    private readonly Uri _url;
    private string? _saidProblem;

    /// <param name="options">The source, valid.</param>
    /// <param name="pairs">Its pairs.</param>
    /// <param name="listing">Where answers go.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="random">Draws jitter from [0, 1).</param>
    /// <param name="logger">Log.</param>
    public BybitInstrumentsPoll(SourceOptions options, IReadOnlyList<TokenPair> pairs, BybitListing listing, TimeProvider time, Func<double> random, ILogger logger)
    {
        _options = options;
        _listing = listing;
        _index = TokenPairs.Index(pairs);
        _time = time;
        _random = random;
        _logger = logger;
        _pages = new PageClient(options.ConnectTimeout, MaxBytes, time);
        _url = options.Bybit.InstrumentsUrl.Length == 0 ? DefaultUrl : new Uri(options.Bybit.InstrumentsUrl);
    }

    public void Dispose() => _pages.Dispose();

    /// <summary>Asks until cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await AskAsync(stopping);
            await Task.Delay(_options.Bybit.InstrumentsPeriod * (0.8 + (0.4 * _random())), _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        try
        {
            // An answer from a cache is of another time.
            _pages.Forget();
            var page = await _pages.GetAsync(_url, null, stopping) ?? [];
            if (!BybitInstrumentsParser.TryParse(page, _index, out var instruments))
            {
                Say($"{_url.Host} answered {page.Length} bytes that are no listing");
                return;
            }

            _listing.Set(instruments);
            Say(null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (PageException e)
        {
            Say(e.Message);
        }
        catch (Exception e)
        {
            LogFault(e, _options.Name);
        }
    }

    private void Say(string? problem)
    {
        if (problem == _saidProblem) return;
        _saidProblem = problem;
        if (problem is null) LogAnswers(_options.Name);
        else LogNoAnswer(_options.Name, problem, _options.Bybit.InstrumentsPeriod * 3);
    }

    [LoggerMessage(EventId = 2031, EventName = "ListingMissing", Level = LogLevel.Warning, Message = "Source {Source}: no listing of its pairs: {Problem}. What was last known counts for {MaxAge}; after that no pair counts as trading.")]
    private partial void LogNoAnswer(string source, string problem, TimeSpan maxAge);

    [LoggerMessage(EventId = 2032, EventName = "ListingAnswers", Level = LogLevel.Information, Message = "Source {Source}: the listing of its pairs is there again.")]
    private partial void LogAnswers(string source);

    [LoggerMessage(EventId = 2033, EventName = "ListingFault", Level = LogLevel.Error, Message = "Source {Source}: asking for the listing of its pairs met a defect of the node, please report it.")]
    private partial void LogFault(Exception exception, string source);
}
