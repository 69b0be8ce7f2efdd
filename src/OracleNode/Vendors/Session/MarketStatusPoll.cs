using System.Net;
using System.Net.Http.Headers;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;
using OracleNode.Web;

namespace OracleNode.Vendors.Session;

/// <summary>
/// Asks one vendor every minute which session it believes to be in, over its own REST interface, and hands that on as its source's word. What it cannot say it does not
/// say: a vendor that does not answer contradicts nobody.
/// </summary>
internal sealed partial class MarketStatusPoll : IDisposable
{
    /// <summary>How often, a fifth to either side.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private const int MaxBytes = 64 * 1024;

    private readonly SourceOptions _options;
    private readonly Source _source;
    private readonly IObservationSink _sink;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly PageClient _pages;
    private readonly Uri _url;
    private string? _saidProblem;

    public MarketStatusPoll(SourceOptions options, Source source, IObservationSink sink, IMarketClock clock, TimeProvider time, Func<double> random, ILogger logger)
    {
        _options = options;
        _source = source;
        _sink = sink;
        _clock = clock;
        _time = time;
        _random = random;
        _logger = logger;
        _pages = new PageClient(options.ConnectTimeout, MaxBytes, time);
        _url = SourceOptionsValidator.MarketStatusUrlOf(options) ?? throw new ArgumentException("Validated before.", nameof(options));
    }

    public void Dispose() => _pages.Dispose();

    /// <summary>Asks until cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await AskAsync(stopping);
            await Task.Delay(Period * (0.8 + (0.4 * _random())), _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks once. The tests do so without waiting.</summary>
    internal async Task AskAsync(CancellationToken stopping)
    {
        try
        {
            // An answer from a cache is of another time.
            _pages.Forget();
            var page = await _pages.GetAsync(_url, Authorize, stopping) ?? [];
            var understood = _options.Vendor == VendorKind.Massive
                ? MassiveMarketStatus.TryParse(page, out var claims, out var at)
                : AlpacaClock.TryParse(page, out claims, out at);
            if (!understood)
            {
                Say($"{_url.Host} answered {page.Length} bytes that are no market status");
                return;
            }

            _sink.Publish([new Observation
            {
                Kind = ObservationKind.Session,
                Source = _source.Id,
                Upstream = _source.Upstream,
                Instrument = InstrumentId.Every,
                EventTime = at,
                ReceiveTime = _clock.Now,
                Claims = claims,
            }]);
            Say(null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (PageException e)
        {
            Say(e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? $"{e.Message}: the key that ApiKey refers to is not entitled to it; set MarketStatus to false or change the plan" : e.Message);
        }
        catch (SecretUnavailableException e)
        {
            Say(e.Message);
        }
        catch (Exception e)
        {
            LogFault(e, _options.Name);
        }
    }

    private void Authorize(HttpRequestHeaders headers)
    {
        var key = SecretReference.Parse(_options.ApiKey).Read();
        if (_options.Vendor == VendorKind.Massive)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return;
        }

        headers.Add("APCA-API-KEY-ID", key);
        headers.Add("APCA-API-SECRET-KEY", SecretReference.Parse(_options.ApiSecret).Read());
    }

    private void Say(string? problem)
    {
        if (problem == _saidProblem) return;
        _saidProblem = problem;
        if (problem is null) LogAnswers(_options.Name);
        else LogNoAnswer(_options.Name, problem);
    }

    [LoggerMessage(EventId = 2021, EventName = "MarketStatusMissing", Level = LogLevel.Warning, Message = "Source {Source}: no market status: {Problem}. The calendar goes on alone; asked again every minute.")]
    private partial void LogNoAnswer(string source, string problem);

    [LoggerMessage(EventId = 2022, EventName = "MarketStatusAnswers", Level = LogLevel.Information, Message = "Source {Source}: its market status is there again.")]
    private partial void LogAnswers(string source);

    [LoggerMessage(EventId = 2023, EventName = "MarketStatusFault", Level = LogLevel.Error, Message = "Source {Source}: asking for its market status met a defect of the node, please report it.")]
    private partial void LogFault(Exception exception, string source);
}
