namespace OracleNode.Chains.Evm;

/// <summary>What an endpoint's refusal means. Endpoints agree on hardly any code, so the words decide.</summary>
public enum EvmRpcErrorKind
{
    /// <summary>None of the known ones.</summary>
    Other = 0,
    /// <summary>The call or transaction reverts; the data says why.</summary>
    Reverted,
    /// <summary>The endpoint holds exactly this transaction already.</summary>
    AlreadyKnown,
    /// <summary>A transaction with this nonce is in a block already.</summary>
    NonceTooLow,
    /// <summary>Transactions before this one are missing.</summary>
    NonceTooHigh,
    /// <summary>Another transaction with this nonce is waiting, and this one does not pay enough more.</summary>
    ReplacementUnderpriced,
    /// <summary>Pays less than the base fee, or than the endpoint takes at all.</summary>
    FeeTooLow,
    /// <summary>The payer's balance does not cover it.</summary>
    InsufficientFunds,
    /// <summary>Needs more gas than given, or than fits a block.</summary>
    Gas,
    /// <summary>The block asked about is not known to this endpoint (yet).</summary>
    UnknownBlock,
    /// <summary>Too many requests, or the endpoint is overloaded.</summary>
    Busy,
}

/// <summary>An error object of an endpoint.</summary>
/// <param name="Code">JSON-RPC code; says little, see <see cref="Kind"/>.</param>
/// <param name="Message">Cleaned and shortened words.</param>
/// <param name="Data">Revert data; empty when there is none.</param>
public sealed record EvmRpcError(long Code, string Message, ReadOnlyMemory<byte> Data)
{
    private const long RevertedCode = 3;
    private const long LimitExceededCode = -32005;
    private const long TooManyRequestsCode = 429;

    // First hit wins: "replacement transaction underpriced" before "underpriced", "insufficient funds for gas" before "gas".
    private static readonly (string Words, EvmRpcErrorKind Kind)[] Table =
    [
        ("already known", EvmRpcErrorKind.AlreadyKnown),
        ("already imported", EvmRpcErrorKind.AlreadyKnown),
        ("already in mempool", EvmRpcErrorKind.AlreadyKnown),
        ("known transaction", EvmRpcErrorKind.AlreadyKnown),
        ("alreadyknown", EvmRpcErrorKind.AlreadyKnown),
        ("nonce too low", EvmRpcErrorKind.NonceTooLow),
        ("oldnonce", EvmRpcErrorKind.NonceTooLow),
        ("nonce is too low", EvmRpcErrorKind.NonceTooLow),
        ("nonce too high", EvmRpcErrorKind.NonceTooHigh),
        ("nonce gap", EvmRpcErrorKind.NonceTooHigh),
        ("replacement", EvmRpcErrorKind.ReplacementUnderpriced),
        ("insufficient funds", EvmRpcErrorKind.InsufficientFunds),
        ("insufficientfunds", EvmRpcErrorKind.InsufficientFunds),
        ("insufficient balance", EvmRpcErrorKind.InsufficientFunds),
        ("less than block base fee", EvmRpcErrorKind.FeeTooLow),
        ("lower than the minimum", EvmRpcErrorKind.FeeTooLow),
        ("lower than base fee", EvmRpcErrorKind.FeeTooLow),
        ("feetoolow", EvmRpcErrorKind.FeeTooLow),
        ("fee too low", EvmRpcErrorKind.FeeTooLow),
        ("underpriced", EvmRpcErrorKind.FeeTooLow),
        ("too many requests", EvmRpcErrorKind.Busy),
        ("rate limit", EvmRpcErrorKind.Busy),
        ("limit exceeded", EvmRpcErrorKind.Busy),
        ("capacity", EvmRpcErrorKind.Busy),
        ("overloaded", EvmRpcErrorKind.Busy),
        ("txpool is full", EvmRpcErrorKind.Busy),
        ("header not found", EvmRpcErrorKind.UnknownBlock),
        ("unknown block", EvmRpcErrorKind.UnknownBlock),
        ("block not found", EvmRpcErrorKind.UnknownBlock),
        ("blockoutofrange", EvmRpcErrorKind.UnknownBlock),
        ("missing trie node", EvmRpcErrorKind.UnknownBlock),
        ("revert", EvmRpcErrorKind.Reverted),
        ("intrinsic gas", EvmRpcErrorKind.Gas),
        ("exceeds block gas limit", EvmRpcErrorKind.Gas),
        ("out of gas", EvmRpcErrorKind.Gas),
        ("gas required exceeds", EvmRpcErrorKind.Gas),
        ("gas limit", EvmRpcErrorKind.Gas),
    ];

    /// <summary>What it means.</summary>
    public EvmRpcErrorKind Kind { get; } = Classify(Code, Message, Data.Length);

    private static EvmRpcErrorKind Classify(long code, string message, int dataLength)
    {
        foreach (var (words, kind) in Table)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return code switch
        {
            RevertedCode => EvmRpcErrorKind.Reverted,
            LimitExceededCode or TooManyRequestsCode => EvmRpcErrorKind.Busy,
            _ => dataLength >= 4 ? EvmRpcErrorKind.Reverted : EvmRpcErrorKind.Other,
        };
    }
}
