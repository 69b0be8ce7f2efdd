using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OracleNode.Chains.Solana;

/// <summary>Keeps the names of the events logged, in order.</summary>
internal sealed class EventList<T> : ILogger<T>
{
    public ConcurrentQueue<string> Names { get; } = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Assert.NotEmpty(formatter(state, exception));
        Names.Enqueue(eventId.Name!);
    }
}
