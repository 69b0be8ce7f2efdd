namespace OracleNode.Vendors.Halts;

/// <summary>What is particular to lists of halts.</summary>
public sealed class HaltFeedOptions
{
    /// <summary>How often the list is asked for. 5 s to 1 min.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer may take. 1 s to 1 min.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
