namespace OracleNode.Pipeline;

internal sealed partial class ParityMonitor
{
    [LoggerMessage(EventId = 5201, EventName = "ChainLags", Level = LogLevel.Warning, Message = "Chain {Chain} lags: {Feeds}; its own cadence has asked for something newer for more than {Bound:F0} s of market time. Its last record stands there meanwhile: check the chain, its endpoint and the payer's balance.")]
    private partial void LogLags(string chain, string feeds, double bound);

    [LoggerMessage(EventId = 5202, EventName = "ChainDiffers", Level = LogLevel.Critical, Message = "Chain {Chain} differs: {Feeds}. Either its endpoint lies, or two nodes sign with one NodeSlot, or a signing key is stolen: run verify for the feed there, ask another endpoint, and pause the feed or revoke the signer if it holds.")]
    private partial void LogDiffers(string chain, string feeds);

    [LoggerMessage(EventId = 5203, EventName = "ChainAgreesAgain", Level = LogLevel.Information, Message = "Chain {Chain} holds again what it should: {Feeds}.")]
    private partial void LogAgrees(string chain, string feeds);

    [LoggerMessage(EventId = 5204, EventName = "OtherNodeSeen", Level = LogLevel.Information, Message = "Chain {Chain} holds records of another node of this deployment, with NodeSlot {Slot}. That is harmless when you run one.")]
    private partial void LogOtherNode(string chain, int slot);

    [LoggerMessage(EventId = 5205, EventName = "OtherNodeGone", Level = LogLevel.Information, Message = "Chain {Chain} has had no record of the node with NodeSlot {Slot} for {Minutes:F0} minutes.")]
    private partial void LogOtherNodeGone(string chain, int slot, double minutes);
}
