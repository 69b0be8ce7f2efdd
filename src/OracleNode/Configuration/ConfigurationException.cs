namespace OracleNode.Configuration;

/// <summary>The configuration is wrong; the message lists every error, a line each.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException() { }
    public ConfigurationException(string message) : base(message) { }
    public ConfigurationException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Makes one exception of many errors.</summary>
    public ConfigurationException(IReadOnlyList<string> errors)
        : base($"The configuration has {errors?.Count} error(s):{Environment.NewLine}{string.Join(Environment.NewLine, (errors ?? []).Select(e => "  - " + e))}") =>
        Errors = errors ?? [];

    /// <summary>Every error: key, value, what would be right.</summary>
    public IReadOnlyList<string> Errors { get; } = [];
}
