namespace OracleNode.Pipeline;

internal sealed partial class OraclePipeline
{
    [LoggerMessage(EventId = 5001, EventName = "Restored", Level = LogLevel.Information, Message = "Restored {Restored} of {Feeds} feeds from the chains; signing may begin.")]
    private partial void LogRestored(int restored, int feeds);

    [LoggerMessage(EventId = 5002, EventName = "BatchSigned", Level = LogLevel.Debug, Message = "Signed batch {Sequence} with {Records} records.")]
    private partial void LogSigned(ulong sequence, int records);

    [LoggerMessage(EventId = 5003, EventName = "BatchNotSigned", Level = LogLevel.Error, Message = "Nothing is signed: {Problem}. Every feed on every chain grows stale until this is mended: check the clock and the signing key.")]
    private partial void LogNotSigned(string problem);
}
