using NodaTime;
using OracleNode.Chains;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Reserves;

/// <summary>One issue as it is watched.</summary>
/// <param name="Reserve">Its books.</param>
/// <param name="Supplies">Its tokens on all chains, in the order of the books.</param>
/// <param name="Tokens">The tokens whose feeds are told.</param>
internal sealed record WatchedIssue(IssueReserve Reserve, IReadOnlyList<ISupplySource> Supplies, IReadOnlyList<TokenId> Tokens);

/// <summary>
/// Reads the supplies of every issue, adds up what custodians attest, and puts what changed into the log. When a part is missing it says once that nothing can be
/// told. One issue that cannot be read delays no other.
/// </summary>
internal sealed partial class ReserveWatcher : BackgroundService
{
    private readonly Watch[] _watches;
    private readonly TimeSpan _period;
    private readonly RareInputQueue _inputs;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="issues">What is watched; the supplies are the caller's to dispose.</param>
    /// <param name="period">Pause between two looks.</param>
    public ReserveWatcher(IReadOnlyList<WatchedIssue> issues, TimeSpan period, RareInputQueue inputs, IMarketClock clock, TimeProvider time, ILogger<ReserveWatcher> logger)
    {
        _watches = [.. issues.Select(i => new Watch(i))];
        _period = period;
        _inputs = inputs;
        _clock = clock;
        _time = time;
        _logger = logger;
    }

    /// <summary>How each issue is.</summary>
    public IReadOnlyList<IDocumentReport> Reports => _watches;

    /// <summary>Looks at everything once. Throws nothing but cancellation.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => Task.WhenAll(_watches.Select(w => LookAsync(w, cancellationToken)));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_watches.Select(w => Task.Run(() => WatchAsync(w, stoppingToken), CancellationToken.None)));

    private async Task WatchAsync(Watch watch, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(watch, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(_period, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(Watch watch, CancellationToken cancellationToken)
    {
        string? problem;
        try
        {
            var failures = await Task.WhenAll(watch.Issue.Supplies.Select((s, i) => ReadAsync(watch, s, i, cancellationToken)));
            problem = watch.Issue.Reserve.TryTotal(_clock.Now, out var total);
            if (problem is null) Tell(watch, total);

            // What the last reading still covers is worth a word, no more.
            else problem = string.Join("; ", failures.OfType<string>().Prepend(problem));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(e, watch.Issue.Reserve.Name);
            problem = e.Message;
        }

        if (problem is not null) Withdraw(watch);
        Say(watch, problem);
    }

    private async Task<string?> ReadAsync(Watch watch, ISupplySource supply, int place, CancellationToken cancellationToken)
    {
        try
        {
            var reading = await supply.ReadAsync(cancellationToken);
            if (watch.Issue.Reserve.Note(place, supply.Name, reading, _clock.Now) is { } problem) LogNotKept(supply.Name, problem);
            return null;
        }
        catch (ChainException e)
        {
            return $"{supply.Name}: {e.Message}";
        }
    }

    private void Tell(Watch watch, in ReserveTotal total)
    {
        if (watch.Told == total) return;
        watch.Told = total;
        watch.MeasuredAt = total.MeasuredAt;
        watch.Count();
        foreach (var token in watch.Issue.Tokens) _inputs.Put(new ReserveReading(token, total.BackingE18, total.IssuedE18, total.MeasuredAt));
    }

    private void Withdraw(Watch watch)
    {
        if (watch.Told is null) return;
        watch.Told = null;
        foreach (var token in watch.Issue.Tokens) _inputs.Put(new ReserveReading(token, 0, 0, watch.MeasuredAt));
    }

    private void Say(Watch watch, string? problem)
    {
        watch.Say(problem, out var before);
        if (problem == before) return;
        if (problem is not null) LogMissing(watch.Issue.Reserve.Name, problem);
        else LogThere(watch.Issue.Reserve.Name, before!);
    }

    [LoggerMessage(EventId = 5601, EventName = "ReserveMissing", Level = LogLevel.Warning, Message = "The reserves of {Issue} cannot be told: {Problem}. A ratio feed holds; a token that was short stays held.")]
    private partial void LogMissing(string issue, string problem);

    [LoggerMessage(EventId = 5602, EventName = "ReserveThere", Level = LogLevel.Information, Message = "The reserves of {Issue} can be told; before: {Problem}.")]
    private partial void LogThere(string issue, string problem);

    [LoggerMessage(EventId = 5603, EventName = "ReserveFault", Level = LogLevel.Error, Message = "The reserves of {Issue}: a defect of the node, please report it. It goes on.")]
    private partial void LogFault(Exception exception, string issue);

    [LoggerMessage(EventId = 5604, EventName = "MultiplierNotKept", Level = LogLevel.Warning, Message = "The multiplier of {Token}, by which statements on its issue are read: {Problem}")]
    private partial void LogNotKept(string token, string problem);

    private sealed class Watch(WatchedIssue issue) : IDocumentReport
    {
        private string? _problem = "not read yet";
        private long _told;

        public WatchedIssue Issue { get; } = issue;

        /// <summary>What the feeds know; null while they know nothing.</summary>
        public ReserveTotal? Told { get; set; }

        public Instant MeasuredAt { get; set; }

        public DocumentSnapshot Report() => new($"reserves of {Issue.Reserve.Name}", Volatile.Read(ref _problem), Interlocked.Read(ref _told), 0);

        public void Count() => Interlocked.Increment(ref _told);

        public void Say(string? problem, out string? before)
        {
            before = _problem;
            Volatile.Write(ref _problem, problem);
        }
    }
}
