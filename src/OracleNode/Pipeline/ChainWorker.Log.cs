using OracleNode.Chains;

namespace OracleNode.Pipeline;

internal sealed partial class ChainWorker
{
    [LoggerMessage(EventId = 5101, EventName = "ChainConnected", Level = LogLevel.Information, Message = "Chain {Chain}: connected and checked, {Feeds} feeds read.")]
    private partial void LogConnected(string chain, int feeds);

    [LoggerMessage(EventId = 5102, EventName = "ChainNotConnected", Level = LogLevel.Warning, Message = "Chain {Chain}: not usable: {Problem} Trying again in about {RetrySeconds:F1} s; the other chains go on. If this stays, check its RPC endpoint and the addresses in Chains.")]
    private partial void LogNotConnected(string chain, string problem, double retrySeconds);

    [LoggerMessage(EventId = 5103, EventName = "BatchLanded", Level = LogLevel.Debug, Message = "Chain {Chain}: batch {Sequence} with {Records} records landed and read back, {CostUnits} gas or compute units.")]
    private partial void LogLanded(string chain, ulong sequence, int records, long costUnits);

    [LoggerMessage(EventId = 5104, EventName = "BatchNotLanded", Level = LogLevel.Warning, Message = "Chain {Chain}: batch {Sequence} did not land: {Outcome}: {Detail} What is still due is signed again. If this repeats, check the payer's balance and fee caps there.")]
    private partial void LogNotLanded(string chain, ulong sequence, SubmissionOutcome outcome, string detail);

    [LoggerMessage(EventId = 5105, EventName = "ChainFault", Level = LogLevel.Error, Message = "Chain {Chain}: unexpected fault, please report it. The other chains go on.")]
    private partial void LogFault(Exception exception, string chain);
}
