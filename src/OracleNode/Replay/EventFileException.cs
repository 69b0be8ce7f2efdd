namespace OracleNode.Replay;

/// <summary>A line of an event file is wrong; the message names the line, the key, the value and what would be right.</summary>
public sealed class EventFileException : Exception
{
    public EventFileException() { }
    public EventFileException(string message) : base(message) { }
    public EventFileException(string message, Exception innerException) : base(message, innerException) { }

    public EventFileException(long line, string problem) : base($"line {line}: {problem}") => Line = line;

    /// <summary>Number of the line, from 1.</summary>
    public long Line { get; }
}
