using OracleNode.Market;
using OracleNode.Operator;

namespace OracleNode.Tokens;

/// <summary>
/// The code that is accepted for each token, over a restart: read from the operator's state file before the first reading, and written there when one is seen for the first
/// time or the operator accepts another. The pipeline says what is accepted, and never waits for the disk.
/// </summary>
internal sealed partial class AcceptedCodes : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<TokenDefinition> _tokens;
    private readonly DocumentEditions _state;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string?[] _remembered;
    private readonly string?[] _noted;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _pending = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _work = new(0);

    /// <param name="tokens">Every token, in the order of their ids.</param>
    /// <param name="state">The operator's state file.</param>
    /// <param name="time">For the pause before another try.</param>
    public AcceptedCodes(IReadOnlyList<TokenDefinition> tokens, DocumentEditions state, TimeProvider time, ILogger<AcceptedCodes> logger)
    {
        _tokens = tokens;
        _state = state;
        _time = time;
        _logger = logger;
        _remembered = [.. tokens.Select(t => state.CodeOf(t.Asset))];
        _noted = [.. _remembered];
    }

    /// <summary>What was accepted for a token before the start; null when nothing was, and where the configuration names the code.</summary>
    public string? RememberedOf(TokenId token) => _tokens[token.Index].CodeHash is null ? _remembered[token.Index] : null;

    /// <summary>Says what is accepted for a token now; null says nothing, and where the configuration names the code nothing is kept. Of the pipeline's thread alone.</summary>
    public void Note(TokenId token, string? code)
    {
        if (code is null || ReferenceEquals(code, _noted[token.Index]) || _tokens[token.Index].CodeHash is not null) return;
        var before = _noted[token.Index];
        _noted[token.Index] = code;
        if (code == before) return;
        if (before is null) LogFirst(_tokens[token.Index].Name, code);
        else LogAccepted(_tokens[token.Index].Name, code, before);
        lock (_gate) _pending[_tokens[token.Index].Asset] = code;
        _work.Release();
    }

    /// <summary>Writes what is new; false when it could not be written, and is kept for another try.</summary>
    internal bool WriteAll()
    {
        Dictionary<string, string> codes;
        lock (_gate)
        {
            if (_pending.Count == 0) return true;
            codes = new Dictionary<string, string>(_pending, StringComparer.Ordinal);
            _pending.Clear();
        }

        if (_state.KeepCodes(codes) is not { } problem) return true;
        LogNotWritten(problem, RetryAfter);
        lock (_gate)
            foreach (var (asset, code) in codes)
                _pending.TryAdd(asset, code);
        return false;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(stoppingToken);
                while (!WriteAll()) await Task.Delay(RetryAfter, _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            WriteAll();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _work.Dispose();
    }

    [LoggerMessage(EventId = 4264, EventName = "TokenCodeFirstSeen", Level = LogLevel.Warning, Message = "Token {Token}: its code {Code} is seen for the first time and accepted; compare it with what its issuer publishes. From now on any other pauses the issuer's tokens, after a restart too.")]
    private partial void LogFirst(string token, string code);

    [LoggerMessage(EventId = 4265, EventName = "TokenCodeAccepted", Level = LogLevel.Warning, Message = "Token {Token}: its code {Code} is accepted by the operator, in place of {Before}.")]
    private partial void LogAccepted(string token, string code, string before);

    [LoggerMessage(EventId = 4266, EventName = "TokenCodeNotWritten", Level = LogLevel.Error, Message = "{Problem} Tried again in {Pause}.")]
    private partial void LogNotWritten(string problem, TimeSpan pause);
}
