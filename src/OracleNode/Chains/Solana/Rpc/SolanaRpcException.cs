namespace OracleNode.Chains.Solana;

/// <summary>How a call of a Solana RPC endpoint failed.</summary>
internal enum SolanaRpcFailure
{
    Unknown = 0,
    /// <summary>No answer in time, no connection, or an HTTP status without a JSON-RPC answer.</summary>
    Unreachable,
    /// <summary>An answer, but not one that this method may give.</summary>
    Malformed,
    /// <summary>A JSON-RPC error: the endpoint understood and said no.</summary>
    Refused,
}

/// <summary>A call of a Solana RPC endpoint failed; the message names the method and what was found.</summary>
internal sealed class SolanaRpcException : Exception
{
    /// <summary>Node is behind by too many slots, or has no snapshot: another try may work.</summary>
    public const long NodeUnhealthy = -32005;

    /// <summary>The preflight simulation failed; <see cref="TransactionError"/> says why.</summary>
    public const long PreflightFailure = -32002;

    /// <summary>The endpoint has not seen the slot we demanded.</summary>
    public const long MinContextSlotNotReached = -32016;

    public SolanaRpcException(SolanaRpcFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public SolanaRpcException(string method, long code, string words, SolanaTransactionError? transactionError, IReadOnlyList<string> logs)
        : base($"{method}: the endpoint refused with {code}: {words}")
    {
        Failure = SolanaRpcFailure.Refused;
        Code = code;
        TransactionError = transactionError;
        Logs = logs;
    }

    public SolanaRpcFailure Failure { get; }

    /// <summary>JSON-RPC error code; 0 unless refused.</summary>
    public long Code { get; }

    /// <summary>Why the transaction failed, where the refusal says so.</summary>
    public SolanaTransactionError? TransactionError { get; }

    /// <summary>Program logs that came with the refusal.</summary>
    public IReadOnlyList<string> Logs { get; } = [];

    /// <summary>True when the same call may well work a moment later or elsewhere.</summary>
    public bool IsTransient =>
        Failure is SolanaRpcFailure.Unreachable or SolanaRpcFailure.Malformed || Code is NodeUnhealthy or MinContextSlotNotReached;
}
