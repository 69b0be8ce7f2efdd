namespace OracleNode.Pipeline;

internal sealed partial class OraclePipeline
{
    [LoggerMessage(EventId = 5001, EventName = "Restored", Level = LogLevel.Information, Message = "Restored {Restored} of {Feeds} feeds from the chains; signing may begin.")]
    private partial void LogRestored(int restored, int feeds);

    [LoggerMessage(EventId = 5002, EventName = "BatchSigned", Level = LogLevel.Debug, Message = "Signed batch {Sequence} with {Records} records.")]
    private partial void LogSigned(ulong sequence, int records);

    [LoggerMessage(EventId = 5003, EventName = "BatchNotSigned", Level = LogLevel.Error, Message = "Nothing is signed at market time {Now}: {Problem}. Every feed on every chain grows stale until this is mended: check the clock and the signing key.")]
    private partial void LogNotSigned(NodaTime.Instant now, string problem);

    [LoggerMessage(EventId = 5004, EventName = "SigningAgain", Level = LogLevel.Information, Message = "Batches are signed again; before: {Problem}.")]
    private partial void LogSigningAgain(string problem);

    [LoggerMessage(EventId = 5005, EventName = "SigningFault", Level = LogLevel.Error, Message = "Signing failed in a way it never should, please report it. It is tried again every second.")]
    private partial void LogSigningFault(Exception exception);

    [LoggerMessage(EventId = 5006, EventName = "FeedStopped", Level = LogLevel.Critical, Message = "Feed {Feed}: its rules failed, please report it. Nothing more is published for it until the node is restarted; the other feeds go on.")]
    private partial void LogFeedStopped(Exception exception, string feed);

    [LoggerMessage(EventId = 5007, EventName = "FeedNotPublished", Level = LogLevel.Error, Message = "Feed {Feed}: not published: {Problem}. The other feeds go on; its last record on the chains grows stale until this passes.")]
    private partial void LogFeedNotPublished(string feed, string problem);

    [LoggerMessage(EventId = 5008, EventName = "ChainNotCredible", Level = LogLevel.Error, Message = "Chain {Chain}: {Problem}. The feeds concerned get nothing there and nothing is restored from it; compare the clocks of all nodes, then the endpoint with another one.")]
    private partial void LogChainNotCredible(string chain, string problem);

    [LoggerMessage(EventId = 5009, EventName = "ChainPlanFault", Level = LogLevel.Error, Message = "Chain {Chain}: what is due there could not be decided, please report it. It gets nothing; the other chains go on.")]
    private partial void LogPlanFault(Exception exception, string chain);

    [LoggerMessage(EventId = 5010, EventName = "PassFault", Level = LogLevel.Critical, Message = "A pass of the pipeline failed, please report it. The next one is tried at once; if none succeeds for 10 s, /livez fails and the node should be restarted.")]
    private partial void LogPassFault(Exception exception);

    [LoggerMessage(EventId = 5011, EventName = "GuardStopped", Level = LogLevel.Critical, Message = "A rule over several feeds failed, please report it: {Problem}. The feeds go on without it until the node is restarted.")]
    private partial void LogGuardStopped(Exception? exception, string problem);

    [LoggerMessage(EventId = 5012, EventName = "FeedAdopted", Level = LogLevel.Information, Message = "Feed {Feed} has no price of this moment and goes on from {Price} observed at {ObservedAt}, which the chains hold from the node in slot {Node}.")]
    private partial void LogAdopted(string feed, Market.Price price, NodaTime.Instant observedAt, int node);

    [LoggerMessage(EventId = 5031, EventName = "FeedChanged", Level = LogLevel.Information, Message = "Feed {Feed}: {From} to {To}, {Reason}; holds for {Entered} from now on, no longer for {Left}; halt {Halt}; market time {At}.")]
    private partial void LogChanged(string feed, Market.FeedState from, Market.FeedState to, Guards.DecisionReason reason, Market.HoldReasons entered, Market.HoldReasons left, Market.HaltReason halt, NodaTime.Instant at);

    [LoggerMessage(EventId = 5032, EventName = "FeedAlarm", Level = LogLevel.Warning, Message = "Feed {Feed}: alarm {Alarm}: {Message}.")]
    private partial void LogFeedAlarm(string feed, AlarmKind alarm, string message);

    [LoggerMessage(EventId = 5033, EventName = "MarketAlarm", Level = LogLevel.Warning, Message = "Alarm {Alarm}: {Message}.")]
    private partial void LogAlarm(AlarmKind alarm, string message);

    [LoggerMessage(EventId = 5034, EventName = "ChainResumed", Level = LogLevel.Information, Message = "Chain {Chain}: can be read there again: {Feeds}.")]
    private partial void LogChainResumed(string chain, string feeds);

    [LoggerMessage(EventId = 5012, EventName = "MarketDistrusted", Level = LogLevel.Error, Message = "Not trusted: {Problem}. See the clock and calendar conditions of /readyz; compare with another node and the vendors' status pages.")]
    private partial void LogMarketDistrusted(string problem);

    [LoggerMessage(EventId = 5013, EventName = "MarketTrusted", Level = LogLevel.Information, Message = "Trusted again: {Problem}.")]
    private partial void LogMarketTrusted(string problem);
}
