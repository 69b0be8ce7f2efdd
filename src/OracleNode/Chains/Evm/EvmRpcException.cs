namespace OracleNode.Chains.Evm;

/// <summary>Why an RPC call gave no answer that can be used.</summary>
public enum EvmRpcFailure
{
    Unknown = 0,
    /// <summary>The endpoint did not answer, answered late, or with an HTTP error.</summary>
    Transport,
    /// <summary>The answer was too large or not what the interface lays down.</summary>
    Malformed,
    /// <summary>The endpoint answered with an error object.</summary>
    Refused,
}

/// <summary>An RPC call failed. Whatever the endpoint said in its message has been shortened and cleaned of control characters.</summary>
public sealed class EvmRpcException : Exception
{
    public EvmRpcException() { }
    public EvmRpcException(string message) : base(message) { }
    public EvmRpcException(string message, Exception innerException) : base(message, innerException) { }

    internal EvmRpcException(EvmRpcFailure failure, string message, Exception? innerException = null) : base(message, innerException) => Failure = failure;

    internal EvmRpcException(string message, EvmRpcError error) : base(message)
    {
        Failure = EvmRpcFailure.Refused;
        Error = error;
    }

    /// <summary>What kind of failure it is.</summary>
    public EvmRpcFailure Failure { get; }

    /// <summary>The endpoint's error object; null unless <see cref="EvmRpcFailure.Refused"/>.</summary>
    public EvmRpcError? Error { get; }
}
