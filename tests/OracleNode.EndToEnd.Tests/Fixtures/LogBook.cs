using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OracleNode.Fixtures;

/// <summary>Keeps the last steps and warnings of a system, to be shown when a test fails.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private const int LinesKept = 60;

    private readonly ConcurrentQueue<string> _lines = new();

    public LogBook() => Factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(this));

    public ILoggerFactory Factory { get; }

    public void Add(string line)
    {
        _lines.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {line}");
        while (_lines.Count > LinesKept) _lines.TryDequeue(out _);
    }

    public ILogger CreateLogger(string categoryName) => new Page(this, categoryName);

    public void Dispose() => Factory.Dispose();

    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, _lines);

    private sealed class Page(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) book.Add($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
