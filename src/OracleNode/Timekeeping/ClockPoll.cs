using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Timekeeping;

/// <summary>Compares the node's clock with time servers and chains, and puts what it finds into the log. Waits beside the pipeline, never in it.</summary>
internal sealed partial class ClockPoll : BackgroundService
{
    /// <summary>A chain's word counts for half a minute.</summary>
    private static readonly TimeSpan ChainPeriod = TimeSpan.FromSeconds(10);

    private readonly ClockOptions _options;
    private readonly ServerState[] _servers;
    private readonly IReadOnlyList<IChainClock> _chains;
    private readonly SntpClient _client;
    private readonly RareInputQueue _inputs;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<ClockPoll> _logger;
    private string? _saidNtp;

    /// <param name="chains">Chains whose block times count; disposed with this.</param>
    public ClockPoll(ClockOptions options, IReadOnlyList<IChainClock> chains, RareInputQueue inputs, IMarketClock clock, TimeProvider time, ILogger<ClockPoll> logger)
    {
        _options = options;
        _servers = [.. options.Servers.Select(s => SntpServer.TryParse(s, out var server) ? new ServerState(server) : throw new ArgumentException("Validated before.", nameof(options)))];
        _chains = chains;
        _client = new SntpClient(clock, time);
        _inputs = inputs;
        _clock = clock;
        _time = time;
        _logger = logger;
    }

    public override void Dispose()
    {
        foreach (var chain in _chains) (chain as IDisposable)?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = _chains.Select(chain => LoopAsync(ChainPeriod, () => ReadChainAsync(chain, stoppingToken), stoppingToken)).ToList();
        if (_servers.Length > 0) loops.Add(LoopAsync(_options.Period, () => AskServersAsync(stoppingToken), stoppingToken));
        return Task.WhenAll(loops);
    }

    /// <summary>One round. The tests drive it without waiting.</summary>
    internal async Task AskServersAsync(CancellationToken cancellationToken)
    {
        var due = _servers.Where(s => s.IsDue()).ToList();
        var answers = await Task.WhenAll(due.Select(s => AskAsync(s, cancellationToken)));
        var samples = answers.Where(a => a.Verdict == SntpVerdict.Good).Select(a => a.Sample).ToList();

        // One that asked for rest is no answer that is missing.
        if (SntpQuorum.Median(due.Count, samples) is { } median)
        {
            _inputs.Put(median);
            if (_saidNtp is not null) LogNtpAgain(samples.Count, due.Count);
            _saidNtp = null;
            return;
        }

        var problem = string.Join(", ", due.Zip(answers, (s, a) => $"{s.Server}: {(a.Verdict == SntpVerdict.Good ? $"{a.Sample.Offset.TotalMilliseconds:F0} ms" : a.Verdict == SntpVerdict.None ? "no answer" : a.Verdict)}"));
        var kinds = string.Join(",", answers.Select(a => a.Verdict));
        if (due.Count == 0 || kinds == _saidNtp) return;
        _saidNtp = kinds;
        LogNoNtp(problem);
    }

    private async Task<(SntpVerdict Verdict, SntpSample Sample)> AskAsync(ServerState state, CancellationToken cancellationToken)
    {
        var answer = await _client.AskAsync(state.Server, _options.Timeout, cancellationToken);
        if (answer.Verdict is SntpVerdict.AskLess or SntpVerdict.DoNotAsk)
        {
            state.Rest(forGood: answer.Verdict == SntpVerdict.DoNotAsk);
            LogKiss(state.Server, answer.Verdict);
        }

        return answer;
    }

    private async Task ReadChainAsync(IChainClock chain, CancellationToken cancellationToken)
    {
        try
        {
            var blockTime = await chain.ReadAsync(cancellationToken);
            var offset = _clock.Now - blockTime;
            _inputs.Put(new ClockMeasurement(ClockReference.Chain, chain.Name, offset, chain.Granularity));
        }
        catch (Chains.ChainException e)
        {
            // The chain's own worker says that it cannot be reached; a clock less is no more than that.
            LogNoChain(e.Message, chain.Name);
        }
    }

    private async Task LoopAsync(TimeSpan period, Func<Task> look, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await look();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFault(e);
            }

            await Task.Delay(period * (0.9 + (Random.Shared.NextDouble() * 0.2)), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 5501, EventName = "NoTimeServers", Level = LogLevel.Warning, Message = "The time servers give no time to compare with ({Problem}). Their last word counts for 15 minutes; check Clock:Servers and outbound UDP.")]
    private partial void LogNoNtp(string problem);

    [LoggerMessage(EventId = 5502, EventName = "TimeServersAgain", Level = LogLevel.Information, Message = "{Answers} of {Asked} time servers answer again.")]
    private partial void LogNtpAgain(int answers, int asked);

    [LoggerMessage(EventId = 5503, EventName = "TimeServerRefuses", Level = LogLevel.Warning, Message = "Time server {Server} asks to be asked less ({Verdict}); that is respected. Configure another one.")]
    private partial void LogKiss(SntpServer server, SntpVerdict verdict);

    [LoggerMessage(EventId = 5504, EventName = "NoChainTime", Level = LogLevel.Debug, Message = "Chain {Chain}: its time cannot be read: {Problem}.")]
    private partial void LogNoChain(string problem, string chain);

    [LoggerMessage(EventId = 5505, EventName = "ClockPollFault", Level = LogLevel.Error, Message = "Comparing clocks met a defect of the node, please report it. It goes on.")]
    private partial void LogFault(Exception exception);

    /// <summary>A server and how often it may be asked.</summary>
    private sealed class ServerState(SntpServer server)
    {
        private const int MostRounds = 64;

        private int _every = 1;
        private int _round;
        private bool _never;

        public SntpServer Server { get; } = server;

        public bool IsDue() => !_never && _round++ % _every == 0;

        public void Rest(bool forGood)
        {
            _never |= forGood;
            _every = Math.Min(_every * 2, MostRounds);
            _round = 1;
        }
    }
}
