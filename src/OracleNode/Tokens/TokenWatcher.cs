using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Tokens;

/// <summary>
/// Reads one chain's tokens every few seconds and hands what they say to whoever asks. The chain's own time decides what is in force. A token that cannot be
/// read, or no longer can, has no reading: its feed holds. A chain whose time stands still gives no fresh reading, however quickly it answers.
/// </summary>
internal sealed partial class TokenWatcher : BackgroundService
{
    /// <summary>A chain's time ahead of the node's by more than this is nobody's clock.</summary>
    internal static readonly Duration MaxLead = Duration.FromMinutes(2);

    /// <summary>Shortest pause, when a staged multiplier is about to be due.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    private readonly ITokenChain _chain;
    private readonly TokenChainOptions _options;
    private readonly IReadOnlyList<TokenDefinition> _tokens;
    private readonly IMarketClock _marketClock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TokenState[] _states;
    private readonly HeightGate _heights;
    private string? _failure;
    private Instant _chainTime = Instant.MinValue;
    private Instant _movedAt;
    private long _movedTimestamp;
    private bool _isStillSaid;

    /// <param name="chain">The chain; the watcher owns it.</param>
    /// <param name="options">How often, and how old a reading may be.</param>
    /// <param name="tokens">The chain's tokens, in the order in which it answers for them.</param>
    /// <param name="marketClock">Market time.</param>
    /// <param name="time">Monotonic time for pauses and the age of readings.</param>
    /// <param name="logger">Log.</param>
    public TokenWatcher(ITokenChain chain, TokenChainOptions options, IReadOnlyList<TokenDefinition> tokens, IMarketClock marketClock, TimeProvider time, ILogger<TokenWatcher> logger)
    {
        _chain = chain;
        _options = options;
        _tokens = tokens;
        _marketClock = marketClock;
        _time = time;
        _logger = logger;
        _states = [.. tokens.Select(_ => new TokenState())];
        _heights = new HeightGate(time, options.MaxReadingAge);
    }

    /// <summary>
    /// The last reading of a token; null when there is none, or when the chain's time has not moved on for longer than the options allow. It is without terms when the
    /// last look found none that can be used. Safe from any thread, never throws.
    /// </summary>
    /// <param name="token">Place of the token among the chain's.</param>
    public TokenReadout? Latest(int token)
    {
        if (Volatile.Read(ref _states[token].Latest) is not { } latest) return null;
        return _time.GetElapsedTime(latest.Timestamp) <= _options.MaxReadingAge ? latest.Readout : null;
    }

