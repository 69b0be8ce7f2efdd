using Microsoft.Extensions.Logging;

namespace OracleNode.Chains.Evm;

public sealed partial class EvmPublisher
{
    [LoggerMessage(EventId = 4100, EventName = "EvmConnected", Level = LogLevel.Information, Message = "{Chain}: connected to chain {ChainId} at {Endpoint}, contract {Contract}, {Feeds} feeds, paying from {Relayer}")]
    private partial void LogConnected(string chain, ulong chainId, string endpoint, EvmAddress contract, int feeds, EvmAddress relayer);

    [LoggerMessage(EventId = 4101, EventName = "EvmBatchLanded", Level = LogLevel.Debug, Message = "{Chain}: batch {Sequence} of {Records} records landed and was read back, {Gas} gas")]
    private partial void LogLanded(string chain, ulong sequence, ushort records, long? gas);

    [LoggerMessage(EventId = 4102, EventName = "EvmBatchDiverged", Level = LogLevel.Error, Message = "{Chain}: batch {Sequence} was included, but the chain holds something else: {Detail}. Check the feed's bounds and whether another node signs for it")]
    private partial void LogDiverged(string chain, ulong sequence, string? detail);

    [LoggerMessage(EventId = 4103, EventName = "EvmBatchRefused", Level = LogLevel.Warning, Message = "{Chain}: batch {Sequence} was refused: {Detail}. It will not be sent again; compare both sides")]
    private partial void LogRefused(string chain, ulong sequence, string? detail);

    [LoggerMessage(EventId = 4104, EventName = "EvmBatchExpired", Level = LogLevel.Warning, Message = "{Chain}: batch {Sequence} did not land in time: {Detail}. The next batch takes its place; if this repeats, look at the chain's fees and the fee cap")]
    private partial void LogExpired(string chain, ulong sequence, string? detail);

    [LoggerMessage(EventId = 4105, EventName = "EvmUnreachable", Level = LogLevel.Warning, Message = "{Chain}: batch {Sequence} found no usable endpoint at {Endpoint}: {Detail}. Check RpcUrl and the provider")]
    private partial void LogUnreachable(string chain, ulong sequence, string endpoint, string? detail);

    [LoggerMessage(EventId = 4106, EventName = "EvmNoBalance", Level = LogLevel.Error, Message = "{Chain}: the relayer {Relayer} has no balance and cannot pay for any transaction. Top it up")]
    private partial void LogNoBalance(string chain, EvmAddress relayer);
}
