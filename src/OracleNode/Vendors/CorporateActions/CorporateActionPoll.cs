using System.Net;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Web;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>
/// Asks one vendor for its corporate actions again and again, and tells the pipeline what is new, what has changed and what is off. Nobody is told anything by an answer
/// that is not whole; what is not understood of one is said and left out.
/// </summary>
internal sealed partial class CorporateActionPoll : IDisposable
{
    /// <summary>Days back, for what took effect while the node was down or over a long weekend, and days ahead, of the dates of interest.</summary>
    public const int DaysBack = 7, DaysAhead = 60;

    /// <summary>Most bytes of a page, pages of a question, and rows of all of them.</summary>
    public const int MaxBytes = 4 * 1024 * 1024, MaxPages = 20, MaxRows = 20_000;

    /// <summary>After so many periods without a whole answer a person is told.</summary>
    public const int SilentPeriods = 3;

    private const int ProblemsNamed = 3;

    /// <summary>After a failure it is asked again sooner than its period, where that is long.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly CorporateActionSource _source;
    private readonly ListedTickers _tickers;
    private readonly RareInputQueue _inputs;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly PageClient _pages;
    private readonly Dictionary<string, CorporateActionNotice> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private string? _saidProblem;
    private long _answeredAt;
    private bool _hasAnswered;
    private bool _isSilenceSaid;
    private (long Answers, long Faults, int Rows, int NotUnderstood, long Silences) _counts;

    /// <param name="source">Who is asked, for what.</param>
    /// <param name="tickers">The configured instruments.</param>
    /// <param name="inputs">Where to tell.</param>
    /// <param name="random">0 to 1, so that many nodes do not ask in step.</param>
    public CorporateActionPoll(CorporateActionSource source, ListedTickers tickers, RareInputQueue inputs, IMarketClock clock, TimeProvider time, Func<double> random, ILogger logger)
    {
        _source = source;
        _tickers = tickers;
        _inputs = inputs;
        _clock = clock;
        _time = time;
        _random = random;
        _logger = logger;
        _pages = new PageClient(source.Timeout, MaxBytes, time);
        _answeredAt = time.GetTimestamp();
    }

    /// <summary>Whose list it is.</summary>
    public string Name => _source.Name;

    public void Dispose() => _pages.Dispose();

    /// <summary>Asks until cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var isWhole = await AskAsync(stopping);
            SayIfSilent();
            var pause = isWhole || _source.Period < LongestRetry ? _source.Period : LongestRetry;
            await Task.Delay(pause * (0.8 + (0.4 * _random())), _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks once; false when there was no whole answer.</summary>
    internal async Task<bool> AskAsync(CancellationToken stopping)
    {
        try
        {
            var today = _clock.Now.InZone(NewYork).Date;
            var (rows, problems) = await ReadAsync(today, stopping);
            Tell(rows, problems, today);
            NoteAnswer(rows.Count, problems.Count);
            Say(problems.Count == 0 ? null : $"{problems.Count} row(s) are not understood and left out: {string.Join("; ", problems.Take(ProblemsNamed))}");
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
            return false;
        }
        catch (PageException e)
        {
            Say(e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? $"{e.Message}: the key is not entitled to it; set CorporateActions to false or change the plan" : e.Message);
        }
        catch (Exception e) when (e is SecretUnavailableException or ActionRowException)
        {
            Say(e.Message);
        }
        catch (Exception e)
        {
            LogFault(e, Name);
        }

        lock (_gate) _counts.Faults++;
        return false;
    }

    /// <summary>How it answers, any thread.</summary>
    public PollSnapshot Report()
    {
        lock (_gate)
        {
            var since = _time.GetElapsedTime(_answeredAt);
            return new PollSnapshot(
                Name, _saidProblem, _counts.Answers, _counts.Faults, _counts.Rows, _counts.NotUnderstood, since, _hasAnswered, since > SilentAfter, _counts.Silences);
        }
    }

    /// <summary>So long without a whole answer it is silent: its periods, each as late as chance may make it.</summary>
    private TimeSpan SilentAfter => _source.Period * (SilentPeriods * 1.2);

    private void NoteAnswer(int rows, int notUnderstood)
    {
        lock (_gate)
        {
            (_answeredAt, _hasAnswered, _isSilenceSaid) = (_time.GetTimestamp(), true, false);
            (_counts.Answers, _counts.Rows, _counts.NotUnderstood) = (_counts.Answers + 1, rows + notUnderstood, notUnderstood);
        }
    }

    /// <summary>Says once that nothing has come for too long: a split that nobody told of is taken for a crash.</summary>
    internal void SayIfSilent()
    {
        TimeSpan since;
        lock (_gate)
        {
            since = _time.GetElapsedTime(_answeredAt);
            if (_isSilenceSaid || since <= SilentAfter) return;
            _isSilenceSaid = true;
            _counts.Silences++;
        }

        LogSilent(Name, since, _source.Period, _saidProblem ?? "not asked in that time");
    }

    private async Task<(List<VendorAction> Rows, List<string> Problems)> ReadAsync(LocalDate today, CancellationToken stopping)
    {
        var (rows, problems) = (new List<VendorAction>(), new List<string>());
        foreach (var first in _source.List.FirstPages([.. _source.Symbols.Keys], today.PlusDays(-DaysBack), today.PlusDays(DaysAhead)))
        {
            var next = first;
            for (var pages = 0; next is not null; pages++)
            {
                if (pages == MaxPages) throw new ActionRowException($"{next.Host} has more than {MaxPages} pages for one question");

                // An answer from a cache is of another time, and of another question.
                _pages.Forget();
                var bytes = await _pages.GetAsync(next, _source.List.Authorize, stopping) ?? [];
                if (_source.List.Read(bytes, next) is not { } page) throw new ActionRowException($"{next.Host} answered {bytes.Length} bytes that are no list of corporate actions");
                rows.AddRange(page.Actions);
                problems.AddRange(page.Problems);
                if (rows.Count + problems.Count > MaxRows) throw new ActionRowException($"{next.Host} has more than {MaxRows} rows");
                next = page.Next;
            }
        }

        return (rows, problems);
    }

    private void Tell(List<VendorAction> rows, List<string> problems, LocalDate today)
    {
        var seen = new Dictionary<string, CorporateActionNotice>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row.EffectiveOn < today.PlusDays(-DaysBack) || !_source.Symbols.TryGetValue(row.Symbol, out var instrument)) continue;

            // What changes its name or leaves is known by it until the day before.
            var named = row.Kind is CorporateActionKind.TickerChange or CorporateActionKind.Delisting ? row.EffectiveOn.PlusDays(-1) : row.EffectiveOn;
            if (!_tickers.IsNamed(instrument, named))
            {
                problems.Add($"{row.Kind} of {row.Symbol} on {row.EffectiveOn:uuuu-MM-dd}: the ticker does not name the configured instrument then");
                continue;
            }

            var notice = new CorporateActionNotice(
                instrument, row.Kind, row.Ratio.New, row.Ratio.Old, row.Cash, row.EffectiveOn, _source.Evidence, Name, row.Reference, row.IsWithdrawn, row.Detail);
            if (!seen.TryAdd(row.Reference, notice) && seen[row.Reference] != notice) problems.Add($"two rows have the id '{row.Reference}'; the first one counts");
        }

