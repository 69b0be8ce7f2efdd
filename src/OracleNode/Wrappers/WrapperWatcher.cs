using NodaTime;
using OracleNode.Chains;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Tokens;

namespace OracleNode.Wrappers;

/// <summary>Reads the wrappers' rates, over and over, and puts them into the log. One that cannot be read delays no other; its last rate ages.</summary>
internal sealed partial class WrapperWatcher : BackgroundService
{
    /// <summary>What stays the same is said again after this, so that it does not grow old.</summary>
    private static readonly Duration Renewed = Duration.FromMinutes(1);

    private readonly Watch[] _watches;
    private readonly RareInputQueue _inputs;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="wrappers">Each with the options of its chain.</param>
    public WrapperWatcher(
        IReadOnlyList<(WrapperDefinition Wrapper, EvmTokenChainOptions Chain)> wrappers, HttpClient http, RareInputQueue inputs, IMarketClock clock, TimeProvider time, ILogger<WrapperWatcher> logger)
    {
        _watches = [.. wrappers.Select(w => new Watch(w.Wrapper, w.Chain, new WrapperRateReader(w.Chain, w.Wrapper, time, http), time))];
        _inputs = inputs;
        _clock = clock;
        _time = time;
        _logger = logger;
    }

    /// <summary>How each wrapper is.</summary>
    public IReadOnlyList<IDocumentReport> Reports => _watches;

    /// <summary>Reads all of them once. Throws nothing but cancellation.</summary>
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

            await Task.Delay(watch.Chain.PollInterval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(Watch watch, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await watch.Reader.ReadAsync(cancellationToken);
            var now = _clock.Now;
            var lag = now - answer.ChainTime;
            if (lag > Duration.FromTimeSpan(watch.Chain.MaxChainLag)) Say(watch, $"its chain's newest block is of {answer.ChainTime}, longer behind than {watch.Chain.MaxChainLag}");
            else if (-lag > TokenWatcher.MaxLead) Say(watch, $"its chain's newest block is of {answer.ChainTime}, ahead of this node's time by more than {TokenWatcher.MaxLead}");
            else if (watch.Heights.LetsIn(answer.Height, out var forgotten)) Take(watch, answer, now, forgotten);
        }
        catch (ChainException e)
        {
            Say(watch, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(e, watch.Wrapper.Name);
            Say(watch, e.Message);
        }
    }

    private void Take(Watch watch, in WrapperAnswer answer, Instant now, ulong? forgotten)
    {
        if (forgotten is { } height) LogHeightForgotten(watch.Wrapper.Name, height, answer.Height);
        Say(watch, answer.Error);
        var reading = new WrapperRateReading(watch.Wrapper.Asset, answer.RateE18, answer.CodeHash, now);
        if (watch.Told is { } told && told with { ReadAt = now } == reading && now - told.ReadAt < Renewed) return;
        watch.Told = reading;
        watch.Count();
        _inputs.Put(reading);
    }

    private void Say(Watch watch, string? problem)
    {
        watch.Say(problem, out var before);
        if (problem == before) return;
        if (problem is not null) LogUnusable(watch.Wrapper.Name, problem);
        else LogUsable(watch.Wrapper.Name, before!);
    }

    [LoggerMessage(EventId = 5701, EventName = "WrapperUnusable", Level = LogLevel.Warning, Message = "Wrapper {Wrapper}: its rate cannot be read: {Problem}. Its feed holds.")]
    private partial void LogUnusable(string wrapper, string problem);

    [LoggerMessage(EventId = 5702, EventName = "WrapperUsable", Level = LogLevel.Information, Message = "Wrapper {Wrapper}: its rate is read; before: {Problem}.")]
    private partial void LogUsable(string wrapper, string problem);

    [LoggerMessage(EventId = 5703, EventName = "WrapperFault", Level = LogLevel.Error, Message = "Wrapper {Wrapper}: a defect of the node, please report it. It is read again.")]
    private partial void LogFault(Exception exception, string wrapper);

    [LoggerMessage(EventId = 5704, EventName = "WrapperHeightForgotten", Level = LogLevel.Warning,
        Message = "Wrapper {Wrapper}: its chain had answered for block {Forgotten} and since then only for lower ones, now for {Height}: the former is given up; an endpoint of it may be of another chain.")]
    private partial void LogHeightForgotten(string wrapper, ulong forgotten, ulong height);

    private sealed class Watch(WrapperDefinition wrapper, EvmTokenChainOptions chain, WrapperRateReader reader, TimeProvider time) : IDocumentReport
    {
        private string? _problem = "not read yet";
        private long _told;

        public WrapperDefinition Wrapper { get; } = wrapper;

        public EvmTokenChainOptions Chain { get; } = chain;

        public WrapperRateReader Reader { get; } = reader;

        public HeightGate Heights { get; } = new(time, chain.MaxReadingAge);

        public WrapperRateReading? Told { get; set; }

        public DocumentSnapshot Report() => new($"wrapper {Wrapper.Name}", Volatile.Read(ref _problem), Interlocked.Read(ref _told), 0);

        public void Count() => Interlocked.Increment(ref _told);

        public void Say(string? problem, out string? before)
        {
            before = _problem;
            Volatile.Write(ref _problem, problem);
        }
    }
}
