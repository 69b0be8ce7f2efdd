namespace OracleNode.Signing;

/// <summary>A key could not be read, made or used; the message names the file or key and what would be right, never a secret.</summary>
public sealed class SigningException : Exception
{
    public SigningException() { }
    public SigningException(string message) : base(message) { }
    public SigningException(string message, Exception innerException) : base(message, innerException) { }
}
