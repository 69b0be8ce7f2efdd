namespace OracleNode.Market;

/// <summary>A calendar file cannot be used; the message names the key or line, what stands there and what would be right.</summary>
public sealed class CalendarException : Exception
{
    public CalendarException() { }
    public CalendarException(string message) : base(message) { }
    public CalendarException(string message, Exception innerException) : base(message, innerException) { }
}
