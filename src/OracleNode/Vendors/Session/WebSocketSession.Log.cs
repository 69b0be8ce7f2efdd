namespace OracleNode.Vendors.Session;

internal sealed partial class WebSocketSession
{
    [LoggerMessage(EventId = 2001, EventName = "VendorLive", Level = LogLevel.Information,
        Message = "Source {Source} is live at {Url}, hours {Coverage}.")]
    private partial void LogLive(string source, Uri url, Coverage coverage);

    [LoggerMessage(EventId = 2002, EventName = "VendorDisconnected", Level = LogLevel.Warning,
        Message = "Source {Source} lost its connection ({Fault}: {Detail}); trying again in {Delay}. {Advice}")]
    private partial void LogDisconnected(string source, VendorFaultKind fault, string detail, string advice, TimeSpan delay);

    [LoggerMessage(EventId = 2003, EventName = "VendorNeedsOperator", Level = LogLevel.Error,
        Message = "Source {Source} cannot deliver until someone acts ({Fault}: {Detail}). {Advice} Trying again in {Delay}.")]
    private partial void LogNeedsOperator(string source, VendorFaultKind fault, string detail, string advice, TimeSpan delay);

    [LoggerMessage(EventId = 2004, EventName = "VendorSubscriptionPartial", Level = LogLevel.Warning,
        Message = "Source {Source}: the vendor refused a part of the subscription ({Fault}: {Detail}); the rest flows. {Advice}")]
    private partial void LogPartial(string source, VendorFaultKind fault, string detail, string advice);

    [LoggerMessage(EventId = 2005, EventName = "VendorSessionDefect", Level = LogLevel.Error,
        Message = "Source {Source} met a defect of the node and reconnects. Report this with its stack trace.")]
    private partial void LogInternal(string source, Exception exception);
}
