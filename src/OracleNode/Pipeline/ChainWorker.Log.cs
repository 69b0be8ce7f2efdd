using OracleNode.Chains;

namespace OracleNode.Pipeline;

internal sealed partial class ChainWorker
{
    [LoggerMessage(EventId = 5101, EventName = "ChainConnected", Level = LogLevel.Information, Message = "Chain {Chain}: connected and checked, {Feeds} feeds read.")]
    private partial void LogConnected(string chain, int feeds);

    [LoggerMessage(EventId = 5102, EventName = "ChainNotConnected", Message = "Chain {Chain}: not usable: {Problem}; trying again in about {RetrySeconds:F1} s, the other chains go on. If this stays, check its RPC endpoint and the addresses in Chains.")]
    private partial void LogNotConnected(LogLevel level, string chain, string problem, double retrySeconds);

    [LoggerMessage(EventId = 5103, EventName = "BatchLanded", Level = LogLevel.Debug, Message = "Chain {Chain}: batch {Sequence} with {Records} records landed and read back, {CostUnits} gas or compute units.")]
    private partial void LogLanded(string chain, ulong sequence, int records, long costUnits);

    [LoggerMessage(EventId = 5104, EventName = "BatchNotLanded", Message = "Chain {Chain}: batch {Sequence} did not land: {Outcome}: {Detail}. What is still due is signed again after a rest of up to 30 s; the other chains go on. Until this chain lands again repeats are logged as Debug: check the payer's balance, the fee caps, the signer epoch and the feed's bounds there.")]
    private partial void LogNotLanded(LogLevel level, string chain, ulong sequence, SubmissionOutcome outcome, string detail);

    [LoggerMessage(EventId = 5105, EventName = "ChainFault", Level = LogLevel.Error, Message = "Chain {Chain}: unexpected fault, please report it. The other chains go on.")]
    private partial void LogFault(Exception exception, string chain);

    [LoggerMessage(EventId = 5106, EventName = "ChainLandsAgain", Level = LogLevel.Information, Message = "Chain {Chain}: batch {Sequence} landed, the trouble before it is over.")]
    private partial void LogLandsAgain(string chain, ulong sequence);
}