    /// <summary>Reads all tokens once. Never throws for what the endpoint does.</summary>
    /// <returns>True when every token was read and usable, and the chain's time has moved on.</returns>
    public async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            var usable = true;
            foreach (var snapshot in await _chain.ReadAsync(cancellationToken)) usable &= Take(snapshot);
            if (_failure is not null) LogRecovered(_chain.Name, _chain.Endpoint);
            _failure = null;
            return usable;
        }
        catch (ChainException e)
        {
            // Readings age out by themselves.
            if (_failure is null) LogFailed(_chain.Name, _chain.Endpoint, e.Message, _options.MaxReadingAge);
            _failure = e.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _chain.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await PollAsync(stoppingToken);
                await Task.Delay(NextPause(), _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>The configured pause, or less so that a staged multiplier is seen soon after it is due.</summary>
    internal TimeSpan NextPause()
    {
        var pause = _options.PollInterval;
        foreach (var state in _states)
        {
            if (state.Latest?.Readout.Terms?.ActivationAt is not { } activation) continue;
            var left = (activation - _chainTime).ToTimeSpan();
            if (left < pause) pause = left;
        }

        return pause > ShortestPause ? pause : ShortestPause;
    }

    private bool Take(ChainSnapshot snapshot)
    {
        if (snapshot.Time < _chainTime) return false;
        var now = _marketClock.Now;
        var lag = now - snapshot.Time;
        if (lag > Duration.FromTimeSpan(_options.MaxChainLag))
            throw new ChainException($"its newest block is of {snapshot.Time}, {lag.TotalSeconds:F0} s ago: the chain or the endpoint stands still");
        if (-lag > MaxLead) throw new ChainException($"its newest block is of {snapshot.Time}, {-lag.TotalSeconds:F0} s ahead: the chain's clock or this node's is wrong");

        if (!_heights.LetsIn(snapshot.Height, out var forgotten)) return false;
        if (forgotten is { } height) LogHeightForgotten(_chain.Name, height, snapshot.Height);
        var moved = snapshot.Time > _chainTime;
        if (moved)
        {
            if (_isStillSaid) LogMovesAgain(_chain.Name);
            (_chainTime, _movedAt, _movedTimestamp, _isStillSaid) = (snapshot.Time, now, _time.GetTimestamp(), false);
        }
        else if (!_isStillSaid && _time.GetElapsedTime(_movedTimestamp) > _options.MaxReadingAge)
        {
            _isStillSaid = true;
            LogStandsStill(_chain.Name, _chainTime);
        }

        var usable = true;
        foreach (var answer in snapshot.Tokens) usable &= Take(answer);
        return usable;
    }

    private bool Take(in TokenAnswer answer)
    {
        var (token, state) = (_tokens[answer.Token], _states[answer.Token]);
        if (answer.Error is { } error)
        {
            if (state.Error != error) LogUnusable(token.Name, token.Asset, error);
            state.Error = error;
            LogCode(token, state, answer.CodeHash);
            // Other code may well have another interface: that it is other code is told all the same.
            var isPaused = state.LastGood is { IsPaused: true };
            Volatile.Write(ref state.Latest, answer.CodeHash is null ? null : new TimedReadout(new TokenReadout(null, isPaused, answer.CodeHash), _movedTimestamp));
            return false;
        }

        LogChanges(token, state, answer);
        LogCode(token, state, answer.CodeHash);
        state.Error = null;
        state.LastGood = answer.Terms;
        var terms = new MultiplierTerms(answer.Terms.Current, answer.Terms.Next, answer.Terms.ActivationAt, _movedAt) { ChainTime = _chainTime };
        Volatile.Write(ref state.Latest, new TimedReadout(new TokenReadout(terms, answer.Terms.IsPaused, answer.CodeHash), _movedTimestamp));
        return true;
    }

    private void LogChanges(TokenDefinition token, TokenState state, in TokenAnswer answer)
    {
        var terms = answer.Terms;
        if (state.LastGood is not { } before)
        {
            LogFirstReading(token.Name, terms.Current, answer.CodeHash ?? "the chain's own program");
            if (terms.IsPaused) LogPaused(token.Name, token.Issuer);
            if (terms.ActivationAt is { } first) LogStaged(token.Name, terms.Next, first);
            return;
        }

        if (before.Current != terms.Current)
        {
            if (before.Next == terms.Current && before.ActivationAt <= _chainTime) LogActivated(token.Name, before.Current, terms.Current);
            else LogUnannounced(token.Name, before.Current, terms.Current);
        }

        var wasPending = before.ActivationAt is { } was && was > _chainTime;
        if (terms.ActivationAt is { } at && (terms.Next != before.Next || at != before.ActivationAt))
        {
            if (wasPending) LogOverridden(token.Name, before.Next, before.ActivationAt!.Value, terms.Next, at);
            else LogStaged(token.Name, terms.Next, at);
        }
        else if (wasPending && terms.ActivationAt is null && terms.Current == before.Current)
        {
            LogWithdrawn(token.Name, before.Next, before.ActivationAt!.Value);
        }

        if (terms.IsPaused && !before.IsPaused) LogPaused(token.Name, token.Issuer);
        if (!terms.IsPaused && before.IsPaused) LogResumed(token.Name, token.Issuer);
    }

    private void LogCode(TokenDefinition token, TokenState state, string? code)
    {
        if (code is null) return;
        var known = state.LastCode ?? token.CodeHash;
        if (known is not null && known != code) LogCodeChanged(token.Name, token.Issuer, known, code);
        state.LastCode = code;
    }

    private sealed record TimedReadout(TokenReadout Readout, long Timestamp);

    private sealed class TokenState
    {
        /// <summary>Written by the poll, read by anyone.</summary>
        public TimedReadout? Latest;

        public TokenTerms? LastGood { get; set; }
        public string? LastCode { get; set; }
        public string? Error { get; set; }
    }
}
