namespace OracleNode.Chains;

/// <summary>A chain could not be used; the message names the chain, what was found and what would be right.</summary>
public sealed class ChainException : Exception
{
    public ChainException() { }
    public ChainException(string message) : base(message) { }
    public ChainException(string message, Exception innerException) : base(message, innerException) { }
}
