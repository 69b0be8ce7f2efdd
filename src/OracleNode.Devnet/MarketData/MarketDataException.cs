namespace OracleNode.MarketData;

/// <summary>Market data that cannot be used; the message names the file and line, or the option, and what would be right.</summary>
internal sealed class MarketDataException : Exception
{
    public MarketDataException(string message) : base(message)
    {
    }

    public MarketDataException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
