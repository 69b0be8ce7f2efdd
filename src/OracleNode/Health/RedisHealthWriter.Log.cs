namespace OracleNode.Health;

internal sealed partial class RedisHealthWriter
{
    [LoggerMessage(EventId = 6001, EventName = "HealthKeysDisabled", Level = LogLevel.Warning, Message = "No health keys are written: Redis:Configuration is empty. Monitors see nothing; set it to host:port if they should.")]
    private partial void LogDisabled();

    [LoggerMessage(EventId = 6002, EventName = "HealthKeysFailed", Level = LogLevel.Warning, Message = "Health keys could not be written to Redis at {Configuration}: {Error}. Publishing goes on; check that Redis runs and that the node may reach it.")]
    private partial void LogFailed(string configuration, string error);

    [LoggerMessage(EventId = 6003, EventName = "HealthKeysRecovered", Level = LogLevel.Information, Message = "Health keys are written to Redis at {Configuration} again.")]
    private partial void LogRecovered(string configuration);
}
