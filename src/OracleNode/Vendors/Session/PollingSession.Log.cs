namespace OracleNode.Vendors.Session;

internal sealed partial class PollingSession<TBatch>
{
    [LoggerMessage(EventId = 2011, EventName = "PolledVendorLive", Level = LogLevel.Information,
        Message = "Source {Source} answers, hours {Coverage}.")]
    private partial void LogLive(string source, Coverage coverage);

    [LoggerMessage(EventId = 2012, EventName = "PolledVendorPaused", Level = LogLevel.Warning,
        Message = "Source {Source} does not deliver ({Fault}: {Detail}); polling again in {Delay}. {Advice}")]
    private partial void LogPaused(string source, VendorFaultKind fault, string detail, string advice, TimeSpan delay);

    [LoggerMessage(EventId = 2013, EventName = "PolledVendorNeedsOperator", Level = LogLevel.Error,
        Message = "Source {Source} cannot deliver until someone acts ({Fault}: {Detail}). {Advice} Trying again in {Delay}.")]
    private partial void LogNeedsOperator(string source, VendorFaultKind fault, string detail, string advice, TimeSpan delay);

    [LoggerMessage(EventId = 2014, EventName = "PolledVendorTickerRefused", Level = LogLevel.Warning,
        Message = "Source {Source}: the vendor refused one ticker ({Fault}: {Detail}); the others go on. {Advice} Trying it again in {Delay}.")]
    private partial void LogTickerRefused(string source, VendorFaultKind fault, string detail, string advice, TimeSpan delay);

    [LoggerMessage(EventId = 2015, EventName = "PolledVendorDefect", Level = LogLevel.Error,
        Message = "Source {Source} met a defect of the node and pauses. Report this with its stack trace.")]
    private partial void LogInternal(string source, Exception exception);

    [LoggerMessage(EventId = 2016, EventName = "PolledVendorSilent", Level = LogLevel.Warning,
        Message = "Source {Source} answers but had no new print for {Silence} although the session is open. Check the vendor's status page if this repeats.")]
    private partial void LogSilent(string source, TimeSpan silence);
}
