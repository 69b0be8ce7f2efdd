namespace OracleNode.Health;

/// <summary>Where the health keys go. Redis is for monitors: losing it changes nothing in publishing.</summary>
public sealed class RedisOptions
{
    /// <summary>StackExchange.Redis configuration string without a password, e.g. <c>redis:6379</c>. Empty: no health keys.</summary>
    public string Configuration { get; set; } = "";

    /// <summary>Environment variable with the password; empty for none.</summary>
    public string PasswordEnvironment { get; set; } = "";

    /// <summary>First part of every key. 1 to 32 of a-z, 0-9 and -.</summary>
    public string KeyPrefix { get; set; } = "oracle";

    /// <summary>How often the keys are written; their TTL is three times that. 200 ms to 60 s.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Every error, each with key, value and what would be right.</summary>
    public IEnumerable<string> Validate(string path)
    {
        if (KeyPrefix.Length is 0 or > 32 || !KeyPrefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            yield return $"{path}:{nameof(KeyPrefix)} = '{KeyPrefix}': must be 1 to 32 of a-z, 0-9 and -.";
        }

        if (Period < TimeSpan.FromMilliseconds(200) || Period > TimeSpan.FromMinutes(1))
        {
            yield return $"{path}:{nameof(Period)} = '{Period}': must be 00:00:00.2 to 00:01:00.";
        }

        // Neither message repeats the value: it may hold a password.
        if (Configuration.Contains("password", StringComparison.OrdinalIgnoreCase) || Configuration.Contains('@', StringComparison.Ordinal) || Configuration.Contains("://", StringComparison.Ordinal))
        {
            yield return $"{path}:{nameof(Configuration)} = '...': must be host:port and options, not a URL and without a password; name the password's environment variable in {nameof(PasswordEnvironment)}.";
        }
        else if (!IsParsable(Configuration))
        {
            yield return $"{path}:{nameof(Configuration)} = '...': must be a configuration of StackExchange.Redis like redis:6379 or redis:6380,ssl=true.";
        }
    }

    private static bool IsParsable(string configuration)
    {
        try
        {
            return configuration.Length == 0 || StackExchange.Redis.ConfigurationOptions.Parse(configuration).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
