using NSec.Cryptography;
using OracleNode.Health;
using OracleNode.Pipeline;

namespace OracleNode.Operator;

/// <summary>
/// Watches one signed document. What is not signed by a known key for this deployment, is not well-formed, or may not follow what is in force, is refused
/// and said once; what is in force stays.
/// </summary>
internal sealed partial class SignedDocument : IDocumentReport, IDisposable
{
    /// <summary>File and signature are two files: who reads while they are being replaced sees one of each.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(500);

    private readonly DocumentKind _kind;
    private readonly string _name;
    private readonly string _deployment;
    private readonly IReadOnlyList<PublicKey> _keys;
    private readonly DocumentLocation _location;
    private readonly Func<ReadOnlyMemory<byte>, DocumentTaken> _accept;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _keysAt;
    private string? _problem = "not read yet";
    private string? _saidProblem;
    private string? _refusal;
    private bool _isInForce;
    private long _accepted;
    private long _refused;

    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name for people and metrics.</param>
    /// <param name="deployment">Name of the deployment.</param>
    /// <param name="keys">Who may sign.</param>
    /// <param name="location">Where it is; disposed with this.</param>
    /// <param name="keysAt">Where the keys are configured.</param>
    /// <param name="accept">Takes a genuine document over and says what is new; throws <see cref="DocumentException"/> to refuse it.</param>
    public SignedDocument(
        DocumentKind kind, string name, string deployment, IReadOnlyList<PublicKey> keys, DocumentLocation location, Func<ReadOnlyMemory<byte>, DocumentTaken> accept,
        TimeProvider time, ILogger logger, string keysAt = "Operator:PublicKeys")
    {
        _kind = kind;
        _name = name;
        _deployment = deployment;
        _keys = keys;
        _location = location;
        _accept = accept;
        _time = time;
        _logger = logger;
        _keysAt = keysAt;
    }

    public DocumentSnapshot Report() => new(_name, Volatile.Read(ref _problem), Interlocked.Read(ref _accepted), Interlocked.Read(ref _refused));

    public void Dispose() => _location.Dispose();

    /// <summary>Looks at it once. Throws nothing but cancellation.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _location.ReadAsync(cancellationToken) is { } text)
            {
                if (!IsGenuine(text))
                {
                    await Task.Delay(SecondLook, _time, cancellationToken);
                    text = await _location.ReadAsync(cancellationToken) ?? text;
                }

                _refusal = Judge(text);
            }

            Say(_refusal);
        }
        catch (DocumentException e)
        {
            _isInForce = false;
            Say(e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Read anew at the next look: what became of it is not known.
            _location.Forget();
            LogFault(e, _name);
            Say(e.Message);
        }
    }

    /// <returns>Why it is refused, or what else is wrong; null when it is in force and all is well.</returns>
    private string? Judge(DocumentText text)
    {
        try
        {
            if (!IsGenuine(text))
                throw new DocumentException($"its signature is not one of a key in {_keysAt} over a document of kind '{DocumentSignature.NameOf(_kind)}' for deployment '{_deployment}'");
            var (what, warning) = _accept(text.File);
            if (what is not null)
            {
                Interlocked.Increment(ref _accepted);
                LogAccepted(_name, what);
            }

            // Judged anew at the next look: what is wrong may be over then.
            if (warning is not null) _location.Forget();
            _isInForce = warning is not null;
            return warning;
        }
        catch (DocumentException e)
        {
            _isInForce = false;
            Interlocked.Increment(ref _refused);
            return e.Message;
        }
    }

    private bool IsGenuine(DocumentText text) =>
        DocumentSignature.TryParse(text.Signature, out var signature) && DocumentSignature.Verify(_keys, _kind, _deployment, text.File, signature);

    private void Say(string? problem)
    {
        Volatile.Write(ref _problem, problem);
        if (problem == _saidProblem) return;
        if (problem is not null && _isInForce) LogWarned(_name, problem);
        else if (problem is not null) LogRefused(_name, problem);
        else LogGoodAgain(_name, _saidProblem!);
        _saidProblem = problem;
    }

    [LoggerMessage(EventId = 5401, EventName = "OperatorDocumentAccepted", Level = LogLevel.Warning, Message = "Operator document {Name}: {What} is in force.")]
    private partial void LogAccepted(string name, string what);

    [LoggerMessage(EventId = 5402, EventName = "OperatorDocumentRefused", Level = LogLevel.Error, Message = "Operator document {Name} is not taken over: {Problem}. What was in force stays.")]
    private partial void LogRefused(string name, string problem);

    [LoggerMessage(EventId = 5403, EventName = "OperatorDocumentGood", Level = LogLevel.Information, Message = "Operator document {Name} is good again; before: {Problem}.")]
    private partial void LogGoodAgain(string name, string problem);

    [LoggerMessage(EventId = 5405, EventName = "OperatorDocumentWarned", Level = LogLevel.Error, Message = "Operator document {Name}: {Problem}.")]
    private partial void LogWarned(string name, string problem);

    [LoggerMessage(EventId = 5404, EventName = "OperatorDocumentFault", Level = LogLevel.Error, Message = "Operator document {Name}: a defect of the node, please report it. It is looked at again.")]
    private partial void LogFault(Exception exception, string name);
}
