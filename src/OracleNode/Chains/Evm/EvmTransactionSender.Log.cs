using Microsoft.Extensions.Logging;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

public sealed partial class EvmTransactionSender
{
    [LoggerMessage(EventId = 4110, EventName = "EvmTransactionSent", Level = LogLevel.Debug, Message = "{Chain}: sent {Transaction} with nonce {Nonce} at {Fees}, gas limit {GasLimit}")]
    private partial void LogSent(string chain, Hash32 transaction, ulong nonce, EvmFees fees, ulong gasLimit);

    [LoggerMessage(EventId = 4111, EventName = "EvmTransactionIncluded", Level = LogLevel.Debug, Message = "{Chain}: {Transaction} is in block {Block} for {Gas} gas")]
    private partial void LogIncluded(string chain, Hash32 transaction, ulong block, ulong gas);

    [LoggerMessage(EventId = 4112, EventName = "EvmTransactionReplaced", Level = LogLevel.Information, Message = "{Chain}: no receipt for nonce {Nonce} yet; replacing it at {Fees} (replacement {Count}). If this is frequent, raise ReplaceAfter or look at the chain's congestion")]
    private partial void LogReplaced(string chain, ulong nonce, EvmFees fees, int count);

    [LoggerMessage(EventId = 4113, EventName = "EvmReplacingWaiting", Level = LogLevel.Information, Message = "{Chain}: {Count} transactions of ours wait in no block; the first, nonce {Nonce}, is being replaced by the newest batch")]
    private partial void LogReplacingWaiting(string chain, ulong count, ulong nonce);

    [LoggerMessage(EventId = 4114, EventName = "EvmNonceUsed", Level = LogLevel.Warning, Message = "{Chain}: nonce {Nonce} does not fit the chain's count any more; asking the chain again. If this repeats, something else spends from the relayer's account: give each node its own")]
    private partial void LogNonceUsed(string chain, ulong nonce);

    [LoggerMessage(EventId = 4115, EventName = "EvmSendFailed", Level = LogLevel.Warning, Message = "{Chain}: sending {Transaction} failed and is tried again: {Reason}. If it persists, check the RPC endpoint")]
    private partial void LogSendFailed(string chain, Hash32 transaction, string reason);

    [LoggerMessage(EventId = 4116, EventName = "EvmFeeCapReached", Level = LogLevel.Warning, Message = "{Chain}: {Fee} wei per gas reaches the cap of {Cap}. Prices do not land until fees fall; raise MaxFeePerGasWei if they must")]
    private partial void LogFeeCap(string chain, UInt128 fee, UInt128 cap);
}