        foreach (var notice in seen.Values) TellIfNew(notice);
        TakeBack(seen, today);
        foreach (var old in _told.Values.Where(t => t.EffectiveOn < today.PlusDays(-DaysBack)).ToList()) _told.Remove(old.Reference);
    }

    private void TellIfNew(CorporateActionNotice notice)
    {
        _missing.Remove(notice.Reference);
        if (_told.TryGetValue(notice.Reference, out var before) && before == notice) return;

        // What did not fit into the queue is told at the next answer.
        if (!_inputs.Put(notice)) return;
        _told[notice.Reference] = notice;
        LogTold(Name, notice.Kind, notice.Reference, notice.EffectiveOn, notice.IsWithdrawn);
    }

    /// <summary>What was coming and is missing in two answers in a row is off: one answer may be short by a slip.</summary>
    private void TakeBack(Dictionary<string, CorporateActionNotice> seen, LocalDate today)
    {
        foreach (var told in _told.Values.Where(t => !t.IsWithdrawn && t.EffectiveOn > today && !seen.ContainsKey(t.Reference)).ToList())
            if (!_missing.Add(told.Reference))
                TellIfNew(told with { IsWithdrawn = true });
    }

    private void Say(string? problem)
    {
        if (problem == _saidProblem) return;
        lock (_gate) _saidProblem = problem;
        if (problem is null) LogAnswers(Name);
        else LogProblem(Name, problem);
    }

    [LoggerMessage(EventId = 2031, EventName = "CorporateActionsMissing", Level = LogLevel.Warning, Message = "Corporate actions of {Source}: {Problem}. What was told before stands; asked again.")]
    private partial void LogProblem(string source, string problem);

    [LoggerMessage(EventId = 2032, EventName = "CorporateActionsAnswer", Level = LogLevel.Information, Message = "Corporate actions of {Source} are there, and all of them are understood.")]
    private partial void LogAnswers(string source);

    [LoggerMessage(EventId = 2033, EventName = "CorporateActionTold", Level = LogLevel.Information, Message = "Corporate actions of {Source}: {Kind} '{Reference}' on {On}, withdrawn: {Withdrawn}.")]
    private partial void LogTold(string source, CorporateActionKind kind, string reference, LocalDate on, bool withdrawn);

    [LoggerMessage(EventId = 2035, EventName = "CorporateActionsSilent", Level = LogLevel.Error, Message = "Corporate actions of {Source}: no whole answer for {Since}, asked every {Period}: {Problem}. A split that only it tells of is not known; what was told before stands.")]
    private partial void LogSilent(string source, TimeSpan since, TimeSpan period, string problem);

    [LoggerMessage(EventId = 2034, EventName = "CorporateActionsFault", Level = LogLevel.Error, Message = "Corporate actions of {Source}: a defect of the node, please report it. Asked again.")]
    private partial void LogFault(Exception exception, string source);
}

/// <summary>Who is asked for corporate actions, and for which.</summary>
/// <param name="Name">The witness's name in every notice.</param>
/// <param name="Evidence">What kind of witness it is.</param>
/// <param name="List">Its list.</param>
/// <param name="Symbols">Instruments by what the vendor calls them.</param>
/// <param name="Period">How often it is asked.</param>
/// <param name="Timeout">How long a page may take.</param>
internal sealed record CorporateActionSource(
    string Name, EvidenceClass Evidence, ICorporateActionList List, IReadOnlyDictionary<string, InstrumentId> Symbols, TimeSpan Period, TimeSpan Timeout);
