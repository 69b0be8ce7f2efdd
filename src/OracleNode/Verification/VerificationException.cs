namespace OracleNode.Verification;

/// <summary>Nothing could be verified: bad usage, a file that cannot be read, or an endpoint that cannot be reached.</summary>
internal sealed class VerificationException : Exception
{
    public VerificationException() { }
    public VerificationException(string message) : base(message) { }
    public VerificationException(string message, Exception innerException) : base(message, innerException) { }
}
